// What tools/bench measures of ours: mapping the hub's people to provider records, and reconciling two snapshots.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>

#include "dsl/compile.hpp"
#include "engine/compare/comparer.hpp"
#include "engine/match/match.hpp"
#include "engine/values/reference_tables.hpp"
#include "providers/file/staged_files.hpp"
#include "providers/toolkit/json_lines.hpp"
#include "tests/bench/record_writer.hpp"
#include "tests/places.hpp"

namespace {

using namespace dovetail;
using namespace dovetail::bench;
using ir::at;
using ir::Side;

constexpr const char* usage =
    "dovetail_bench map MAP HUB [THREADS]\n"
    "dovetail_bench reconcile MAP HUB PROVIDER [THREADS]\n"
    "MAP is a file below tests/bench/maps. A name that ends in `+plain` takes every value but e-mail addresses as "
    "text.\n"
    "Writes a line for each record, or for each finding.\n";

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "dovetail_bench: {}\n", why);
  std::exit(2);
}

template <typename T>
T take(Result<T> result) {
  if (!result) stop(result.error().what);
  return *std::move(result);
}

TableTexts::File table(const char* name) {
  return {name, take(providers::read_file(std::string(DOVETAIL_SOURCE_DIR "/rules/tables/") + name))};
}

// The measured rules: schemas are taken from tests/bench/maps, else from the product's rules.
struct Rules {
  explicit Rules(std::string name) {
    const bool plain = name.ends_with("+plain");
    if (plain) name.resize(name.size() - std::strlen("+plain"));
    auto parsed = ReferenceTables::parse({.countries = table("countries.tsv"),
                                          .iban = table("iban.tsv"),
                                          .se_clearing = table("se_clearing.tsv"),
                                          .banks = table("banks.tsv")});
    if (!parsed) stop("the tables cannot be read");
    tables = *std::move(parsed);
    const auto read = [](const std::string& path) {
      const std::string own = std::string(DOVETAIL_SOURCE_DIR "/tests/bench/maps/") + path;
      return providers::read_file(std::filesystem::exists(own) ? own
                                                               : std::string(DOVETAIL_SOURCE_DIR "/rules/") + path);
    };
    std::vector<dsl::Diagnostic> found;
    loaded = take(dsl::load(name, read, found));
    dsl::CompileResult compiled = dsl::compile(loaded, std::move(found), {.tables = &tables});
    if (!compiled.rules) stop(name + ": has mistakes; see mapcheck");
    rules = *std::move(compiled.rules);
    if (plain) take_as_text();
    program = ir::compile(rules);
    context = {.tables = &tables, .today = today, .region = {}, .test_system = true};
  }

  void take_as_text() {
    for (const Side side : {Side::hub, Side::provider}) {
      for (ir::Member& member : rules.schemas[at(side)].members) {
        if (member.type != nullptr && member.type->name != "email") member.type = find_type("text");
      }
    }
  }

  static constexpr CivilDay today{std::chrono::year(2026), std::chrono::month(11), std::chrono::day(2)};
  ReferenceTables tables = {};
  dsl::Loaded loaded;
  ir::RuleSet rules;
  ir::Program program;
  CheckContext context;
};

void write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0) stop("cannot write");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Maps blocks of people; its memory is reused from one to the next.
class Mapper {
 public:
  Mapper(const Rules& of, const RecordWriter& writer)
      : of_(of),
        writer_(writer),
        snapshot_(of.program.layouts[at(Side::hub)]),
        lines_("hub", of.rules.schema(Side::hub), snapshot_.layout(), of.context),
        view_(of.program, Side::hub, snapshot_),
        images_(of.program.fields.size() + (of.program.match_pair ? 1 : 0)),
        sights_(images_.size()),
        context_(of.context) {}

  // Valid until the next call.
  std::string_view map(std::string_view block) {
    snapshot_.clear();
    out_.clear();
    if (const Result<void> read = lines_.take(block, snapshot_); !read) stop(read.error().what);
    for (RecordIndex record = 0; record < snapshot_.size(); ++record) {
      view_.move_to(record, Rules::today);
      context_.region = view_.region();
      std::size_t next = 0;
      if (of_.program.match_pair) map_field(*of_.program.match_pair, next++);
      for (const ir::FieldProgram& field : of_.program.fields) map_field(field, next++);
      writer_.append(images_, out_);
    }
    return out_;
  }

 private:
  // The hub's value of one field in the provider's terms.
  void map_field(const ir::FieldProgram& field, std::size_t index) {
    Sight& sight = sights_[index];
    RecordWriter::Written& written = images_[index];
    look(field, Side::hub, view_, no_element, context_, sight);
    const bool is_plain = field.plain && sight.state == State::value && !sight.ambiguous &&
                          sight.parts.front().text.size() <= field.plain_length;
    written.plain = is_plain ? &sight.parts.front() : nullptr;
    if (!is_plain) make_image(of_.program, field, Side::hub, sight, context_, written.image);
  }

  const Rules& of_;
  const RecordWriter& writer_;
  Snapshot snapshot_;
  providers::JsonLines lines_;
  RecordView view_;
  std::vector<RecordWriter::Written> images_;
  std::vector<Sight> sights_;
  CheckContext context_;
  std::string out_;
};

// Blocks go to the mappers in turn, and their records are written in the blocks' order.
void map_all(const Rules& of, const std::string& hub, std::size_t threads) {
  struct Worker {
    Worker(const Rules& rules, const RecordWriter& with) : mapper(rules, with) {}
    Mapper mapper;
    std::string block;
    std::future<std::string_view> running;
  };
  const RecordWriter writer(of.program, Side::provider);
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::size_t i = 0; i < threads; ++i) {
    workers.push_back(std::make_unique<Worker>(of, writer));
  }
  std::size_t turn = 0;
  const auto finish = [](Worker& worker) {
    if (worker.running.valid()) write_out(worker.running.get());
  };
  const Result<void> read = providers::read_blocks(hub, [&](std::string_view block) -> Result<void> {
    if (threads == 1) {
      write_out(workers.front()->mapper.map(block));
      return {};
    }
    Worker& worker = *workers[turn++ % threads];
    finish(worker);
    worker.block.assign(block);
    worker.running = std::async(std::launch::async, [&worker] { return worker.mapper.map(worker.block); });
    return {};
  });
  if (!read) stop(read.error().what);
  for (std::size_t i = 0; i < threads; ++i) finish(*workers[turn++ % threads]);
}

Snapshot decode(const Rules& of, Side side, const std::string& file) {
  Snapshot snapshot(of.program.layouts[at(side)]);
  providers::JsonLines lines(file, of.rules.schema(side), snapshot.layout(), of.context);
  const Result<void> read =
      providers::read_blocks(file, [&](std::string_view block) { return lines.take(block, snapshot); });
  if (!read) stop(read.error().what);
  if (const Result<void> checked = lines.check_ids(snapshot); !checked) stop(checked.error().what);
  snapshot.set_completeness({.complete = true, .reason = {}});
  return snapshot;
}

// Findings of some people, a line each.
class Findings {
 public:
  Findings(const Rules& of, const PlanInput& input)
      : of_(of),
        seen_(input),
        hub_(of.program, Side::hub, input.hub),
        provider_(of.program, Side::provider, input.provider) {}

  std::string of(const std::vector<Match>& people, std::size_t begin, std::size_t end) {
    constexpr std::size_t far = 16, near = 8;
    for (std::size_t i = begin; i < end; ++i) {
      if (i + far < end) expect(people[i + far], &Snapshot::expect);
      if (i + near < end) expect(people[i + near], &Snapshot::expect_text);
      add(people[i]);
    }
    return std::move(out_);
  }

 private:
  void expect(const Match& person, void (Snapshot::*what)(RecordIndex) const) const {
    if (person.hub != no_record) (hub_.snapshot().*what)(person.hub);
    if (person.provider != no_record) (provider_.snapshot().*what)(person.provider);
  }

  void add(const Match& person) {
    const bool both = person.hub != no_record && person.provider != no_record;
    hub_.move_to(person.hub, Rules::today);
    provider_.move_to(person.provider, Rules::today);
    place_ = {.hub = &hub_, .provider = &provider_};
    if (!both) {
      open(person.hub == no_record ? "only_provider" : "only_hub");
      out_ += "}\n";
      return;
    }
    const ir::FieldProgram* match = of_.program.match();
    for (const ir::FieldProgram& field : of_.program.fields) {
      if (&field == match) continue;
      const Judgement& judgement = seen_.compare(field, place_, nullptr, false);
      if (judgement.effect != Judgement::Effect::quiet) add(field);
    }
  }

  void add(const ir::FieldProgram& field) {
    const bool in_hub = seen_.sight(Side::hub).state != State::unset;
    const bool in_provider = seen_.sight(Side::provider).state != State::unset;
    open(!in_hub ? "missing_in_hub" : !in_provider ? "missing_in_provider" : "conflict");
    out_ += ",\"field\":";
    append_quoted(out_, field.rule->label);
    const ir::Part& part = field.parts[at(Side::provider)].front();
    const Image& image = seen_.image(Side::provider);
    const bool mapped = image.verdict == Image::Verdict::value;
    const std::string_view hub = mapped ? image.parts.front().text : seen_.sight(Side::hub).parts.front().text;
    if (in_hub) value(",\"hub\":", part, hub);
    if (in_provider) value(",\"provider\":", part, seen_.sight(Side::provider).parts.front().text);
    out_ += "}\n";
  }

  void value(std::string_view opening, const ir::Part& part, std::string_view text) {
    out_ += opening;
    append_quoted(out_, on_wire(*part.schema, text));
  }

  void open(std::string_view kind) {
    const ir::FieldProgram& match = *of_.program.match();
    const Side side = hub_.exists() ? Side::hub : Side::provider;
    email_.clear();
    append_key(*match.parts[at(side)].front().type, place_.view(side).observe(match.parts[at(side)].front()).text,
               email_);
    out_ += "{\"email\":";
    append_quoted(out_, email_);
    out_ += ",\"kind\":\"";
    out_ += kind;
    out_ += '"';
  }

  const Rules& of_;
  Comparer seen_;
  RecordView hub_, provider_;
  Place place_;
  std::string out_, email_;
};

void reconcile(const Rules& of, const std::string& hub, const std::string& provider, std::size_t threads) {
  const auto policy = threads > 1 ? std::launch::async : std::launch::deferred;
  std::future<Snapshot> other = std::async(policy, [&] { return decode(of, Side::provider, provider); });
  const Snapshot hub_people = decode(of, Side::hub, hub);
  const Snapshot provider_people = other.get();
  const Base base{};
  const PlanInput input{.program = of.program,
                        .hub = hub_people,
                        .provider = provider_people,
                        .base = base,
                        .today = Rules::today,
                        .settings = {},
                        .only = {},
                        .tables = &of.tables,
                        .test_system = true};
  std::vector<Match> people = match(input).people;
  std::ranges::sort(people, {}, [](const Match& person) { return std::pair(person.hub, person.provider); });
  std::vector<std::future<std::string>> ranges;
  for (std::size_t i = 0; i < threads; ++i) {
    ranges.push_back(std::async(policy, [&, i] {
      return Findings(of, input).of(people, people.size() * i / threads, people.size() * (i + 1) / threads);
    }));
  }
  for (std::future<std::string>& range : ranges) write_out(range.get());
}

std::size_t threads_of(const char* word) {
  std::size_t threads = 1;
  std::from_chars(word, word + std::strlen(word), threads);
  return threads < 1 || threads > 64 ? 1 : threads;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view task = count > 1 ? words[1] : "";
  if (task == "map" && (count == 4 || count == 5)) {
    map_all(Rules(words[2]), words[3], count == 5 ? threads_of(words[4]) : 1);
  } else if (task == "reconcile" && (count == 5 || count == 6)) {
    reconcile(Rules(words[2]), words[3], words[4], count == 6 ? threads_of(words[5]) : 1);
  } else {
    fmt::print(stderr, "{}", usage);
    return 2;
  }
  return 0;
}
