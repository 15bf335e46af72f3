// Fills, and sources of fills, that never come to anything: what they would give is always given, or never wanted.
#include <unordered_set>

#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::Side;

constexpr std::size_t at(Side side) { return static_cast<std::size_t>(side); }

class PointlessFills {
 public:
  PointlessFills(const MapDraft& draft, Report& report) : draft_(draft), report_(report) {}

  void run() {
    if (draft_.unit->tree.broken) return;
    const bool known = collect_written();
    for (const FillDraft& fill : draft_.fills) {
      if (!fill.sound) continue;
      check_sources(fill);
      if (fill.rule.on_create) {
        check_creation(fill);
      } else {
        check_trigger(fill, known);
      }
    }
  }

 private:
  // False if something that may write is not understood.
  bool collect_written() {
    bool known = true;
    for (const FieldDraft& field : draft_.fields) {
      known &= field.sound && !field.written->broken;
      for (const ShapeDraft& shape : field.shapes) {
        for (const PairDraft& pair : shape.pairs) collect(pair.rule);
      }
    }
    if (draft_.match_pair) collect(draft_.match_pair->rule);
    for (const FillDraft& fill : draft_.fills) {
      known &= fill.sound;
      if (fill.sound) written_[at(fill.rule.side)].insert(fill.rule.target.member);
    }
    return known;
  }

  void collect(const ir::Pair& pair) {
    for (const Side side : {Side::hub, Side::provider}) {
      if (!ir::flows_to(pair.direction, side)) continue;
      for (const ir::Path& path : pair.end(side).paths) {
        written_[at(side)].insert(path.member);
        for (const auto& [member, value] : path.selector.where) written_[at(side)].insert(member);
      }
    }
  }

  std::string path_of(const FillDraft& fill) const {
    return quoted(std::string(draft_.alias(fill.rule.side)) + "." +
                  plain_path(draft_.vocabulary(fill.rule.side)->member(fill.rule.target.member)));
  }
  Diagnostic pointless(Span span, std::string message) const {
    return Diagnostic::of(DiagnosticId::pointless_fill, draft_.file(), span, std::move(message));
  }

  // A literal is always there, and what is asked waits for its answer.
  void check_sources(const FillDraft& fill) {
    const std::vector<ast::FillSource>& sources = fill.written->sources;
    for (std::size_t i = 0; i + 1 < sources.size(); ++i) {
      const bool asks = std::holds_alternative<ast::FillSource::Ask>(sources[i].from);
      if (!asks && !std::holds_alternative<ast::Literal>(sources[i].from)) continue;
      report_.add(pointless(sources[i + 1].span, "this source is never tried")
                      .with(draft_.label(sources[i].span, asks ? "the answer is waited for" : "always gives a value"))
                      .helped("put it before, or leave it out"));
      return;
    }
  }

  void check_trigger(const FillDraft& fill, bool known) {
    const Span span = fill.written->whenever->path.span;
    if (fill.rule.trigger.member == fill.rule.target.member) {
      report_.add(pointless(span, path_of(fill) + " is filled only when it is written, and then it has its value")
                      .helped("name the member with which it is to be written"));
      return;
    }
    if (!known || written_[at(fill.rule.side)].contains(fill.rule.trigger.member)) return;
    const ir::Member& trigger = draft_.vocabulary(fill.rule.side)->member(fill.rule.trigger.member);
    report_.add(pointless(span, "no rule ever writes " +
                                    quoted(std::string(draft_.alias(fill.rule.side)) + "." + plain_path(trigger)) +
                                    ", so " + path_of(fill) + " is never filled")
                    .helped("name a member that a field writes"));
  }

  void check_creation(const FillDraft& fill) {
    if (fill.rule.each) {
      const EachDraft& each = draft_.lists[*fill.rule.each];
      const bool adds = each.rule.add_missing && ir::includes(*each.rule.add_missing, fill.rule.side);
      if (!adds && !each.written->broken) {
        report_.add(
            pointless(fill.written->target.span, "no element is ever added in " + quoted(draft_.alias(fill.rule.side)) +
                                                     ", so " + path_of(fill) + " is never filled")
                .helped("add `add missing in " + std::string(draft_.alias(fill.rule.side)) + "` to the `each`"));
        return;
      }
    }
    const FieldDraft* giver = sure_giver(fill);
    if (giver == nullptr) return;
    report_.add(pointless(fill.written->target.span, "field \"" + giver->rule.label + "\" always gives " +
                                                         path_of(fill) + " on creation, so it is never filled")
                    .with(draft_.label(giver->written->label.span, "required: nobody is created without it"))
                    .helped("keep one of the two"));
  }

  // A field without whose value nothing is created, and that gives nothing but that.
  const FieldDraft* sure_giver(const FillDraft& fill) const {
    const ir::Member& target = draft_.vocabulary(fill.rule.side)->member(fill.rule.target.member);
    if (target.derived_from != ir::no_member) return nullptr;  // may be left out of a creation
    for (const FieldDraft& field : draft_.fields) {
      const PairDraft* pair = field.single_pair();
      const bool switched = field.rule.setting || (field.rule.group && draft_.rules.groups[*field.rule.group].setting);
      if (pair == nullptr || !pair->sound() || !field.rule.required || switched || pair->rule.table) continue;
      if (field.rule.each != fill.rule.each || !ir::flows_to(pair->rule.direction, fill.rule.side)) continue;
      const std::vector<ir::Path>& paths = pair->rule.end(fill.rule.side).paths;
      if (paths.size() == 1 && paths.front().member == fill.rule.target.member &&
          paths.front().selector.kind == ir::Selector::Kind::none) {
        return &field;
      }
    }
    return nullptr;
  }

  const MapDraft& draft_;
  Report& report_;
  std::array<std::unordered_set<MemberId>, 2> written_;  // by Side
};

}  // namespace

void lint_pointless_fill(const MapDraft& draft, Report& report) { PointlessFills(draft, report).run(); }

}  // namespace dovetail::dsl
