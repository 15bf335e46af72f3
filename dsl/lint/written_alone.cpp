// Members that a system takes only together with another one, which no rule gives.
#include <array>
#include <unordered_set>

#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::Side;

class WrittenAlone {
 public:
  WrittenAlone(const MapDraft& draft, Report& report) : draft_(draft), report_(report) {}

  void run() {
    if (!collect()) return;
    for (const FieldDraft& field : draft_.fields) {
      for (const ShapeDraft& shape : field.shapes) {
        for (const PairDraft& pair : shape.pairs) check(pair);
      }
    }
    for (const FillDraft& fill : draft_.fills) check(fill.rule.side, fill.rule.target, fill.written->target.span);
  }

 private:
  std::unordered_set<MemberId>& written(Side side) { return written_[static_cast<std::size_t>(side)]; }

  // False if something that may write is not understood.
  bool collect() {
    if (draft_.unit->tree.broken) return false;
    for (const FieldDraft& field : draft_.fields) {
      if (!field.sound) return false;
      for (const ShapeDraft& shape : field.shapes) {
        for (const PairDraft& pair : shape.pairs) collect(pair.rule);
      }
    }
    if (draft_.match_pair) collect(draft_.match_pair->rule);
    for (const FillDraft& fill : draft_.fills) {
      if (!fill.sound) return false;
      written(fill.rule.side).insert(fill.rule.target.member);
    }
    return true;
  }

  void collect(const ir::Pair& pair) {
    for (const Side side : {Side::hub, Side::provider}) {
      if (!ir::flows_to(pair.direction, side)) continue;
      for (const ir::Path& path : pair.end(side).paths) {
        written(side).insert(path.member);
        for (const auto& [member, value] : path.selector.where) written(side).insert(member);
      }
    }
  }

  void check(const PairDraft& pair) {
    for (const Side side : {Side::hub, Side::provider}) {
      if (!ir::flows_to(pair.rule.direction, side)) continue;
      for (const ir::Path& path : pair.rule.end(side).paths) check(side, path, span_of(end_at(*pair.written, side)));
    }
  }

  void check(Side side, const ir::Path& path, Span span) {
    const Vocabulary& vocabulary = *draft_.vocabulary(side);
    const ir::Member& member = vocabulary.member(path.member);
    if (member.written_with == ir::no_member || written(side).contains(member.written_with)) return;
    const std::string alias(draft_.alias(side));
    const std::string with = alias + "." + plain_path(vocabulary.member(member.written_with));
    report_.add(Diagnostic::of(DiagnosticId::written_alone, draft_.file(), span,
                               quoted(alias + "." + plain_path(member)) + " is written only together with " +
                                   quoted(with) + ", and no rule gives that")
                    .with(vocabulary.label(path.member, "with " + plain_path(vocabulary.member(member.written_with))))
                    .noted("where " + quoted(with) + " has no value yet, what is written here is held")
                    .helped("add a pair or a `fill` for it"));
  }

  const MapDraft& draft_;
  Report& report_;
  std::array<std::unordered_set<MemberId>, 2> written_;  // by Side
};

}  // namespace

void lint_written_alone(const MapDraft& draft, Report& report) { WrittenAlone(draft, report).run(); }

}  // namespace dovetail::dsl
