// What one read says about one field of one record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dovetail {

enum class State : std::uint8_t {
  absent,   // this read did not cover the field: nothing may be concluded from it
  unset,    // the system positively says there is no value
  value,    // a value of the declared type, in its sent form
  masked,   // something is there, its content is withheld
  invalid,  // something is there that is not of the declared type; the raw text is kept
};

// A view: the text belongs to the snapshot, plan or caller that it came from.
struct Observation {
  State state = State::absent;
  std::string_view text;  // value: sent form; invalid: raw text; otherwise empty

  friend bool operator==(const Observation&, const Observation&) = default;
};

// The same, owning its text: for plans, bases, decisions and tests.
struct Value {
  State state = State::absent;
  std::string text;

  operator Observation() const { return {state, text}; }
  static Value of(Observation seen) { return {seen.state, std::string(seen.text)}; }
  friend bool operator==(const Value&, const Value&) = default;
};

// "absent", "unset", "value", "masked", "invalid".
std::string_view name(State state);

}  // namespace dovetail
