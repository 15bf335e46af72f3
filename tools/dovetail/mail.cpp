#include "tools/dovetail/mail.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/json_file.hpp"

namespace dovetail::tools {
namespace {

constexpr std::string_view setting_name = "mail";

std::string subject_of(const Notification& notification, const std::string& connection) {
  if (notification.kind == "quarantined") return fmt::format("Dovetail: {} is held off", connection);
  if (notification.kind == "guard") return fmt::format("Dovetail: changes of {} wait for somebody to look", connection);
  return fmt::format("Dovetail: a run of {} is finished", connection);
}

}  // namespace

Result<std::optional<MailSettings>> read_mail_settings(Runtime& runtime) {
  std::optional<std::string> text;
  const Result<void> read = runtime.store().read([&](Transaction& transaction) -> Result<void> {
    auto kept = transaction.setting(setting_name);
    if (!kept) return std::unexpected(kept.error());
    text = std::move(*kept);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  if (!text) return std::nullopt;
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::unexpected(Error{.kind = Error::Kind::data, .what = "the settings of mails"});
  MailSettings settings;
  settings.server = json.value("server", "");
  settings.from = json.value("from", "");
  settings.to = json.value("to", std::vector<std::string>());
  settings.user = json.value("user", "");
  settings.password = json.value("password", "");
  settings.link = json.value("link", "");
  settings.ca_file = json.value("ca_file", "");
  settings.plain = json.value("plain", false);
  return settings;
}

Result<void> keep_mail_settings(Runtime& runtime, const std::optional<MailSettings>& settings) {
  std::string text;
  if (settings) {
    text = Json{{"server", settings->server},   {"from", settings->from},         {"to", settings->to},
                {"user", settings->user},       {"password", settings->password}, {"link", settings->link},
                {"ca_file", settings->ca_file}, {"plain", settings->plain}}
               .dump();
  }
  return runtime.store().write([&](Transaction& transaction) { return transaction.put_setting(setting_name, text); });
}

Mail mail_about(const Notification& notification, const Connection& connection, const MailSettings& settings) {
  Mail mail;
  mail.subject = subject_of(notification, connection.name);
  mail.body = fmt::format("Connection: {}\n", connection.name);
  if (!connection.company_name.empty()) mail.body += fmt::format("Company: {}\n", connection.company_name);
  mail.body += fmt::format("\n{}\n", notification.content);
  if (settings.link.empty()) {
    mail.body += fmt::format("\nWhat needs somebody: dovetail log {}\n", connection.name);
    return mail;
  }
  std::string link = settings.link;
  const std::string_view place = "{connection}";
  for (std::size_t at = 0; (at = link.find(place, at)) != link.npos;) link.replace(at, place.size(), connection.name);
  mail.body += fmt::format("\n{}\n", link);
  return mail;
}

Result<Told> send_waiting(Runtime& runtime, const IsOver& is_over) {
  const auto settings = read_mail_settings(runtime);
  if (!settings) return std::unexpected(settings.error());
  if (!*settings) return Told{};
  return tell_waiting(runtime.store(), runtime.clock(), [&](const Notification& one, const Connection& connection) {
    return send_mail(**settings, mail_about(one, connection, **settings), one.at, is_over);
  });
}

}  // namespace dovetail::tools
