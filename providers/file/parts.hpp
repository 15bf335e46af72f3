// What a system lists apart from its records, in documents of its own: which rows belong to which record.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/error.hpp"
#include "engine/ir/layout.hpp"
#include "engine/ir/schema.hpp"
#include "engine/system.hpp"
#include "engine/values/type.hpp"
#include "providers/toolkit/new_id.hpp"
#include "providers/toolkit/tree.hpp"
#include "providers/toolkit/wire_path.hpp"

namespace dovetail::providers {

class Parts {
 public:
  // The schema, and what `context` views, must outlive it.
  Parts(const ir::Schema& schema, const CheckContext& context);

  std::size_t size() const { return parts_.size(); }
  const ir::DocumentPart& of(std::size_t part) const { return schema_.parts[part]; }

  // The tree holds rows of that part; it must outlive this.
  void add(std::size_t part, Tree& rows);

  // One record by its id, wherever it stands. Nodes stay valid.
  struct Record {
    std::string id;
    const Tree* tree = nullptr;
    Node node;
  };
  // Finds each row's record; once, after all were added. Refuses a row that names no record, and a record that holds
  // itself what rows were given for. What only some people lack is noted.
  Result<void> join(const std::vector<Record>& records);

  // In place of join(), where nothing but records is read and none holds that part: takes its members off the wire.
  void leave_out(std::size_t part, ir::Schema& schema);

  // What a person should know: rows of nobody, records with a row too many, parts that the layout asks for and that
  // nobody gave.
  std::vector<std::string> notes(const ir::Layout& layout) const;

  // The parts of which no record has anything, with the members that the layout asks for.
  std::vector<EmptyList> empty_lists(const ir::Layout& layout) const;

  // Where a path from a record leads.
  enum class Source : std::uint8_t {
    record,  // into the record itself
    row,     // into `row`, by the path from `rest` on
    none,    // to a row that is not there: the record has none
    unread,  // to rows that were not given, or not all of them, or it is not known which of several
  };
  struct Place {
    Source source = Source::record;
    std::size_t part = 0, rest = 0;
    Node row;
    Tree* tree = nullptr;
  };
  Place find(Node record, const WirePath& path) const;
  // The tree whose row that is; nullptr: it is none.
  Tree* tree_of(Node row) const;

  // The part whose rows are the elements of the list at that path; nullopt: they stand in the record.
  std::optional<std::size_t> list_at(const WirePath& path) const;
  // nullopt: not all of them are known.
  std::optional<std::vector<Node>> rows_of(std::size_t part, Node record) const;

  // Where the record names its row: makes it name one of its rows that nobody chose and that holds this at `path`, as a
  // run leaves it that is ended before it wrote the record. An empty node: there is none.
  Result<Node> take_up_row(std::size_t part, Tree& own, Node record, const WirePath& path, const Scalar& scalar);

  // A new row of that record, beside the part's last one. `own` is the record's tree: the record may name its row.
  Result<Node> add_row(std::size_t part, Tree& own, Node record);

  // Notes the ids of all rows of that list, whoever they belong to.
  void note_keys(ir::MemberId list, NewId& into) const;
  bool is_changed(const Tree& tree) const;
  void mark_changed(const Tree& tree);

 private:
  enum class Given : std::uint8_t { apart, within, missing };
  struct Choice {
    Source source = Source::none;
    Node row;
  };
  struct Part {
    WirePath container;
    ir::MemberId list = ir::no_member;  // whose elements the rows are
    std::vector<WirePath> of;
    WirePath key, chosen_by;
    Given given = Given::within;  // until it is known
    bool complete = true;
    std::size_t joined = 0;  // rows with a record
    std::vector<Tree*> trees;
    std::unordered_map<void*, std::vector<Node>> rows;           // by record
    std::unordered_map<void*, Choice> choices;                   // by record; of objects
    std::unordered_map<std::string, std::vector<Node>> orphans;  // by the id that no record has
    NewId keys;
  };
  struct Row {
    std::size_t part = 0;
    Tree* tree = nullptr;
  };

  WirePath path_of(const std::string& wire, const std::vector<std::string>& order);
  std::optional<std::string> text_at(const Tree& tree, Node from, const WirePath& path) const;
  Result<std::string> owner(std::size_t part, const Tree& tree, Node row) const;
  Result<void> take_rows(std::size_t part, const std::unordered_map<std::string, const Record*>& by_id);
  Result<void> choose(std::size_t part, const Record& record);
  Choice chosen(std::size_t part, const Record& record, const std::vector<Node>& rows);
  Result<void> name_row(std::size_t part, Tree& own, Node record, const std::string& key);
  bool holds_itself(const Part& part, const Record& record) const;
  std::string row_places(const std::vector<Node>& rows) const;

  const ir::Schema& schema_;
  CheckContext context_;
  WireMap wires_;
  std::vector<Part> parts_;
  std::unordered_map<void*, Row> rows_;
  std::unordered_set<const Tree*> changed_;
  std::deque<std::vector<std::string>> orders_;  // that made paths point into
  std::vector<std::string> notes_;
};

}  // namespace dovetail::providers
