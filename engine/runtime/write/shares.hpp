// A plan taken apart by person, so that what became of one can be remembered without the others.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
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

  std::span<const std::uint32_t> operations_of(PersonIndex person) const;  // indexes, in their order
  std::vector<std::size_t> links_of(PersonIndex person) const;             // indexes into `known`
  // What `remember` says about these people; outcomes are those of the whole plan. Of many at once it is the same as of
  // one after the other, and takes a fraction of the time.
  LinkChange remembered(std::span<const PersonIndex> people, const Applied& applied) const;
  LinkChange remembered(PersonIndex person, const Applied& applied) const { return remembered({&person, 1}, applied); }
  // The person's link as it will be if exactly these operations are done; of its base, the fields that they write, or
  // all of a record that they make; elements that they add as their writes name them. nullopt: the person has no link.
  std::optional<Link> intended(PersonIndex person, std::span<const std::size_t> operations) const;

 private:
  enum class Ends { done, intended };
  // Where a text's hash comes first, so that millions of ids take eight bytes each.
  class Places {
   public:
    void add(std::string_view id, std::size_t index);
    void sort();
    // Indexes of those whose ids have the same hash, rising.
    std::span<const std::pair<std::uint32_t, std::uint32_t>> find(std::string_view id) const;

   private:
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places_;  // hash, index
  };
  // People with the links that are theirs, and what became of their operations.
  struct Share {
    std::vector<PersonIndex> people;
    std::vector<std::size_t> own;  // links, of each person in turn
    std::vector<Outcome> outcomes;
  };
  std::vector<Link> links_after(const Share& share, Ends ends) const;
  void compare(std::span<const std::size_t> own, std::vector<Link> next, LinkChange& change) const;
  PlanInput input_with(const Base& base) const;

  const Plan& plan_;
  const PlanInput& input_;
  const std::vector<StoredLink>& known_;
  std::vector<std::uint32_t> first_operation_, operations_;  // by person: where theirs begin
  Places by_hub_, by_provider_;                              // of `known`
};

}  // namespace dovetail
