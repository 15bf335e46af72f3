// What the words behind a schema's member say about it.
#include <algorithm>
#include <array>

#include "dsl/check/schema_members.hpp"
#include "dsl/check/types.hpp"

namespace dovetail::dsl {
namespace {

using Kind = ast::Modifier::Kind;

bool is_for_lists_only(Kind kind) { return kind == Kind::key || kind == Kind::ordered_by || kind == Kind::until; }

bool is_for_scalars_only(Kind kind) {
  switch (kind) {
    case Kind::max_length:
    case Kind::unique:
    case Kind::masked_as:
    case Kind::empty_is_unset:
    case Kind::empty_is_value:
    case Kind::empty_is_invalid:
    case Kind::derived_from:
    case Kind::lookup:
      return true;
    default:
      return false;
  }
}

struct Contradiction {
  Kind one, other;
};
constexpr Contradiction contradictions[] = {
    {Kind::read_only, Kind::write_only},
    {Kind::read_only, Kind::required_on_create},
    {Kind::read_only, Kind::set_once},
    {Kind::read_only, Kind::write_wire},
    {Kind::write_only, Kind::read_wire},
    {Kind::empty_is_unset, Kind::empty_is_value},
    {Kind::empty_is_unset, Kind::empty_is_invalid},
    {Kind::empty_is_value, Kind::empty_is_invalid},
    {Kind::wire, Kind::read_wire},
    {Kind::wire, Kind::write_wire},
};

class ModifierCheck {
 public:
  ModifierCheck(const Vocabulary& vocabulary, const ast::Member& written, ir::Member& member, Report& report)
      : file_(*vocabulary.unit->source), written_(written), member_(member), report_(report) {}

  void run() {
    for (const ast::Modifier& modifier : written_.modifiers) {
      if (!belongs(modifier) || repeats(modifier) || contradicts(modifier)) continue;
      seen_[static_cast<std::size_t>(modifier.kind)] = &modifier;
      take(modifier);
    }
    for (const ast::Modifier& modifier : written_.modifiers) refuse_on_attribute(modifier);
  }

 private:
  bool belongs(const ast::Modifier& modifier) {
    std::string_view where;
    if (is_for_lists_only(modifier.kind) && written_.kind != ast::Member::Kind::list) where = "lists";
    if (is_for_scalars_only(modifier.kind) && written_.kind != ast::Member::Kind::scalar) where = "single values";
    if (modifier.kind == Kind::optional && written_.kind != ast::Member::Kind::object) where = "objects";
    if (where.empty()) return has_length(modifier);
    report_.add(Diagnostic::of(DiagnosticId::misplaced_modifier, file_, modifier.span,
                               quoted(written_text(file_, modifier.span)) + " can be said of " + std::string(where) +
                                   " only: " + quoted(member_.name) + " is " + described_type(member_)));
    return false;
  }

  bool has_length(const ast::Modifier& modifier) {
    if (modifier.kind != Kind::max_length) return true;
    if (modifier.number.value == 0) {
      report_.add(Diagnostic::of(DiagnosticId::contradictory_length, file_, modifier.span,
                                 "`max length 0` lets no value through"));
      return false;
    }
    if (member_.type == nullptr || is_text_like(*member_.type)) return true;
    report_.add(
        Diagnostic::of(DiagnosticId::misplaced_modifier, file_, modifier.span,
                       "a length is said of " + quoted(member_.name) + ", which is " + described_type(member_)));
    return false;
  }

  bool repeats(const ast::Modifier& modifier) {
    const ast::Modifier* first = seen_[static_cast<std::size_t>(modifier.kind)];
    if (first == nullptr || modifier.kind == Kind::attribute) return false;
    report_.add(Diagnostic::of(DiagnosticId::repeated_constraint, file_, modifier.span,
                               quoted(written_text(file_, modifier.span)) + " repeats what " + quoted(member_.name) +
                                   " already says")
                    .with({&file_, first->span, "already said here"})
                    .helped("keep one of the two"));
    return true;
  }

  bool contradicts(const ast::Modifier& modifier) {
    for (const Contradiction& pair : contradictions) {
      if (pair.one != modifier.kind && pair.other != modifier.kind) continue;
      const Kind opposite = pair.one == modifier.kind ? pair.other : pair.one;
      const ast::Modifier* first = seen_[static_cast<std::size_t>(opposite)];
      if (first == nullptr) continue;
      report_.add(Diagnostic::of(DiagnosticId::contradictory_modifiers, file_, modifier.span,
                                 quoted(member_.name) + " can't be both " + quoted(written_text(file_, first->span)) +
                                     " and " + quoted(written_text(file_, modifier.span)))
                      .with({&file_, first->span, "contradicts this"}));
      return true;
    }
    return false;
  }

  // XML's attributes have no attributes.
  void refuse_on_attribute(const ast::Modifier& modifier) {
    if (modifier.kind != Kind::attribute || member_.attributes.empty()) return;
    const auto is_attribute = [](std::string_view wire) { return wire.substr(wire.rfind('/') + 1).starts_with('@'); };
    const auto wire = std::ranges::find_if(member_.write_wires, is_attribute);
    if (wire == member_.write_wires.end()) return;
    report_.add(Diagnostic::of(DiagnosticId::misplaced_modifier, file_, modifier.span,
                               quoted(member_.name) + " is itself an attribute (" + quoted(*wire) +
                                   "), and an attribute can't have one")
                    .helped("say it of the member that is the element's value"));
  }

  void take(const ast::Modifier& modifier) {
    switch (modifier.kind) {
      case Kind::max_length:
        member_.max_length = modifier.number.value;
        break;
      case Kind::unique:
        member_.unique = true;
        break;
      case Kind::required_on_create:
        member_.required_on_create = true;
        break;
      case Kind::read_only:
        member_.read_only = true;
        break;
      case Kind::write_only:
        member_.write_only = true;
        break;
      case Kind::set_once:
        member_.set_once = true;
        break;
      case Kind::not_nullable:
        member_.not_nullable = true;
        break;
      case Kind::optional:
        member_.optional = true;
        break;
      case Kind::secret:
        member_.secret = true;
        break;
      case Kind::empty_is_unset:
        member_.empty = ir::EmptyMeans::unset;
        break;
      case Kind::empty_is_value:
        member_.empty = ir::EmptyMeans::value;
        break;
      case Kind::empty_is_invalid:
        member_.empty = ir::EmptyMeans::invalid;
        break;
      case Kind::resource:
        member_.resource = modifier.name.text;
        break;
      case Kind::lookup:
        member_.lookup_resource = modifier.name.text;
        member_.lookup_by = modifier.by.text;
        break;
      default:
        take_wire(modifier);
        break;
    }
  }

  void take_wire(const ast::Modifier& modifier) {
    if (modifier.texts.empty()) return;
    const std::string first(modifier.texts.front().text);
    switch (modifier.kind) {
      case Kind::masked_as:
        member_.masked_as = first;
        break;
      case Kind::wire:
        member_.read_wire = first;
        member_.write_wires = {first};
        break;
      case Kind::read_wire:
        member_.read_wire = first;
        break;
      case Kind::write_wire:
        for (const ast::Text& text : modifier.texts) member_.write_wires.emplace_back(text.text);
        break;
      case Kind::attribute: {
        const std::size_t equals = first.find('=');
        if (equals != std::string::npos) {
          member_.attributes.push_back({first.substr(0, equals), first.substr(equals + 1)});
          break;
        }
        report_.add(Diagnostic::of(DiagnosticId::misplaced_modifier, file_, modifier.texts.front().span,
                                   "an attribute without a value")
                        .helped("write it as `attribute \"name=value\"`"));
        break;
      }
      default:
        break;
    }
  }

  const SourceFile& file_;
  const ast::Member& written_;
  ir::Member& member_;
  Report& report_;
  std::array<const ast::Modifier*, 32> seen_{};
};

}  // namespace

void take_modifiers(const Vocabulary& vocabulary, const ast::Member& written, ir::Member& member, Report& report) {
  ModifierCheck(vocabulary, written, member, report).run();
}

}  // namespace dovetail::dsl
