#include "dsl/check/pairs.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

std::string folded(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c != '_') out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

// The keys under which paths that differ in one letter only meet: the path without each of its letters in turn.
// Members that are told apart by a number (line1, line2) are meant to be alike.
std::vector<std::string> keys_of(const std::string& path) {
  const std::size_t last = path.rfind('.') + 1;
  std::vector<std::string> keys;
  if (path.size() - last < 5) return keys;
  for (std::size_t i = last; i < path.size(); ++i) {
    if (path[i] >= '0' && path[i] <= '9') continue;
    keys.push_back(path.substr(0, i) + "*" + path.substr(i + 1));
  }
  return keys;
}

struct Use {
  ir::MemberId member = ir::no_member;
  Span span;
};

class NearDuplicates {
 public:
  NearDuplicates(const MapDraft& draft, Side side, bool by_letter, Report& report)
      : draft_(draft), side_(side), by_letter_(by_letter), report_(report) {}

  void take(const PairDraft& pair) {
    for (const ir::Path& path : pair.rule.end(side_).paths) {
      const ir::Member& member = draft_.vocabulary(side_)->member(path.member);
      if (!seen_.emplace(path.member, true).second) continue;
      const Use use{path.member, span_of(end_at(*pair.written, side_))};
      if (meets(folded(member.path), use) || !by_letter_) continue;
      for (std::string& key : keys_of(member.path)) {
        if (meets(std::move(key), use)) break;
      }
    }
  }

 private:
  bool meets(std::string key, const Use& use) {
    const auto [first, is_new] = uses_.emplace(std::move(key), use);
    if (is_new || first->second.member == use.member) return false;
    const Vocabulary& vocabulary = *draft_.vocabulary(side_);
    report_.add(Diagnostic::of(DiagnosticId::near_duplicate_path, draft_.file(), use.span,
                               quoted(plain_path(vocabulary.member(use.member))) + " and " +
                                   quoted(plain_path(vocabulary.member(first->second.member))) +
                                   " differ by a letter only")
                    .with(draft_.label(first->second.span, "the other one"))
                    .helped("make sure that both are meant"));
    return true;
  }

  const MapDraft& draft_;
  Side side_;
  bool by_letter_;
  Report& report_;
  std::unordered_map<std::string, Use> uses_;
  std::unordered_map<ir::MemberId, bool> seen_;
};

}  // namespace

void lint_near_duplicate_path(const MapDraft& draft, Report& report) {
  std::size_t pairs = 0;
  for (const FieldDraft& field : draft.fields) {
    for (const ShapeDraft& shape : field.shapes) pairs += shape.pairs.size();
  }
  const bool by_letter = pairs <= 2000;  // the keys of a huge map would cost more than they tell
  for (const Side side : {Side::hub, Side::provider}) {
    if (draft.vocabulary(side) == nullptr) continue;
    NearDuplicates near(draft, side, by_letter, report);
    for (const FieldDraft& field : draft.fields) {
      for (const ShapeDraft& shape : field.shapes) {
        for (const PairDraft& pair : shape.pairs) {
          if (pair.known[static_cast<std::size_t>(side)]) near.take(pair);
        }
      }
    }
  }
}

}  // namespace dovetail::dsl
