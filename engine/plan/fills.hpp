// Values that one system demands and the other lacks: where they come from, and what must be asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/compare/comparer.hpp"
#include "engine/plan/chooser.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// What a fill comes to for one person. Neither: its sources give nothing, and it asks nobody.
struct Filled {
  std::optional<Value> value;
  const ir::FillSource::Ask* ask = nullptr;  // must be answered first
  std::string suggestion;
};

Filled resolve_fill(const PlanInput& input, const Chooser& chooser, const Person& person, const ir::FillProgram& fill,
                    const Place& place);

// The connection's setting, or the rule file's default; nullopt: neither.
std::optional<std::string> setting_value(const PlanInput& input, std::uint32_t setting);
bool is_on(const PlanInput& input, std::uint32_t setting);
bool all_on(const PlanInput& input, const std::vector<std::uint32_t>& settings);

// Appends what the fills add to writes on `target`, and the questions that they leave open. `on_create` of a record
// (each: nullopt) or of an element of a list rule; else `whenever` a member of `writes` is written.
void add_fills(const PlanInput& input, const Chooser& chooser, const Person& person, const Place& place,
               ir::Side target, std::optional<std::uint32_t> each, bool on_create, std::vector<Write>& writes,
               std::vector<Question>& open);

}  // namespace dovetail
