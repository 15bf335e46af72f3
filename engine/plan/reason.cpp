#include "engine/plan/reason.hpp"

#include <algorithm>
#include <array>

namespace dovetail {
namespace {

constexpr std::array<std::string_view, reason_count> names = {
#define DOVETAIL_REASON(id, text, sentence) text,
#include "engine/plan/reason.def"
#undef DOVETAIL_REASON
};

constexpr std::array<std::string_view, reason_count> sentences = {
#define DOVETAIL_REASON(id, text, sentence) sentence,
#include "engine/plan/reason.def"
#undef DOVETAIL_REASON
};

}  // namespace

std::string_view name(Reason reason) { return names[static_cast<std::size_t>(reason)]; }

std::string_view sentence(Reason reason) { return sentences[static_cast<std::size_t>(reason)]; }

std::optional<Reason> find_reason(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Reason>(found - names.begin());
}

Word word(Reason reason) {
  switch (reason) {
    case Reason::pending:
    case Reason::in_doubt:
    case Reason::deferred:
    case Reason::rate_limited:
      return Word::waiting;
    case Reason::source_invalid:
    case Reason::no_match_key:
    case Reason::ambiguous:
    case Reason::link_proposed:
    case Reason::no_shape:
    case Reason::required_missing:
    case Reason::conflict:
    case Reason::first_run:
    case Reason::drift:
    case Reason::uniqueness:
    case Reason::validation:
    case Reason::disputed:
    case Reason::provider_refused:
      return Word::needs_you;
    case Reason::blocked_unset:
    case Reason::blocked_update:
      return Word::not_allowed;
    case Reason::guarded:
    case Reason::quarantined:
      return Word::paused;
    default:
      return Word::done;
  }
}

std::string_view name(Word word) {
  constexpr std::array<std::string_view, 5> words = {"Done", "Waiting", "Needs you", "Not allowed by", "Paused"};
  return words[static_cast<std::size_t>(word)];
}

}  // namespace dovetail
