// `via` and `using` of a pair: do they exist, do they fit, can they be undone where the pair goes both ways.
#include "dsl/check/pairs.hpp"
#include "dsl/check/types.hpp"
#include "dsl/check/values_table.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

void resolve_transform(const MapDraft& draft, const ast::TransformUse& use, PairDraft& pair, Report& report) {
  if (use.name.text.empty()) {
    pair.conversion_known = false;
    return;
  }
  const Transform* transform = find_transform(use.name.text);
  if (transform == nullptr) {
    pair.conversion_known = false;
    report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_transform, draft.file(), use.name.span,
                                           "there is no transform " + quoted(use.name.text)),
                            use.name.span, use.name.text, [] {
                              std::vector<std::string_view> names;
                              for (const Transform& one : transforms()) names.push_back(one.name);
                              return names;
                            });
    return;
  }
  if (use.arguments.size() != transform->arguments) {
    pair.conversion_known = false;
    report.add(Diagnostic::of(DiagnosticId::transform_type_mismatch, draft.file(), use.span,
                              quoted(use.name.text) + " takes " + std::to_string(transform->arguments) +
                                  (transform->arguments == 1 ? " argument" : " arguments") + ", and " +
                                  std::to_string(use.arguments.size()) +
                                  (use.arguments.size() == 1 ? " is given" : " are given"))
                   .noted(quoted(use.name.text) + ": " + std::string(transform->summary)));
    return;
  }
  ir::TransformUse rule{transform, {}};
  for (const ast::Literal& argument : use.arguments) rule.arguments.emplace_back(argument.text);
  pair.rule.transforms.push_back(std::move(rule));
}

std::size_t arity(const PairDraft& pair, Side side) {
  const ir::End& end = pair.rule.end(side);
  return end.literal ? 1 : end.paths.size();
}

std::string values(std::size_t count) { return std::to_string(count) + (count == 1 ? " value" : " values"); }

// What a transform calls its type, as a type; nullptr: any text.
const CheckedType* stated_type(std::string_view name) { return name.empty() ? nullptr : find_type(name); }

bool takes(const CheckedType* stated, const ir::Member& member) {
  if (member.type == nullptr) return stated == nullptr;  // the words of an enum are text
  return stated == nullptr ? is_text_like(*member.type) : go_together(*stated, *member.type);
}

// Whether what a transform makes of values of a type is a text that is no value of that type any more: 004740612345.
bool makes_text_of(const Transform& transform) {
  return !transform.hub_type.empty() && transform.provider_type.empty() && transform.provider_arity == 1;
}

// Whether a member keeps every text as it is given; other types have a form of their own in which they are sent.
bool keeps_any_form(const ir::Member& member) {
  return member.type != nullptr && (member.type->name == "text" || member.type->name == "postal_text");
}

class TransformCheck {
 public:
  TransformCheck(const MapDraft& draft, PairDraft& pair, Report& report)
      : draft_(draft), pair_(pair), report_(report) {}

  void run() {
    if (!pair_.known[0] || !pair_.known[1] || !pair_.conversion_known) return;
    if (refuse_unjoined() || refuse_one_way() || refuse_arity()) return;
    if (!pair_.rule.transforms.empty()) refuse_type();
  }

 private:
  const std::vector<ast::TransformUse>& written() const { return pair_.written->via; }
  const std::vector<ir::TransformUse>& chain() const { return pair_.rule.transforms; }

  void mismatch(Span span, std::string message, std::string note) {
    pair_.conversion_known = false;
    Diagnostic found = Diagnostic::of(DiagnosticId::transform_type_mismatch, draft_.file(), span, std::move(message));
    if (!note.empty()) found.notes.push_back(std::move(note));
    report_.add(std::move(found));
  }

  bool refuse_unjoined() {
    const bool several = arity(pair_, Side::hub) > 1 || arity(pair_, Side::provider) > 1;
    if (!several || !chain().empty()) return false;
    const Side side = arity(pair_, Side::hub) > 1 ? Side::hub : Side::provider;
    pair_.conversion_known = false;
    report_.add(Diagnostic::of(DiagnosticId::transform_type_mismatch, draft_.file(),
                               span_of(end_at(*pair_.written, side)),
                               values(arity(pair_, side)) + " on one side, and no transform that joins them")
                    .helped("add `via` and a transform, or write a pair for each member"));
    return true;
  }

  bool refuse_one_way() {
    if (!ir::flows_to(pair_.rule.direction, Side::hub)) return false;
    for (std::size_t i = 0; i < chain().size(); ++i) {
      if (chain()[i].transform->invertible) continue;
      pair_.conversion_known = false;
      Diagnostic found =
          Diagnostic::of(DiagnosticId::one_way_transform, draft_.file(), written()[i].span,
                         quoted(chain()[i].transform->name) + " can't be undone, and this pair is also read into " +
                             quoted(draft_.alias(Side::hub)))
              .with(draft_.label(pair_.written->arrow.span, "reads into " + std::string(draft_.alias(Side::hub))));
      if (pair_.rule.direction == ir::Direction::both) {
        found.helped("use `->`, or a transform that can be undone").fixed({{pair_.written->arrow.span, "->"}});
      } else {
        found.help = "use a transform that can be undone";
      }
      report_.add(std::move(found));
      return true;
    }
    return false;
  }

  bool refuse_arity() {
    std::size_t here = arity(pair_, Side::hub);
    for (std::size_t i = 0; i < chain().size(); ++i) {
      const Transform& transform = *chain()[i].transform;
      if (transform.hub_arity != here) {
        mismatch(written()[i].span,
                 quoted(transform.name) + " starts from " + values(transform.hub_arity) + ", and there " +
                     (here == 1 ? "is " : "are ") + values(here) + (i == 0 ? " left of the arrow" : " before it"),
                 note_of(transform));
        return true;
      }
      here = transform.provider_arity;
    }
    if (chain().empty() || here == arity(pair_, Side::provider)) return false;
    mismatch(written().back().span,
             quoted(chain().back().transform->name) + " gives " + values(here) + ", and there " +
                 (arity(pair_, Side::provider) == 1 ? "is " : "are ") + values(arity(pair_, Side::provider)) +
                 " right of the arrow",
             note_of(*chain().back().transform));
    return true;
  }

  static std::string note_of(const Transform& transform) {
    return quoted(transform.name) + ": " + std::string(transform.summary);
  }

  void refuse_type() {
    if (refuse_end(Side::hub, 0, chain().front().transform->hub_type)) return;
    if (refuse_end(Side::provider, chain().size() - 1, chain().back().transform->provider_type)) return;
    for (std::size_t i = 1; i < chain().size(); ++i) {
      const Transform& before = *chain()[i - 1].transform;
      const Transform& after = *chain()[i].transform;
      const CheckedType* given = stated_type(before.provider_type);
      const CheckedType* wanted = stated_type(after.hub_type);
      const bool undone = makes_text_of(before) && wanted != nullptr;  // what it wants is not what is given
      const bool fits = undone                                  ? false
                        : given != nullptr && wanted != nullptr ? go_together(*given, *wanted)
                        : given != nullptr                      ? is_text_like(*given)
                                                                : wanted == nullptr || is_text_like(*wanted);
      if (fits) continue;
      return mismatch(written()[i].span,
                      quoted(after.name) + " can't go on from what " + quoted(before.name) + " gives", note_of(after));
    }
  }

  bool refuse_end(Side side, std::size_t index, std::string_view stated) {
    const ir::Member* member = single_member(draft_, pair_, side);
    if (member == nullptr || pair_.rule.table) return false;
    if (takes(stated_type(stated), *member)) return side == Side::provider && refuse_form(*member);
    mismatch(written()[index].span,
             quoted(chain()[index].transform->name) + " is not made for " + quoted(end_text(draft_, pair_, side)) +
                 ", which is " + described_type(*member),
             note_of(*chain()[index].transform));
    return true;
  }

  // A form that the member's own type sends otherwise, or can't hold.
  bool refuse_form(const ir::Member& member) {
    const Transform& last = *chain().back().transform;
    const bool strips_sign = last.name == "digits" && member.type != nullptr && member.type->name == "phone";
    if (keeps_any_form(member) || !(makes_text_of(last) || strips_sign)) return false;
    pair_.conversion_known = false;
    const std::string path = quoted(end_text(draft_, pair_, Side::provider));
    Diagnostic found = Diagnostic::of(
        DiagnosticId::transform_type_mismatch, draft_.file(), written().back().span,
        quoted(last.name) + " gives a text, and " + path + ", which is " + described_type(member) +
            (member.type != nullptr ? ", is sent in the form of its own type" : ", knows only its own words"));
    found.notes.push_back(note_of(last));
    found.help = "leave the conversion out, or say in the schema of " + quoted(draft_.alias(Side::provider)) +
                 " that " + path + " is a `text`";
    report_.add(std::move(found));
    return true;
  }

  const MapDraft& draft_;
  PairDraft& pair_;
  Report& report_;
};

}  // namespace

void resolve_conversions(MapDraft& draft, PairDraft& pair, Report& report) {
  for (const ast::TransformUse& use : pair.written->via) resolve_transform(draft, use, pair, report);
  if (!pair.written->table) return;
  pair.rule.table = find_table(draft, *pair.written->table, report);
  if (!pair.rule.table || !draft.tables[*pair.rule.table].sound) pair.conversion_known = false;
}

void check_transforms(const MapDraft& draft, PairDraft& pair, Report& report) {
  TransformCheck(draft, pair, report).run();
}

}  // namespace dovetail::dsl
