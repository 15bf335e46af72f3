#include "engine/api/rule_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <compare>
#include <set>

namespace dovetail {

using ir::Clause;
using ir::Side;
using ir::Sides;

namespace {

std::string_view clause_name(Clause::Kind kind) {
  switch (kind) {
    case Clause::Kind::unique:
      return "unique";
    case Clause::Kind::cannot_unset:
      return "cannot unset";
    case Clause::Kind::cannot_unset_or_update:
      return "cannot unset or update";
    case Clause::Kind::hold:
      return "hold";
    case Clause::Kind::max_length:
      return "max length";
    case Clause::Kind::min_length:
      return "min length";
    case Clause::Kind::valid:
      return "valid";
    case Clause::Kind::all_parts_filled:
      break;
  }
  return "all parts filled";
}

std::vector<Clause> clauses_of(const ir::Field& field) {
  std::vector<Clause> all = field.clauses;
  for (const ir::Shape& shape : field.shapes) {
    for (const ir::Pair& pair : shape.pairs) all.insert(all.end(), pair.clauses.begin(), pair.clauses.end());
  }
  return all;
}

// Whether `now` protects that side at least as much as `then` did.
bool covers(const Clause& now, const Clause& then, Side side) {
  if (!ir::includes(now.sides, side)) return false;
  if (then.kind == Clause::Kind::cannot_unset && now.kind == Clause::Kind::cannot_unset_or_update) return true;
  if (now.kind != then.kind) return false;
  if (then.kind == Clause::Kind::max_length) return now.length <= then.length;
  if (then.kind == Clause::Kind::min_length) return now.length >= then.length;
  return then.kind != Clause::Kind::valid || now.type == then.type;
}

bool flows(const ir::Field& field, Side side) {
  return std::ranges::any_of(field.shapes, [&](const ir::Shape& shape) {
    return std::ranges::any_of(shape.pairs, [&](const ir::Pair& pair) { return ir::flows_to(pair.direction, side); });
  });
}

class Weakenings {
 public:
  Weakenings(const ir::RuleSet& before, const ir::RuleSet& after) : before_(before), after_(after) {}

  std::vector<std::string> find() {
    for (const ir::Field& now : after_.fields) {
      const auto then = std::ranges::find(before_.fields, now.label, &ir::Field::label);
      if (then == before_.fields.end()) {
        say("{}: is synchronised, and was not", now.label);
      } else {
        compare(*then, now);
      }
    }
    compare_match();
    compare_tables();
    compare_lists();
    compare_members();
    compare_guards();
    compare_life_cycle();
    return std::move(found_);
  }

 private:
  template <typename... Of>
  void say(fmt::format_string<Of...> text, Of&&... of) {
    found_.push_back(fmt::format(text, std::forward<Of>(of)...));
  }

  void compare(const ir::Field& then, const ir::Field& now) {
    const std::string& label = now.label;
    for (const Side side : {Side::hub, Side::provider}) {
      const std::string& title = after_.title(side);
      if (flows(now, side) && !flows(then, side)) say("{}: is written to {}, and was not", label, title);
      const std::vector<Clause> clauses = clauses_of(now);
      for (const Clause& clause : clauses_of(then)) {
        if (!ir::includes(clause.sides, side)) continue;
        const bool kept = std::ranges::any_of(clauses, [&](const Clause& one) { return covers(one, clause, side); });
        if (!kept) say("{}: `{}` no longer holds in {}", label, clause_name(clause.kind), title);
      }
    }
    const std::vector<std::string> ways = ways_of(before_, then);
    for (const std::string& way : ways_of(after_, now)) {
      if (std::ranges::count(ways, way) == 0) say("{}: its value is made in another way ({})", label, way);
    }
    if (then.required && !now.required) say("{}: is no longer required", label);
    if (then.setting && !now.setting) say("{}: no longer depends on a setting", label);
    const ir::ConflictRule asked = then.conflict.value_or(before_.conflict),
                           asks = now.conflict.value_or(after_.conflict);
    if (asked == ir::ConflictRule::ask && asks != ir::ConflictRule::ask) {
      say("{}: a conflict is no longer asked about", label);
    }
    if (group_waits(before_, then) && !group_waits(after_, now)) {
      say("{}: is no longer limited to changes after activation", label);
    }
  }

  static bool group_waits(const ir::RuleSet& rules, const ir::Field& field) {
    return field.group && rules.groups[*field.group].only_after_activation;
  }

  // What finds the first link, and what is shown before anybody is added.
  void compare_match() {
    if (!before_.match || !after_.match) return;
    const auto key = [](const ir::RuleSet& rules) {
      if (rules.match->field) return rules.fields[*rules.match->field].label;
      return rules.match->pair ? path_of(rules, *rules.match->pair, Side::hub) + " and " +
                                     path_of(rules, *rules.match->pair, Side::provider)
                               : std::string("nothing");
    };
    if (key(before_) != key(after_)) say("people are matched by {}, and were by {}", key(after_), key(before_));
    const std::vector<std::string> proposals = proposals_of(after_);
    for (const std::string& then : proposals_of(before_)) {
      if (std::ranges::count(proposals, then) == 0) say("links are no longer proposed by {}", then);
    }
  }

  static std::string path_of(const ir::RuleSet& rules, const ir::Pair& pair, Side side) {
    const ir::End& end = pair.end(side);
    return end.paths.empty() ? std::string("a fixed value") : rules.schema(side).members[end.paths[0].member].path;
  }

  static std::vector<std::string> proposals_of(const ir::RuleSet& rules) {
    std::vector<std::string> all;
    for (const std::vector<std::uint32_t>& fields : rules.match->proposals) {
      std::string& names = all.emplace_back();
      for (const std::uint32_t field : fields) names += (names.empty() ? "" : " and ") + rules.fields[field].label;
    }
    return all;
  }

  // What a value table is asked about: a word, no value, or every other value.
  struct Asked {
    ir::ValueRow::Cell cell;
    std::string word{};
    friend auto operator<=>(const Asked&, const Asked&) = default;
  };
  static Asked cell_of(const ir::ValueRow& row, Side side) {
    return side == Side::hub ? Asked{row.hub, row.hub_word} : Asked{row.provider, row.provider_word};
  }
  static std::string text_of(const Asked& asked) {
    if (asked.cell == ir::ValueRow::Cell::word) return asked.word;
    return asked.cell == ir::ValueRow::Cell::unset ? "no value" : "every other value";
  }

  // Empty: what is there is left alone, or the value is held.
  static std::string result_of(const ir::ValuesTable& table, Side target, const Asked& asked) {
    for (const ir::ValueRow& row : table.rows) {
      if (!ir::flows_to(row.direction, target)) continue;
      const Asked from = cell_of(row, ir::other(target)), to = cell_of(row, target);
      const bool is_rest = from.cell == ir::ValueRow::Cell::otherwise && asked.cell != ir::ValueRow::Cell::unset;
      if (from != asked && !is_rest) continue;
      return to.cell == ir::ValueRow::Cell::keep ? std::string() : text_of(to);
    }
    return {};
  }

  // A row that leaves alone what another row wrote protects more.
  void compare_tables() {
    for (const ir::ValuesTable& now : after_.tables) {
      const auto then = std::ranges::find(before_.tables, now.name, &ir::ValuesTable::name);
      if (then == before_.tables.end()) continue;  // what uses it says so
      for (const Side target : {Side::hub, Side::provider}) {
        std::set<Asked> all;
        for (const ir::ValuesTable* table : {&*then, &now}) {
          for (const ir::ValueRow& row : table->rows) all.insert(cell_of(row, ir::other(target)));
        }
        for (const Asked& one : all) {
          const std::string was = result_of(*then, target, one), is = result_of(now, target, one);
          if (one.cell == ir::ValueRow::Cell::keep || is.empty() || is == was) continue;
          say("the table {}: {} becomes {} in {}, and was {}", now.name, text_of(one), is, after_.title(target),
              was.empty() ? "left alone" : was);
        }
      }
    }
  }

  // How a field's values are made of the other side's.
  static std::vector<std::string> ways_of(const ir::RuleSet& rules, const ir::Field& field) {
    std::vector<std::string> all;
    for (const ir::Shape& shape : field.shapes) {
      for (const ir::Pair& pair : shape.pairs) {
        std::string& way =
            all.emplace_back(path_of(rules, pair, Side::hub) + " " + path_of(rules, pair, Side::provider));
        if (pair.table) way += " using " + rules.tables[*pair.table].name;
        for (const ir::TransformUse& use : pair.transforms) {
          way += " " + std::string(use.transform->name);
          for (const std::string& argument : use.arguments) way += " " + argument;
        }
      }
    }
    return all;
  }

  void compare_lists() {
    const auto path = [](const ir::RuleSet& rules, const ir::ListRule& list) {
      return rules.schema(Side::hub).members[list.lists[0]].path;
    };
    for (const ir::ListRule& now : after_.lists) {
      for (const ir::ListRule& then : before_.lists) {
        if (path(before_, then) != path(after_, now)) continue;
        for (const Side side : {Side::hub, Side::provider}) {
          const bool adds = now.add_missing && ir::includes(*now.add_missing, side);
          const bool added = then.add_missing && ir::includes(*then.add_missing, side);
          if (adds && !added) say("{}: elements are added in {}, and were not", path(after_, now), after_.title(side));
        }
      }
    }
  }

  // What the systems' vocabularies forbid.
  void compare_members() {
    for (const Side side : {Side::hub, Side::provider}) {
      for (const ir::Member& now : after_.schema(side).members) {
        const auto& members = before_.schema(side).members;
        const auto then = std::ranges::find(members, now.path, &ir::Member::path);
        if (then == members.end()) continue;
        const auto lost = [&](bool was, bool is, const char* what) {
          if (was && !is) say("{} in {}: is no longer `{}`", now.path, after_.title(side), what);
        };
        lost(then->read_only, now.read_only, "read only");
        lost(then->set_once, now.set_once, "set once");
        lost(then->unique, now.unique, "unique");
        lost(then->not_nullable, now.not_nullable, "not nullable");
        lost(then->required_on_create, now.required_on_create, "required on create");
        lost(then->secret, now.secret, "secret");
      }
    }
  }

  // Without a line of its own a kind has sync-semantics' limits.
  static ir::Guard limit_of(const ir::RuleSet& rules, ir::Guard::Kind kind) {
    const auto own = std::ranges::find(rules.guards, kind, &ir::Guard::kind);
    if (own != rules.guards.end()) return *own;
    const std::uint32_t most = kind == ir::Guard::Kind::overwrites ? 20 : kind == ir::Guard::Kind::clears ? 5 : 10;
    return {.kind = kind, .count = most, .percent = most, .origin = {}};
  }

  void compare_guards() {
    constexpr std::array kinds = {ir::Guard::Kind::overwrites, ir::Guard::Kind::clears, ir::Guard::Kind::bank_accounts,
                                  ir::Guard::Kind::national_ids, ir::Guard::Kind::emails};
    constexpr std::array names = {"overwritten", "cleared", "bank accounts", "national ids", "e-mails"};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      const ir::Guard then = limit_of(before_, kinds[i]), now = limit_of(after_, kinds[i]);
      if (now.count > then.count || now.percent > then.percent) {
        say("the guard allows more people a day ({}): max({}, {} %) instead of max({}, {} %)", names[i], now.count,
            now.percent, then.count, then.percent);
      }
    }
  }

  void compare_life_cycle() {
    for (const ir::LifeCycle& now : after_.life_cycle) {
      const auto then = std::ranges::find_if(
          before_.life_cycle, [&](const ir::LifeCycle& one) { return one.event == now.event && one.side == now.side; });
      if (now.create && (then == before_.life_cycle.end() || !then->create)) say("people are added, and were not");
      if (then == before_.life_cycle.end()) continue;
      if (then->create_setting && now.create && !now.create_setting)
        say("adding people no longer depends on a setting");
      if ((then->lock && !now.lock) || (then->stay && !now.stay)) say("people who leave are no longer left alone");
      if (then->refuse_if_changed && !now.refuse_if_changed) say("what changed meanwhile is no longer left alone");
    }
    for (const ir::LifeCycle& then : before_.life_cycle) {
      const bool kept = std::ranges::any_of(after_.life_cycle, [&](const ir::LifeCycle& one) {
        return one.event == then.event && one.side == then.side;
      });
      if (!kept && (then.lock || then.stay || then.refuse_if_changed)) say("people who leave are no longer left alone");
    }
  }

  const ir::RuleSet& before_;
  const ir::RuleSet& after_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> weakenings(const ir::RuleSet& before, const ir::RuleSet& after) {
  return Weakenings(before, after).find();
}

}  // namespace dovetail
