// Where each member of a schema stands in a document: its wire paths, resolved once against the enclosing objects.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/ir/schema.hpp"

namespace dovetail::providers {

struct WireStep {
  std::string name;
  bool attribute = false;  // an attribute of an XML element
  // The step before belongs to this member alone ("givenName/value"): where that is there and this is not, the system
  // says that there is no value.
  bool wrapped = false;
  // Not the last step of the wire that declares it ("phone" of "phone/value"): where it is missing, nothing was read.
  bool enclosing = false;
  const std::vector<std::string>* order = nullptr;  // the names beside this one, in the schema's order
};

// From the record, or from the list element that holds the member.
using WirePath = std::vector<WireStep>;

class WireMap {
 public:
  explicit WireMap(const ir::Schema& schema);
  WireMap(const WireMap&) = delete;
  WireMap& operator=(const WireMap&) = delete;

  // Empty: the member is not in a document by itself. Valid as long as the map.
  const WirePath& path(ir::MemberId member) const { return paths_[member]; }
  // True if a path of a list's element starts at the record after all.
  bool from_record(ir::MemberId member) const { return from_record_[member]; }
  // Two members that JSON has one place for, as it calls an XML attribute by its name alone: an attribute and an
  // element of one name, or an attribute of an element that is itself a value. nullopt: there are none.
  std::optional<std::pair<ir::MemberId, ir::MemberId>> one_place_in_json(const ir::Schema& schema) const;

 private:
  struct Siblings {
    std::string prefix;
    std::vector<std::string> names;
  };
  const std::vector<std::string>* mention(const std::string& prefix, const std::string& name);
  void resolve(const ir::Schema& schema, ir::MemberId id);
  void mark_wrappers(const ir::Schema& schema);

  std::vector<WirePath> paths_;
  std::vector<std::string> absolute_;       // by member: its path from the record, for telling wrappers
  std::vector<std::size_t> declared_from_;  // by member: the first step that its own wire declares
  std::vector<bool> from_record_;
  std::deque<Siblings> siblings_;  // stable addresses: the steps point into it
};

}  // namespace dovetail::providers
