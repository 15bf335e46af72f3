#include "providers/toolkit/json_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <deque>
#include <functional>
#include <span>

#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/json_tree.hpp"
#include "providers/toolkit/json_walk.hpp"
#include "providers/toolkit/record_shape.hpp"
#include "providers/toolkit/wire_value.hpp"

namespace dovetail::providers {
namespace {

using Seen = JsonWalk::Seen;

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

std::deque<RecordShape> shapes_of_elements(const ir::Schema& schema, const WireMap& wires, const ir::Layout& layout) {
  std::deque<RecordShape> shapes;
  for (const ir::Layout::List& list : layout.lists) shapes.push_back(shape_of_element(schema, wires, list));
  return shapes;
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
        elements_(shapes_of_elements(schema, whole_, layout)),
        usable_(record_.usable && std::ranges::all_of(elements_, &RecordShape::usable)),
        walk_(record_, elements_) {}

  Result<void> take(std::string_view text, Snapshot& into) {
    while (!text.empty()) {
      const std::size_t length = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, length);
      text.remove_prefix(std::min(length + 1, text.size()));
      ++lines_;
      if (lines_ == 1) starts_empty_ = line.empty();
      const std::string_view mark = lines_ == 1 && line.starts_with("\xEF\xBB\xBF") ? line.substr(0, 3) : "";
      line.remove_prefix(mark.size());
      if (is_blank(line)) continue;
      if (usable_ && fast(text.data() == line.data() + line.size() ? ending(line) : line, into)) continue;
      ++odd_lines_;
      const bool is_cut_off = text.data() == line.data() + line.size();  // no line break ends it
      if (Result<void> read = slow(mark, line, is_cut_off ? "" : "\n", into); !read) return read;
    }
    return {};
  }

  Result<void> check_ids(const Snapshot& into) const;
  std::unexpected<Error> second_record(std::string_view id, RecordIndex first, RecordIndex second) const;

  std::size_t lines() const { return lines_; }
  std::size_t odd_lines() const { return odd_lines_; }

 private:
  // The last line of a file, where no line break ends it: copied, for the byte behind it.
  std::string_view ending(std::string_view line) { return last_line_ = line; }

  // False, and nothing happened: the line must be read as a tree.
  bool fast(std::string_view line, Snapshot& into) {
    if (!walk_.read(line)) return false;
    if (schema_.identity != ir::no_member && !note_id()) return false;
    into.add_record();
    if (fill(into)) return true;
    into.drop_record();
    ids_.resize(ids_.size() - (schema_.identity != ir::no_member ? 1 : 0));
    return false;
  }

  bool note_id() {
    text_.clear();
    if (observe(record_, record_.identity, walk_.seen(), context_, text_) != State::value) return false;
    ids_.push_back({std::hash<std::string_view>{}(text_), lines_});
    return true;
  }

  State observe(const RecordShape& shape, std::int32_t place, std::span<const Seen> seen, const CheckContext& context,
                std::string& text) const {
    if (place < 0) return State::absent;
    const Seen& at = seen[static_cast<std::size_t>(place)];
    switch (at.kind) {
      case Sight::Kind::omitted:
        return schema_.omitted_is_unset ? State::unset : State::absent;
      case Sight::Kind::unread:
        return State::absent;
      case Sight::Kind::none:
        return State::unset;
      default:
        break;
    }
    const ir::Member& member = schema_.members[shape.members[static_cast<std::size_t>(place)]];
    if (at.kind != Sight::Kind::boolean || takes_boolean(member, at.text))
      return read_wire(member, at.text, context, text);
    text += at.text;
    return State::invalid;
  }

  // A member in the region of the country beside it, where it has one.
  State observe_slot(const RecordShape& shape, std::size_t slot, std::span<const Seen> seen,
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
    const std::span<const Seen> seen = walk_.seen();
    CheckContext context = context_;
    region_.clear();
    if (observe(record_, record_.region, seen, context_, region_) == State::value && !region_.empty())
      context.region = region_;
    for (ir::SlotId slot = 0; slot < record_.slots.size(); ++slot) {
      into.set_by(slot, [&](std::string& text) { return observe_slot(record_, slot, seen, context, text); });
    }
    for (std::size_t list = 0; list < record_.lists.size(); ++list) {
      if (!fill_list(list, context, into)) return false;
    }
    return true;
  }

  bool fill_list(std::size_t list, const CheckContext& context, Snapshot& into) {
    if (record_.lists[list] < 0) return false;
    const Seen& seen = walk_.seen()[static_cast<std::size_t>(record_.lists[list])];
    if (seen.kind == Sight::Kind::text || seen.kind == Sight::Kind::boolean) return false;
    if (seen.kind == Sight::Kind::omitted || seen.kind == Sight::Kind::unread) return true;
    into.begin_list(list);
    if (seen.kind == Sight::Kind::none) return true;
    for (std::size_t element = 0; element < walk_.elements(list); ++element) {
      if (!fill_element(list, walk_.element(list, element), context, into)) return false;
    }
    return true;
  }

  bool fill_element(std::size_t list, std::span<const Seen> seen, const CheckContext& context, Snapshot& into) {
    const RecordShape& shape = elements_[list];
    into.add_element(list);
    for (ir::SlotId slot = 0; slot < shape.slots.size(); ++slot) {
      const State state = into.set_element_by(
          list, slot, [&](std::string& text) { return observe_slot(shape, slot, seen, context, text); });
      if (static_cast<int>(slot) == shape.key_slot && (state != State::value || !is_new_key(list, slot, into))) {
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
  Result<void> slow(std::string_view mark, std::string_view line, std::string_view end, Snapshot& into) {
    if (const Result<void> read = as_tree(std::string(line), into); read) return read;
    // How a line begins says nothing of the encoding unless it is among the first two bytes.
    std::string placed(lines_ > 1 && !starts_empty_ ? 2 : 0, ' ');
    placed.append(lines_ - 1, '\n');
    placed.append(mark).append(line).append(end);
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
  JsonWalk walk_;
  std::size_t lines_ = 0, odd_lines_ = 0;
  bool starts_empty_ = false;  // the first line
  std::vector<Id> ids_;        // of the records, in their order
  std::string last_line_;
  std::string text_, region_, country_;  // of the line at hand; kept for their memory
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
