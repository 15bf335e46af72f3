// The only file that includes the fast JSON parser.
#include "providers/toolkit/json_lines.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <deque>
#include <functional>

#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/json_tree.hpp"
#include "providers/toolkit/record_shape.hpp"
#include "providers/toolkit/wire_value.hpp"

namespace dovetail::providers {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t deepest = 90;               // the tree allows a few more; such lines are read as trees
constexpr std::size_t longest = (1U << 21U) - 1;  // so that every text fits a cell

// What stands at the places of one object, as far as this pass has come.
struct Seen {
  Sight::Kind kind = Sight::Kind::omitted;
  std::string_view text;  // of the parser, until the next line
  dom::element list;      // composite
};
using Digits = std::array<char, 24>;  // of a number at a place

// Goes over one object along a trie. False: the object has something that only the tree reader judges.
class Walk {
 public:
  Walk(WireTrie& trie, std::vector<Seen>& seen, std::vector<Digits>& digits)
      : trie_(trie), seen_(seen), digits_(digits) {}

  bool object(dom::object object, WireTrie::NodeId at) {
    std::uint64_t met = 0;    // names
    std::uint64_t found = 0;  // children
    std::size_t expected = 0;
    for (const auto [key, value] : object) {
      const std::size_t index = trie_.find_name(at, key, expected);
      if (index == WireTrie::most_names) return false;
      const std::uint64_t bit = std::uint64_t{1} << index;
      const WireTrie::Name& name = trie_.node(at).names[index];
      if ((met & bit) != 0 || name.odd) return false;
      met |= bit;
      if (name.child >= 0) found |= std::uint64_t{1} << static_cast<unsigned>(name.child);
      if (!value_at(value, name.node)) return false;
      expected = index + 1;
    }
    note_missing(at, found);
    return true;
  }

 private:
  void note_missing(WireTrie::NodeId at, std::uint64_t found) {
    const std::vector<WireTrie::Child>& children = trie_.node(at).children;
    for (std::size_t child = 0; child < children.size(); ++child) {
      if ((found >> child & 1U) != 0) continue;
      for (const WireTrie::Missing& missing : children[child].missing) {
        if (missing.says_none) seen_[missing.place].kind = Sight::Kind::none;
      }
    }
  }

  bool value_at(dom::element value, WireTrie::NodeId at) {
    switch (value.type()) {
      case dom::element_type::NULL_VALUE:
        for (const WireTrie::Place place : trie_.node(at).below) seen_[place].kind = Sight::Kind::none;
        return true;
      case dom::element_type::OBJECT:
        return trie_.node(at).places.empty() && object(value.get_object().value_unsafe(), at);
      case dom::element_type::ARRAY:
        return array(value, at);
      default:
        return scalar(value, at);
    }
  }

  bool array(dom::element value, WireTrie::NodeId at) {
    const WireTrie::Node& node = trie_.node(at);
    if (!node.below.empty()) {
      if (node.below.size() != node.places.size()) return false;
      for (const WireTrie::Place place : node.places) {
        seen_[place].kind = Sight::Kind::composite;
        seen_[place].list = value;
      }
      return true;
    }
    const WireTrie::NodeId items = trie_.items_of(at);
    const dom::array list = value.get_array().value_unsafe();
    for (const dom::element item : list) {
      if (!value_at(item, items)) return false;
    }
    return true;
  }

  bool scalar(dom::element value, WireTrie::NodeId at) {
    const WireTrie::Node& node = trie_.node(at);
    if (node.below.size() != node.places.size()) return false;
    return std::ranges::all_of(node.places,
                               [&](WireTrie::Place place) { return read_scalar(value, seen_[place], digits_[place]); });
  }

  static bool read_scalar(dom::element value, Seen& into, Digits& room) {
    into.kind = Sight::Kind::text;
    const auto digits = [&into, &room](auto number) {
      const auto end = std::to_chars(room.begin(), room.end(), number).ptr;
      into.text = {room.data(), static_cast<std::size_t>(end - room.data())};
      return true;
    };
    switch (value.type()) {
      case dom::element_type::STRING:
        into.text = value.get_string().value_unsafe();
        return true;
      case dom::element_type::BOOL:
        into.text = value.get_bool().value_unsafe() ? "true" : "false";
        return true;
      case dom::element_type::INT64:
        return digits(value.get_int64().value_unsafe());
      case dom::element_type::UINT64:
        return digits(value.get_uint64().value_unsafe());
      default:
        return false;  // how the number was written is lost
    }
  }

  WireTrie& trie_;
  std::vector<Seen>& seen_;
  std::vector<Digits>& digits_;
};

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

// Escapes of half characters, which the fast parser lets pass in places.
bool may_hold_surrogates(std::string_view line) {
  if (std::memchr(line.data(), '\\', line.size()) == nullptr) return false;
  return line.find("\\ud") != line.npos || line.find("\\uD") != line.npos;
}

}  // namespace

class JsonLines::Reader {
 public:
  Reader(std::string file, const ir::Schema& schema, const ir::Layout& layout, const CheckContext& context)
      : file_(std::move(file)),
        schema_(schema),
        context_(context),
        codec_(schema, context),
        whole_(schema),
        record_(shape_of_record(schema, whole_, layout)),
        usable_(record_.usable) {
    for (const ir::Layout::List& list : layout.lists) {
      elements_.push_back(shape_of_element(schema, whole_, list));
      usable_ = usable_ && elements_.back().usable;
    }
    digits_.resize(record_.members.size());
    usable_ = usable_ && parser_.allocate(std::size_t{1} << 16U, deepest) == simdjson::SUCCESS;
  }

  Result<void> take(std::string_view text, Snapshot& into) {
    const char* const end = text.data() + text.size();
    while (!text.empty()) {
      const std::size_t length = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, length);
      text.remove_prefix(std::min(length + 1, text.size()));
      ++lines_;
      const std::string_view mark = lines_ == 1 && line.starts_with("\xEF\xBB\xBF") ? line.substr(0, 3) : "";
      line.remove_prefix(mark.size());
      if (is_blank(line)) continue;
      if (usable_ &&
          fast(line, static_cast<std::size_t>(end - line.data() - static_cast<std::ptrdiff_t>(line.size())), into)) {
        continue;
      }
      ++odd_lines_;
      if (Result<void> read = slow(mark, line, into); !read) return read;
    }
    return {};
  }

  Result<void> check_ids(const Snapshot& into) const;
  std::unexpected<Error> second_record(std::string_view id, RecordIndex first, RecordIndex second) const;

  std::size_t lines() const { return lines_; }
  std::size_t odd_lines() const { return odd_lines_; }

 private:
  // False, and nothing happened: the line must be read as a tree. `behind`: bytes that may be read after it.
  bool fast(std::string_view line, std::size_t behind, Snapshot& into) {
    if (line.size() > longest || may_hold_surrogates(line)) return false;
    const bool must_copy = behind < simdjson::SIMDJSON_PADDING;
    dom::element root;
    if (parser_.parse(line.data(), line.size(), must_copy).get(root) != simdjson::SUCCESS) return false;
    if (root.type() != dom::element_type::OBJECT) return false;
    seen_.assign(record_.members.size(), Seen{});
    if (!Walk(record_.trie, seen_, digits_).object(root.get_object().value_unsafe(), WireTrie::root)) return false;
    if (schema_.identity != ir::no_member && !note_id()) return false;
    into.add_record();
    if (fill(into)) return true;
    into.drop_record();
    ids_.resize(ids_.size() - (schema_.identity != ir::no_member ? 1 : 0));
    return false;
  }

  bool note_id() {
    text_.clear();
    if (observe(record_, record_.identity, seen_, context_, text_) != State::value) return false;
    ids_.push_back({std::hash<std::string_view>{}(text_), lines_});
    return true;
  }

  State observe(const RecordShape& shape, std::int32_t place, const std::vector<Seen>& seen,
                const CheckContext& context, std::string& text) const {
    if (place < 0) return State::absent;
    const Seen& at = seen[static_cast<std::size_t>(place)];
    switch (at.kind) {
      case Sight::Kind::omitted:
        return schema_.omitted_is_unset ? State::unset : State::absent;
      case Sight::Kind::none:
        return State::unset;
      default:
        return read_wire(schema_.members[shape.members[static_cast<std::size_t>(place)]], at.text, context, text);
    }
  }

  // A member in the region of the country beside it, where it has one.
  State observe_slot(const RecordShape& shape, std::size_t slot, const std::vector<Seen>& seen,
                     const CheckContext& context, std::string& text) {
    const RecordShape::Slot& of = shape.slots[slot];
    if (of.country < 0) return observe(shape, of.place, seen, context, text);
    CheckContext beside = context;
    country_.clear();
    if (observe(shape, of.country, seen, context, country_) == State::value && !country_.empty())
      beside.region = country_;
    return observe(shape, of.place, seen, beside, text);
  }

  bool fill(Snapshot& into) {
    for (const Seen& seen : seen_) {
      if (seen.kind == Sight::Kind::composite && !is_list(seen)) return false;
    }
    CheckContext context = context_;
    region_.clear();
    if (observe(record_, record_.region, seen_, context_, region_) == State::value && !region_.empty())
      context.region = region_;
    for (ir::SlotId slot = 0; slot < record_.slots.size(); ++slot) {
      into.set_by(slot, [&](std::string& text) { return observe_slot(record_, slot, seen_, context, text); });
    }
    for (std::size_t list = 0; list < record_.lists.size(); ++list) {
      if (!fill_list(list, context, into)) return false;
    }
    return true;
  }

  bool is_list(const Seen& seen) const {
    const auto place = static_cast<std::int32_t>(&seen - seen_.data());
    return std::ranges::find(record_.lists, place) != record_.lists.end();
  }

  bool fill_list(std::size_t list, const CheckContext& context, Snapshot& into) {
    if (record_.lists[list] < 0) return false;
    const Seen& seen = seen_[static_cast<std::size_t>(record_.lists[list])];
    if (seen.kind == Sight::Kind::text) return false;
    if (seen.kind == Sight::Kind::omitted) return true;
    into.begin_list(list);
    if (seen.kind == Sight::Kind::none) return true;
    RecordShape& shape = elements_[list];
    const dom::array elements = seen.list.get_array().value_unsafe();
    for (const dom::element element : elements) {
      if (element.type() != dom::element_type::OBJECT) return false;
      element_digits_.resize(shape.members.size());
      element_.assign(shape.members.size(), Seen{});
      if (!Walk(shape.trie, element_, element_digits_).object(element.get_object().value_unsafe(), WireTrie::root))
        return false;
      if (!fill_element(list, context, into)) return false;
    }
    return true;
  }

  bool fill_element(std::size_t list, const CheckContext& context, Snapshot& into) {
    const RecordShape& shape = elements_[list];
    if (std::ranges::find(element_, Sight::Kind::composite, &Seen::kind) != element_.end()) return false;
    into.add_element(list);
    for (ir::SlotId slot = 0; slot < shape.slots.size(); ++slot) {
      const State state = into.set_element_by(
          list, slot, [&](std::string& text) { return observe_slot(shape, slot, element_, context, text); });
      if (static_cast<int>(slot) == shape.key_slot && state == State::value && !is_new_key(list, slot, into)) {
        return false;
      }
    }
    return true;
  }

  // False: an element before the last one of the last record has the same key.
  static bool is_new_key(std::size_t list, ir::SlotId slot, const Snapshot& into) {
    const Snapshot::List of = into.list(static_cast<RecordIndex>(into.size() - 1), list);
    const ElementIndex last = of.first + of.count - 1;
    const std::string_view key = into.element(list, last, slot).text;
    for (ElementIndex other = of.first; other < last; ++other) {
      const Observation seen = into.element(list, other, slot);
      if (seen.state == State::value && seen.text == key) return false;
    }
    return true;
  }

  // The line alone in a document; where that is refused, the line in its place, for the message.
  Result<void> slow(std::string_view mark, std::string_view line, Snapshot& into) {
    if (const Result<void> read = as_tree(std::string(line), into); read) return read;
    std::string placed(lines_ - 1, '\n');
    placed.append(mark).append(line);
    Result<void> read = as_tree(std::move(placed), into);
    assert(!read);
    return read;
  }

  Result<void> as_tree(std::string text, Snapshot& into) {
    const Result<std::unique_ptr<Tree>> tree = parse_ndjson(file_, std::move(text));
    if (!tree) return std::unexpected(tree.error());
    if ((*tree)->size() != 1) return std::unexpected(Error{.kind = Error::Kind::input, .what = "not one record"});
    const Node record = (*tree)->record(0);
    if (schema_.identity == ir::no_member) return codec_.decode(**tree, record, into);
    const Result<std::string> id = codec_.identity(**tree, record);
    if (!id) return std::unexpected(id.error());
    if (Result<void> read = codec_.decode(**tree, record, into); !read) return read;
    ids_.push_back({std::hash<std::string_view>{}(*id), lines_});
    return {};
  }

  struct Id {
    std::size_t hash;
    std::size_t line;
  };

  std::string file_;
  const ir::Schema& schema_;
  CheckContext context_;
  Codec codec_;
  WireMap whole_;
  RecordShape record_;
  std::deque<RecordShape> elements_;  // by Layout::lists
  bool usable_;
  dom::parser parser_;
  std::size_t lines_ = 0, odd_lines_ = 0;
  std::vector<Id> ids_;  // of the records, in their order
  // Of the line at hand; kept for their memory.
  std::vector<Seen> seen_, element_;
  std::vector<Digits> digits_, element_digits_;
  std::string text_, region_, country_;
};

Result<void> JsonLines::Reader::check_ids(const Snapshot& into) const {
  const ir::SlotId slot = schema_.identity == ir::no_member ? ir::no_slot : into.layout().slot(schema_.identity);
  if (slot == ir::no_slot) return {};
  assert(ids_.size() == into.size());
  struct Place {
    std::uint32_t tag = 0, record_behind = 0;  // the record's number and one; 0: empty
  };
  std::vector<Place> places(std::bit_ceil(ids_.size() * 2 + 1));
  for (RecordIndex record = 0; record < ids_.size(); ++record) {
    const std::size_t hash = ids_[record].hash;
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);
    std::size_t at = hash & (places.size() - 1);
    for (; places[at].record_behind != 0; at = (at + 1) & (places.size() - 1)) {
      const RecordIndex first = places[at].record_behind - 1;
      if (places[at].tag == tag && into.at(first, slot).text == into.at(record, slot).text) {
        return second_record(into.at(record, slot).text, first, record);
      }
    }
    places[at] = {tag, record + 1};
  }
  return {};
}

std::unexpected<Error> JsonLines::Reader::second_record(std::string_view id, RecordIndex first,
                                                        RecordIndex second) const {
  return std::unexpected(Error{.kind = Error::Kind::input,
                               .what = fmt::format("{}:{}: a second record with the id {}; the first is at {}:{}",
                                                   file_, ids_[second].line, id, file_, ids_[first].line)});
}

JsonLines::JsonLines(std::string file, const ir::Schema& schema, const ir::Layout& layout, const CheckContext& context)
    : reader_(std::make_unique<Reader>(std::move(file), schema, layout, context)) {}
JsonLines::~JsonLines() = default;

Result<void> JsonLines::take(std::string_view text, Snapshot& into) { return reader_->take(text, into); }
std::size_t JsonLines::lines() const { return reader_->lines(); }
std::size_t JsonLines::odd_lines() const { return reader_->odd_lines(); }
Result<void> JsonLines::check_ids(const Snapshot& into) const { return reader_->check_ids(into); }

}  // namespace dovetail::providers
