// Whether the systems let a pair flow as its arrow says.
#include "dsl/check/pairs.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

// The arrow that leaves `side` alone; empty: there is none, the pair flows nowhere else.
std::string_view arrow_without(ir::Direction direction, Side side) {
  if (direction != ir::Direction::both) return {};
  return side == Side::hub ? "->" : "<-";
}

void suggest_arrow(const PairDraft& pair, Side receiver, Diagnostic& found) {
  const std::string_view arrow = arrow_without(pair.rule.direction, receiver);
  if (arrow.empty()) return;
  found.helped("use " + quoted(arrow)).fixed({{pair.written->arrow.span, std::string(arrow)}});
}

Span path_span(const PairDraft& pair, Side side, std::size_t index) {
  const ast::End& end = end_at(*pair.written, side);
  if (const auto* tuple = std::get_if<ast::Tuple>(&end)) return tuple->paths[index].span;
  return span_of(end);
}

// The list that a selector chooses from, if it lets nobody write.
const ir::Member* read_only_list(const Vocabulary& vocabulary, const ir::Path& path) {
  const ir::MemberId list = vocabulary.member(path.member).list;
  if (path.selector.kind == ir::Selector::Kind::none || list == ir::no_member) return nullptr;
  return vocabulary.member(list).read_only ? &vocabulary.member(list) : nullptr;
}

void refuse_write(const MapDraft& draft, const PairDraft& pair, Side side, std::size_t index, Report& report) {
  const Vocabulary& vocabulary = *draft.vocabulary(side);
  const ir::Path& path = pair.rule.end(side).paths[index];
  const ir::Member& member = vocabulary.member(path.member);
  if (!member.read_only) return;
  const ir::Member* list = read_only_list(vocabulary, path);
  Diagnostic found =
      list != nullptr
          ? Diagnostic::of(DiagnosticId::unwritable_selector, draft.file(), path_span(pair, side, index),
                           "the list " + quoted(plain_path(*list)) + " of " + quoted(draft.alias(side)) +
                               " is read only: nothing can be written through a selector")
                .with(vocabulary.label(vocabulary.schema.id(*list), "read only"))
          : Diagnostic::of(DiagnosticId::read_only_write, draft.file(), path_span(pair, side, index),
                           quoted(std::string(draft.alias(side)) + "." + plain_path(member)) + " is read only")
                .with(vocabulary.label(path.member, "read only"));
  found.with(draft.label(pair.written->arrow.span, "writes to " + std::string(draft.alias(side))));
  suggest_arrow(pair, side, found);
  report.add(std::move(found));
}

void refuse_read(const MapDraft& draft, const PairDraft& pair, Side side, std::size_t index, Report& report) {
  const Vocabulary& vocabulary = *draft.vocabulary(side);
  const ir::Path& path = pair.rule.end(side).paths[index];
  const ir::Member& member = vocabulary.member(path.member);
  if (!member.write_only) return;
  Diagnostic found = Diagnostic::of(DiagnosticId::capability_missing, draft.file(), path_span(pair, side, index),
                                    quoted(std::string(draft.alias(side)) + "." + plain_path(member)) +
                                        " can only be written: " + quoted(draft.alias(side)) + " never shows it")
                         .with(vocabulary.label(path.member, "write only"));
  suggest_arrow(pair, other(side), found);
  report.add(std::move(found));
}

}  // namespace

void check_flow(const MapDraft& draft, const PairDraft& pair, Report& report) {
  for (const Side side : {Side::hub, Side::provider}) {
    if (!pair.known[static_cast<std::size_t>(side)]) continue;
    for (std::size_t i = 0; i < pair.rule.end(side).paths.size(); ++i) {
      if (ir::flows_to(pair.rule.direction, side)) refuse_write(draft, pair, side, i, report);
      if (ir::flows_to(pair.rule.direction, other(side))) refuse_read(draft, pair, side, i, report);
    }
  }
}

}  // namespace dovetail::dsl
