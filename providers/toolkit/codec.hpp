// Between documents and snapshots, driven by a schema alone: decode reads records, encode writes changes back.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/ir/schema.hpp"
#include "engine/snapshot.hpp"
#include "engine/system.hpp"
#include "engine/values/type.hpp"
#include "providers/toolkit/new_id.hpp"
#include "providers/toolkit/tree.hpp"
#include "providers/toolkit/wire_path.hpp"

namespace dovetail::providers {

class Codec {
 public:
  // Both must outlive the codec, and what `context` views. Its region is taken from the records.
  Codec(const ir::Schema& schema, const CheckContext& context);

  const ir::Schema& schema() const { return schema_; }

  // Appends one record to `into`, as far as its layout goes. After an Error `into` is as it was. A list in which an
  // element has no id, or another's, is an Error; with `unread` it counts as not read, and is named there.
  Result<void> decode(const Tree& tree, Node record, Snapshot& into, std::vector<std::string>* unread = nullptr) const;

  // The record's id in sent form. An Error where it has none.
  Result<std::string> identity(const Tree& tree, Node record) const;

  // Gives a new element of that list its id.
  using FreshKey = std::function<std::string(ir::MemberId list)>;

  // Writes the changes into the record; one outcome for each, in their order. What is done is read back.
  std::vector<ChangeOutcome> encode(Tree& tree, Node record, const std::vector<Change>& changes,
                                    const FreshKey& fresh_key) const;

  // Notes the ids of all elements of that list in the document.
  Result<void> collect_keys(const Tree& tree, ir::MemberId list, NewId& into) const;

  // Fills a new record: its id, what makes it active, and a place for every member that is read.
  Result<void> begin_record(Tree& tree, Node record, std::string_view id) const;

 private:
  struct Elements {  // what one call of encode knows about a list
    ir::MemberId list;
    std::string id;
    Node node;
  };
  Result<void> fill(const Tree& tree, Node record, Snapshot& into, std::vector<std::string>* unread) const;
  Result<void> decode_list(const Tree& tree, Node record, std::size_t list, const CheckContext& context, Snapshot& into,
                           std::vector<std::string>* unread) const;
  Result<void> tell_apart(const Tree& tree, const ir::Layout::List& of, const std::vector<Node>& elements,
                          const CheckContext& context) const;
  Result<Value> observe(const Tree& tree, Node from, ir::MemberId member, CheckContext context) const;
  std::string region(const Tree& tree, Node record) const;
  bool is_marked_otherwise(const Tree& tree, Node from, ir::MemberId id) const;
  Result<Node> element(Tree& tree, Node record, ir::MemberId list, std::string_view id, const FreshKey& fresh_key,
                       std::vector<Elements>& known) const;
  Result<void> begin_element(Tree& tree, Node element, ir::MemberId list) const;
  ChangeOutcome write(Tree& tree, Node record, const Change& change, const FreshKey& fresh_key,
                      std::vector<Elements>& known) const;

  const ir::Schema& schema_;
  CheckContext context_;
  WireMap wires_;
  std::vector<ir::MemberId> country_;  // by member: the country beside it, for types that depend on one
};

}  // namespace dovetail::providers
