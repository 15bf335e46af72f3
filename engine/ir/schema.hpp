// A system's vocabulary, checked: what its records look like and what the system can do with each member.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/values/type.hpp"

namespace dovetail::ir {

using MemberId = std::uint32_t;  // an index into Schema::members
inline constexpr MemberId no_member = UINT32_MAX;

// Where something stands in a rule file. Lines and columns count from 1; columns are characters.
struct Origin {
  std::string file;  // as the messages name it; empty: made by the program
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

enum class MemberKind : std::uint8_t { scalar, object, list };
enum class EmptyMeans : std::uint8_t { unset, value, invalid };
enum class DocumentFormat : std::uint8_t { none, json, xml };

// What a system lists apart from its records: each row belongs to one record, and stands in an export of its own.
struct DocumentPart {
  DocumentFormat format = DocumentFormat::json;
  std::string records;          // where the rows stand in that export, as Schema::records; the part's name, too
  std::string as;               // the wire path, from the record, of the object or list that the rows are
  std::string key;              // the row's own id; empty: a list's key, or none
  std::vector<std::string> of;  // where a row names its record's identity: the first that is there
  std::string chosen_by;        // where the record names the one row that counts, by its key; empty: it names none
  std::string name() const { return records.substr(records.rfind('/') + 1); }
};

struct EnumWord {
  std::string word;  // as rule files write it
  std::string wire;  // as the system writes it
};

// A constant that an adapter must write beside the value, as Netvisor's format="ansi".
struct WireAttribute {
  std::string name;
  std::string value;
};

struct Member {
  std::string name;  // "city"
  std::string path;  // "homeAddress.city"; members of list elements: "positions[].title"
  MemberKind kind = MemberKind::scalar;
  MemberId parent = no_member;
  MemberId list = no_member;  // the innermost list whose elements hold this member

  const CheckedType* type = nullptr;  // scalars; nullptr for an enum and for objects and lists
  std::vector<EnumWord> words;        // enums
  bool open_enum = false;             // other words than the listed ones occur

  bool read_only = false;
  bool write_only = false;
  bool set_once = false;
  bool unique = false;
  bool required_on_create = false;
  bool not_nullable = false;
  bool secret = false;
  std::optional<std::uint32_t> max_length;  // code points
  std::string masked_as;                    // the wire text that means "something is there"; empty: never masked
  EmptyMeans empty = EmptyMeans::unset;
  bool optional = false;  // objects: what is required in it on creation is required only where the object is written

  std::string read_wire;                 // relative to the parent's; empty: not on the wire by itself
  std::vector<std::string> write_wires;  // where a write goes; usually the read wire
  std::vector<WireAttribute> attributes;
  std::string resource;                    // an own call of the adapter; empty: the record's
  std::string lookup_resource, lookup_by;  // empty: none
  MemberId derived_from = no_member;       // the system computes it where that member has a value
  MemberId written_with = no_member;
  std::string deprecated_use;  // empty: current

  // Lists.
  MemberId key = no_member;  // the element's id
  MemberId ordered_by = no_member;
  MemberId until = no_member;

  Origin origin;
};

struct Schema {
  std::string name;  // "netvisor"
  std::string file;  // as given by the map, for messages
  std::uint32_t version = 0;
  std::string adapter;  // which adapter speaks for it
  MemberId identity = no_member;
  MemberId active = no_member;  // with active_value: what counts as a current person; no_member: everyone
  std::string active_value;
  MemberId active_list =
      no_member;  // a list: a current person also has an element in force or upcoming; no_member: no matter
  MemberId region = no_member;  // the member whose country is the default region of phones and postal codes
  DocumentFormat document = DocumentFormat::none;  // what an exported document of this system is
  std::string records;              // where the records stand in it: a path (json), the elements' name (xml)
  std::vector<DocumentPart> parts;  // what may stand in exports of its own
  // The system leaves out what has no value, from an enclosing element that is there. Else an omitted member is absent.
  bool omitted_is_unset = false;
  std::vector<Member> members;  // parents before children, in file order

  // "homeAddress.city", "positions[].title"; nullptr: no such member.
  const Member* find(std::string_view path) const;
  MemberId id(const Member& member) const { return static_cast<MemberId>(&member - members.data()); }
};

}  // namespace dovetail::ir
