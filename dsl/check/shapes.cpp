// Shapes of a field that nothing tells apart where the field is read from.
#include <algorithm>
#include <map>
#include <set>

#include "dsl/check/checks.hpp"
#include "dsl/check/pairs.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::Side;

// A member, and which element of its list.
using Target = std::pair<MemberId, std::vector<std::pair<MemberId, std::string>>>;

Target target_of(const ir::Path& path) {
  Target target{path.member, path.selector.where};
  std::ranges::sort(target.second);
  target.second.emplace_back(static_cast<MemberId>(path.selector.kind), "");
  return target;
}

// How a shape shows on the side it is read from.
struct Sign {
  std::set<Target> members;                       // a value in one of them is needed
  std::map<Target, std::string> conditions;       // literals
  std::map<Target, std::set<std::string>> tests;  // what a value must be, by the names of types and transforms
};

std::string_view type_of(const ir::Member* member) {
  return member != nullptr && member->type != nullptr ? member->type->name : std::string_view();
}

void add_pair(const MapDraft& draft, const PairDraft& pair, Side from, Sign& sign) {
  const std::vector<ir::Path>& paths = pair.rule.end(from).paths;
  if (const std::optional<Value>& literal = pair.rule.end(other(from)).literal; literal && !paths.empty()) {
    sign.conditions[target_of(paths.front())] = literal->text;
    return;
  }
  for (const ir::Path& path : paths) sign.members.insert(target_of(path));
  if (paths.empty()) return;
  std::set<std::string>& tests = sign.tests[target_of(paths.front())];
  for (const ir::Clause& clause : pair.rule.clauses) {
    if (clause.kind == ir::Clause::Kind::valid) tests.emplace(clause.type->name);
  }
  for (const ir::TransformUse& use : pair.rule.transforms) tests.emplace(use.transform->name);
  const std::string_view received = type_of(single_member(draft, pair, other(from)));
  if (!received.empty() && received != "text" && received != type_of(single_member(draft, pair, from))) {
    tests.emplace(received);
  }
}

Sign sign_of(const MapDraft& draft, const ShapeDraft& shape, Side from) {
  Sign sign;
  for (const PairDraft& pair : shape.pairs) {
    if (ir::flows_to(pair.rule.direction, other(from))) add_pair(draft, pair, from, sign);
  }
  return sign;
}

// True if a value of the later shape is always taken for the earlier.
bool hides(const Sign& earlier, const Sign& later) {
  for (const auto& [member, value] : earlier.conditions) {
    const auto same = later.conditions.find(member);
    if (same == later.conditions.end() || same->second != value) return false;
  }
  for (const Target& member : later.members) {
    if (!earlier.members.contains(member)) return false;
  }
  if (later.members.empty() && earlier.conditions.empty() && !later.conditions.empty()) return false;
  for (const auto& [member, tests] : earlier.tests) {
    if (tests.empty()) continue;
    const auto same = later.tests.find(member);
    if (same == later.tests.end() || same->second != tests) return false;
  }
  return true;
}

void check_field(const MapDraft& draft, const FieldDraft& field, Report& report) {
  for (const Side from : {Side::provider, Side::hub}) {
    std::vector<Sign> signs;
    for (const ShapeDraft& shape : field.shapes) signs.push_back(sign_of(draft, shape, from));
    for (std::size_t later = 1; later < signs.size(); ++later) {
      if (signs[later].members.empty() && signs[later].conditions.empty()) continue;  // is not read from there
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        const bool is_read = !signs[earlier].members.empty() || !signs[earlier].conditions.empty();
        if (!is_read || !hides(signs[earlier], signs[later])) continue;
        report.add(Diagnostic::of(DiagnosticId::undistinguishable_shapes, draft.file(),
                                  field.shapes[later].written->name.span,
                                  "nothing in " + quoted(draft.alias(from)) + " tells shape \"" +
                                      std::string(field.shapes[later].written->name.text) + "\" from \"" +
                                      std::string(field.shapes[earlier].written->name.text) + "\"")
                       .labelled("is never taken")
                       .with(draft.label(field.shapes[earlier].written->name.span, "is taken first"))
                       .helped("give one of them a literal, a member of its own, or a `valid` clause"));
        return;
      }
    }
  }
}

}  // namespace

bool hides(const MapDraft& draft, const ShapeDraft& earlier, const ShapeDraft& later, Side from) {
  const Sign first = sign_of(draft, earlier, from);
  const Sign second = sign_of(draft, later, from);
  const bool are_read =
      (!first.members.empty() || !first.conditions.empty()) && (!second.members.empty() || !second.conditions.empty());
  return are_read && hides(first, second);
}

void check_shapes(const MapDraft& draft, Report& report) {
  for (const FieldDraft& field : draft.fields) {
    if (field.shapes.size() > 1 && field.sound) check_field(draft, field, report);
  }
}

}  // namespace dovetail::dsl
