// Reads one line of JSON along the wire paths of a record, in one pass and without a tree. It judges the whole line,
// also what no path leads to; what it does not take is left to the reader of trees, which has the last word.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "providers/toolkit/json_marks.hpp"
#include "providers/toolkit/record_shape.hpp"
#include "providers/toolkit/tree.hpp"

namespace dovetail::providers {

class JsonWalk {
 public:
  // What stands at one place of the record, or of an element.
  struct Seen {
    Sight::Kind kind = Sight::Kind::omitted;
    std::string_view text{};  // of the line, or of the walk until the next line
  };

  // `elements` are the shapes of the record's lists, in their order. Both must outlive the walk, which teaches their
  // tries the names that it meets.
  JsonWalk(RecordShape& record, std::deque<RecordShape>& elements);

  // False: only the reader of trees can judge the line, and what was seen means nothing. The byte behind the line can
  // be read, and is a line break or zero.
  bool read(std::string_view line);

  // By place. Of a list that is there, the kind is composite.
  const std::vector<Seen>& seen() const { return seen_; }
  // Of each element of a list that is there, what stands at the element's places.
  std::size_t elements(std::size_t list) const { return lists_[list].count; }
  std::span<const Seen> element(std::size_t list, std::size_t number) const {
    const std::size_t width = elements_[list].members.size();
    return std::span(lists_[list].seen).subspan(number * width, width);
  }

 private:
  struct List {
    std::vector<Seen> seen;
    std::size_t count = 0;
  };

  // What reads a part takes the mark that it begins with, and returns the mark behind it; nullptr: not to be taken.
  // No mark is behind the last one: it stands at the byte behind the line, which begins nothing.
  using Mark = const std::uint32_t*;
  using Node = WireTrie::Node;
  Mark object(Mark at, Node& node);
  Mark members(Mark at, Node& node);
  Mark value(Mark at, Node& node);
  Mark array(Mark at, Node& node);
  Mark items(Mark at, Node& node);
  Mark list(Mark at, WireTrie::Place place);
  Mark element(Mark at, std::size_t list);
  Mark word(Mark at, Node& node);
  Mark number(Mark at, Node& node);
  Mark quoted(Mark at, std::string_view& text);
  // The name at a mark, which moves behind its colon: its index among the node's; most_names: not to be taken.
  std::uint32_t name(Mark& at, Node& node);
  bool is_name(Mark at, const WireTrie::Name& name) const;
  bool scalar(const Node& node, std::string_view text, Sight::Kind kind = Sight::Kind::text);
  void note_missing(const Node& node, std::uint64_t found);
  bool unescape(std::string_view& text);
  std::string_view token(Mark at) const;

  RecordShape& record_;
  std::deque<RecordShape>& elements_;
  std::vector<int> list_at_;  // by place of the record: which list; -1: none
  JsonMarks finder_;
  std::vector<Seen> seen_;
  std::vector<List> lists_;
  std::string unescaped_;
  // Of the line at hand.
  const char* line_ = nullptr;
  std::size_t depth_ = 0;
  bool escapes_ = false;       // there are some
  std::size_t plain_end_ = 0;  // names that begin before it can be compared as they stand
  // Of the record or the element at hand.
  WireTrie* trie_ = nullptr;
  Seen* into_ = nullptr;
  bool in_element_ = false;
};

}  // namespace dovetail::providers
