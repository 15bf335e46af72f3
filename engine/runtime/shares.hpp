// A plan taken apart by person, so that what became of one can be remembered without the others.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/plan/outcome.hpp"
#include "engine/store.hpp"

namespace dovetail {

// What a person's links become.
struct LinkChange {
  std::vector<StoredLink> put;  // id 0: new
  std::vector<LinkId> removed;
};

class Shares {
 public:
  // `known`: the stored links that `input.base.links` was made of, in the same order. All must outlive this.
  Shares(const Plan& plan, const PlanInput& input, const std::vector<StoredLink>& known);

  const std::vector<std::size_t>& operations_of(PersonIndex person) const;  // indexes, in their order
  std::vector<std::size_t> links_of(PersonIndex person) const;              // indexes into `known`
  // What `remember` says about this person; outcomes are those of the whole plan.
  LinkChange remembered(PersonIndex person, const Applied& applied) const;
  // The person's link as it will be if exactly these operations are done; of its base, the fields that they write, or
  // all of a record that they make; elements that they add as their writes name them. nullopt: the person has no link.
  std::optional<Link> intended(PersonIndex person, std::span<const std::size_t> operations) const;

 private:
  enum class Ends { done, intended };
  std::vector<Link> links_after(PersonIndex person, const std::vector<std::size_t>& own,
                                const std::vector<Outcome>& outcomes, Ends ends) const;
  PlanInput input_with(const Base& base) const;

  const Plan& plan_;
  const PlanInput& input_;
  const std::vector<StoredLink>& known_;
  std::map<PersonIndex, std::vector<std::size_t>> operations_;
  std::multimap<std::string_view, std::size_t> by_hub_, by_provider_;  // indexes into `known`
  std::vector<std::size_t> none_;
};

}  // namespace dovetail
