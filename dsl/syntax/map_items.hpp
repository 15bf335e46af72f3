// What stands in a map or a library. See ast.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "dsl/syntax/words.hpp"

namespace dovetail::dsl::ast {

struct Import {  // hub huma "Huma" from "schemas/huma.schema.map"
  enum class Kind : std::uint8_t { hub, provider, library };
  Kind kind = Kind::hub;
  Name alias;
  std::optional<Text> title;  // never for libraries
  Text path;
  Doc doc;
  Span span;
  bool broken = false;
};

// What a host asks for: the name, what it is called, and how it is entered.
struct Credential {
  Name name;
  Text label;
  std::optional<Span> secret;
  std::optional<Span> required;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Setting {
  Name name;
  Text label;
  std::optional<Name> type;  // text, boolean, integer, date
  std::optional<Span> secret;
  std::optional<Span> required;
  std::optional<Literal> default_value;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Step {
  Text text;
  Span span;
};

struct Support {
  Text text;
  Span span;
};

struct Setup {
  std::vector<std::variant<Step, Credential, Support>> items;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Proposal {  // else propose by "Label", else propose by ("Label", "Label")
  std::vector<Text> labels;
  Span span;
};

struct Match {
  std::variant<Text, Pair> by;  // match by "Label", match PATH <-> PATH
  std::vector<Proposal> proposals;
  Doc doc;
  Span span;
  bool broken = false;
};

struct ConflictRule {  // conflict ask, conflict prefer SIDE
  std::optional<Name> prefer;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Field {
  Text label;
  std::optional<Span> required;
  std::vector<Pair> pairs;      // either pairs …
  std::vector<Shape> shapes;    // … or shapes
  std::vector<Clause> clauses;  // the field's own; of a field with a single pair without a block: all of them
  bool block = false;           // field "Label" { PAIR… }
  std::optional<When> when;
  Doc doc;
  Span span;
  bool broken = false;
};

struct FillSource {
  struct FromSetting {
    Name setting;
  };
  struct FromPath {
    SidePath path;
    std::vector<TransformUse> via;
    std::optional<Name> table;
  };
  struct Ask {
    Text question;
    std::variant<std::monostate, Literal, FromSetting> suggest;
  };
  std::variant<Literal, FromSetting, FromPath, Ask> from;
  Span span;
};

struct Fill {
  SidePath target;
  std::vector<FillSource> sources;  // with …, else …
  std::optional<Span> on_create;
  std::optional<SidePath> whenever;  // whenever SIDE.PATH is written
  Doc doc;
  Span span;
  bool broken = false;
};

struct EachMatch {  // match by "Label"
  Text label;
  Span span;
};

struct AddMissing {  // add missing in SIDES
  Name sides;
  Span span;
};

struct NeverRemove {
  Span span;
};

struct Each {
  Path left;
  Arrow arrow;
  Path right;
  std::optional<When> when;
  std::vector<std::variant<EachMatch, AddMissing, NeverRemove, Field, Fill>> items;
  Doc doc;
  Span span;
  bool broken = false;
};

struct GroupDirection {  // direction huma -> poweroffice_go
  Name left;
  Arrow arrow;
  Name right;
  Span span;
};

struct OnlyAfterActivation {  // only changes after activation
  Span span;
};

struct Group {
  Text title;
  std::optional<When> when;
  std::vector<std::variant<GroupDirection, OnlyAfterActivation, Field, Each, Fill>> items;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Cell {
  enum class Kind : std::uint8_t { word, otherwise, keep, unset };
  Kind kind = Kind::word;
  Literal literal;  // Kind::word: the word, text, number, date or boolean; its span serves every kind
};

struct ValueRow {
  Cell left;
  Arrow arrow;
  Cell right;
  Span span;
};

struct Values {
  Name name;
  std::vector<ValueRow> rows;
  Doc doc;
  Span span;
  bool broken = false;
};

struct LifeCycleAction {
  enum class Kind : std::uint8_t { create, stay, lock, refuse_if_changed };
  Kind kind = Kind::stay;
  Name side;  // of create, stay, refuse_if_changed
  std::optional<When> when;
  Span span;
};

struct LifeCycle {
  enum class Event : std::uint8_t { add, deactivate, remove };  // on add, on deactivate, on delete
  Event event = Event::add;
  Name side;
  std::vector<LifeCycleAction> actions;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Guard {  // guard overwrites 20 or 20 %
  Name what;    // overwrites, clears, bank_accounts, national_ids, emails
  Number count;
  std::optional<Number> percent;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Section {
  Text title;
  Text text;
  Doc doc;
  Span span;
  bool broken = false;
};

}  // namespace dovetail::dsl::ast
