// Small rule sets, records and an in-memory system, for tests of the stages.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/program.hpp"
#include "engine/plan/outcome.hpp"
#include "engine/plan/plan.hpp"
#include "engine/system.hpp"

namespace dovetail::test {

inline constexpr ir::Side hub = ir::Side::hub;
inline constexpr ir::Side provider = ir::Side::provider;

inline Value value(std::string text) { return {State::value, std::move(text)}; }
inline const Value unset{State::unset, {}};
inline const Value absent{State::absent, {}};
inline const Value masked{State::masked, {}};
inline Value invalid(std::string text) { return {State::invalid, std::move(text)}; }

// Builds a rule set by hand. Both schemas start with `id` and `isActive`; lists have a key `id`.
struct RulesBuilder {
  ir::RuleSet rules;

  RulesBuilder();
  ir::Member& member(ir::Side side, std::string_view path, std::string_view type = "text");
  ir::Member& words(ir::Side side, std::string_view path, std::initializer_list<std::string_view> words);
  ir::Member& list(ir::Side side, std::string_view path, std::string_view begin = {}, std::string_view end = {});

  ir::MemberId id(ir::Side side, std::string_view path) const;
  ir::Path path(ir::Side side, std::string_view path, ir::Selector selector = {}) const;
  ir::Pair pair(std::string_view hub_path, ir::Direction direction, std::string_view provider_path) const;
  // A field of one pair whose members (text, unless declared before) are made on the way.
  ir::Field& field(std::string label, std::string_view hub_path, ir::Direction direction,
                   std::string_view provider_path);
  ir::Field& field(std::string label, std::vector<ir::Pair> pairs);
  static ir::Clause clause(ir::Clause::Kind kind, ir::Sides sides, std::uint32_t line = 7);

 private:
  ir::Member& add(ir::Side side, std::string_view path, ir::MemberKind kind);
};

// One record: members by path, elements by list path; everything else is unset.
struct Record {
  std::map<std::string, Value> members;
  std::map<std::string, std::vector<std::map<std::string, Value>>> lists{};  // element members by their last name
  std::set<std::string> unread_lists{};                                      // paths
};

// A system of records in memory. Absent members stay absent; lists that no record names are empty.
class MemorySystem : public System {
 public:
  MemorySystem(const ir::Program& program, ir::Side side) : program_(&program), side_(side) {}

  std::vector<Record> records;
  std::size_t writes = 0;
  Completeness completeness{true, {}};
  std::vector<std::string> refused_members;  // paths whose writes are refused

  Snapshot snapshot() const;
  Record* find_record(std::string_view id);

  Result<Identity> check() override { return Identity{}; }
  Result<Completeness> list(Snapshot& into) override;
  Result<bool> get(std::string_view id, Snapshot& into) override;
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override;
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override;

 private:
  const ir::Schema& schema() const { return program_->rules->schema(side_); }
  void append(const Record& record, Snapshot& into) const;
  void write(Record& record, const Change& change);

  const ir::Program* program_;
  ir::Side side_;
  std::size_t next_id_ = 1000;
};

// Two systems under one rule set, and what is remembered of them.
struct World {
  explicit World(const ir::RuleSet& rules)
      : program(ir::compile(rules)), hub_system(program, hub), provider_system(program, provider) {}

  ir::Program program;
  MemorySystem hub_system, provider_system;
  Base base;
  Decisions decisions;
  Event event = Event::changed;
  std::vector<std::optional<std::string>> settings;
  std::vector<std::string> only;
  std::optional<std::vector<std::string>> scope;
  std::array<std::uint32_t, 5> guarded_before{};
  const SecretHasher* hasher = nullptr;
  const ReferenceTables* tables = nullptr;
  std::function<void(World&)> before_apply;  // between planning and applying

  PlanInput input(Mode mode, const Snapshot& hub_snapshot, const Snapshot& provider_snapshot) const;
  // Reads both, plans; run() also applies and remembers.
  Plan look(Mode mode);
  Plan run(Mode mode);
  // Links h1 with p1 and agrees on the two records as they are now.
  void agree();

  Applied applied;  // of the last run
};

CivilDay test_day();
const Entry* find_entry(const Plan& plan, const ir::RuleSet& rules, std::string_view label);
// The reason of the only (or first) person's field.
Reason reason_of(const Plan& plan, const ir::RuleSet& rules, std::string_view label, PersonIndex person = 0);

}  // namespace dovetail::test
