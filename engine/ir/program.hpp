// The rules compiled for running: every member a numbered slot, every word of a table sorted, every permission a bit.
// Made once per rule set; the stages read it and look nothing up by name.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/ir/layout.hpp"
#include "engine/ir/rules.hpp"

namespace dovetail::ir {

constexpr std::size_t at(Side side) { return static_cast<std::size_t>(side); }

// One list element that fields address: resolved once for each record of a plan.
struct Selection {
  std::uint32_t list = 0;  // an index into Layout::lists
  Selector::Kind kind = Selector::Kind::none;
  std::vector<std::pair<SlotId, std::string>> where;  // slot of the element, and the key of the value it must have
  std::vector<const CheckedType*> where_types;
  std::vector<std::pair<MemberId, std::string>> creates;  // members and values (sent form) of an element made new
  SlotId key = no_slot, begin = no_slot, end = no_slot;   // of the element, as its list is keyed and ordered
};

// Who says that something is not possible, in the order in which people are told.
enum class Limit : std::uint8_t { none, clause, required, schema };

// What a write may do to one member, and who forbids the rest.
struct Permission {
  Limit create = Limit::none;  // filling an empty member, too
  Limit update = Limit::none;
  Limit unset = Limit::none;
  Origin clause;  // of the forbidding clause, where there is one
};

inline constexpr std::uint32_t no_selection = UINT32_MAX;

// One member, through one selector, that a field uses on one side.
struct Part {
  MemberId member = no_member;
  std::string path;  // with its selector: "homeAddress.city", "positions[current].title"; what a base calls it
  SlotId slot = no_slot;
  bool in_element = false;                 // of an `each`: slot of the element at hand
  std::uint32_t list = 0;                  // in_element: an index into Layout::lists
  std::uint32_t selection = no_selection;  // else of a selected element; else of the record
  const CheckedType* type = nullptr;       // nullptr: an enumeration
  std::vector<const CheckedType*> valid;  // that `valid` clauses demand of this member alone, a shape's before the next
  const Member* schema = nullptr;
  bool compared = true;  // false: written with the field, never compared
  bool written = true;   // false: only read
  // Not compared, and made of members that are not compared either: no agreement ever held a value of it.
  bool only_along = false;
  SlotId derived_from = no_slot;  // of the record: the system computes this part where that has a value
  Permission permission{};
};

// A values table in one direction, sorted by source word.
struct TableProgram {
  enum class Result : std::uint8_t { word, unset, keep };
  struct Row {
    std::string from;
    Result result = Result::word;
    std::string to;
  };
  std::vector<Row> rows;
  std::optional<Row> unset;      // what an unset source becomes; nullopt: unset, without a row saying so
  std::optional<Row> otherwise;  // every other word; nullopt: held
};

struct PairProgram {
  Direction direction = Direction::both;
  bool companion = false;                           // one-way beside two-way pairs: never compared
  std::array<std::vector<std::uint32_t>, 2> parts;  // by side: indexes into FieldProgram::parts; empty: literal
  std::array<std::optional<Value>, 2> literal;
  const std::vector<TransformUse>* transforms = nullptr;
  std::optional<std::uint32_t> table;                // an index into Program::tables
  std::array<std::vector<const Clause*>, 2> checks;  // valid, min_length, max_length of that side
  std::array<const CheckedType*, 2> valid{};         // that the first `valid` clause of that side demands
  Origin origin;
};

struct ShapeProgram {
  std::string_view name;
  std::vector<PairProgram> pairs{};
};

struct FieldProgram {
  std::uint32_t index = 0;  // into RuleSet::fields
  const Field* rule = nullptr;
  std::array<bool, 2> flows{};  // by target side
  std::array<std::vector<Part>, 2> parts;
  std::vector<ShapeProgram> shapes;
  std::array<bool, 2> all_parts{};  // demanded on that side
  std::array<const Clause*, 2> unique{};
  std::array<std::vector<std::uint32_t>, 2> unique_parts;  // which parts are unique on that side
  bool hold = false;
  bool sensitive = false;         // national id, bank account, address
  std::array<bool, 5> guarded{};  // by Guard::Kind, beyond overwrites and clears
  bool after_activation = false;
  bool secret = false;
  ConflictRule conflict = ConflictRule::ask;
  std::vector<std::uint32_t> settings;  // all must be on
  // One member and one of the same type, unchanged both ways, with nothing demanded but what both schemas say: equal
  // texts of at most `plain_length` bytes are equal values.
  bool plain = false;
  std::uint32_t plain_length = UINT32_MAX;

  bool two_way() const { return flows[0] && flows[1]; }
};

struct ListProgram {
  const ListRule* rule = nullptr;
  std::array<std::uint32_t, 2> lists{};         // indexes into the layouts' lists
  std::array<SlotId, 2> key{no_slot, no_slot};  // the element's id; no_slot: the match field's value serves
  std::vector<std::uint32_t> fields;            // in table order
  std::vector<std::uint32_t> settings;
};

struct FillProgram {
  const Fill* rule = nullptr;
  Part target_part;
  MemberId trigger_member = no_member;
  std::vector<Part> from;  // by source: where a source is a member; else an empty part
};

// What a system needs of a record besides its fields.
struct RecordProgram {
  SlotId identity = no_slot;
  SlotId active = no_slot;  // no_slot: everyone is active
  SlotId region = no_slot;
  std::vector<Selection> selections;
  // A list of which a current person has an element in force or upcoming, and the slot of its last day.
  std::optional<std::uint32_t> employments;
  SlotId employment_end = no_slot;
};

// Refers into the rule set that it was compiled from, which must outlive it unchanged.
struct Program {
  const RuleSet* rules = nullptr;
  std::array<Layout, 2> layouts;
  std::array<RecordProgram, 2> records;
  std::vector<FieldProgram> fields;
  std::vector<ListProgram> lists;
  std::vector<std::array<TableProgram, 2>> tables;  // by target side
  std::vector<FillProgram> fills;
  std::optional<FieldProgram> match_pair;  // `match PATH <-> PATH`: a field without a label

  // The field that finds the first link; nullptr: people are linked by hand only.
  const FieldProgram* match() const;
};

// A path as bases name it: the schema's own, with the selector between the brackets of its list:
// "positions[current].title", "identifications[type = national, country = FI].value"; in `each`: "positions[].title".
std::string path_text(const Schema& schema, const Path& path);

// The members that the rules need of each side: fields, identity, activity, region, keys and order of lists, fills.
std::array<Layout, 2> layouts_of(const RuleSet& rules);

// Total for every RuleSet that the checker lets pass.
Program compile(const RuleSet& rules, std::array<Layout, 2> layouts);
inline Program compile(const RuleSet& rules) { return compile(rules, layouts_of(rules)); }

}  // namespace dovetail::ir
