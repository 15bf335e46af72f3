// Reason codes: for every field of every person exactly one, for what happens and for what does not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dovetail {

enum class Reason : std::uint8_t {
#define DOVETAIL_REASON(id, text, sentence) id,
#include "engine/plan/reason.def"
#undef DOVETAIL_REASON
};

inline constexpr std::size_t reason_count = 0
#define DOVETAIL_REASON(id, text, sentence) +1
#include "engine/plan/reason.def"
#undef DOVETAIL_REASON
    ;

std::string_view name(Reason reason);                      // "blocked-unset"
std::string_view sentence(Reason reason);                  // for people; lower case, no full stop
std::optional<Reason> find_reason(std::string_view name);  // nullopt: there is no such code

// What administrators read instead of a reason code.
enum class Word : std::uint8_t { done, waiting, needs_you, not_allowed, paused };
Word word(Reason reason);
std::string_view name(Word word);  // "Done", "Waiting", "Needs you", "Not allowed by", "Paused"

}  // namespace dovetail
