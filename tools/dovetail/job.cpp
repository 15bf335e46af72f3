#include "tools/dovetail/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "engine/api/base_file.hpp"
#include "engine/api/live_systems.hpp"
#include "engine/api/rule_files.hpp"
#include "engine/api/rules_root.hpp"
#include "engine/api/settings.hpp"
#include "engine/match/empty_lists.hpp"
#include "engine/match/unread.hpp"
#include "engine/plan/in_threads.hpp"
#include "engine/runtime/run/missing_people.hpp"
#include "tools/dovetail/credentials.hpp"
#include "tools/dovetail/decision_options.hpp"
#include "tools/dovetail/diagnostics_text.hpp"
#include "tools/dovetail/key_file.hpp"
#include "tools/dovetail/output.hpp"
#include "tools/dovetail/terminal.hpp"
#include "tools/dovetail/unread_text.hpp"

namespace dovetail::tools {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

Instant now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

Result<CivilDay> day_of(const std::string& text) {
  if (text.empty()) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm local{};
    ::localtime_r(&now, &local);
    return CivilDay(std::chrono::year(local.tm_year + 1900),
                    std::chrono::month(static_cast<unsigned>(local.tm_mon + 1)),
                    std::chrono::day(static_cast<unsigned>(local.tm_mday)));
  }
  const std::optional<CivilDay> day = parse_day(text);
  if (!day) return fail(fmt::format("--today {}: not a day (YYYY-MM-DD)", text));
  return *day;
}

// "NAME=VALUE"; the name ends at the first '='.
Result<std::pair<std::string, std::string>> assignment(const std::string& option, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals == 0) return fail(fmt::format("{} {}: write it as NAME=VALUE", option, text));
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

// The same with the places that commas stand between taken apart, unless that is a file's name.
std::vector<std::string> each_place(const std::vector<std::string>& given) {
  std::vector<std::string> places;
  std::error_code ignored;
  for (const std::string& one : given) {
    const bool whole = one.find(',') == one.npos || std::filesystem::exists(one, ignored) ||
                       std::filesystem::exists(one.substr(one.find('=') + 1), ignored);
    for (std::string_view rest = one; whole ? places.emplace_back(one), false : !rest.empty();) {
      const std::string_view place = rest.substr(0, rest.find(','));
      if (!place.empty()) places.emplace_back(place);
      rest.remove_prefix(std::min(place.size() + 1, rest.size()));
    }
  }
  return places;
}

// What was left aside while reading, and why: on standard error, the first ones.
// But for whom could not be read: they are named when it is known who they are.
void tell_notes(std::vector<std::string> notes) {
  constexpr std::size_t most = 20;
  std::erase_if(notes, is_unread_note);
  for (std::size_t i = 0; i < std::min(notes.size(), most); ++i)
    fmt::print(stderr, "dovetail: note: {}\n", printable(notes[i]));
  if (notes.size() > most)
    fmt::print(stderr, "dovetail: note: and {} more; `plan --format json` lists them all\n", notes.size() - most);
}

}  // namespace

std::unique_ptr<Job> Job::load(const Options& options, Use use) {
  auto job = std::make_unique<Job>();
  job->test_system = options.test_system;
  const auto steps = [&]() -> Result<void> {
    const Result<CivilDay> day = day_of(options.today);
    if (!day) return std::unexpected(day.error());
    job->today = *day;
    if (Result<void> done = job->load_rules(options); !done) return done;
    if (Result<void> done = job->check_places(options, use); !done) return done;
    if (Result<void> done = job->load_settings(options); !done) return done;
    if (Result<void> done = job->load_decisions(options); !done) return done;
    if (Result<void> done = job->load_system(ir::Side::hub, options.hub, options); !done) return done;
    if (Result<void> done = job->load_system(ir::Side::provider, options.provider, options); !done) return done;
    if (Result<void> done = job->load_base(options); !done) return done;
    for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
      look_for_missing(job->program, job->base, side, *job->systems[ir::at(side)], job->snapshots[ir::at(side)]);
    }
    return job->withhold_empty(options.accept_empty);
  };
  if (const Result<void> done = steps(); !done) {
    print_error(done.error().what);
    return nullptr;
  }
  return job;
}

Result<void> Job::load_rules(const Options& options) {
  const Result<std::filesystem::path> product = find_tables_root(options.map);
  if (!product) return std::unexpected(product.error());
  Result<ReferenceTables> read = load_reference_tables(*product);
  if (!read) return std::unexpected(read.error());
  tables = std::move(*read);

  const Result<RuleFile> file = find_rule_file(options.map);
  if (!file) return std::unexpected(file.error());
  std::vector<dsl::Diagnostic> found;
  const auto shown = [root = file->root](const std::string& path) { return shown_path(root, path); };
  Result<dsl::Loaded> loaded = dsl::load(file->path, rule_reader(file->root), found, shown);
  if (!loaded) return std::unexpected(loaded.error());
  sources = std::move(*loaded);
  for (const auto& unit : sources.units) rule_files.push_back(file->root / unit->path);
  for (std::filesystem::path& table : reference_table_files(*product)) rule_files.push_back(std::move(table));
  dsl::CompileResult compiled = dsl::compile(sources, std::move(found), {.tables = &tables});
  print_diagnostics(compiled.diagnostics, options.color);
  if (!compiled.rules) {
    if (compiled.schema)
      return fail(fmt::format("{}: a schema, not a map: --map wants the rules between two systems", options.map));
    return fail(fmt::format("{}: the rule file has mistakes (see above), so nothing was done", options.map));
  }
  rules = std::move(*compiled.rules);
  program = ir::compile(rules);
  return {};
}

Result<void> Job::check_output(const std::string& option, const std::filesystem::path& place,
                               const std::vector<providers::ExportFile::Route>& routes) {
  std::error_code ignored;
  const auto refuse = [&](const std::string& why) {
    return fail(fmt::format("--out-{} {}: {}\nnothing was read or written", option.substr(2), place.string(), why));
  };
  const providers::ExportFile::Route& first = routes.front();
  if (first.to != place) {
    const std::string why = providers::folder_obstacle(place);
    if (why.empty()) return {};
    return refuse(fmt::format("{} is {}, so a folder is written: {}", option,
                              routes.size() == 1 ? "a folder" : fmt::format("{} files", routes.size()), why));
  }
  if (!std::filesystem::is_directory(place, ignored)) return {};
  return refuse(fmt::format("a folder stands there, and {} is one file, so one is written: name it, as {}", option,
                            (place / first.from.filename()).string()));
}

Result<void> Job::add_exports(Places& to, ir::Side side, const Options& options, Use use) const {
  const bool hub = side == ir::Side::hub;
  const std::string option = hub ? "--hub" : "--provider";
  const std::string& out = hub ? options.out_hub : options.out_provider;
  const std::vector<std::string> places = each_place(hub ? options.hub : options.provider);
  if (std::ranges::any_of(places, [](const std::string& place) { return find_live_spec(place).has_value(); })) {
    if (out.empty()) return {};
    return fail(fmt::format("--out-{}: {} is a system, which is written itself: leave it out", option.substr(2),
                            places.front()));
  }
  if (use != Use::writes && !out.empty()) {
    return fail(fmt::format("--out-{} {}: only sync writes; leave it out, or run sync", option.substr(2), out));
  }
  if (places.empty()) return {};
  const auto place = out.empty() ? std::nullopt : std::optional<std::filesystem::path>(out);
  const auto routes = providers::ExportFile::routes(places, rules.schema(side), place);
  if (!routes) return std::unexpected(routes.error());
  if (use == Use::writes && place) {
    if (Result<void> fits = check_output(option, *place, *routes); !fits) return fits;
  }
  for (const auto& [from, into] : *routes) {
    const std::size_t number = to.reads(option, from);
    // Of several, another one's place is not its own.
    if (use == Use::writes) to.writes(out.empty() ? option : "--out-" + option.substr(2), into, number);
  }
  return {};
}

Result<void> Job::check_places(const Options& options, Use use) const {
  Places places;
  for (const std::filesystem::path& file : rule_files) places.reads("--map", file);
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    if (Result<void> added = add_exports(places, side, options, use); !added) return added;
  }
  for (const auto& [option, file] : {std::pair{"--decisions", &options.decisions},
                                     {"--credentials", &options.credentials},
                                     {"--ca-file", &options.ca_file},
                                     {"--key-file", &options.key_file}}) {
    if (!file->empty()) places.reads(option, *file);
  }
  if (!options.base.empty()) {
    const std::size_t number = places.reads("--base", options.base);
    places.reads("--base (its key)", key_file_beside(options.base));
    if (use == Use::writes) places.writes("--base", options.base, number);
  }
  return places.check();
}

Result<void> Job::load_settings(const Options& options) {
  std::vector<std::pair<std::string, std::string>> given;
  for (const std::string& text : options.settings) {
    auto one = assignment("--setting", text);
    if (!one) return std::unexpected(one.error());
    given.push_back(std::move(*one));
  }
  auto read = read_settings(rules, given);
  if (!read) return std::unexpected(read.error());
  settings = std::move(*read);
  return {};
}

std::optional<providers::FileVersion> version_of(const std::string& path) {
  const Result<providers::FileVersion> version = providers::file_version(path);
  return version ? std::optional(*version) : std::nullopt;
}

Result<void> Job::load_base(const Options& options) {
  if (options.base.empty()) {
    if (options.key_file.empty()) return {};
    return fail("--key-file: it is the key of a base, and --base names none");
  }
  base_version = version_of(options.base);
  Result<KeptBase> kept = read_base(options.base, rules.name);
  if (!kept) return std::unexpected(kept.error());
  const Result<std::optional<BaseKey>> found = find_key(options);
  if (!found) return std::unexpected(found.error());
  const std::string again = "; start again without this base if the key is lost";
  if (*found) {
    hasher.emplace((*found)->key);
    if (!kept->key_name.empty() && kept->key_name != hasher->key_name())
      return fail(
          fmt::format("{}: its secrets are hashed with another key than {}{}", options.base, (*found)->from, again));
  } else if (!kept->key_name.empty()) {
    return fail(
        fmt::format("{}: its secrets are hashed, and the key is missing: put it into {}, or give it by --key-file or "
                    "DOVETAIL_KEY{}",
                    options.base, key_file_beside(options.base), again));
  }
  base = std::move(kept->base);
  return {};
}

Result<void> Job::load_decisions(const Options& options) {
  Result<Decisions> given = decisions_in(options, rules);
  if (!given) return std::unexpected(given.error());
  decisions = std::move(*given);
  return {};
}

Result<std::unique_ptr<System>> Job::open(ir::Side side, const std::vector<std::string>& what, const Options& options) {
  const CheckContext context{.tables = &tables, .today = today, .region = {}, .test_system = test_system};
  for (const std::string& place : what) {
    if (what.size() > 1 && find_live_spec(place))
      return fail(fmt::format("{}: a system stands for itself: nothing can be joined to it", place));
  }
  if (const std::optional<LiveSpec> spec = find_live_spec(what.front())) {
    Result<providers::Credentials> credentials = find_credentials(spec->adapter, options.credentials);
    if (!credentials) return std::unexpected(credentials.error());
    Result<std::unique_ptr<System>> opened = live.open(*spec, {.ca_file = options.ca_file, .proxy = options.proxy},
                                                       std::move(*credentials), rules.schema(side), context);
    if (!opened) return opened;
    const Result<std::string> who = introduce(spec->adapter, **opened);
    if (!who) return std::unexpected(who.error());
    fmt::print(stderr, "{}\n", printable(*who));
    return opened;
  }
  Result<std::unique_ptr<providers::ExportFile>> opened =
      providers::ExportFile::open(what, rules.schema(side), context);
  if (!opened) return std::unexpected(opened.error());
  exports[ir::at(side)] = opened->get();
  return std::move(*opened);
}

Result<void> Job::load_system(ir::Side side, const std::vector<std::string>& given, const Options& options) {
  const std::vector<std::string> what = each_place(given);
  if (what.empty()) return fail(side == ir::Side::hub ? "--hub: names nothing" : "--provider: names nothing");
  std::optional<Progress> progress(fmt::format("reading {}", fmt::join(what, ", ")));
  Result<std::unique_ptr<System>> opened = open(side, what, options);
  if (!opened) return std::unexpected(opened.error());
  systems[ir::at(side)] = std::move(*opened);
  const providers::ExportFile* file = exports[ir::at(side)];
  taken[ir::at(side)] = file != nullptr ? file->taken() : now();
  snapshots.emplace_back(program.layouts[ir::at(side)]);
  const Result<Completeness> listed = systems[ir::at(side)]->list(snapshots.back());
  if (!listed) return std::unexpected(listed.error());
  progress.reset();
  tell_notes(listed->notes);
  return {};
}

Result<void> Job::withhold_empty(const std::vector<std::string>& accept) {
  EmptyLists empty;
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    Snapshot& read = snapshots[ir::at(side)];
    const std::size_t told = read.completeness().notes.size();
    withhold_empty_lists(program, base, side, *systems[ir::at(side)], accept, read, empty);
    const std::vector<std::string>& notes = read.completeness().notes;
    tell_notes({notes.begin() + static_cast<std::ptrdiff_t>(told), notes.end()});
  }
  Result<void> accepted = check_accepted(accept, empty);
  if (!accepted) accepted.error().what = "--accept-empty: " + accepted.error().what;
  return accepted;
}

bool Job::read_all(const Plan& plan) const {
  bool all = true;
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const std::size_t unread = count_unread(program, side, snapshot(side));
    if (unread == 0) continue;
    all = false;
    fmt::print(stderr,
               "dovetail: {} of {} people in {} could not be read: nothing is written to them, and nobody is added who "
               "may be one of them. Run again\n",
               unread, snapshot(side).size(), printable(rules.title(side)));
  }
  if (!all) fmt::print(stderr, "{}", unread_text(input(), plan, "`plan --format json` lists them all"));
  return all;
}

PlanInput Job::input() const {
  return {.program = program,
          .hub = snapshot(ir::Side::hub),
          .provider = snapshot(ir::Side::provider),
          .base = base,
          .today = today,
          .mode = Mode::manual,
          .event = Event::changed,
          .decisions = &decisions,
          .settings = settings,
          .only = {},
          .scope = nullptr,
          .tables = &tables,
          .hasher = hasher ? &*hasher : nullptr,
          .test_system = test_system,
          .rules_hash = {},
          .run = {},
          .guarded_before = {},
          .taken = taken,
          .now = now()};
}

Plan Job::make_plan() const {
  const Progress progress("planning");
  constexpr unsigned most = 8;
  return plan(input(), std::clamp(std::thread::hardware_concurrency(), 1U, most));
}

}  // namespace dovetail::tools
