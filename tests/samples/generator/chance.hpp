// A small generator of chance that gives the same numbers on every machine for the same seed.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace dovetail::samples {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 0x1234567U) {}

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  unsigned below(unsigned limit) { return static_cast<unsigned>(next() % limit); }  // limit > 0
  unsigned between(unsigned low, unsigned high) { return low + below(high - low + 1); }
  bool percent(unsigned of_hundred) { return below(100) < of_hundred; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(static_cast<unsigned>(from.size()))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace dovetail::samples
