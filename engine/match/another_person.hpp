// Linked records that have become somebody else's: they carry the match key of another linked person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/match/key_join.hpp"
#include "engine/match/match.hpp"
#include "engine/match/match_key.hpp"

namespace dovetail {

// The provider's match key that was last agreed on, as MatchKeys makes it; nullopt: none, or only its hash is known.
std::optional<std::string> agreed_key(const ir::FieldProgram& match, const Link& link, const CheckContext& context);

// Another field, or several together, that links are proposed by tells the same on both sides: the record is still the
// person's, whatever its match key is.
bool is_recognised(const PlanInput& input, MatchKeys& hub, RecordIndex hub_record, MatchKeys& provider,
                   RecordIndex provider_record);

// What is said of it. `holder`: the hub id of the person whose key it is.
std::string another_persons_text(const ir::Program& program, std::string_view label, std::string_view provider_id,
                                 std::string_view holder);

// The same where that was so when the link was looked at before, and the other person has another key by now.
std::string still_disputed_text(const ir::Program& program, std::string_view label, std::string_view provider_id);

struct Swapped {
  // Whose record it is by the link, and by its key: indexes into the people. The same: nobody's any more.
  std::size_t person = 0, holder = 0;
};

// Looks for them while people are found by their keys. What it is made of must outlive it; people may be added.
class SwapSearch {
 public:
  SwapSearch(const PlanInput& input, const std::vector<Match>& people, const std::vector<bool>& hub_active);

  void take(const Holders& holders);

  // The key of a person who has left, or who has another one on both sides by now, is free to be given away; but what
  // was disputed before stays so until the record is the person's again, or its link is made anew. `keys` are those of
  // the hub and of the provider.
  std::vector<Swapped> find(const ir::FieldProgram& match, std::array<MatchKeys, 2>& keys) const;

 private:
  // A linked pair whose records do not carry the same key.
  struct Suspect {
    std::size_t person = 0;
    std::optional<std::size_t> holder;  // the linked, active person in the hub with the key of the provider's record
  };
  struct Judged {
    std::string now;
    std::optional<std::string> agreed;
    bool unexpected =
        false;  // neither what was agreed on nor what the hub says, and nothing else speaks for the person
  };
  bool was_disputed(const Match& person) const;
  bool comes_first(std::size_t person, std::size_t other) const;
  Judged judge(const Match& person, const ir::FieldProgram& match, std::array<MatchKeys, 2>& keys) const;

  const PlanInput& input_;
  const std::vector<Match>& people_;
  const std::vector<bool>& hub_active_;
  std::array<std::vector<std::uint32_t>, 2> linked_;  // by side and record: one more than the person's index; 0: nobody
  std::vector<Suspect> suspects_;
};

}  // namespace dovetail
