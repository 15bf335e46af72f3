// Lives of drawn people under a rule set: small populations as the schemas have them, edited, planned, decided on,
// written and remembered, round after round. What must hold of every plan is checked on the way.
#pragma once

#include <cstddef>
#include <random>
#include <span>
#include <string>

#include "engine/ir/rules.hpp"
#include "engine/values/reference_tables.hpp"

namespace dovetail::test {

// Where choices come from: bytes of a fuzzer, or random numbers.
class Draw {
 public:
  virtual ~Draw() = default;
  virtual std::size_t below(std::size_t limit) = 0;  // `limit` is not 0
  bool one_in(std::size_t count) { return below(count) == count - 1; }
};

// Bytes, and zeros when there are no more.
class DrawnFromBytes : public Draw {
 public:
  explicit DrawnFromBytes(std::span<const unsigned char> bytes) : bytes_(bytes) {}
  std::size_t below(std::size_t limit) override {
    std::size_t drawn = 0;
    for (std::size_t wide = limit; wide > 1; wide >>= 8U) drawn = drawn * 256 + next();
    return drawn % limit;
  }

 private:
  std::size_t next() { return at_ < bytes_.size() ? bytes_[at_++] : 0; }
  std::span<const unsigned char> bytes_;
  std::size_t at_ = 0;
};

class DrawnAtRandom : public Draw {
 public:
  explicit DrawnAtRandom(unsigned seed) : chance_(seed) {}
  std::size_t below(std::size_t limit) override { return chance_() % limit; }

 private:
  std::mt19937 chance_;
};

// Lives one life. Empty, or what did not hold, and where.
std::string live(const ir::RuleSet& rules, const ReferenceTables& tables, Draw& draw);

// Plans `people` drawn people, before and after a run, in other orders and with other numbers of threads. Empty, or
// what made another plan.
std::string differing_plan(const ir::RuleSet& rules, const ReferenceTables& tables, Draw& draw, std::size_t people);

}  // namespace dovetail::test
