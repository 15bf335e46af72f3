// Every adapter passes the kit against its sandbox, in each position of each knob that is no limit of time or number.
#include <fmt/format.h>
#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/runtime/write/readback.hpp"
#include "providers/conformance/reading.hpp"
#include "tests/conformance/bench.hpp"
#include "tests/golden.hpp"
#include "tests/places.hpp"
#include "tools/sandbox/systems.hpp"

using namespace dovetail;
namespace conformance = dovetail::providers::conformance;

namespace {

void passes(test::Bench& bench) {
  const auto findings = conformance::run(
      {.schema = bench.schema, .system = *bench.system, .faults = bench.faults, .clock = bench.clock}, true);
  INFO(conformance::to_text(findings));
  CHECK(std::ranges::count(findings, conformance::Verdict::Kind::broken,
                           [](const auto& each) { return each.verdict.kind; }) == 0);
}

}  // namespace

TEST_CASE("every adapter passes the conformance kit") {
  const std::string system = GENERATE("netvisor", "poweroffice_go", "finago", "huma");
  test::Bench bench(system, 4);
  INFO(system);
  passes(bench);
}

namespace {

// Positions in which a promise cannot hold, and why.
struct Exception {
  const char *system, *knob, *position;
};
constexpr Exception exceptions[] = {
    {"finago", "authorization_header",
     "authorization2"},                        // the description contradicts itself, and clients use the other
    {"finago", "duplicate_email", "allowed"},  // the system itself takes the same person twice
    {"netvisor", "synthetic_ids", "off"},      // the people here are made up
    {"poweroffice_go", "synthetic_ids", "off"},
};

bool is_exception(const std::string& system, const sandbox::Knob& knob, const std::string& position) {
  return std::ranges::any_of(exceptions, [&](const Exception& each) {
    return each.system == system && each.knob == knob.name && each.position == position;
  });
}

}  // namespace

TEST_CASE("every adapter passes the conformance kit in each position of each knob") {
  const std::string system = GENERATE("netvisor", "poweroffice_go", "finago", "huma");
  std::string broken;
  const auto simulated = sandbox::make_system(system, {});
  for (const sandbox::Knob& knob : simulated->knobs.all()) {
    for (const std::string& position : knob.positions) {
      if (position == knob.value || position == "*" || is_exception(system, knob, position)) continue;
      test::Bench bench(system, 2);
      bench.sandbox->set_knob(knob.name, position);
      for (const auto& [name, verdict] : conformance::run(
               {.schema = bench.schema, .system = *bench.system, .faults = bench.faults, .clock = bench.clock}, true)) {
        if (verdict.kind != conformance::Verdict::Kind::broken) continue;
        broken += fmt::format("{} = {}: {}: {}\n", knob.name, position, name, verdict.why);
      }
    }
  }
  INFO(system << '\n' << broken);
  CHECK(broken.empty());
}

namespace {

struct Position {
  const char *system, *knob, *position;
};
// Limits and texts, each at a value that a client must live with; "": every system.
constexpr Position limits[] = {
    {"", "latency_ms", "2"},
    {"huma", "token_seconds", "1"},
    {"huma", "token_seconds", "1000000000"},
    {"huma", "rate_limit", "20"},
    {"huma", "rate_limit", "1000000"},
    {"huma", "duplicate_code", "field:taken"},
    {"huma", "webhook_attempts", "1"},
    {"huma", "webhook_attempts", "100"},
    {"netvisor", "timestamp_window_s", "2"},
    {"netvisor", "timestamp_window_s", "1000000000"},
    {"poweroffice_go", "token_seconds", "1"},
    {"poweroffice_go", "token_seconds", "1000000000"},
    {"poweroffice_go", "rate_limit", "0"},
    {"poweroffice_go", "rate_limit", "9"},
    {"poweroffice_go", "replica_lag_ms", "1"},
    {"poweroffice_go", "page_size", "1"},
    {"poweroffice_go", "page_size_most", "5000"},
    {"poweroffice_go", "page_size_most", "1000000"},
    {"finago", "token_seconds", "1"},
    {"finago", "token_seconds", "1000000000"},
    {"finago", "rate_limit", "20"},
    {"finago", "rate_limit", "1000000"},
    {"finago", "longest_text", "40"},
};

}  // namespace

TEST_CASE("every adapter passes the conformance kit under narrow limits") {
  const std::string system = GENERATE("netvisor", "poweroffice_go", "finago", "huma");
  std::string broken;
  for (const Position& limit : limits) {
    if (*limit.system != '\0' && system != limit.system) continue;
    test::Bench bench(system, 2);
    bench.sandbox->set_knob(limit.knob, limit.position);
    for (const auto& [name, verdict] : conformance::run(
             {.schema = bench.schema, .system = *bench.system, .faults = bench.faults, .clock = bench.clock}, true)) {
      if (verdict.kind != conformance::Verdict::Kind::broken) continue;
      broken += fmt::format("{} = {}: {}: {}\n", limit.knob, limit.position, name, verdict.why);
    }
  }
  INFO(system << '\n' << broken);
  CHECK(broken.empty());
}

namespace {

std::string shown(std::map<std::string, int> calls) {
  calls.erase("token");
  calls.erase("auth");
  int total = 0;
  std::string parts;
  for (const auto& [operation, count] : calls) {
    total += count;
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", operation, count);
  }
  return fmt::format("{} | {}", total, parts);
}

std::string row(const std::string& system, const char* what, test::Bench& bench) {
  return fmt::format("| {} | {} | {} |\n", system, what, shown(bench.count_calls()));
}

struct Measured {
  const char* system;
  const char* member;  // an ordinary one
  const char* value;
  const char* other_member;  // one that is written by a resource of its own
  const char* other_value;
  const char* other_key;  // of the list that it stands in, if it does
};

// The read before a write asks for no more than what is compared.
void change(test::Bench& bench, const std::string& id, const char* member, const Change& change) {
  Snapshot before(layout_of(bench.schema, {bench.schema.id(*bench.schema.find(member))}));
  REQUIRE(bench.system->get(id, before).value_or(false));
  const auto outcomes = bench.system->update(id, {change});
  REQUIRE(outcomes.has_value());
  REQUIRE(outcomes->front().kind == ChangeOutcome::Kind::done);
}

std::string rows_of(const Measured& measured) {
  test::Bench bench(measured.system, 10);
  std::string rows;
  static_cast<void>(bench.system->check());
  rows += row(measured.system, "credentials checked", bench);
  const Snapshot all = bench.list();
  rows += row(measured.system, fmt::format("everybody, {} people", all.size()).c_str(), bench);
  const std::string id = Value::of(all.at(0, all.layout().slot(bench.schema.identity))).text;
  bench.get(id);
  rows += row(measured.system, "one person", bench);
  change(bench, id, measured.member, bench.set(measured.member, measured.value));
  rows += row(measured.system, "a change, with the read before it", bench);
  const std::string element = measured.other_key == nullptr ? "" : bench.value(all, 0, measured.other_key).text;
  change(bench, id, measured.other_member, bench.set(measured.other_member, measured.other_value, element));
  rows += row(measured.system, measured.other_key == nullptr ? "another account" : "a change of a position", bench);
  const auto person = conformance::made_up_person(
      {.schema = bench.schema, .system = *bench.system, .faults = bench.faults, .clock = bench.clock}, all, 7);
  REQUIRE(bench.system->create(person, "reference").has_value());
  rows += row(measured.system, "a person added", bench);
  return rows;
}

}  // namespace

TEST_CASE("the page about providers has the calls as they are made") {
  std::string table = "| system | what | calls | which |\n| --- | --- | --- | --- |\n";
  table += rows_of({"huma", "givenName", "Uusi", "positions[].contractEndDate", "2030-12-31", "positions[].id"});
  table += rows_of({"netvisor", "employeebaseinformation.city", "Turku", "employmentperiods[].employmentperiod.enddate",
                    "2030-12-31", "employmentperiods[].netvisorkey"});
  table += rows_of({"poweroffice_go", "jobTitle", "Boss", "payrollBankAccountCode", "36240734014", nullptr});
  table +=
      rows_of({"finago", "city", "Bergen", "employments[].startdate", "2001-02-03", "employments[].employment_id"});
  INFO("docs/providers.md should have:\n" << table);
  CHECK(test::read_text(std::filesystem::path(DOVETAIL_SOURCE_DIR) / "docs/providers.md").find(table) !=
        std::string::npos);
}
