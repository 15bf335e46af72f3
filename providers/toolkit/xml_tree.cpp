// The only file that includes the XML parser.
#include "providers/toolkit/xml_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <set>
#include <span>

#include "providers/toolkit/text_place.hpp"
#include "providers/toolkit/wrapper.hpp"
#include "providers/toolkit/xml_text.hpp"

namespace dovetail::providers {
namespace {

constexpr int deepest = 100;
constexpr std::size_t longest_text = (std::size_t{1} << 21U) - 1;  // what a snapshot's cell can hold, in bytes

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

pugi::xml_node xml(Node node) { return pugi::xml_node(static_cast<pugi::xml_node_struct*>(node.at)); }
Node opaque(pugi::xml_node node) { return {node.internal_object()}; }

bool is_text(pugi::xml_node node) { return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata; }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

bool has_elements(pugi::xml_node node) {
  return std::ranges::any_of(node.children(), [](pugi::xml_node child) { return child.type() == pugi::node_element; });
}

std::string text_of(pugi::xml_node node) {
  std::string text;
  for (const pugi::xml_node child : node.children()) {
    if (is_text(child)) text += child.value();
  }
  return text;
}

// A text stands where elements belong.
bool is_plain_text(pugi::xml_node node) { return !has_elements(node) && !is_blank(text_of(node)); }

struct AppendTo : pugi::xml_writer {
  std::string& into;
  explicit AppendTo(std::string& text) : into(text) {}
  void write(const void* bytes, std::size_t size) override { into.append(static_cast<const char*>(bytes), size); }
};

std::string raw_text(pugi::xml_node node) {
  std::string raw;
  AppendTo writer(raw);
  for (const pugi::xml_node child : node.children()) child.print(writer, "", pugi::format_raw);
  raw.resize(std::min<std::size_t>(raw.size(), 200));
  return raw;
}

class XmlTree : public Tree {
 public:
  XmlTree(std::string file, std::string text) : file_(std::move(file)), text_(std::move(text)) {}

  Result<void> load(std::string_view record_name);

  std::size_t size() const override { return records_.size(); }
  Node record(std::size_t index) const override { return opaque(records_[index]); }
  Result<Sight> look(Node from, const WirePath& path) const override;
  Result<bool> elements(Node from, const WirePath& path, std::vector<Node>& into) const override;
  std::string place(Node node) const override { return place(xml(node)); }
  std::string shortfall() const override { return shortfall_; }
  Result<void> put(Node from, const WirePath& path, const Scalar& scalar) override;
  Result<Node> add_element(Node from, const WirePath& path) override;
  Result<void> make_list(Node from, const WirePath& path) override;
  Result<Node> add_record() override;
  std::string text() const override;

 private:
  std::string place(pugi::xml_node node) const {
    const std::ptrdiff_t offset = node.offset_debug();  // of the name
    return place_in(file_, text_, offset > 0 ? static_cast<std::size_t>(offset) - 1 : 0);
  }
  Result<void> check_tree();
  Result<void> check_attributes(pugi::xml_node node);
  Result<pugi::xml_node> child(pugi::xml_node parent, std::string_view name) const;
  Result<void> remove(pugi::xml_node parent, const WireStep& step);
  Result<pugi::xml_node> reach(pugi::xml_node from, std::span<const WireStep> path);
  std::unexpected<Error> astray(pugi::xml_node text, const WireStep& step) const;
  pugi::xml_node insert(pugi::xml_node parent, const WireStep& step);
  pugi::xml_node insert_after(pugi::xml_node parent, pugi::xml_node before, const char* name);

  std::string file_;
  std::string text_;
  pugi::xml_document document_;
  std::string record_name_;
  std::vector<pugi::xml_node> records_;
  std::string shortfall_;
  std::string indent_;  // of one level
  bool edited_ = false;
  mutable std::string seen_;  // what look() last gave
};

Result<void> XmlTree::check_attributes(pugi::xml_node node) {
  std::set<std::string_view> names;
  for (const pugi::xml_attribute attribute : node.attributes()) {
    if (!names.insert(attribute.name()).second) {
      return fail(fmt::format("{}: attribute `{}` stands twice in `{}`", place(node), attribute.name(), node.name()));
    }
  }
  return {};
}

// What the parser lets through and we do not: depth, doubled attributes, text or elements beside the root.
Result<void> XmlTree::check_tree() {
  int roots = 0;
  for (const pugi::xml_node top : document_.children()) {
    if (top.type() == pugi::node_element && ++roots > 1) return fail(place(top) + ": a second root element");
    if (is_text(top) && !is_blank(top.value())) {
      const std::size_t begin = std::string_view(top.value()).find_first_not_of(" \t\r\n");
      const std::ptrdiff_t offset = std::max<std::ptrdiff_t>(top.offset_debug(), 0);
      return fail(fmt::format("{}: text outside the root element",
                              place_in(file_, text_, static_cast<std::size_t>(offset) + begin)));
    }
  }
  struct Walker : pugi::xml_tree_walker {
    XmlTree& tree;
    Result<void> result;
    explicit Walker(XmlTree& walked) : tree(walked) {}
    bool for_each(pugi::xml_node& node) override {
      if (depth() >= deepest) {
        result = fail(fmt::format("{}: more than {} levels", tree.place(node), deepest));
      } else if (node.type() == pugi::node_element) {
        result = tree.check_attributes(node);
        if (same_name(node.name(), tree.record_name_)) tree.records_.push_back(node);
      } else if (is_text(node) && std::string_view(node.value()).size() > longest_text) {
        result = fail(fmt::format("{}: a text longer than 2 MiB", tree.place(node.parent())));
      }
      return result.has_value();
    }
  } walker(*this);
  document_.traverse(walker);
  return walker.result;
}

Result<void> XmlTree::load(std::string_view record_name) {
  record_name_ = record_name;
  const Result<std::string> text = xml_as_utf8(file_, text_);
  if (!text) return std::unexpected(text.error());
  text_ = *text;
  // Blank texts and comments are kept, so that what is not edited is written as it was; line breaks are left alone.
  constexpr unsigned options = (pugi::parse_full | pugi::parse_ws_pcdata | pugi::parse_fragment) &
                               ~(pugi::parse_eol | pugi::parse_wconv_attribute);
  const pugi::xml_parse_result parsed = document_.load_buffer(text_.data(), text_.size(), options, pugi::encoding_utf8);
  if (!parsed) {
    return fail(fmt::format("{}: not valid XML: {}", place_in(file_, text_, static_cast<std::size_t>(parsed.offset)),
                            parsed.description()));
  }
  const pugi::xml_node root = document_.document_element();
  if (!root) return fail(fmt::format("{}:1:1: not valid XML: no element", file_));
  const std::string_view lead = root.first_child().value();
  if (is_blank(lead)) indent_ = lead.substr(lead.rfind('\n') + 1);
  if (const Result<void> checked = check_tree(); !checked) return checked;
  // A record inside a record is part of it.
  std::erase_if(records_, [this](pugi::xml_node node) {
    for (pugi::xml_node above = node.parent(); above; above = above.parent()) {
      if (same_name(above.name(), record_name_)) return true;
    }
    return false;
  });
  if (records_.empty()) shortfall_ = fmt::format("{} holds no `{}` element", file_, record_name_);
  return {};
}

// The child element of that name, or an empty node; an Error where there are two.
Result<pugi::xml_node> XmlTree::child(pugi::xml_node parent, std::string_view name) const {
  pugi::xml_node found;
  for (const pugi::xml_node candidate : parent.children()) {
    if (candidate.type() != pugi::node_element || !same_name(candidate.name(), name)) continue;
    if (found) return fail(fmt::format("{}: `{}` stands twice in `{}`", place(candidate), name, parent.name()));
    found = candidate;
  }
  return found;
}

Result<Sight> XmlTree::look(Node from, const WirePath& path) const {
  pugi::xml_node at = xml(from);
  for (const WireStep& step : path) {
    if (step.attribute) {
      const pugi::xml_attribute found =
          at.find_attribute([&step](pugi::xml_attribute has) { return same_name(has.name(), step.name); });
      if (!found) return Sight{};
      seen_ = found.value();
      return Sight{.kind = Sight::Kind::text, .text = seen_};
    }
    const Result<pugi::xml_node> next = child(at, step.name);
    if (!next) return std::unexpected(next.error());
    if (!*next && is_plain_text(at)) {
      seen_ = text_of(at);
      return Sight{.kind = Sight::Kind::composite, .text = seen_};
    }
    if (!*next) return Sight{.kind = where_missing(step)};
    at = *next;
  }
  const bool composite = has_elements(at);
  seen_ = composite ? raw_text(at) : text_of(at);
  return Sight{.kind = composite ? Sight::Kind::composite : Sight::Kind::text, .text = seen_};
}

Result<bool> XmlTree::elements(Node from, const WirePath& path, std::vector<Node>& into) const {
  pugi::xml_node at = xml(from);
  for (std::size_t step = 0; step + 1 < path.size(); ++step) {
    const Result<pugi::xml_node> next = child(at, path[step].name);
    if (!next) return std::unexpected(next.error());
    if (!*next) return false;
    at = *next;
  }
  if (is_plain_text(at)) return fail(fmt::format("{}: a list of `{}` must stand here", place(at), path.back().name));
  for (const pugi::xml_node element : at.children()) {
    if (element.type() == pugi::node_element && same_name(element.name(), path.back().name)) {
      into.push_back(opaque(element));
    }
  }
  return true;
}

// Copies the blanks before the sibling that it follows, so that the new element stands on a line of its own.
pugi::xml_node XmlTree::insert_after(pugi::xml_node parent, pugi::xml_node before, const char* name) {
  edited_ = true;
  const auto blank = [](pugi::xml_node node) { return is_text(node) && is_blank(node.value()); };
  if (!before) {
    const pugi::xml_node lead = parent.first_child();
    if (!lead) {
      // A first child: one level deeper than its parent, whose closing tag goes to a line of its own.
      const pugi::xml_node around = parent.previous_sibling();
      const std::string gap = blank(around) ? around.value() : "";
      const pugi::xml_node added = parent.append_child(name);
      if (gap.find('\n') != gap.npos) {
        parent.insert_child_before(pugi::node_pcdata, added).set_value((gap + indent_).c_str());
        parent.append_child(pugi::node_pcdata).set_value(gap.c_str());
      }
      return added;
    }
    const pugi::xml_node added = parent.prepend_child(name);
    if (blank(lead)) parent.prepend_copy(lead);
    return added;
  }
  const pugi::xml_node added = parent.insert_child_after(name, before);
  const pugi::xml_node gap = before.previous_sibling();
  if (blank(gap)) parent.insert_copy_before(gap, added);
  return added;
}

// After the last sibling that the schema names before it.
pugi::xml_node XmlTree::insert(pugi::xml_node parent, const WireStep& step) {
  const auto rank = [&step](std::string_view name) {
    return std::ranges::find_if(*step.order, [name](const std::string& known) { return same_name(known, name); });
  };
  const auto own = rank(step.name);
  pugi::xml_node after;
  bool later_names = false;
  pugi::xml_node last;
  for (const pugi::xml_node sibling : parent.children()) {
    if (sibling.type() != pugi::node_element) continue;
    const auto place = rank(sibling.name());
    if (place < own) after = sibling;
    later_names = later_names || (place > own && place != step.order->end());
    last = sibling;
  }
  if (!after && !later_names) after = last;
  return insert_after(parent, after, step.name.c_str());
}

Result<pugi::xml_node> XmlTree::reach(pugi::xml_node from, std::span<const WireStep> path) {
  pugi::xml_node at = from;
  for (const WireStep& step : path) {
    const Result<pugi::xml_node> next = child(at, step.name);
    if (!next) return next;
    if (!*next && is_plain_text(at)) return astray(at, step);
    at = *next ? *next : insert(at, step);
  }
  return at;
}

std::unexpected<Error> XmlTree::astray(pugi::xml_node text, const WireStep& step) const {
  return fail(fmt::format("{}: elements must stand here, so `{}` cannot be written into it", place(text), step.name));
}

// With the blanks that it stands behind.
Result<void> XmlTree::remove(pugi::xml_node parent, const WireStep& step) {
  if (step.attribute) {
    parent.remove_attribute(step.name.c_str());
    return {};
  }
  const Result<pugi::xml_node> existing = child(parent, step.name);
  if (!existing) return std::unexpected(existing.error());
  if (!*existing) return {};
  const pugi::xml_node gap = existing->previous_sibling();
  if (is_text(gap) && is_blank(gap.value())) parent.remove_child(gap);
  parent.remove_child(*existing);
  return {};
}

Result<void> XmlTree::put(Node from, const WirePath& path, const Scalar& scalar) {
  const auto unwritable = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n'; };
  if (std::ranges::any_of(scalar.text, unwritable)) return fail("the value has a character that XML cannot hold");
  const bool attribute = path.back().attribute;
  const std::span<const WireStep> elements(path.data(), path.size() - (attribute ? 1 : 0));
  const Result<pugi::xml_node> parent = reach(xml(from), elements.first(elements.size() - (attribute ? 0 : 1)));
  if (!parent) return std::unexpected(parent.error());
  pugi::xml_node node = *parent;
  edited_ = true;
  if (scalar.kind == Scalar::Kind::none && !scalar.empty_is_none) return remove(node, path.back());
  const char* text = scalar.kind == Scalar::Kind::none ? "" : scalar.text.c_str();
  if (attribute) {
    pugi::xml_attribute place = node.attribute(path.back().name.c_str());
    if (!place) place = node.append_attribute(path.back().name.c_str());
    place.set_value(text);
    return {};
  }
  const Result<pugi::xml_node> existing = child(node, path.back().name);
  if (!existing) return std::unexpected(existing.error());
  if (*existing) {
    node = *existing;
    node.remove_children();
  } else {
    if (is_plain_text(node)) return astray(node, path.back());
    node = insert(node, path.back());
    for (const ir::WireAttribute& beside : scalar.attributes) {
      node.append_attribute(beside.name.c_str()).set_value(beside.value.c_str());
    }
  }
  if (*text != '\0') node.append_child(pugi::node_pcdata).set_value(text);
  return {};
}

Result<Node> XmlTree::add_element(Node from, const WirePath& path) {
  const Result<pugi::xml_node> container = reach(xml(from), std::span(path).first(path.size() - 1));
  if (!container) return std::unexpected(container.error());
  pugi::xml_node last;
  for (const pugi::xml_node element : container->children()) {
    if (element.type() == pugi::node_element) last = element;
  }
  return opaque(insert_after(*container, last, path.back().name.c_str()));
}

Result<void> XmlTree::make_list(Node from, const WirePath& path) {
  const Result<pugi::xml_node> container = reach(xml(from), std::span(path).first(path.size() - 1));
  if (!container) return std::unexpected(container.error());
  return {};
}

Result<Node> XmlTree::add_record() {
  if (records_.empty()) return fail(fmt::format("{}: no `{}` beside which a new one could stand", file_, record_name_));
  const pugi::xml_node last = records_.back();
  records_.push_back(insert_after(last.parent(), last, last.name()));
  return opaque(records_.back());
}

std::string XmlTree::text() const {
  if (!edited_) return text_;
  std::string out;
  AppendTo writer(out);
  document_.save(writer, "", pugi::format_raw | pugi::format_no_declaration | pugi::format_no_empty_element_tags,
                 pugi::encoding_utf8);
  return out;
}

}  // namespace

Result<std::unique_ptr<Tree>> parse_xml(std::string file, std::string text, std::string_view record_name) {
  auto tree = std::make_unique<XmlTree>(std::move(file), std::move(text));
  if (const Result<void> loaded = tree->load(record_name); !loaded) return std::unexpected(loaded.error());
  return tree;
}

}  // namespace dovetail::providers
