// dovetail log and retry: what went wrong, what needs a person, and trying it again.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/api/calls.hpp"
#include "engine/api/json_file.hpp"
#include "engine/api/person.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

std::string time_text(Instant at) {
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

std::string who_of(const Problem& of) {
  if (!of.hub_id.empty()) return of.hub_id;
  if (!of.provider_id.empty()) return "record " + of.provider_id;
  return "the connection";
}

std::string state_of(const Problem& of) {
  if (of.solved) return "solved";
  if (of.needs_you) return "needs you";
  return of.next_try ? "next try " + time_text(*of.next_try) + " UTC" : std::string("waits for a change");
}

// What the guard says is about all whom it holds: it is said with the first of them.
class GuardSentences {
 public:
  bool is_said(const Connection& connection, const Problem& of) {
    if (of.reason != Reason::guarded || of.solved) return false;
    const bool has_label = !of.field.empty() && of.what.starts_with(of.field + ": ");
    return !said_.emplace(connection.id, has_label ? of.what.substr(of.field.size() + 2) : of.what).second;
  }

 private:
  std::set<std::pair<ConnectionId, std::string>> said_;
};

std::string text_of(const Connection& connection, const Problem& of, GuardSentences& guard, const Palette& paint) {
  const Tone tone = of.solved ? Tone::dim : of.needs_you ? Tone::red : Tone::yellow;
  std::string text =
      fmt::format("{} {} {}", time_text(of.last), paint(Tone::bold, printable(connection.name)), printable(who_of(of)));
  if (!of.field.empty()) text += ", " + printable(of.field);
  text += fmt::format(": {} [{}]", paint(tone, state_of(of)), name(of.reason));
  if (of.times > 1) text += fmt::format(", {} times since {}", of.times, time_text(of.first));
  if (guard.is_said(connection, of)) return text + ", as above\n";
  return text + "\n    " + printable_lines(of.what.empty() ? std::string(sentence(of.reason)) : of.what, 4) + "\n";
}

bool is_meant(const StoreOptions& options, const Problem& of) {
  const auto fits = [](const std::string& wanted, const std::string& is) { return wanted.empty() || wanted == is; };
  return (options.person.empty() || options.person == of.hub_id || options.person == of.provider_id) &&
         (fits(options.field, of.field) || of.field.starts_with(options.field + " ["));  // of any of its elements
}

// A filter that nothing can fit would read as if all were well.
Result<void> check_filters(Runtime& runtime, const std::vector<Connection>& all, const StoreOptions& options) {
  const auto fail = [](std::string what) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
  };
  std::set<std::string> labels;
  for (const Connection& each : options.field.empty() ? std::vector<Connection>() : all) {
    const auto rules = runtime.opener().rules(each.map);
    if (!rules) return std::unexpected(rules.error());
    for (const ir::Field& field : (*rules)->rules.fields) labels.insert(field.label);
  }
  if (!labels.empty() && !labels.contains(options.field.substr(0, options.field.find(" [")))) {
    return fail(
        fmt::format("--field {}: no field has this label; there are: {}", options.field, fmt::join(labels, ", ")));
  }
  if (options.person.empty() || all.empty()) return {};
  bool is_known = false;
  const Result<void> read = runtime.store().read([&](Transaction& now) -> Result<void> {
    for (const Connection& each : all) {
      const Result<bool> here = is_remembered(now, each.id, options.person);
      if (!here) return std::unexpected(here.error());
      is_known |= *here;
    }
    return {};
  });
  if (!read || is_known) return read;
  return fail(fmt::format("--person {}: nobody of this id, of either side, is remembered", options.person));
}

// All connections, or the one that was named.
Result<std::vector<Connection>> connections_of(Runtime& runtime, const StoreOptions& options) {
  if (options.connection.empty()) return runtime.connections().list();
  auto one = runtime.connections().find(options.connection);
  if (!one) return std::unexpected(one.error());
  return std::vector{std::move(*one)};
}

}  // namespace

namespace {

struct Lines {
  std::vector<std::pair<const Connection*, Problem>> shown;  // newest first
  std::size_t in_all = 0, needs_you = 0;
};

// With `--most` no more is read than is shown, unless what is meant is to be looked for.
Result<Lines> lines_of(Store& store, const std::vector<Connection>& all, const StoreOptions& options) {
  const bool is_filtered = !options.person.empty() || !options.field.empty() || options.solved;
  Lines lines;
  const Result<void> read = store.read([&](Transaction& now) -> Result<void> {
    lines = {};
    for (const Connection& each : all) {
      auto problems =
          now.problems(each.id, ProblemsWanted{.also_solved = options.solved, .most = is_filtered ? 0 : options.most});
      if (!problems) return std::unexpected(problems.error());
      for (Problem& of : *problems) {
        if (!is_meant(options, of)) continue;
        lines.in_all += is_filtered ? 1 : 0;
        lines.needs_you += is_filtered && of.needs_you && !of.solved ? 1 : 0;
        lines.shown.emplace_back(&each, std::move(of));
      }
      if (is_filtered) continue;
      const auto counts = now.count_problems(each.id);
      if (!counts) return std::unexpected(counts.error());
      lines.in_all += counts->open;
      lines.needs_you += counts->needs_you;
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  std::ranges::stable_sort(lines.shown, std::ranges::greater(), [](const auto& line) { return line.second.last; });
  if (options.most > 0 && lines.shown.size() > options.most) lines.shown.resize(options.most);
  return lines;
}

Json json_of(const Connection& connection, const Problem& of) {
  Json line = {{"connection", connection.name},
               {"hub", of.hub_id},
               {"provider", of.provider_id},
               {"field", of.field},
               {"reason", name(of.reason)},
               {"what", of.what},
               {"first", time_text(of.first)},
               {"last", time_text(of.last)},
               {"times", of.times},
               {"needs_you", of.needs_you},
               {"solved", of.solved},
               {"next_try", nullptr}};
  if (of.next_try) line["next_try"] = time_text(*of.next_try);
  return line;
}

// One after the other, for a document of all of them would take many times the memory.
void print_json(const Lines& lines) {
  fmt::print("{{\n  \"dovetail\": \"log\",\n  \"version\": 1,\n  \"in_all\": {},\n  \"problems\": [", lines.in_all);
  for (std::size_t i = 0; i < lines.shown.size(); ++i) {
    const auto& [connection, of] = lines.shown[i];
    fmt::print("{}\n    {}", i == 0 ? "" : ",",
               json_of(*connection, of).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  fmt::print("{}]\n}}\n", lines.shown.empty() ? "" : "\n  ");
}

void print_text(const Lines& lines, const Palette& paint) {
  GuardSentences guard;
  for (const auto& [connection, of] : lines.shown) fmt::print("{}", text_of(*connection, of, guard, paint));
  if (lines.shown.size() < lines.in_all) fmt::print("{} of ", lines.shown.size());
  fmt::print("{} problem{}, {} need{} you\n", lines.in_all, lines.in_all == 1 ? "" : "s", lines.needs_you,
             lines.needs_you == 1 ? "s" : "");
}

}  // namespace

int log_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto all = connections_of(**runtime, options);
  if (!all) return refuse(all.error());
  if (const Result<void> fit = check_filters(**runtime, *all, options); !fit) return refuse(fit.error());
  const auto lines = lines_of((*runtime)->store(), *all, options);
  if (!lines) return refuse(lines.error());
  if (options.format == "json") print_json(*lines);
  if (options.format != "json") print_text(*lines, Palette(options.color));
  return lines->needs_you == 0 ? clean : needs_person;
}

int retry_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const auto connection = (*runtime)->connections().find(options.connection);
  if (!connection) return refuse(connection.error());
  const auto waiting = try_again(**runtime, options.connection, options.person);
  if (!waiting) return refuse(waiting.error());
  if (*waiting == 0) {
    fmt::print("nothing waits to be tried again{}\n", options.person.empty() ? "" : " for this person");
  } else {
    fmt::print("{} tried again as soon as `dovetail work` runs{}\n",
               *waiting == 1 ? std::string("1 person is") : fmt::format("{} people are", *waiting),
               connection->state == ConnectionState::active
                   ? ""
                   : fmt::format(" and the connection is active (now: {})", name(connection->state)));
  }
  return clean;
}

}  // namespace dovetail::tools
