// dovetail mail: who is told by mail, and what waits to be told.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "providers/file/staged_files.hpp"
#include "tools/dovetail/mail.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// One address, on one line: it goes into headers.
Result<void> check_address(const std::string& address, const char* whose) {
  const std::size_t at = address.find('@');
  const bool odd = address.find_first_of(" \t\r\n<>,;\"") != address.npos;
  if (at == 0 || at == address.npos || at + 1 == address.size() || odd) {
    return fail(fmt::format("{} `{}`: an address such as payroll@company.example is wanted", whose, address));
  }
  return {};
}

Result<void> check(const MailSettings& settings) {
  if (!settings.server.starts_with("smtp://") && !settings.server.starts_with("smtps://")) {
    return fail("--server: smtp://HOST:PORT (TLS by STARTTLS) or smtps://HOST is wanted");
  }
  if (settings.to.empty()) return fail("--to: who is told?");
  if (Result<void> good = check_address(settings.from, "--from"); !good) return good;
  for (const std::string& one : settings.to) {
    if (Result<void> good = check_address(one, "--to"); !good) return good;
  }
  if (settings.user.empty() != settings.password.empty()) return fail("--user and --password-file belong together");
  if (settings.plain && settings.server.starts_with("smtps://")) return fail("--plain contradicts smtps://");
  return {};
}

Result<std::string> first_line(const std::string& file) {
  const Result<std::string> text = providers::read_file(file);
  if (!text) return std::unexpected(text.error());
  return text->substr(0, text->find_first_of("\r\n"));
}

Result<MailSettings> settings_of(Runtime& runtime) {
  auto settings = read_mail_settings(runtime);
  if (!settings) return std::unexpected(settings.error());
  if (!*settings) return fail("nobody is told by mail: dovetail mail set --server … --from … --to … changes that");
  return std::move(**settings);
}

}  // namespace

int mail_set_command(const StoreOptions& options) {
  MailSettings settings{.server = options.mail_server,
                        .from = options.mail_from,
                        .to = options.mail_to,
                        .user = options.mail_user,
                        .password = {},
                        .link = options.mail_link,
                        .ca_file = options.ca_file,
                        .plain = options.mail_plain};
  if (!options.password_file.empty()) {
    const Result<std::string> password = first_line(options.password_file);
    if (!password) return refuse(password.error());
    settings.password = *password;
  }
  if (const Result<void> good = check(settings); !good) return refuse(good.error());
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  if (const Result<void> kept = keep_mail_settings(**runtime, settings); !kept) return refuse(kept.error());
  fmt::print("Mails go out by {}. `dovetail mail test` sends one.\n", settings.server);
  return clean;
}

int mail_off_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  if (const Result<void> kept = keep_mail_settings(**runtime, std::nullopt); !kept) return refuse(kept.error());
  fmt::print("nobody is told by mail any more; what waits is kept\n");
  return clean;
}

int mail_show_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto settings = read_mail_settings(**runtime);
  if (!settings) return refuse(settings.error());
  if (*settings) {
    fmt::print("server  {}{}\nfrom    {}\n", (*settings)->server, (*settings)->plain ? " (without TLS)" : "",
               (*settings)->from);
    for (const std::string& one : (*settings)->to) fmt::print("to      {}\n", one);
    if (!(*settings)->user.empty()) fmt::print("user    {}, with a password\n", (*settings)->user);
    if (!(*settings)->link.empty()) fmt::print("link    {}\n", (*settings)->link);
  } else {
    fmt::print("nobody is told by mail\n");
  }
  std::vector<Notification> waiting;
  const Result<void> read = (*runtime)->store().read([&](Transaction& transaction) -> Result<void> {
    auto all = transaction.notifications();
    if (!all) return std::unexpected(all.error());
    waiting = std::move(*all);
    return {};
  });
  if (!read) return refuse(read.error());
  for (const Notification& one : waiting) {
    fmt::print("waits   {:%Y-%m-%d %H:%M}  {}{}\n", fmt::gmtime(std::chrono::system_clock::to_time_t(one.at)),
               printable(one.kind),
               one.attempts == 0 ? "" : fmt::format(", tried {} times: {}", one.attempts, printable(one.why)));
  }
  return clean;
}

int mail_test_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto settings = settings_of(**runtime);
  if (!settings) return refuse(settings.error());
  const Mail mail{"Dovetail: a test", "Mails of this store arrive here.\n"};
  const Instant now = std::chrono::floor<std::chrono::milliseconds>((*runtime)->clock().wall_time());
  if (const Result<void> sent = send_mail(*settings, mail, now); !sent) return refuse(sent.error());
  fmt::print("{} took the mail\n", settings->server);
  return clean;
}

int mail_send_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  if (const auto settings = settings_of(**runtime); !settings) return refuse(settings.error());
  const auto told = send_waiting(**runtime);
  if (!told) return refuse(told.error());
  fmt::print("{} sent\n", told->told);
  if (told->failed == 0) return clean;
  fmt::print(stderr, "dovetail: {} not sent, and kept: {}\n", told->failed, printable(told->why));
  return ExitCode::needs_person;
}

}  // namespace dovetail::tools
