#include "providers/toolkit/json_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "providers/toolkit/json_node.hpp"
#include "providers/toolkit/text_place.hpp"
#include "providers/toolkit/wrapper.hpp"

namespace dovetail::providers {
namespace {

using Kind = JsonNode::Kind;

JsonNode* json(Node node) { return static_cast<JsonNode*>(node.at); }

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  const bool leading_zero = text.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (!text.starts_with('.')) return text.empty();
  text.remove_prefix(1);
  return digits() > 0 && text.empty();
}

struct Descent {
  JsonNode* node = nullptr;                    // what stands at the path; nullptr: nothing
  Sight::Kind nothing = Sight::Kind::omitted;  // where nothing does: what that says
  bool astray = false;                         // `node` stands on the way, where an object with the member belongs
};

// The wrappers of this path from `step` on may be left out around a plain value or a list.
bool only_wrappers_left(const WirePath& path, std::size_t step) {
  return std::all_of(path.begin() + static_cast<std::ptrdiff_t>(step), path.end(),
                     [](const WireStep& left) { return left.wrapped; });
}

// Some systems write an empty list for an object without members, and an empty text for one that is not there.
bool is_empty_list(const JsonNode* node) { return node->kind == Kind::array && node->first == nullptr; }
bool is_blank_text(const JsonNode* node) {
  return node->kind == Kind::text && node->text.find_first_not_of(" \t\r\n") == node->text.npos;
}
bool is_vacant(const JsonNode* node) { return node->kind == Kind::null || is_empty_list(node) || is_blank_text(node); }

// Systems write one member with its wrapper ({"value": …}) here and without it there: both are read.
JsonNode* unwrapped(JsonNode* node) {
  if (node->kind != Kind::object) return node;
  JsonNode* value = node->find("value");
  return value == nullptr ? node : value;
}

Descent descend(JsonNode* from, const WirePath& path) {
  JsonNode* at = from;
  for (std::size_t step = 0; step < path.size(); ++step) {
    if (at->kind == Kind::null) return {.nothing = Sight::Kind::none};
    if (at->kind != Kind::object) {
      if (only_wrappers_left(path, step)) return {.node = at};
      if (is_vacant(at)) return {.nothing = is_blank_text(at) ? Sight::Kind::none : Sight::Kind::unread};
      return {.node = at, .astray = true};
    }
    JsonNode* child = at->find(path[step].name);
    if (child == nullptr && path[step].wrapped) {
      if (step + 1 < path.size() && at->find(path[step + 1].name) != nullptr) continue;
      return {.nothing = where_missing(path[step])};
    }
    if (child == nullptr) return {.nothing = where_missing(path[step])};
    at = child;
  }
  return {.node = at, .nothing = Sight::Kind::none};
}

class JsonTree : public Tree {
 public:
  JsonTree(std::string file, std::string text, bool lines)
      : file_(std::move(file)), text_(std::move(text)), layout_(JsonLayout::of(text_)), lines_(lines) {
    const auto occurs = [this](std::string_view after_colon) {
      return text_.find(fmt::format(":{}", after_colon)) != text_.npos ||
             text_.find(fmt::format(": {}", after_colon)) != text_.npos;
    };
    nothing_is_empty_text_ = occurs("\"\"") && !occurs("null");
    if (!lines_) return;
    layout_.line_break.clear();
    layout_.indent.clear();
  }

  Result<void> parse();
  // Takes the records from there.
  Result<void> load_document(std::string_view records);
  // From the first of these places that is there, which is answered; nullopt: from the only list, whatever its name.
  Result<std::optional<std::size_t>> load_first(std::span<const std::string> places);
  Result<void> load_lines();

  std::size_t size() const override { return records_.size(); }
  Node record(std::size_t index) const override { return {records_[index]}; }
  Result<Sight> look(Node from, const WirePath& path) const override;
  Result<bool> elements(Node from, const WirePath& path, std::vector<Node>& into) const override;
  std::string place(Node node) const override { return place_in(file_, text_, json(node)->begin); }
  std::string shortfall() const override { return shortfall_; }
  Result<void> put(Node from, const WirePath& path, const Scalar& scalar) override;
  Result<Node> add_element(Node from, const WirePath& path) override;
  Result<void> make_list(Node from, const WirePath& path) override;
  Result<Node> add_record() override;
  std::string text() const override;

 private:
  Result<void> compare_total(const JsonNode& total);
  Result<JsonNode*> reach(JsonNode* from, const WirePath& path);
  WirePath as_it_stands(JsonNode* from, const WirePath& path) const;
  Result<JsonNode*> reach_list(Node from, const WirePath& path);
  Kind kind_elsewhere(const WirePath& path) const;

  std::string file_;
  std::string text_;
  JsonLayout layout_;
  bool lines_;
  JsonArena arena_;
  JsonNode* root_ = nullptr;  // of a document; lines have none
  JsonNode* array_ = nullptr;
  std::vector<JsonNode*> records_;
  std::string shortfall_;
  bool nothing_is_empty_text_;  // the system writes "" for what has no value, never null
  mutable std::string raw_;     // what look() last gave for a composite
};

Result<void> JsonTree::parse() {
  const std::size_t start = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const Result<JsonNode*> root = parse_json_value(file_, text_, start, text_.size(), arena_);
  if (!root) return std::unexpected(root.error());
  root_ = *root;
  return {};
}

Result<std::optional<std::size_t>> JsonTree::load_first(std::span<const std::string> places) {
  const auto taken = [this](std::string_view path, std::optional<std::size_t> place) {
    const Result<void> loaded = load_document(path);
    return loaded ? Result<std::optional<std::size_t>>(place) : std::unexpected(loaded.error());
  };
  if (root_->kind != Kind::object) return taken("", std::nullopt);
  for (std::size_t place = 0; place < places.size(); ++place) {
    JsonNode* at = root_;
    for (std::string_view rest = places[place]; at != nullptr && !rest.empty();) {
      const std::string_view name = rest.substr(0, rest.find('/'));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      at = at->kind == Kind::object ? at->find(name) : nullptr;
    }
    if (at != nullptr) return taken(places[place], place);
  }
  const JsonNode* only = nullptr;
  for (const JsonNode* child = root_->first; child != nullptr; child = child->next) {
    if (child->kind != Kind::array) continue;
    if (only != nullptr) return taken(places.front(), 0);  // which fails, and says so
    only = child;
  }
  return only == nullptr || only->name.find('/') != only->name.npos ? taken(places.front(), 0)
                                                                    : taken(only->name, std::nullopt);
}

Result<void> JsonTree::load_document(std::string_view records) {
  array_ = root_;
  JsonNode* beside = nullptr;
  const bool is_list_alone = root_->kind == Kind::array;
  while (!records.empty() && !is_list_alone) {
    const std::string_view name = records.substr(0, records.find('/'));
    records.remove_prefix(std::min(name.size() + 1, records.size()));
    beside = array_;
    array_ = array_->kind == Kind::object ? array_->find(name) : nullptr;
    if (array_ == nullptr) {
      return fail(fmt::format("{}: no `{}` here: the records of an export stand in it",
                              place_in(file_, text_, beside->begin), name));
    }
  }
  if (array_->kind != Kind::array) {
    return fail(fmt::format("{}: a list of records must stand here", place_in(file_, text_, array_->begin)));
  }
  for (JsonNode* child = array_->first; child != nullptr; child = child->next) {
    if (child->kind != Kind::object) {
      return fail(fmt::format("{}: a record must be an object", place_in(file_, text_, child->begin)));
    }
    records_.push_back(child);
  }
  const JsonNode* total = beside == nullptr ? nullptr : beside->find("total");
  return total == nullptr ? Result<void>() : compare_total(*total);
}

// What is announced beside the records is as many as they are, or not all of them are here.
Result<void> JsonTree::compare_total(const JsonNode& total) {
  std::size_t announced = 0;
  const char* const end = total.text.data() + total.text.size();
  const std::from_chars_result read = std::from_chars(total.text.data(), end, announced);
  if (total.kind != Kind::number || read.ptr != end || read.ec == std::errc::invalid_argument) {
    return fail(fmt::format("{}: `total` says how many records there are: a whole number, 0 or more",
                            place_in(file_, text_, total.begin)));
  }
  if (read.ec == std::errc::result_out_of_range || announced > records_.size())
    shortfall_ = fmt::format("{} announces {} records and holds {}", file_, total.text, records_.size());
  return {};
}

Result<void> JsonTree::load_lines() {
  std::size_t begin = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (begin < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', begin), text_.size());
    const std::string_view line(text_.data() + begin, end - begin);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      const Result<JsonNode*> record = parse_json_value(file_, text_, begin, end, arena_);
      if (!record) return std::unexpected(record.error());
      if ((*record)->kind != Kind::object) {
        return fail(fmt::format("{}: a record must be an object", place_in(file_, text_, begin)));
      }
      records_.push_back(*record);
    }
    begin = end + 1;
  }
  return {};
}

Result<Sight> JsonTree::look(Node from, const WirePath& path) const {
  const Descent found = descend(json(from), path);
  if (found.node == nullptr || found.node->kind == Kind::null) {
    return Sight{.kind = found.nothing};
  }
  const JsonNode* node = unwrapped(found.node);
  if (node->kind == Kind::null) return Sight{.kind = Sight::Kind::none};
  if (!node->is_composite()) {
    const Sight::Kind plain = node->kind == Kind::boolean ? Sight::Kind::boolean : Sight::Kind::text;
    return Sight{.kind = found.astray ? Sight::Kind::composite : plain, .text = node->text};
  }
  raw_.clear();
  append_json(raw_, *node, text_, layout_, 0);
  raw_.resize(std::min<std::size_t>(raw_.size(), 200));
  return Sight{.kind = Sight::Kind::composite, .text = raw_};
}

Result<bool> JsonTree::elements(Node from, const WirePath& path, std::vector<Node>& into) const {
  const Descent found = descend(json(from), path);
  if (found.node == nullptr || found.node->kind == Kind::null) return found.nothing == Sight::Kind::none;
  if (found.astray)
    return fail(fmt::format("{}: an object must stand here", place_in(file_, text_, found.node->begin)));
  const JsonNode* list = unwrapped(found.node);
  if (list->kind != Kind::array) {
    return fail(fmt::format("{}: a list must stand here", place_in(file_, text_, list->begin)));
  }
  for (JsonNode* child = list->first; child != nullptr; child = child->next) {
    if (child->kind != Kind::object) {
      return fail(fmt::format("{}: an element of this list must be an object", place_in(file_, text_, child->begin)));
    }
    into.push_back({child});
  }
  return true;
}

// Where a name belongs among the members of an object: after the last one that the schema names before it.
JsonNode* predecessor(JsonNode* object, const WireStep& step) {
  const auto rank = [&step](std::string_view name) { return std::ranges::find(*step.order, name); };
  const auto own = rank(step.name);
  JsonNode* after = nullptr;
  bool later_names = false;
  for (JsonNode* child = object->first; child != nullptr; child = child->next) {
    const auto place = rank(child->name);
    if (place < own) after = child;
    later_names = later_names || (place > own && place != step.order->end());
  }
  return after == nullptr && !later_names ? object->last : after;
}

// Makes the objects on the way, never in the place of something else.
Result<JsonNode*> JsonTree::reach(JsonNode* from, const WirePath& path) {
  JsonNode* at = from;
  for (std::size_t step = 0; step < path.size(); ++step) {
    if (at->kind != Kind::object && at->kind != Kind::null) {
      if (only_wrappers_left(path, step)) break;  // written without wrapper
      if (!is_vacant(at)) {
        return fail(fmt::format("{}: an object must stand here, so `{}` cannot be written into it",
                                place_in(file_, text_, at->begin), path[step].name));
      }
    }
    if (at->kind != Kind::object) {
      at->kind = Kind::object;
      at->first = at->last = nullptr;
    }
    JsonNode* child = at->find(path[step].name);
    if (child == nullptr && path[step].wrapped && step + 1 < path.size() && at->find(path[step + 1].name) != nullptr) {
      continue;
    }
    if (child == nullptr) {
      child = arena_.make(Kind::null);
      child->name = arena_.keep(path[step].name);
      at->insert_after(predecessor(at, path[step]), child);
    }
    at = child;
  }
  return at;
}

// How other records write this member: a system that writes numbers as texts does so everywhere.
Kind JsonTree::kind_elsewhere(const WirePath& path) const {
  constexpr std::size_t enough = 200;
  for (std::size_t i = 0; i < std::min(records_.size(), enough); ++i) {
    const Descent found = descend(records_[i], path);
    if (found.node != nullptr && !found.astray && found.node->kind != Kind::null && !found.node->is_composite()) {
      return found.node->kind;
    }
  }
  return Kind::null;
}

Result<void> JsonTree::put(Node from, const WirePath& path, const Scalar& scalar) {
  const Result<JsonNode*> reached = reach(json(from), path);
  if (!reached) return std::unexpected(reached.error());
  JsonNode* node = unwrapped(*reached);
  Kind kind = node->kind;
  if (node->is_composite()) node->first = node->last = nullptr;
  if (kind == Kind::null || node->is_composite()) kind = kind_elsewhere(path);
  if (scalar.kind == Scalar::Kind::none) {
    const bool as_text = kind == Kind::text && nothing_is_empty_text_ && scalar.empty_is_none;
    node->kind = as_text ? Kind::text : Kind::null;
    node->text = {};
    node->mark_edited();
    return {};
  }
  if (kind == Kind::null) {
    kind = scalar.kind == Scalar::Kind::number    ? Kind::number
           : scalar.kind == Scalar::Kind::boolean ? Kind::boolean
                                                  : Kind::text;
  }
  if (kind == Kind::number && !is_json_number(scalar.text)) kind = Kind::text;
  if (kind == Kind::boolean && scalar.text != "true" && scalar.text != "false") kind = Kind::text;
  node->kind = kind;
  node->text = arena_.keep(scalar.text);
  node->mark_edited();
  return {};
}

// In lines the elements of XML's lists stand in one array, without the name that each has; unless others have it.
WirePath JsonTree::as_it_stands(JsonNode* from, const WirePath& path) const {
  if (!lines_ || path.size() < 2 || !path.back().wrapped) return path;
  WirePath bare = path;
  bare.pop_back();
  const auto nests = [&](JsonNode* record) {
    const Descent found = descend(record, bare);
    return found.node != nullptr && !found.astray && found.node->kind == Kind::object;
  };
  constexpr std::size_t enough = 200;
  const auto some = std::span(records_).first(std::min(records_.size(), enough));
  return nests(from) || std::ranges::any_of(some, nests) ? path : bare;
}

Result<JsonNode*> JsonTree::reach_list(Node from, const WirePath& path) {
  const Result<JsonNode*> reached = reach(json(from), as_it_stands(json(from), path));
  if (!reached) return reached;
  JsonNode* list = unwrapped(*reached);
  if (list->kind == Kind::null) {
    list->kind = Kind::array;
    list->mark_edited();
  }
  if (list->kind != Kind::array) {
    return fail(fmt::format("{}: a list must stand here", place_in(file_, text_, list->begin)));
  }
  return list;
}

Result<Node> JsonTree::add_element(Node from, const WirePath& path) {
  const Result<JsonNode*> list = reach_list(from, path);
  if (!list) return std::unexpected(list.error());
  JsonNode* element = arena_.make(Kind::object);
  (*list)->append(element);
  element->mark_edited();
  return Node{element};
}

Result<void> JsonTree::make_list(Node from, const WirePath& path) {
  const Result<JsonNode*> list = reach_list(from, path);
  if (!list) return std::unexpected(list.error());
  return {};
}

Result<Node> JsonTree::add_record() {
  JsonNode* record = arena_.make(Kind::object);
  if (array_ != nullptr) array_->append(record);
  record->mark_edited();
  records_.push_back(record);
  return Node{record};
}

std::string JsonTree::text() const {
  std::string out;
  out.reserve(text_.size() + text_.size() / 16);
  if (lines_) {
    for (const JsonNode* record : records_) {
      append_json(out, *record, text_, layout_, 0);
      out += '\n';
    }
    return out;
  }
  if (!root_->edited) return text_;
  out = text_.substr(0, root_->begin);
  append_json(out, *root_, text_, layout_, 0);
  return out += text_.substr(root_->end);
}

}  // namespace

Result<std::unique_ptr<Tree>> parse_json(std::string file, std::string text, std::string_view records) {
  auto tree = std::make_unique<JsonTree>(std::move(file), std::move(text), false);
  if (const Result<void> parsed = tree->parse(); !parsed) return std::unexpected(parsed.error());
  if (const Result<void> loaded = tree->load_document(records); !loaded) return std::unexpected(loaded.error());
  return tree;
}

Result<JsonDocument> parse_json(std::string file, std::string text, std::span<const std::string> places) {
  auto tree = std::make_unique<JsonTree>(std::move(file), std::move(text), false);
  if (const Result<void> parsed = tree->parse(); !parsed) return std::unexpected(parsed.error());
  const Result<std::optional<std::size_t>> which = tree->load_first(places);
  if (!which) return std::unexpected(which.error());
  return JsonDocument{std::move(tree), *which};
}

Result<std::unique_ptr<Tree>> parse_ndjson(std::string file, std::string text) {
  auto tree = std::make_unique<JsonTree>(std::move(file), std::move(text), true);
  if (const Result<void> loaded = tree->load_lines(); !loaded) return std::unexpected(loaded.error());
  return tree;
}

}  // namespace dovetail::providers
