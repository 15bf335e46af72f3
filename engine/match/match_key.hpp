// The canonical keys that people are found by.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "engine/compare/image.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// Makes the keys of one side's records, in the provider's terms. Reused from record to record.
class MatchKeys {
 public:
  MatchKeys(const PlanInput& input, ir::Side side);

  // Appends the record's key by one field. False: it has no usable value of it, and nothing is appended. `folded`:
  // names as name_equal takes them.
  bool append(const ir::FieldProgram& field, RecordIndex record, bool folded, std::string& key);
  // The same; nullopt: no usable value.
  std::optional<std::string> key(const ir::FieldProgram& field, RecordIndex record);
  // By several fields together; nullopt unless each has one.
  std::optional<std::string> key(std::span<const std::uint32_t> fields, RecordIndex record);
  // Of a value as a person types it; nullopt: not of the type, or the field takes several members.
  std::optional<std::string> key_of_text(const ir::FieldProgram& field, std::string_view text) const;

 private:
  const PlanInput& input_;
  ir::Side side_;
  RecordView view_;
  Sight sight_;
  Image image_;
};

}  // namespace dovetail
