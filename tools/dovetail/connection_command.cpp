// dovetail connection: adding, showing, checking, changing and removing them.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <optional>

#include "engine/api/connection_changes.hpp"
#include "engine/api/status.hpp"
#include "tools/dovetail/answers.hpp"
#include "tools/dovetail/credentials.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// While it lives, what is typed is not shown.
class Unseen {
 public:
  Unseen() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
  ~Unseen() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }

 private:
  termios before_{};
};

// By the map's label; what a map does not name is the integrator's, and has only its name.
Result<std::string> ask_for(const ir::RuleSet& rules, ir::Side side, const std::string& adapter,
                            const std::string& name) {
  std::string label = name;
  for (const ir::Credential& each : rules.credentials) {
    if (side == ir::Side::provider && each.name == name) label = each.label;
  }
  if (::isatty(STDIN_FILENO) != 1) {
    return fail(
        fmt::format("{} needs the credential `{}` ({}): give it in the file of --credentials or in the "
                    "environment; there is no terminal to ask on",
                    adapter, name, label));
  }
  fmt::print(stderr, "{}, {}: ", rules.title(side), label);
  std::string line;
  {
    const Unseen unseen;
    if (!std::getline(std::cin, line) || line.empty()) return fail(label + ": nothing was given");
  }
  fmt::print(stderr, "\n");
  return line;
}

Result<providers::Credentials> credentials_of(const StoreOptions& options, const ir::RuleSet& rules, ir::Side side,
                                              const std::string& place) {
  const std::optional<LiveSpec> spec = find_live_spec(place);
  if (!spec) return providers::Credentials();  // which introduce() refuses, and says why
  Result<providers::Credentials> known = known_credentials(spec->adapter, options.credentials);
  if (!known) return known;
  const std::vector<std::string> asked = credential_names(spec->adapter);
  const bool keeps_others = !options.credentials_of.empty() && !known->empty() &&
                            std::ranges::none_of(asked, [&](const std::string& name) { return known->contains(name); });
  if (keeps_others) return known;
  for (const std::string& name : asked) {
    if (known->contains(name)) continue;
    Result<std::string> given = ask_for(rules, side, spec->adapter, name);
    if (!given) return std::unexpected(given.error());
    (*known)[name] = std::move(*given);
  }
  return known;
}

// LABEL=VALUE
Result<std::vector<std::pair<std::string, std::string>>> settings_of(const StoreOptions& options) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const std::string& each : options.settings) {
    const std::size_t sign = each.find('=');
    if (sign == each.npos || sign == 0) return fail(fmt::format("--setting {}: write NAME=VALUE", each));
    settings.emplace_back(each.substr(0, sign), each.substr(sign + 1));
  }
  return settings;
}

Result<std::vector<std::string>> scope_of(const StoreOptions& options) {
  std::vector<std::string> scope = options.scope;
  if (options.scope_file.empty()) return scope;
  std::ifstream file(options.scope_file);
  if (!file) return fail(options.scope_file + ": cannot be read");
  for (std::string line; std::getline(file, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) scope.push_back(line);
  }
  if (scope.empty()) return fail(options.scope_file + ": names nobody");
  return scope;
}

Result<ConnectionChanges> changes_of(const StoreOptions& options) {
  ConnectionChanges changes;
  auto settings = settings_of(options);
  if (!settings) return std::unexpected(settings.error());
  for (auto& [label, value] : *settings) changes.settings.emplace_back(label, std::move(value));
  auto scope = scope_of(options);
  if (!scope) return std::unexpected(scope.error());
  if (!scope->empty()) changes.scope = std::move(*scope);
  if (options.whole_hub) changes.whole_hub = true;
  changes.map = options.map;
  changes.hub = options.hub;
  changes.provider = options.provider;
  changes.name = options.rename;
  if (!options.observe_only.empty()) changes.observes_only = options.observe_only == "on";
  if (!options.test_system.empty()) changes.test_system = options.test_system == "on";
  return changes;
}

std::string company_text(const std::string& name, const std::string& id) {
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

std::string who_text(const std::string& place, const Identity& who) {
  std::string text = fmt::format("{}: {}\n", place, company_text(who.company_name, who.company_id));
  for (const std::string& each : who.missing_privileges) text += fmt::format("  lacks: {}\n", each);
  return printable(text.substr(0, text.size() - 1)) + "\n";
}

// One line for every fact; what does not apply is left out.
std::string text_of(const Connection& of) {
  std::string text;
  const auto line = [&text](std::string_view label, const std::string& value) {
    if (!value.empty()) text += fmt::format("{:<14}{}\n", label, printable_lines(value, 14));
  };
  line("name", of.name);
  line("state", of.why.empty() ? std::string(name(of.state)) : fmt::format("{}: {}", name(of.state), of.why));
  line("map", of.map);
  line("hub", of.hub);
  line("provider", of.provider);
  line("company", company_text(of.company_name, of.company_id));
  line("tenant", of.tenant);
  line("writes", of.observes_only ? "never: it only observes" : "");
  line("test system", of.test_system ? "yes" : "");
  line("scope", of.whole_hub ? "the whole hub" : fmt::format("{} people", of.scope.size()));
  for (const auto& [label, value] : of.settings) line("setting", label + " = " + value);
  line("active since",
       of.activated
           ? fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(*of.activated)))
           : "never: nothing is written before the first run, `dovetail sync " + of.name + "`");
  return text;
}

int print(const Result<Connection>& connection) {
  if (!connection) return refuse(connection.error());
  fmt::print("{}", text_of(*connection));
  return clean;
}

bool is_meant(const StoreOptions& options, const Identity& company) {
  if (!options.company.empty()) return options.company == company.company_id;
  return confirmed(options, fmt::format("Connect {}? You say with this that you may do so for that company.",
                                        company_text(company.company_name, company.company_id)));
}

}  // namespace

int connection_add_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  NewConnection wanted;
  wanted.connection.name = options.connection;
  wanted.connection.tenant = options.tenant;
  const auto changes = changes_of(options);
  if (!changes) return refuse(changes.error());
  if (Result<void> put = changes->put_into(wanted.connection); !put) return refuse(put.error());
  const Result<const RuleBook*> rules = (*runtime)->opener().rules(options.map);
  if (!rules) return refuse(rules.error());
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const std::string& place = side == ir::Side::hub ? options.hub : options.provider;
    auto given = credentials_of(options, (*rules)->rules, side, place);
    if (!given) return refuse(given.error());
    wanted.credentials[ir::at(side)] = std::move(*given);
  }
  const Result<Identities> who = [&] {
    const Progress progress("asking both systems who answers");
    return (*runtime)->connections().introduce(wanted, (*runtime)->today());
  }();
  if (!who) return refuse(who.error());
  const Identity& company = (*who)[ir::at(ir::Side::provider)];
  fmt::print("{}{}", who_text(options.hub, (*who)[ir::at(ir::Side::hub)]), who_text(options.provider, company));
  if (!is_meant(options, company)) {
    if (!options.company.empty()) {
      return refuse(fail(fmt::format("these keys are of {}, not of {}; nothing was stored",
                                     company_text(company.company_name, company.company_id), options.company))
                        .error());
    }
    fmt::print(stderr, "dovetail: nothing was stored\n");
    return not_confirmed();
  }
  const Result<Connection> added = (*runtime)->connections().add(wanted, *who);
  if (!added) return refuse(added.error());
  fmt::print("{}: connected. Nothing is written before its first run: dovetail sync {}\n", added->name, added->name);
  return clean;
}

int connection_list_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  if (options.format == "json") return print_answer(**runtime, "connections", {{"call", "connection.list"}});
  const auto all = (*runtime)->connections().list();
  if (!all) return refuse(all.error());
  if (all->empty()) fmt::print("no connections; `dovetail connection add` makes one\n");
  std::size_t longest = 4;
  for (const Connection& each : *all) longest = std::max(longest, each.name.size());
  for (const Connection& each : *all) {
    fmt::print("{}  {}  {}  {}\n", padded(each.name, longest), padded(name(each.state), 11), printable(each.map),
               printable(each.company_name));
  }
  return clean;
}

int connection_show_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto found = (*runtime)->connections().find(options.connection);
  if (!found) return refuse(found.error());
  if (options.format == "json") {
    return print_answer(**runtime, "connection", {{"call", "connection.show"}, {"name", found->name}});
  }
  fmt::print("{}", text_of(*found));
  std::size_t links = 0, waiting = 0;
  ProblemCounts problems;
  std::optional<AtWork> holder;
  const Instant time = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const Result<void> read = (*runtime)->store().read([&](Transaction& now) -> Result<void> {
    const auto linked = now.count_links(found->id);
    if (!linked) return std::unexpected(linked.error());
    const auto events = now.waiting(found->id);
    if (!events) return std::unexpected(events.error());
    const auto counted = now.count_problems(found->id);
    if (!counted) return std::unexpected(counted.error());
    auto has_it = at_work(now, found->id, time);
    if (!has_it) return std::unexpected(has_it.error());
    holder = std::move(*has_it);
    links = *linked;
    waiting = *events;
    problems = *counted;
    return {};
  });
  if (!read) return refuse(read.error());
  const auto counted = [](std::size_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  fmt::print("{:<14}{}, {} waiting, {}, {} of them need{} you\n", "now", counted(links, "link"),
             counted(waiting, "event"), counted(problems.open, "problem"), problems.needs_you,
             problems.needs_you == 1 ? "s" : "");
  if (problems.waits_until && *problems.waits_until > time) {
    fmt::print("{:<14}{:%Y-%m-%d %H:%M} UTC, as a system asked for\n", "waits until",
               fmt::gmtime(std::chrono::system_clock::to_time_t(*problems.waits_until)));
  }
  if (holder) {
    fmt::print("{:<14}{}{}\n", "at work", printable(holder->who),
               holder->is_over ? ": killed, or it stands still; whoever comes next takes the connection over" : "");
  }
  return clean;
}

int connection_check_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto found = (*runtime)->connections().find(options.connection);
  if (!found) return refuse(found.error());
  const auto who = [&] {
    const Progress progress("asking both systems who answers");
    return (*runtime)->connections().check(options.connection, (*runtime)->today());
  }();
  if (!who) return refuse(who.error());
  const Identity& hub = (*who)[ir::at(ir::Side::hub)];
  const Identity& provider = (*who)[ir::at(ir::Side::provider)];
  fmt::print("{}{}", who_text(found->hub, hub), who_text(found->provider, provider));
  return hub.missing_privileges.empty() && provider.missing_privileges.empty() ? clean : needs_person;
}

int connection_pause_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const std::string why = options.why.empty() ? "paused by " + author() : options.why;
  return print((*runtime)->connections().pause(options.connection, why));
}

int connection_resume_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  return print((*runtime)->connections().resume(options.connection));
}

int connection_set_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  Result<Connection> found = (*runtime)->connections().find(options.connection);
  if (!found) return refuse(found.error());
  if (!options.credentials_of.empty()) {
    const ir::Side side = options.credentials_of == "hub" ? ir::Side::hub : ir::Side::provider;
    const Result<const RuleBook*> rules = (*runtime)->opener().rules(found->map);
    if (!rules) return refuse(rules.error());
    auto given = credentials_of(options, (*rules)->rules, side, side == ir::Side::hub ? found->hub : found->provider);
    if (!given) return refuse(given.error());
    found = (*runtime)->connections().set_credentials(options.connection, side, *given, (*runtime)->today());
    if (!found) return refuse(found.error());
  }
  const auto changes = changes_of(options);
  if (!changes) return refuse(changes.error());
  return print((*runtime)->connections().set(options.connection, *changes));
}

int connection_remove_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const auto found = (*runtime)->connections().find(options.connection);
  if (!found) return refuse(found.error());
  const std::string question = fmt::format(
      "Remove {}? Its credentials, links, agreed values, runs, restorable old values and error log go for "
      "good; both systems keep what they have.",
      found->name);
  if (!confirmed(options, question)) return not_confirmed();
  if (Result<void> removed = (*runtime)->connections().remove(options.connection); !removed) {
    return refuse(removed.error());
  }
  fmt::print("{}: removed\n", found->name);
  return clean;
}

}  // namespace dovetail::tools
