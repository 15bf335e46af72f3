#include "engine/durable/link_text.hpp"

#include "engine/durable/packed.hpp"

namespace dovetail {
namespace {

constexpr std::uint64_t version = 2;
constexpr std::uint64_t version_of_fields_in_full = 1;  // each field and part said everything, as below
constexpr std::uint64_t link_states = 9;
constexpr std::uint64_t value_states = 5;

// What a field says besides its label and the two sides' parts; the rest is as with the field before.
constexpr std::uint64_t has_element = 1;       // in the hub
constexpr std::uint64_t has_rules = 2;         // other than the field before
constexpr std::uint64_t has_operation = 4;     // other than the field before
constexpr std::uint64_t has_more_lists = 8;    // known and pending ones
constexpr std::uint64_t has_part_counts = 16;  // not just one part a side
constexpr std::uint64_t most_heads = 32;

class LinkPacker {
 public:
  explicit LinkPacker(const WordNumber& number) : number_(number) {}

  std::string pack(const Link& link) {
    to_.number(version);
    to_.number(static_cast<std::uint64_t>(link.state) * 2 + (link.left ? 1 : 0));
    word(link.evidence);
    to_.text(link.note);
    to_.number(link.excluded_fields.size());
    for (const std::string& label : link.excluded_fields) word(label);
    to_.number(link.elements.size());
    for (const ElementLink& each : link.elements) {
      word(each.hub_list);
      to_.text(each.hub_element);
      to_.text(each.provider_element);
    }
    to_.number(link.marks.size());
    for (const ActivationMark& each : link.marks) {
      word(each.group);
      to_.text(each.element);
      to_.text(each.hash);
    }
    to_.number(link.base.size());
    for (const FieldBase& each : link.base) field(each);
    return to_.take();
  }

 private:
  void word(std::string_view text) { to_.number(number_(text)); }

  // A link's fields were mostly confirmed by the same operation under the same rules, and their sides mostly agree.
  void field(const FieldBase& of) {
    const bool has_more =
        !of.known_hub.empty() || !of.known_provider.empty() || !of.pending_hub.empty() || !of.pending_provider.empty();
    const bool has_counts = of.hub.size() != 1 || of.provider.size() != 1;
    const bool new_rules = of.rules != rules_, new_operation = of.operation != operation_;
    to_.number((of.hub_element.empty() ? 0 : has_element) | (new_rules ? has_rules : 0) |
               (new_operation ? has_operation : 0) | (has_more ? has_more_lists : 0) |
               (has_counts ? has_part_counts : 0));
    word(of.field);
    if (!of.hub_element.empty()) to_.text(of.hub_element);
    if (new_rules) word(of.rules);
    if (new_operation) to_.text(of.operation);
    rules_ = of.rules;
    operation_ = of.operation;
    parts(of.hub, has_counts);
    parts(of.provider, has_counts);
    if (!has_more) return;
    for (const auto* list : {&of.known_hub, &of.known_provider, &of.pending_hub, &of.pending_provider}) {
      parts(*list, true);
    }
  }

  void parts(const Few<BasePart>& all, bool with_count) {
    if (with_count) to_.number(all.size());
    for (const BasePart& part : all) {
      const bool is_same = part.value.text == text_;
      word(part.path);
      to_.number(static_cast<std::uint64_t>(part.value.state) * 4 + (part.value.hashed ? 2 : 0) + (is_same ? 1 : 0));
      if (!is_same) to_.text(part.value.text);
      text_ = part.value.text;
    }
  }

  const WordNumber& number_;
  Packer to_;
  std::string_view rules_, operation_, text_;  // that came last
};

class LinkUnpacker {
 public:
  LinkUnpacker(std::string_view bytes, const WordOf& word, BasePool* pool) : from_(bytes), word_(word), pool_(pool) {}

  std::optional<Link> unpack() {
    const std::uint64_t made_as = from_.number();
    if (made_as != version && made_as != version_of_fields_in_full) return std::nullopt;
    Link link;
    const std::uint64_t state = from_.number();
    if (state / 2 >= link_states) return std::nullopt;
    link.state = static_cast<LinkState>(state / 2);
    link.left = state % 2 == 1;
    link.evidence = word();
    link.note = from_.text();
    link.excluded_fields.resize(from_.count());
    for (std::string& label : link.excluded_fields) label = std::string(word());
    std::vector<ElementLink> elements(from_.count());
    for (ElementLink& each : elements) each = {word(), from_.text(), from_.text()};
    link.elements = std::move(elements);
    std::vector<ActivationMark> marks(from_.count());
    for (ActivationMark& each : marks) each = {word(), from_.text(), from_.text()};
    link.marks = std::move(marks);
    std::vector<FieldBase> base(from_.count());
    for (FieldBase& each : base) made_as == version ? field(each) : field_in_full(each);
    link.base = std::move(base);
    if (!from_.is_good() || !from_.is_at_end()) return std::nullopt;
    return link;
  }

 private:
  Text word() {
    const std::optional<std::string_view> found = word_(from_.number());
    if (!found) from_.bad();
    return text(found.value_or(std::string_view()));
  }

  Text text(std::string_view of) const { return pool_ != nullptr ? pool_->of(of) : Text(of); }

  void field(FieldBase& to) {
    const std::uint64_t head = from_.number();
    if (head >= most_heads) from_.bad();
    to.field = word();
    if ((head & has_element) != 0) to.hub_element = from_.text();
    if ((head & has_rules) != 0) rules_ = word();
    if ((head & has_operation) != 0) operation_ = text(from_.text());
    to.rules = rules_;
    to.operation = operation_;
    for (auto* list : {&to.hub, &to.provider}) *list = parts((head & has_part_counts) != 0 ? from_.count() : 1);
    if ((head & has_more_lists) == 0) return;
    for (auto* list : {&to.known_hub, &to.known_provider, &to.pending_hub, &to.pending_provider}) {
      *list = parts(from_.count());
    }
  }

  Few<BasePart> parts(std::size_t count) {
    std::vector<BasePart> all(count);
    for (BasePart& part : all) {
      part.path = word();
      const std::uint64_t head = from_.number();
      part.value.state = state(head / 4);
      part.value.hashed = (head & 2U) != 0;
      if ((head & 1U) == 0) text_ = text(from_.text());
      part.value.text = text_;
    }
    return shared(std::move(all));
  }

  Few<BasePart> shared(std::vector<BasePart> parts) const {
    return pool_ != nullptr ? pool_->of(std::move(parts)) : Few<BasePart>(std::move(parts));
  }

  State state(std::uint64_t number) {
    if (number >= value_states) from_.bad();
    return static_cast<State>(number % value_states);
  }

  void field_in_full(FieldBase& to) {
    to.field = word();
    to.hub_element = from_.text();
    to.rules = word();
    if (from_.number() != 0) operation_ = text(from_.text());
    to.operation = operation_;
    for (auto* list :
         {&to.hub, &to.provider, &to.known_hub, &to.known_provider, &to.pending_hub, &to.pending_provider}) {
      std::vector<BasePart> read(from_.count());
      for (BasePart& part : read) {
        part.path = word();
        const std::uint64_t head = from_.number();
        part.value.state = state(head / 2);
        part.value.hashed = head % 2 == 1;
        part.value.text = text(from_.text());
      }
      *list = shared(std::move(read));
    }
  }

  Unpacker from_;
  const WordOf& word_;
  BasePool* pool_;
  Text rules_, operation_, text_;  // that came last
};

}  // namespace

std::string pack_link(const Link& link, const WordNumber& number) { return LinkPacker(number).pack(link); }

std::optional<Link> unpack_link(std::string_view bytes, const WordOf& word, BasePool* pool) {
  return LinkUnpacker(bytes, word, pool).unpack();
}

}  // namespace dovetail
