// The checked rules of one integration: what a .map file means, with every name resolved. Made by dsl, read by all.
// Nothing in here can be invalid: what is wrong in a file is a diagnostic, and then there is no RuleSet.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/ir/schema.hpp"
#include "engine/values/observation.hpp"
#include "engine/values/transform.hpp"

namespace dovetail::ir {

enum class Side : std::uint8_t { hub, provider };
enum class Sides : std::uint8_t { hub, provider, both };
enum class Direction : std::uint8_t { both, to_provider, to_hub };

constexpr Side other(Side side) { return side == Side::hub ? Side::provider : Side::hub; }
constexpr bool includes(Sides sides, Side side) {
  return sides == Sides::both || (sides == Sides::hub) == (side == Side::hub);
}
constexpr bool flows_to(Direction direction, Side side) {
  return direction == Direction::both || (direction == Direction::to_provider) == (side == Side::provider);
}

// One element of a list: the earliest, latest or current by the list's order, or the one whose members match.
struct Selector {
  enum class Kind : std::uint8_t { none, earliest, latest, current, where };
  Kind kind = Kind::none;
  std::vector<std::pair<MemberId, std::string>> where;  // member and its value in sent form

  friend bool operator==(const Selector&, const Selector&) = default;
};

struct Path {
  MemberId member = no_member;
  Selector selector;  // for a member of a list outside `each`
};

// One end of a pair: a path, several paths as one value, or a literal.
struct End {
  std::vector<Path> paths;       // empty: the end is `literal`
  std::optional<Value> literal;  // state value or unset, sent form
};

struct TransformUse {
  const Transform* transform = nullptr;
  std::vector<std::string> arguments;
};

struct ValueRow {
  enum class Cell : std::uint8_t { word, otherwise, keep, unset };
  Cell hub = Cell::word, provider = Cell::word;
  std::string hub_word, provider_word;  // for Cell::word, sent form
  Direction direction = Direction::both;
  Origin origin;
};

// A finite table between the words of two enumerations. A source value that no row names is held.
struct ValuesTable {
  std::string name;  // "nordic.gender" or "pogo_gender"
  std::vector<ValueRow> rows;
  std::string doc;
  Origin origin;
};

struct Clause {
  enum class Kind : std::uint8_t {
    unique,
    cannot_unset,
    cannot_unset_or_update,
    hold,
    max_length,
    min_length,
    valid,
    all_parts_filled,
  };
  Kind kind = Kind::unique;
  Sides sides = Sides::both;
  std::uint32_t length = 0;           // max_length, min_length: code points
  const CheckedType* type = nullptr;  // valid
  Origin origin;
};

struct Pair {
  std::array<End, 2> ends;  // by Side
  Direction direction = Direction::both;
  std::vector<TransformUse> transforms;  // hub to provider, in this order
  std::optional<std::uint32_t> table;    // an index into RuleSet::tables
  std::vector<Clause> clauses;
  Origin origin;

  const End& end(Side side) const { return ends[static_cast<std::size_t>(side)]; }
};

// One form a field may take. A plain field has exactly one, without a name.
struct Shape {
  std::string name;
  std::vector<Pair> pairs;
  Origin origin;
};

enum class ConflictRule : std::uint8_t { ask, prefer_hub, prefer_provider };

// One row of the table of supported fields: compared, decided and written as one value.
struct Field {
  std::string label;
  bool required = false;
  std::vector<Shape> shapes;  // at least one
  std::vector<Clause> clauses;
  std::optional<std::uint32_t> each;     // an index into RuleSet::lists: paths are the element's
  std::optional<std::uint32_t> group;    // an index into RuleSet::groups
  std::optional<std::uint32_t> setting;  // an index into RuleSet::settings: off means never touched
  std::optional<ConflictRule> conflict;
  std::string doc;
  Origin origin;

  bool has_shapes() const { return shapes.size() > 1 || !shapes.front().name.empty(); }
};

// `each LIST <-> LIST`: elements are linked like people, by a key first and by their ids after.
struct ListRule {
  std::array<MemberId, 2> lists = {no_member, no_member};  // by Side
  std::uint32_t match = 0;                                 // index of the field whose value finds the partner
  std::optional<Sides> add_missing;
  bool never_remove = false;  // the author says so; nothing is ever removed in any case
  std::optional<std::uint32_t> group, setting;
  std::string doc;
  Origin origin;
};

struct Group {
  std::string title;
  Direction direction = Direction::both;
  bool only_after_activation = false;
  std::optional<std::uint32_t> setting;
  std::string doc;
  Origin origin;
};

enum class SettingType : std::uint8_t { text, boolean, integer, date };
struct Setting {
  std::string name, label;
  SettingType type = SettingType::text;
  bool required = false;
  std::optional<std::string> default_value;  // boolean: "true" or "false"
  Origin origin;
};

struct Credential {
  std::string name, label;
  bool secret = false;
  bool required = false;
  Origin origin;
};

// Where a value comes from that one system demands and the other lacks. Sources are tried in order.
struct FillSource {
  struct Literal {
    Value value;
  };
  struct FromSetting {
    std::uint32_t setting;
  };
  struct FromMember {
    Side side;
    Path path;
    std::optional<std::uint32_t> table;
  };
  struct Ask {
    std::string question;
    std::optional<std::uint32_t> suggest_setting;
    std::optional<std::string> suggest_literal;
  };
  std::variant<Literal, FromSetting, FromMember, Ask> from;
};

struct Fill {
  Side side = Side::provider;
  Path target;
  std::vector<FillSource> sources;
  bool on_create = false;  // else: whenever `trigger` is written
  Path trigger;            // on `side`
  std::optional<std::uint32_t> each;
  Origin origin;
};

struct Match {
  std::optional<std::uint32_t> field;                 // by a field of the table …
  std::optional<Pair> pair;                           // … or by a bare pair, which is also written on creation
  std::vector<std::vector<std::uint32_t>> proposals;  // fields that together propose a link, in this order
  std::string doc;
  Origin origin;
};

struct LifeCycle {
  enum class Event : std::uint8_t { add, deactivate, remove };
  Event event = Event::add;
  Side side = Side::hub;
  bool create = false;                          // create in the other system …
  std::optional<std::uint32_t> create_setting;  // … when this setting is on
  bool stay = false;
  bool lock = false;
  bool refuse_if_changed = false;
  Origin origin;
};

// A limit of the mass-change guard: max(count, percent of the population).
struct Guard {
  enum class Kind : std::uint8_t { overwrites, clears, bank_accounts, national_ids, emails };
  Kind kind = Kind::overwrites;
  std::uint32_t count = 0;
  std::uint32_t percent = 0;
  Origin origin;
};

struct Section {
  std::string title, text;
  Origin origin;
};

struct RuleSet {
  std::string name;  // "netvisor"
  std::string file;  // as given, for messages
  std::uint32_t version = 0;
  std::uint32_t syntax = 0;
  std::string deprecated_by;  // empty: current
  std::string doc;

  std::array<Schema, 2> schemas;       // by Side
  std::array<std::string, 2> aliases;  // "huma", "netvisor"
  std::array<std::string, 2> titles;   // "Huma", "Netvisor"

  std::vector<std::string> steps;
  std::vector<Credential> credentials;
  std::string support;
  std::vector<Setting> settings;
  std::optional<Match> match;
  ConflictRule conflict = ConflictRule::ask;
  std::vector<Group> groups;
  std::vector<ListRule> lists;
  std::vector<Field> fields;  // table rows in file order
  std::vector<Fill> fills;
  std::vector<ValuesTable> tables;
  std::vector<LifeCycle> life_cycle;
  std::vector<Guard> guards;
  std::vector<Section> sections;

  const Schema& schema(Side side) const { return schemas[static_cast<std::size_t>(side)]; }
  const std::string& alias(Side side) const { return aliases[static_cast<std::size_t>(side)]; }
  const std::string& title(Side side) const { return titles[static_cast<std::size_t>(side)]; }
};

}  // namespace dovetail::ir
