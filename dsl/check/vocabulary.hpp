// A schema file, checked: the members with their types and bits, found by name in constant time.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/check/report.hpp"
#include "engine/ir/schema.hpp"

namespace dovetail::dsl {

struct Vocabulary {
  ir::Schema schema;
  const Unit* unit = nullptr;
  std::vector<const ast::Member*> written;  // by MemberId
  std::vector<bool> uncertain;              // by MemberId: something is wrong with it, which has been said
  bool incomplete = false;                  // something at the top of the file was not understood

  // The member of that name in `parent` (no_member: of the record); no_member: there is none.
  ir::MemberId child(ir::MemberId parent, std::string_view name) const;
  // False if something in `parent` was not understood: then a missing member proves nothing.
  bool is_complete(ir::MemberId parent) const;
  const ir::Member& member(ir::MemberId id) const { return schema.members[id]; }
  // Every member in `parent`, in file order.
  std::vector<ir::MemberId> children(ir::MemberId parent) const;
  Label label(ir::MemberId id, std::string text) const;

  struct Key {
    ir::MemberId parent;
    std::string_view name;  // into the source
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string_view>()(key.name) ^ (std::size_t{key.parent} * 0x9E3779B97F4A7C15ULL);
    }
  };
  std::unordered_map<Key, ir::MemberId, KeyHash> by_name;
};

// Reports what is wrong in the schema itself.
Vocabulary check_schema(const Unit& unit, Report& report);

// A path as the author writes it: "homeAddress.city", "positions.title".
std::string plain_path(const ir::Member& member);
// What a member holds, in words: "a date", "an enum of `male` and `female`", "an object", "a list".
std::string described_type(const ir::Member& member);

}  // namespace dovetail::dsl
