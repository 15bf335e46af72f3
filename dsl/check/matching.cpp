// How people are matched, and who is asked when the systems differ.
#include "dsl/check/map_items.hpp"
#include "dsl/check/pairs.hpp"
#include "dsl/check/texts.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

class MatchCheck {
 public:
  MatchCheck(MapDraft& draft, const ast::Match& written, Report& report)
      : draft_(draft), written_(written), report_(report) {}

  void run() {
    ir::Match rule;
    rule.doc = doc_text(written_.doc);
    rule.origin = draft_.origin(written_.span);
    if (const auto* label = std::get_if<ast::Text>(&written_.by)) {
      rule.field = take_label(*label);
    } else {
      take_pair_of(std::get<ast::Pair>(written_.by), rule);
    }
    for (const ast::Proposal& proposal : written_.proposals) take_proposal(proposal, rule);
    draft_.rules.match = std::move(rule);
  }

 private:
  std::optional<std::uint32_t> take_label(const ast::Text& label) {
    const auto field = find_person_field(label);
    if (!field) return std::nullopt;
    const FieldDraft& found = draft_.fields[*field];
    const PairDraft* pair = found.single_pair();
    if (pair == nullptr) {
      if (found.sound) refuse_several(label, found);
      return std::nullopt;
    }
    refuse_hidden(label.span, *pair);
    return field;
  }

  // A field of the person's record, not of an element of a list.
  std::optional<std::uint32_t> find_person_field(const ast::Text& label) {
    if (label.text.empty()) return std::nullopt;
    const auto field = find_field(draft_, label, report_);
    if (!field || !draft_.fields[*field].rule.each) return field;
    report_.add(Diagnostic::of(DiagnosticId::capability_missing, draft_.file(), label.span,
                               "field \"" + std::string(label.text) + "\" is one of list elements: a person has many")
                    .with(draft_.label(draft_.fields[*field].written->label.span, "defined here")));
    return std::nullopt;
  }

  void refuse_several(const ast::Text& label, const FieldDraft& field) {
    report_.add(
        Diagnostic::of(DiagnosticId::capability_missing, draft_.file(), label.span,
                       "people are matched by one value, and field \"" + std::string(label.text) + "\" has several")
            .with(draft_.label(field.written->label.span, "defined here"))
            .helped("match by a field with a single pair; others may stand behind `else propose by`"));
  }

  // The key has to be seen on both sides.
  void refuse_hidden(Span span, const PairDraft& pair) {
    for (const Side side : {Side::hub, Side::provider}) {
      const ir::Member* member =
          pair.known[static_cast<std::size_t>(side)] ? single_member(draft_, pair, side) : nullptr;
      if (member == nullptr || (!member->write_only && member->masked_as.empty())) continue;
      report_.add(Diagnostic::of(DiagnosticId::capability_missing, draft_.file(), span,
                                 "people can't be matched by " +
                                     quoted(std::string(draft_.alias(side)) + "." + plain_path(*member)) + ": " +
                                     quoted(draft_.alias(side)) + " does not show it")
                      .with(draft_.vocabulary(side)->label(draft_.vocabulary(side)->schema.id(*member),
                                                           member->write_only ? "write only" : "masked")));
      return;
    }
  }

  void take_pair_of(const ast::Pair& written, ir::Match& rule) {
    std::vector<PairDraft> pairs = take_pair(draft_, {}, written, report_);
    if (pairs.size() != 1 || !pairs.front().sound()) return;
    refuse_hidden(written.span, pairs.front());
    rule.pair = pairs.front().rule;
    draft_.match_pair = std::move(pairs.front());
  }

  void take_proposal(const ast::Proposal& proposal, ir::Match& rule) {
    std::vector<std::uint32_t> fields;
    for (const ast::Text& label : proposal.labels) {
      if (const auto field = find_person_field(label)) fields.push_back(*field);
    }
    if (!fields.empty()) rule.proposals.push_back(std::move(fields));
  }

  MapDraft& draft_;
  const ast::Match& written_;
  Report& report_;
};

void report_twice(const MapDraft& draft, std::string message, Span second, Span first, Report& report) {
  report.add(Diagnostic::of(DiagnosticId::duplicate_field, draft.file(), second, std::move(message))
                 .labelled("second statement")
                 .with(draft.label(first, "first statement"))
                 .helped("keep one of the two"));
}

}  // namespace

void take_matching(MapDraft& draft, Report& report) {
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* match = std::get_if<ast::Match>(&item);
    if (match == nullptr) continue;
    if (draft.match != nullptr) {
      report_twice(draft, "people are matched twice", match->span, draft.match->span, report);
      continue;
    }
    draft.match = match;
    MatchCheck(draft, *match, report).run();
  }
}

void take_conflict_rule(MapDraft& draft, Report& report) {
  const ast::ConflictRule* first = nullptr;
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* conflict = std::get_if<ast::ConflictRule>(&item);
    if (conflict == nullptr) continue;
    if (first != nullptr) {
      report_twice(draft, "the conflict rule is stated twice", conflict->span, first->span, report);
      continue;
    }
    first = conflict;
    if (!conflict->prefer) continue;
    const auto side = find_side(draft, *conflict->prefer, report);
    if (!side) continue;
    draft.rules.conflict = *side == Side::hub ? ir::ConflictRule::prefer_hub : ir::ConflictRule::prefer_provider;
  }
}

}  // namespace dovetail::dsl
