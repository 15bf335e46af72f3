// What became of the changes of one update that took several calls.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/system.hpp"
#include "providers/toolkit/codec.hpp"

namespace dovetail::providers {

class WriteReport {
 public:
  explicit WriteReport(std::size_t changes) : outcomes_(changes) {}

  // Of these changes; what has been said about one before is overwritten.
  void done(std::span<const std::size_t> changes);
  void refused(std::span<const std::size_t> changes, const std::string& why);
  void pending(std::size_t change, const std::string& why);
  // By the Error's kind: data, auth and deferred are refusals; everything else leaves the changes' fate unknown.
  void failed(std::span<const std::size_t> changes, const Error& error);
  // Done, or failed by that Error.
  void settle(std::span<const std::size_t> changes, const Result<void>& written);
  void now(std::size_t change, Value value) { outcomes_[change].now = std::move(value); }

  const ChangeOutcome& operator[](std::size_t change) const { return outcomes_[change]; }

  // The first Error where nothing was done and no call may have had an effect; else the outcomes.
  Result<std::vector<ChangeOutcome>> finish() &&;
  std::vector<ChangeOutcome> outcomes() && { return std::move(outcomes_); }

 private:
  std::vector<ChangeOutcome> outcomes_;
  std::optional<Error> first_error_;
  bool touched_ = false;  // something was, or may have been, written
};

// The changes of these indices.
std::vector<Change> chosen(const std::vector<Change>& changes, std::span<const std::size_t> indices);

// The indices of the changes for which `is_first` holds, and of the others: what goes by one call, and by another.
struct TwoParts {
  std::vector<std::size_t> first, others;
};
TwoParts two_parts(const std::vector<Change>& changes, const std::function<bool(const Change&)>& is_first);

// Reads the changes' values back out of a record that the system answered with. Elements that this write added, and
// values that the answer does not cover, are left out. A clear after which there still is a value was refused.
void report_values(const ir::Schema& schema, const Snapshot& answered, std::span<const Change> changes,
                   WriteReport& report);

// The same out of one JSON object. What cannot be read says nothing.
void report_answer(const Codec& codec, const ir::Schema& schema, const std::string& operation, std::string_view object,
                   std::span<const Change> changes, WriteReport& report);

}  // namespace dovetail::providers
