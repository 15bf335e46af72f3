#include "dsl/lint/tested_members.hpp"

#include "dsl/check/paths.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

// With everything in it.
void add(const Vocabulary& vocabulary, ir::MemberId member, std::unordered_set<ir::MemberId>& set) {
  if (!set.insert(member).second || vocabulary.member(member).kind == ir::MemberKind::scalar) return;
  for (const ir::MemberId inner : vocabulary.children(member)) add(vocabulary, inner, set);
}

class Collection {
 public:
  explicit Collection(const MapDraft& draft) : draft_(draft) {}

  TestedMembers run() {
    for (const ast::Item& item : draft_.unit->tree.items) {
      const auto* test = std::get_if<ast::Test>(&item);
      if (test == nullptr) continue;
      for (const auto& one : test->items) {
        if (const auto* given = std::get_if<ast::Given>(&one)) take(*given);
        if (const auto* expect = std::get_if<ast::Expect>(&one)) take(*expect);
      }
    }
    return std::move(found_);
  }

 private:
  void take(const ast::Given& given) {
    if (given.kind != ast::Given::Kind::side) return;
    for (const ast::Assignment& assignment : given.assignments) add(given.subject, assignment.path, found_.named);
  }

  void take(const ast::Expect& expect) {
    using Kind = ast::Expect::Kind;
    add(expect.path.side, expect.path.path, found_.named);
    const bool clears = expect.kind == Kind::clear || expect.kind == Kind::blocked_unset;
    if (clears) add(expect.path.side, expect.path.path, found_.cleared);
  }

  void add(const ast::Name& name, const ast::Path& path, MemberSets& sets) {
    for (const Side side : {Side::hub, Side::provider}) {
      if (draft_.alias(side) != name.text) continue;
      const auto found = find_path(draft_, {side, ir::no_member, true}, path, silent_);
      if (!found) continue;
      dsl::add(*draft_.vocabulary(side), found->path.member, sets[static_cast<std::size_t>(side)]);
    }
  }

  const MapDraft& draft_;
  std::vector<Diagnostic> said_;  // again what has been reported
  Report silent_{said_};
  TestedMembers found_;
};

}  // namespace

TestedMembers tested_members(const MapDraft& draft) { return Collection(draft).run(); }

}  // namespace dovetail::dsl
