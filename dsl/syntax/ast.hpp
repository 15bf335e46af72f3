// What a rule file says, as written: the tree of a map, a schema or a library. Nothing is resolved or checked here.
//
// Every node is a value with its span. Texts are views into the source file, or into File::strings where an escape
// had to be resolved; so a tree lives as long as its SourceFile stays where it is, and no longer.
//
// `broken`: part of this item could not be understood (the parser has said so). What is there is true; that
// something is missing proves nothing. Containers are broken with what they hold.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/syntax/source_file.hpp"

namespace dovetail::dsl::ast {

// ---- Words -------------------------------------------------------------------------------------------------------

// An identifier, without its backticks if it has them; its span includes them.
struct Name {
  std::string_view text;
  Span span;
};

// Text in quotes, escapes resolved; its span includes the quotes.
struct Text {
  std::string_view text;
  Span span;
};

struct Number {
  std::uint32_t value = 0;
  Span span;
};

struct Literal {
  enum class Kind : std::uint8_t {
    text,     // "Male"
    number,   // 42, -3, 1.50: kept as written
    date,     // 1990-05-01, as written: the grammar does not know the calendar
    boolean,  // true, false, on, off, as written
    word,     // of an enum
    unset,
    absent,  // in tests only
    masked,  // in tests only
  };
  Kind kind = Kind::word;
  std::string_view text;  // resolved like Text, Name
  Span span;

  // Of Kind::boolean.
  bool is_on() const { return text == "true" || text == "on"; }
};

// The lines of one `##` block, each without the marks and one blank after them.
struct Doc {
  std::vector<Text> lines;
  Span span;

  bool empty() const { return lines.empty(); }
};

// `when setting S`
struct When {
  Name setting;
  Span span;
};

// ---- Paths and pairs ---------------------------------------------------------------------------------------------

struct Condition {  // type = national
  Name member;
  Literal value;
};

struct Selector {
  enum class Kind : std::uint8_t { none, earliest, latest, current, where, index };
  Kind kind = Kind::none;
  std::vector<Condition> where;
  std::uint32_t index = 0;  // in tests: positions[0]
  Span span;                // with the brackets
};

struct Segment {
  Name name;
  Selector selector;
};

struct Path {
  std::vector<Segment> segments;  // at least one, unless something is broken
  Span span;
};

// Outside a pair a path names its system first: `huma.homeAddress.city`.
struct SidePath {
  Name side;
  Path path;  // without segments where only the side is named
  Span span;
};

struct Tuple {  // (clearingno, account)
  std::vector<Path> paths;
  Span span;
};

using End = std::variant<Path, Tuple, Literal>;
inline Span span_of(const End& end) {
  return std::visit([](const auto& one) { return one.span; }, end);
}

struct Arrow {
  enum class Kind : std::uint8_t { both, right, left };  // <-> -> <-
  Kind kind = Kind::both;
  Span span;
};

struct TransformUse {  // pad(10)
  Name name;
  std::vector<Literal> arguments;
  Span span;
};

// ---- Clauses -----------------------------------------------------------------------------------------------------

struct Clause {
  enum class Kind : std::uint8_t {
    unique,                  // unique in SIDES
    cannot_unset,            // cannot unset in SIDES
    cannot_unset_or_update,  // cannot unset or update in SIDES
    hold,                    // hold
    max_length,              // max length N in SIDES
    min_length,              // min length N in SIDES
    valid,                   // valid TYPE in SIDES
    all_parts_filled,        // all parts filled in SIDES
    conflict_ask,            // conflict ask
    conflict_prefer,         // conflict prefer SIDE
  };
  Kind kind = Kind::unique;
  Name sides;     // a side or `both`; empty where the author wrote no `in …` (or the kind has none)
  Number length;  // max_length, min_length
  Name type;      // valid
  Span span;
};

struct Pair {
  End left;
  Arrow arrow;
  End right;
  std::vector<TransformUse> via;
  std::optional<Name> table;    // using TABLE; "nordic.gender" is one name
  std::vector<Clause> clauses;  // in the pair's own braces
  Span span;                    // of the pair without its braces
  bool broken = false;
};

struct Shape {  // either "Name" { … } or "Name" { … }
  Text name;
  std::vector<Pair> pairs;
  std::vector<Clause> clauses;
  Span span;
  bool broken = false;
};

// ---- Items of maps -----------------------------------------------------------------------------------------------

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

// ---- Tests -------------------------------------------------------------------------------------------------------

struct Assignment {  // birthDate = 1990-05-01
  Path path;
  Literal value;
  Span span;
};

struct Given {
  enum class Kind : std::uint8_t {
    side,     // given huma { birthDate = … }, given huma absent
    base,     // given base { huma.birthDate = … }: paths start with the side
    others,   // given others { netvisor.email = … }: paths start with the side
    setting,  // given setting { create_on_add = on }
  };
  Kind kind = Kind::side;
  Name subject;  // the side's name, or the word
  std::optional<Span> absent;
  std::vector<Assignment> assignments;
  Span span;
  bool broken = false;
};

struct Today {  // today = 2026-03-01
  Literal date;
  Span span;
};

struct Activated {  // activated, activated = 2026-01-01
  std::optional<Literal> date;
  Span span;
};

struct Action {
  enum class Kind : std::uint8_t { push, synchronise, create, deactivate, remove };
  Kind kind = Kind::push;
  Name side;  // create in SIDE; synchronise taking SIDE (empty: nothing taken)
  Span span;
};

struct Expect {
  enum class Kind : std::uint8_t {
    value,           // expect SIDE.PATH = value
    clear,           // expect clear SIDE.PATH
    no_change,       // expect no change to SIDE.PATH, to SIDE
    blocked_unset,   // expect blocked unset SIDE.PATH
    blocked_update,  // expect blocked update SIDE.PATH
    held,            // expect held REASON, expect held REASON SIDE.PATH
  };
  Kind kind = Kind::value;
  SidePath path;
  Literal value;                // Kind::value
  Name reason;                  // Kind::held
  std::optional<Text> because;  // … because "the clause that is the reason"
  Span span;
};

struct Test {
  Text name;
  std::vector<std::variant<Given, Today, Activated, Action, Expect>> items;
  Doc doc;
  Span span;
  bool broken = false;
};

// ---- Items of schemas --------------------------------------------------------------------------------------------

struct Adapter {  // adapter poweroffice_go
  Name name;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Identity {  // identity id
  Path path;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Active {  // active isArchived = false, active employmentperiods in force
  Path path;
  std::optional<Literal> value;  // … = VALUE, or …
  std::optional<Span> in_force;  // … LIST in force
  Doc doc;
  Span span;
  bool broken = false;
};

struct Region {  // region homeAddress.country
  Path path;
  Doc doc;
  Span span;
  bool broken = false;
};

struct Document {  // document json records "items"
  enum class Format : std::uint8_t { json, xml };
  Format format = Format::json;
  Text records;
  Doc doc;
  Span span;
  bool broken = false;
};

struct OmittedIsUnset {  // omitted is unset
  Doc doc;
  Span span;
  bool broken = false;
};

struct EnumWord {  // male = "Male"; the wire text is optional
  Name word;
  std::optional<Text> wire;
};

struct Type {  // text, enum(male = "Male", female = "Female"), open enum(a, b)
  Name name;   // "enum" for both enums
  std::vector<EnumWord> words;
  std::optional<Span> open;
  Span span;
};

struct Modifier {
  enum class Kind : std::uint8_t {
    max_length,          // max length N                            number
    unique,              // unique
    required_on_create,  // required on create
    read_only,           // read only
    write_only,          // write only
    set_once,            // set once
    not_nullable,        // not nullable
    masked_as,           // masked as "…"                           texts[0]
    secret,              // secret
    empty_is_unset,      // empty is unset
    empty_is_value,      // empty is value
    empty_is_invalid,    // empty is invalid
    derived_from,        // derived from PATH                       path
    written_with,        // with PATH                               path
    lookup,              // lookup RESOURCE by MEMBER               name, by
    optional,            // objects: optional
    deprecated_use,      // deprecated use PATH                     path
    wire,                // wire "…"                                texts[0]
    read_wire,           // read wire "…"                           texts[0]
    write_wire,          // write wire "…" and "…"                  texts
    attribute,           // attribute "format=ansi"                 texts[0]
    resource,            // resource NAME                           name
    key,                 // lists: key MEMBER                       name
    ordered_by,          // lists: ordered by MEMBER                name
    until,               // lists: until MEMBER                     name
  };
  Kind kind = Kind::unique;
  Number number;
  std::vector<Text> texts;
  Path path;
  Name name;
  Name by;
  Span span;
};

struct Member {
  enum class Kind : std::uint8_t { scalar, object, list };
  Kind kind = Kind::scalar;
  Name name;
  Type type;  // scalars
  std::vector<Modifier> modifiers;
  std::vector<Member> members;  // objects, lists
  Doc doc;
  Span span;
  bool broken = false;
};

// ---- Files -------------------------------------------------------------------------------------------------------

struct Deprecated {  // deprecated replaced by NAME
  Name replacement;
  Span span;
};

struct Header {  // map netvisor version 3 syntax 1
  enum class Kind : std::uint8_t { map, schema, library };
  Kind kind = Kind::map;
  Name name;
  Number version;
  Number syntax;
  std::optional<Deprecated> deprecated;
  Doc doc;
  Span span;
  bool broken = false;
};

using Item = std::variant<Import, Setup, Setting, Match, ConflictRule, Field, Each, Group, Fill, Values, LifeCycle,
                          Guard, Section, Test, Adapter, Identity, Active, Region, Document, OmittedIsUnset, Member>;

// `# mapcheck: allow(unused-import) because "…"`
struct Suppression {
  Text lint;  // as written, may be the name of no lint
  std::optional<Text> because;
  Span span;    // of the comment
  Span covers;  // the next line that is neither blank nor a comment; empty at the end of the file
};

// What the tree leaves out, in file order, so that the text can be edited and nothing is lost.
struct Trivia {
  enum class Kind : std::uint8_t { comment, doc, suppression, blank_lines };
  Kind kind = Kind::comment;
  Span span;  // comments: from # to the end of the line, without the line break
};

struct File {
  std::optional<Header> header;
  std::vector<Item> items;  // in file order
  std::vector<Trivia> trivia;
  std::vector<Suppression> suppressions;
  std::vector<Doc> detached_docs;   // `##` lines that stand before no item
  std::deque<std::string> strings;  // texts whose escapes had to be resolved
  bool broken = false;              // something in this file could not be understood

  File() = default;
  File(File&&) = default;
  File& operator=(File&&) = default;
  File(const File&) = delete;  // views point into `strings`
  File& operator=(const File&) = delete;
};

}  // namespace dovetail::dsl::ast
