#include "dsl/check/pairs.hpp"

#include "dsl/check/literals.hpp"
#include "dsl/check/paths.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::MemberKind;
using ir::Side;

constexpr std::size_t at(Side side) { return static_cast<std::size_t>(side); }

class PairCheck {
 public:
  PairCheck(MapDraft& draft, const PairPlace& place, const ast::Pair& pair, Report& report)
      : draft_(draft), place_(place), report_(report) {
    made_.written = &pair;
    made_.rule.direction = direction_of(pair.arrow);
    made_.rule.origin = draft.origin(pair.span);
  }

  std::vector<PairDraft> run() {
    if (refuse_swapped()) {
      made_.known = {false, false};
    } else {
      for (const Side side : {Side::hub, Side::provider}) resolve_end(side);
    }
    for (const Side side : {Side::hub, Side::provider}) resolve_literal(side);
    resolve_conversions(draft_, made_, report_);
    if (is_container(Side::hub) || is_container(Side::provider)) return take_containers();
    check_transforms(draft_, made_, report_);
    check_types(draft_, made_, report_);
    check_flow(draft_, made_, report_);
    std::vector<PairDraft> all;
    all.push_back(std::move(made_));
    return all;
  }

 private:
  // Each end is a path of the other side: one mistake, not two.
  bool refuse_swapped() {
    const auto* left = std::get_if<ast::Path>(&made_.written->left);
    const auto* right = std::get_if<ast::Path>(&made_.written->right);
    if (left == nullptr || right == nullptr || !place_.known[0] || !place_.known[1]) return false;
    const auto exists = [this](Side side, const ast::Path& path) {
      return path_exists(draft_, side, place_.elements[at(side)], path);
    };
    const bool are_right = exists(Side::hub, *left) || exists(Side::provider, *right);
    if (are_right || !exists(Side::provider, *left) || !exists(Side::hub, *right)) return false;
    report_.add(
        Diagnostic::of(DiagnosticId::unknown_path, draft_.file(), made_.written->span,
                       "the ends of this pair are swapped: " + quoted(draft_.alias(Side::hub)) +
                           " stands left of the arrow, " + quoted(draft_.alias(Side::provider)) + " right of it")
            .helped("write " +
                    quoted(written_text(draft_.file(), right->span) + " " + std::string(turned(made_.written->arrow)) +
                           " " + written_text(draft_.file(), left->span))));
    return true;
  }

  static std::string_view turned(const ast::Arrow& arrow) {
    if (arrow.kind == ast::Arrow::Kind::both) return "<->";
    return arrow.kind == ast::Arrow::Kind::right ? "<-" : "->";
  }

  void resolve_end(Side side) {
    const ast::End& written = end_at(*made_.written, side);
    if (const auto* path = std::get_if<ast::Path>(&written)) {
      add_path(side, *path);
    } else if (const auto* tuple = std::get_if<ast::Tuple>(&written)) {
      for (const ast::Path& one : tuple->paths) add_path(side, one);
      if (tuple->paths.empty()) made_.known[at(side)] = false;
    }
  }

  void add_path(Side side, const ast::Path& path) {
    std::optional<FoundPath> found;
    if (place_.known[at(side)]) found = find_path(draft_, {side, place_.elements[at(side)]}, path, report_);
    if (found) {
      made_.rule.ends[at(side)].paths.push_back(std::move(found->path));
    } else {
      made_.known[at(side)] = false;
    }
  }

  // A literal is a value of the member at the other end: its condition, or what is written there.
  void resolve_literal(Side side) {
    const auto* literal = std::get_if<ast::Literal>(&end_at(*made_.written, side));
    if (literal == nullptr) return;
    if (std::holds_alternative<ast::Literal>(end_at(*made_.written, other(side)))) {
      if (side == Side::hub) {
        report_.add(Diagnostic::of(DiagnosticId::type_mismatch, draft_.file(), made_.written->span,
                                   "both ends of the pair are literals")
                        .helped("one end has to be the path of a member"));
      }
      made_.known[at(side)] = false;
      return;
    }
    const ir::Member* member = single_member(draft_, made_, other(side));
    std::optional<Value> value;
    if (made_.known[at(other(side))] && member != nullptr) {
      const Vocabulary& vocabulary = *draft_.vocabulary(other(side));
      value = literal_value(vocabulary, vocabulary.schema.id(*member), *literal, draft_.file(),
                            {false, draft_.reference_tables}, report_);
    }
    made_.known[at(side)] = value.has_value();
    made_.rule.ends[at(side)].literal = value;
  }

  bool is_container(Side side) const {
    const ir::Member* member = single_member(draft_, made_, side);
    return made_.known[at(side)] && member != nullptr && member->kind != MemberKind::scalar;
  }

  // At least one end is an object, or an element of a list: both have to be, with the same members.
  std::vector<PairDraft> take_containers() {
    std::vector<PairDraft> all;
    if (!made_.known[0] || !made_.known[1]) {
      all.push_back(std::move(made_));
      return all;
    }
    const ir::Member* hub = single_member(draft_, made_, Side::hub);
    const ir::Member* provider = single_member(draft_, made_, Side::provider);
    if (hub == nullptr || provider == nullptr || !is_container(Side::hub) || !is_container(Side::provider)) {
      refuse_single();
    } else if (!made_.rule.transforms.empty() || made_.rule.table) {
      report_.add(Diagnostic::of(DiagnosticId::transform_type_mismatch, draft_.file(), made_.written->span,
                                 "a whole object can't be converted")
                      .helped("write a pair for each of its members"));
    } else if (have_same_members(*hub, *provider)) {
      expand(*hub, *provider, all);
      return all;
    }
    made_.known = {false, false};
    all.push_back(std::move(made_));
    return all;
  }

  void refuse_single() {
    const Side whole = is_container(Side::hub) ? Side::hub : Side::provider;
    const ir::Member& object = *single_member(draft_, made_, whole);
    const ir::Member* single = single_member(draft_, made_, other(whole));
    const bool is_list = object.kind == MemberKind::list;
    const std::string single_text = single == nullptr ? "the other end" : quoted(end_text(draft_, made_, other(whole)));
    report_.add(Diagnostic::of(DiagnosticId::shape_mismatch, draft_.file(), span_of(end_at(*made_.written, whole)),
                               quoted(end_text(draft_, made_, whole)) + " is " +
                                   (is_list ? "an element of a list" : "an object") + ", and " + single_text + " is " +
                                   (single == nullptr ? "not" : described_type(*single)))
                    .with(draft_.label(span_of(end_at(*made_.written, other(whole))), "one value"))
                    .helped("name a member of it: " + listed(member_names(whole, object), 8)));
  }

  std::vector<std::string_view> member_names(Side side, const ir::Member& object) const {
    const Vocabulary& vocabulary = *draft_.vocabulary(side);
    std::vector<std::string_view> names;
    for (const MemberId id : vocabulary.children(vocabulary.schema.id(object))) {
      names.push_back(vocabulary.member(id).name);
    }
    return names;
  }

  // The names that only one of them has, as a note; empty: none.
  std::string only_in(Side side, const ir::Member& object, const ir::Member& opposite) const {
    std::vector<std::string_view> only;
    const Vocabulary& vocabulary = *draft_.vocabulary(other(side));
    for (const std::string_view name : member_names(side, object)) {
      if (vocabulary.child(vocabulary.schema.id(opposite), name) == ir::no_member) only.push_back(name);
    }
    return only.empty() ? "" : "only in " + quoted(end_text(draft_, made_, side)) + ": " + listed(only);
  }

  bool have_same_members(const ir::Member& hub, const ir::Member& provider) {
    const std::string in_hub = only_in(Side::hub, hub, provider);
    const std::string in_provider = only_in(Side::provider, provider, hub);
    if (in_hub.empty() && in_provider.empty()) return true;
    Diagnostic found = Diagnostic::of(DiagnosticId::shape_mismatch, draft_.file(), made_.written->span,
                                      quoted(end_text(draft_, made_, Side::hub)) + " and " +
                                          quoted(end_text(draft_, made_, Side::provider)) + " have other members");
    if (!in_hub.empty()) found.notes.push_back(in_hub);
    if (!in_provider.empty()) found.notes.push_back(in_provider);
    report_.add(std::move(found).helped("write a pair for each member that both have"));
    return false;
  }

  void expand(const ir::Member& hub, const ir::Member& provider, std::vector<PairDraft>& all) {
    const Vocabulary& left = *draft_.vocabulary(Side::hub);
    const Vocabulary& right = *draft_.vocabulary(Side::provider);
    for (const MemberId child : left.children(left.schema.id(hub))) {
      const MemberId partner = right.child(right.schema.id(provider), left.member(child).name);
      PairDraft one = made_;
      one.of_objects = true;
      one.rule.ends[0].paths.front().member = child;
      one.rule.ends[1].paths.front().member = partner;
      if (left.uncertain[child] || right.uncertain[partner]) one.known = {false, false};
      const bool both_objects =
          left.member(child).kind == MemberKind::object && right.member(partner).kind == MemberKind::object;
      if (both_objects) {
        PairDraft outer = std::exchange(made_, one);
        if (have_same_members(left.member(child), right.member(partner))) {
          expand(left.member(child), right.member(partner), all);
        }
        made_ = std::move(outer);
        continue;
      }
      check_types(draft_, one, report_);
      check_flow(draft_, one, report_);
      all.push_back(std::move(one));
    }
  }

  MapDraft& draft_;
  const PairPlace& place_;
  Report& report_;
  PairDraft made_;
};

}  // namespace

ir::Direction direction_of(const ast::Arrow& arrow) {
  switch (arrow.kind) {
    case ast::Arrow::Kind::right:
      return ir::Direction::to_provider;
    case ast::Arrow::Kind::left:
      return ir::Direction::to_hub;
    default:
      return ir::Direction::both;
  }
}

const ast::End& end_at(const ast::Pair& pair, Side side) { return side == Side::hub ? pair.left : pair.right; }

std::vector<PairDraft> take_pair(MapDraft& draft, const PairPlace& place, const ast::Pair& pair, Report& report) {
  return PairCheck(draft, place, pair, report).run();
}

const ir::Member* single_member(const MapDraft& draft, const PairDraft& pair, Side side) {
  const std::vector<ir::Path>& paths = pair.rule.end(side).paths;
  const Vocabulary* vocabulary = draft.vocabulary(side);
  return paths.size() == 1 && vocabulary != nullptr ? &vocabulary->member(paths.front().member) : nullptr;
}

std::string end_text(const MapDraft& draft, const PairDraft& pair, Side side) {
  const ir::Member* member = single_member(draft, pair, side);
  if (member == nullptr) return written_text(draft.file(), span_of(end_at(*pair.written, side)));
  return std::string(draft.alias(side)) + "." + plain_path(*member);
}

}  // namespace dovetail::dsl
