// A plan as a list that a person reads.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/api/finished.hpp"
#include "engine/api/people.hpp"
#include "engine/api/plan_json.hpp"
#include "engine/plan/plan.hpp"
#include "tools/dovetail/options.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {

// Which entries of the plan are listed.
class Selection {
 public:
  // Error: a filter names a kind, field or person that does not exist.
  static Result<Selection> of(const PlanInput& input, const Plan& plan, const Options& options);
  // Of a plan that decides about such findings only, one by one: what is decided by `decisions` is listed, whatever
  // kind it is of by now.
  static Result<Selection> of_narrowed(const PlanInput& input, const Plan& plan, const Decisions& decisions,
                                       const Options& options);
  bool contains(PersonIndex person, const Entry& entry) const;
  // The same with what is settled or was shown before, which may not be listed.
  bool is_about(PersonIndex person, const Entry& entry) const;
  // Whether the filter lets this person pass, of the plan that it was made for or one of the same people.
  bool is_of_person(PersonIndex person) const {
    return people_.empty() || (person < people_.size() && people_[person]);
  }
  bool narrows() const { return narrows_; }
  // For plan_json; views this.
  std::function<bool(PersonIndex, const Entry&)> wanted() const {
    return [this](PersonIndex person, const Entry& entry) { return contains(person, entry); };
  }

 private:
  bool is_decided(PersonIndex person, const Entry& entry) const;
  std::vector<bool> kinds_, fields_, people_;  // empty: all
  bool known_ = false;                         // standing differences, too
  bool narrows_ = false;
  // What the narrowed decisions are about: person, field, and the element's two ids.
  std::set<std::tuple<PersonIndex, FieldIndex, std::string, std::string>> decided_;
};

// The plan writes something, or somebody has to look at it: what the exit code tells. What is blocked, left or known
// needs nobody.
bool has_something_to_do(const Plan& plan);

// The value that a list element is matched by, else its id; empty: no element.
std::string element_title(const PlanInput& input, const Person& person, FieldIndex field,
                          const std::string& hub_element, const std::string& provider_element);
std::string field_title(const PlanInput& input, const Person& person, const Entry& entry);
std::string entry_text(const PlanInput& input, const Person& person, const Entry& entry, const Palette& paint);
// To standard output, piece by piece: as a whole it may be larger than the plan.
void print_plan(const PlanInput& input, const Plan& plan, const Selection& selection, const Options& options,
                const Palette& paint);
// The numbers are the whole plan's; what comes besides and what is asked, of what is listed. `writes` is the title of
// how much is to be written.
std::string totals_text(const PlanInput& input, const Plan& plan, const Selection& selection, const Palette& paint,
                        std::string_view writes = "writes");

// The parts of one side, joined; "–" for none.
std::string parts_text(const PlanInput& input, ir::Side side, std::span<const PartValue> parts, bool secret);
// "rules/netvisor.map:77"; empty: no rule.
std::string place_text(const ir::Origin& origin);

}  // namespace dovetail::tools
