#include "engine/durable/link_text.hpp"

#include "engine/durable/packed.hpp"

namespace dovetail {
namespace {

constexpr std::uint64_t version = 1;
constexpr std::uint64_t link_states = 9;
constexpr std::uint64_t value_states = 5;

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
    std::string_view operation;
    for (const FieldBase& each : link.base) field(each, operation);
    return to_.take();
  }

 private:
  void word(std::string_view text) { to_.number(number_(text)); }

  // A link's fields were mostly confirmed by the same operation: 0 says "as the one before".
  void field(const FieldBase& of, std::string_view& operation) {
    word(of.field);
    to_.text(of.hub_element);
    word(of.rules);
    to_.number(of.operation == operation ? 0 : 1);
    if (of.operation != operation) to_.text(of.operation);
    operation = of.operation;
    for (const auto* parts :
         {&of.hub, &of.provider, &of.known_hub, &of.known_provider, &of.pending_hub, &of.pending_provider}) {
      to_.number(parts->size());
      for (const BasePart& part : *parts) {
        word(part.path);
        to_.number(static_cast<std::uint64_t>(part.value.state) * 2 + (part.value.hashed ? 1 : 0));
        to_.text(part.value.text);
      }
    }
  }

  const WordNumber& number_;
  Packer to_;
};

class LinkUnpacker {
 public:
  LinkUnpacker(std::string_view bytes, const WordOf& word, TextPool* pool) : from_(bytes), word_(word), pool_(pool) {}

  std::optional<Link> unpack() {
    if (from_.number() != version) return std::nullopt;
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
    Text operation;
    for (FieldBase& each : base) field(each, operation);
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

  void field(FieldBase& to, Text& operation) {
    to.field = word();
    to.hub_element = from_.text();
    to.rules = word();
    if (from_.number() != 0) operation = text(from_.text());
    to.operation = operation;
    for (auto* parts :
         {&to.hub, &to.provider, &to.known_hub, &to.known_provider, &to.pending_hub, &to.pending_provider}) {
      std::vector<BasePart> read(from_.count());
      for (BasePart& part : read) {
        part.path = word();
        const std::uint64_t state = from_.number();
        if (state / 2 >= value_states) from_.bad();
        part.value.state = static_cast<State>(state / 2 % value_states);
        part.value.hashed = state % 2 == 1;
        part.value.text = text(from_.text());
      }
      *parts = std::move(read);
    }
  }

  Unpacker from_;
  const WordOf& word_;
  TextPool* pool_;
};

}  // namespace

std::string pack_link(const Link& link, const WordNumber& number) { return LinkPacker(number).pack(link); }

std::optional<Link> unpack_link(std::string_view bytes, const WordOf& word, TextPool* pool) {
  return LinkUnpacker(bytes, word, pool).unpack();
}

}  // namespace dovetail
