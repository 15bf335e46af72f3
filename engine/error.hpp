// "The world failed": what a system, a file or a network answered instead of what was asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace dovetail {

struct Error {
  enum class Kind : std::uint8_t {
    transient,  // try again later
    data,       // the other end refuses this content, or sent content that cannot be read
    auth,       // credentials or privileges
    rate,       // too many calls; see retry_after
    deferred,   // not now, by the other end's own calendar (a locked payroll period)
    in_doubt,   // it may or may not have happened
    input,      // a file or argument that the person running us gave
  };
  Kind kind = Kind::transient;
  std::string what = {};   // a sentence for people, with place (file, line, URL without secrets)
  std::string field = {};  // the member path that the other end names; empty: none
  std::optional<std::chrono::milliseconds> retry_after = {};
};

template <typename T>
using Result = std::expected<T, Error>;

}  // namespace dovetail
