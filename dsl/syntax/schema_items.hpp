// What stands in a schema. See ast.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dsl/syntax/words.hpp"

namespace dovetail::dsl::ast {

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

struct Document {  // document json records "items", document json records "jobs" as "Jobs" of "Person"
  enum class Format : std::uint8_t { json, xml };
  Format format = Format::json;
  Text records;
  std::optional<Text> as;  // of parts: what stands apart from the records
  std::optional<Text> key;
  std::vector<Text> of;  // never empty where `as` is there
  std::optional<Text> chosen_by;
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

}  // namespace dovetail::dsl::ast
