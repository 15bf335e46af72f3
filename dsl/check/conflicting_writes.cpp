// Two rules that write one member: the later would undo what the earlier did.
#include <algorithm>
#include <set>
#include <unordered_set>
#include <utility>

#include "dsl/check/checks.hpp"
#include "dsl/check/pairs.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

struct Target {
  Side side = Side::hub;
  ir::MemberId member = ir::no_member;
  std::string selector;  // empty: the record's, or every element's

  friend bool operator==(const Target&, const Target&) = default;
};

struct TargetHash {
  std::size_t operator()(const Target& target) const {
    const std::size_t number = (std::size_t{target.member} << 1U) | static_cast<std::size_t>(target.side);
    return (number * 0x9E3779B97F4A7C15ULL) ^ std::hash<std::string>()(target.selector);
  }
};

// Who writes: the place that a message points at, and which alternative of a field it is in.
struct Writer {
  Span span;
  const void* rule = nullptr;   // the field, fill or match
  const void* shape = nullptr;  // alternatives of one field don't conflict
};

std::string selector_text(const ir::Selector& selector) {
  if (selector.kind == ir::Selector::Kind::none) return {};
  std::string text(1, static_cast<char>('0' + static_cast<int>(selector.kind)));
  auto where = selector.where;
  std::ranges::sort(where);
  for (const auto& [member, value] : where) text += std::to_string(member) + "=" + value + ";";
  return text;
}

class Writes {
 public:
  Writes(const MapDraft& draft, Report& report) : draft_(draft), report_(report) {}

  void run() {
    writers_.reserve(2 * draft_.fields.size());
    for (std::uint32_t i = 0; i < draft_.fields.size(); ++i) {
      if (is_first_of_its_label(i)) take(draft_.fields[i]);
    }
    if (draft_.match_pair) take(*draft_.match_pair, draft_.match, nullptr);
    for (const FillDraft& fill : draft_.fills) take(fill);
    check_selected();
  }

 private:
  // A second field of the same label has been reported as that.
  bool is_first_of_its_label(std::uint32_t index) const {
    const auto found = draft_.field_by_label.find(draft_.fields[index].written->label.text);
    return found == draft_.field_by_label.end() || found->second == index;
  }

  void take(const FieldDraft& field) {
    for (const ShapeDraft& shape : field.shapes) {
      for (const PairDraft& pair : shape.pairs) take(pair, &field, &shape);
    }
  }

  void take(const PairDraft& pair, const void* rule, const void* shape) {
    for (const Side side : {Side::hub, Side::provider}) {
      if (!pair.known[static_cast<std::size_t>(side)] || !ir::flows_to(pair.rule.direction, side)) continue;
      const std::vector<ir::Path>& paths = pair.rule.end(side).paths;
      for (std::size_t i = 0; i < paths.size(); ++i) {
        const ast::End& end = end_at(*pair.written, side);
        const auto* tuple = std::get_if<ast::Tuple>(&end);
        write(side, paths[i], {tuple != nullptr ? tuple->paths[i].span : span_of(end), rule, shape});
      }
    }
  }

  // On creation a fill steps in where a field has no value; whenever something is written, both would write.
  void take(const FillDraft& fill) {
    if (!fill.sound) return;
    const Target target{fill.rule.side, fill.rule.target.member, selector_text(fill.rule.target.selector)};
    const auto found = writers_.find(target);
    const bool by_field = found != writers_.end() && !filled_.contains(target);
    if (by_field && fill.rule.on_create) return;
    filled_.insert(target);
    write(fill.rule.side, fill.rule.target, {fill.written->target.span, &fill, nullptr});
  }

  void write(Side side, const ir::Path& path, const Writer& writer) {
    const Target target{side, path.member, selector_text(path.selector)};
    const auto [first, is_new] = writers_.emplace(target, writer);
    if (is_new) return;
    if (first->second.rule == writer.rule && first->second.shape != writer.shape) return;
    const bool is_said = first->second.rule != writer.rule && !said_.emplace(first->second.rule, writer.rule).second;
    if (is_said) return;  // two rules that write one member both ways are one mistake
    refuse(target, first->second, writer);
  }

  void refuse(const Target& target, const Writer& first, const Writer& second) {
    const ir::Member& member = draft_.vocabulary(target.side)->member(target.member);
    const bool in_one_field = first.rule == second.rule;
    Diagnostic found =
        Diagnostic::of(DiagnosticId::conflicting_writes, draft_.file(), second.span,
                       quoted(std::string(draft_.alias(target.side)) + "." + plain_path(member)) +
                           (in_one_field ? " is written twice by one field" : " is written by two rules"))
            .labelled("second")
            .with(draft_.label(first.span, "first"));
    if (second.rule == draft_.match || first.rule == draft_.match) {
      found.help = "match by the field's label: `match by \"…\"`";
    } else {
      found.help = std::string("leave one out, or let its arrow point the other way (`") +
                   (target.side == Side::provider ? "<-" : "->") + "`)";
    }
    report_.add(std::move(found));
  }

  // A selected element is one of those that `each` writes.
  void check_selected() {
    for (const FieldDraft& field : draft_.fields) {
      for (const ShapeDraft& shape : field.shapes) {
        for (const PairDraft& pair : shape.pairs) check_selected(pair);
      }
    }
  }

  void check_selected(const PairDraft& pair) {
    for (const Side side : {Side::hub, Side::provider}) {
      if (!pair.known[static_cast<std::size_t>(side)] || !ir::flows_to(pair.rule.direction, side)) continue;
      for (const ir::Path& path : pair.rule.end(side).paths) {
        if (path.selector.kind == ir::Selector::Kind::none) continue;
        const Target whole{side, path.member, {}};
        const auto each = writers_.find(whole);
        if (each == writers_.end()) continue;
        refuse(whole, each->second, {span_of(end_at(*pair.written, side)), &pair, nullptr});
      }
    }
  }

  const MapDraft& draft_;
  Report& report_;
  std::unordered_map<Target, Writer, TargetHash> writers_;
  std::unordered_set<Target, TargetHash> filled_;
  std::set<std::pair<const void*, const void*>> said_;  // rules whose conflict has been reported
};

}  // namespace

void check_conflicting_writes(const MapDraft& draft, Report& report) { Writes(draft, report).run(); }

}  // namespace dovetail::dsl
