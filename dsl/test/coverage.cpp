#include "dsl/test/coverage.hpp"

#include <algorithm>
#include <utility>

namespace dovetail::dsl {
namespace {

std::string quoted(const std::string& label) { return "“" + label + "”"; }

class MutantMaker {
 public:
  explicit MutantMaker(const ir::RuleSet& rules) : rules_(rules) {}

  std::vector<Mutant> make() {
    for (std::size_t field = 0; field < rules_.fields.size(); ++field) add_field(field);
    for (std::size_t table = 0; table < rules_.tables.size(); ++table) add_table(table);
    for (std::size_t list = 0; list < rules_.lists.size(); ++list) {
      if (rules_.lists[list].setting)
        add(Mutant::Kind::clause, "`when setting` of a list", rules_.lists[list].origin)
            .rules.lists[list]
            .setting.reset();
      if (!rules_.lists[list].add_missing) continue;
      add(Mutant::Kind::clause, "`add missing` of a list", rules_.lists[list].origin)
          .rules.lists[list]
          .add_missing.reset();
    }
    for (std::size_t group = 0; group < rules_.groups.size(); ++group) {
      if (!rules_.groups[group].only_after_activation) continue;
      add(Mutant::Kind::clause, "`only changes after activation` of " + quoted(rules_.groups[group].title),
          rules_.groups[group].origin)
          .rules.groups[group]
          .only_after_activation = false;
    }
    for (std::size_t fill = 0; fill < rules_.fills.size(); ++fill) erase(&ir::RuleSet::fills, fill, "a fill");
    for (std::size_t line = 0; line < rules_.life_cycle.size(); ++line) add_life_cycle(line);
    return std::move(mutants_);
  }

 private:
  Mutant& add(Mutant::Kind kind, std::string what, const ir::Origin& origin) {
    return mutants_.emplace_back(Mutant{kind, std::move(what), origin, rules_});
  }

  template <class Item>
  void erase(std::vector<Item> ir::RuleSet::* items, std::size_t index, std::string what) {
    auto& left = add(Mutant::Kind::clause, std::move(what), (rules_.*items)[index].origin).rules.*items;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void add_field(std::size_t index) {
    const ir::Field& field = rules_.fields[index];
    switch_off(index);
    if (field.setting)
      add(Mutant::Kind::clause, "`when setting` of " + quoted(field.label), field.origin)
          .rules.fields[index]
          .setting.reset();
    if (field.required)
      add(Mutant::Kind::clause, "`required` of " + quoted(field.label), field.origin).rules.fields[index].required =
          false;
    for (std::size_t clause = 0; clause < field.clauses.size(); ++clause) {
      auto& left = add(Mutant::Kind::clause, "a clause of " + quoted(field.label), field.clauses[clause].origin)
                       .rules.fields[index]
                       .clauses;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(clause));
    }
    for (std::size_t shape = 0; shape < field.shapes.size(); ++shape)
      for (std::size_t pair = 0; pair < field.shapes[shape].pairs.size(); ++pair) add_pair(index, shape, pair);
  }

  void widen(ir::Pair& pair, std::size_t field) {
    pair.direction = ir::Direction::both;
    if (const auto group = rules_.fields[field].group) mutants_.back().rules.groups[*group].direction = pair.direction;
  }

  static bool has_two_way_partner(const ir::Field& field) {
    return std::ranges::any_of(field.shapes, [](const ir::Shape& shape) {
      return std::ranges::any_of(shape.pairs,
                                 [](const ir::Pair& pair) { return pair.direction == ir::Direction::both; });
    });
  }

  // `[type = national, country = "FI"]` without one of its conditions; a selector keeps at least one.
  template <class Mutated>
  static void add_conditions(const ir::Pair& pair, ir::Side side, std::size_t path, const std::string& label,
                             const Mutated& mutated) {
    const auto& where = pair.end(side).paths[path].selector.where;
    for (std::size_t condition = 0; where.size() > 1 && condition < where.size(); ++condition) {
      auto& left = mutated("a condition of the selector of " + label)
                       .ends[static_cast<std::size_t>(side)]
                       .paths[path]
                       .selector.where;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(condition));
    }
  }

  void add_pair(std::size_t field, std::size_t shape, std::size_t pair) {
    const std::string label = quoted(rules_.fields[field].label);
    const ir::Pair& written = rules_.fields[field].shapes[shape].pairs[pair];
    const auto mutated = [&](std::string what) -> ir::Pair& {
      return add(Mutant::Kind::clause, std::move(what), written.origin).rules.fields[field].shapes[shape].pairs[pair];
    };
    if (written.direction != ir::Direction::both && !has_two_way_partner(rules_.fields[field]))
      widen(mutated("the direction of " + label), field);
    for (const ir::Side side : {ir::Side::hub, ir::Side::provider})
      for (std::size_t path = 0; path < written.end(side).paths.size(); ++path)
        add_conditions(written, side, path, label, mutated);
    if (written.end(ir::Side::hub).paths.empty() || written.end(ir::Side::provider).paths.empty()) {
      auto& left =
          add(Mutant::Kind::clause, "a literal of " + label, written.origin).rules.fields[field].shapes[shape].pairs;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(pair));
    }
    const auto& clauses = written.clauses;
    for (std::size_t clause = 0; clause < clauses.size(); ++clause) {
      auto& left = add(Mutant::Kind::clause, "a clause of " + label, clauses[clause].origin)
                       .rules.fields[field]
                       .shapes[shape]
                       .pairs[pair]
                       .clauses;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(clause));
    }
  }

  // A field behind a setting that is off is as good as not there, and every index stays true.
  void switch_off(std::size_t index) {
    const ir::Field& field = rules_.fields[index];
    Mutant& mutant = add(Mutant::Kind::row, "the field " + quoted(field.label), field.origin);
    mutant.rules.fields[index].setting = static_cast<std::uint32_t>(mutant.rules.settings.size());
    ir::Setting off;
    off.name = "without this field";
    off.type = ir::SettingType::boolean;
    off.default_value = "false";
    mutant.rules.settings.push_back(std::move(off));
  }

  // What a line says that would hold without it, too (people stay, and are locked), no test can guard.
  void add_life_cycle(std::size_t index) {
    const ir::LifeCycle& line = rules_.life_cycle[index];
    if (line.create) erase(&ir::RuleSet::life_cycle, index, "`create` of the life cycle");
    if (line.create_setting)
      add(Mutant::Kind::clause, "`when setting` of the life cycle", line.origin)
          .rules.life_cycle[index]
          .create_setting.reset();
    if (line.refuse_if_changed)
      add(Mutant::Kind::clause, "`refuse if changed` of the life cycle", line.origin)
          .rules.life_cycle[index]
          .refuse_if_changed = false;
  }

  void add_table(std::size_t table) {
    for (std::size_t row = 0; row < rules_.tables[table].rows.size(); ++row) {
      auto& left = add(Mutant::Kind::clause, "a row of the table " + rules_.tables[table].name,
                       rules_.tables[table].rows[row].origin)
                       .rules.tables[table]
                       .rows;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(row));
    }
  }

  const ir::RuleSet& rules_;
  std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> mutants_of(const ir::RuleSet& rules) { return MutantMaker(rules).make(); }

Coverage run_all(const ir::RuleSet& rules, std::span<const TestCase> tests, const TestContext& context) {
  Coverage coverage;
  for (const TestCase& test : tests) {
    auto failures = run(rules, test, context);
    const bool passes = failures.empty();
    coverage.results.push_back({&test, std::move(failures), passes});
  }
  for (const Mutant& mutant : mutants_of(rules)) {
    bool tested = false;
    for (TestResult& result : coverage.results) {
      if (!result.failures.empty() || run(mutant.rules, *result.test, context).empty()) continue;
      result.vacuous = false;
      tested = true;
    }
    coverage.rules.push_back({mutant.kind, mutant.what, mutant.origin, tested});
  }
  return coverage;
}

}  // namespace dovetail::dsl
