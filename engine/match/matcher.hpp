// The making of matches: links that are known, then the match key, then everybody who is left.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/match/another_person.hpp"
#include "engine/match/key_join.hpp"
#include "engine/match/link_state.hpp"
#include "engine/match/match.hpp"
#include "engine/match/match_key.hpp"

namespace dovetail {

inline constexpr std::int64_t no_link = -1;  // Match::link

// The record's id; empty: it has none.
std::string_view id_of(const PlanInput& input, ir::Side side, RecordIndex record);
// The person's id on one side: the record's, else as the link remembers it; empty: none.
std::string_view id_of(const PlanInput& input, ir::Side side, const Match& match);

// One matching of two snapshots.
class Matcher {
 public:
  explicit Matcher(const PlanInput& input);
  Matched match();

 private:
  // What is known of a person while they are judged.
  struct Found {
    Match match;
    std::string evidence, why;
  };

  const Snapshot& records(ir::Side side) const { return side == ir::Side::hub ? input_.hub : input_.provider; }
  std::string_view id_of(ir::Side side, RecordIndex record) const { return dovetail::id_of(input_, side, record); }
  std::string_view hub_id(const Match& match) const { return dovetail::id_of(input_, ir::Side::hub, match); }
  bool in_scope(std::string_view hub_id) const;
  bool is_free(ir::Side side, RecordIndex record) const { return !taken_[ir::at(side)][record]; }
  static Match pair_of(RecordIndex hub, RecordIndex provider);
  void add(Found found);
  // Few are distinct: they say why, and seldom of whom.
  std::uint32_t number_of(std::string&& text);

  // Linked already: known_links.cpp.
  void by_links();
  // Linked to a record that is surely gone.
  static bool is_widowed(const Match& person);
  // The person whose link leads from this record to one that is gone; nullptr: no such.
  Match* widowed(ir::Side side, RecordIndex record);
  LinkSight sight_of(const Match& person) const;
  // Two records that a person says are one.
  void by_decisions();
  // True: at least one of the two was linked to a record that is gone, and now is linked to this one.
  bool relink(RecordIndex hub, RecordIndex provider, std::string_view hub_id);
  RecordIndex record_with(ir::Side side, std::string_view id) const;
  // A person has said that these two are not one.
  bool are_different(RecordIndex hub, RecordIndex provider) const;

  // Found by the match key: first_links.cpp.
  void by_key(const ir::FieldProgram& field);
  // Nothing goes between records that seem to have changed places; both links stay.
  void dispute(const std::vector<Swapped>& swapped, const std::string& label);
  // Links two records that alone carry a key; several are disputed, and the active pair is proposed.
  void link_holders(const Holders& holders, const std::string& label);
  // The link of a creation that this record is, or that it waits for; no_link: none.
  std::int64_t pending_link(const Match& person) const;
  Found first_link(RecordIndex hub, RecordIndex provider, const std::string& label) const;
  // Both carry the key, and a person has said that they are two: neither is added to the other system, but by a
  // decision about just that one.
  void keep_apart(RecordIndex hub, RecordIndex provider, const std::string& label);
  // Both carry the key, and one of them is linked to a record that is gone: entered again under another id, perhaps.
  bool propose_successor(RecordIndex hub, RecordIndex provider, const std::string& label);
  // Both carry the key, and the hub's is left out: so is the other.
  bool join_excluded(const Holders& holders);
  // One record alone, or one on each side of which one is linked to somebody else.
  void dispute_taken(const Holders& holders, const std::vector<RecordIndex>& hubs,
                     const std::vector<RecordIndex>& providers, const std::string& label);
  void dispute(const Holders& holders, const std::vector<RecordIndex>& hubs, const std::vector<RecordIndex>& providers,
               const std::string& label);
  RecordIndex only_active(ir::Side side, const std::vector<RecordIndex>& candidates) const;
  std::vector<RecordIndex> free_of(ir::Side side, const std::vector<RecordIndex>& all) const;

  // Whoever is left: unlinked_people.cpp.
  struct Double {
    std::size_t proposal = 0;
    RecordIndex record = no_record;  // of the other side
  };
  void propose();
  void propose_by(const std::vector<std::uint32_t>& fields);
  // Those of them whom nobody said to be none of the other side's.
  Holders candidates(const Holders& holders) const;
  void the_rest();
  // Records of the other side that `people` may be, and that are taken: by a link, or in a dispute; or that have ended
  // in the hub. Fills doubles_.
  void find_doubles(ir::Side side, std::vector<RecordIndex> people);
  // The same by one proposal. Takes whom it found one for out of `people`.
  void find_doubles_by(std::size_t proposal, ir::Side side, std::vector<RecordIndex>& people);
  // What is said of that; empty: there is none.
  std::string double_text(ir::Side side, RecordIndex record) const;
  std::string labels(const std::vector<std::uint32_t>& fields) const;
  // Why somebody who exists on one side only is not offered for creation; unlinked: is offered.
  Reason alone(ir::Side side, RecordIndex record, Match& person) const;

  // The order of people: match.cpp.
  // By hub id, those without one last; then by provider id, then by link.
  Matched sorted();
  // As a number that orders as the letters do; no id comes last.
  static std::uint64_t first_letters(std::string_view id);
  bool comes_before(const Match& a, const Match& b) const;

  const PlanInput& input_;
  std::array<MatchKeys, 2> keys_;
  std::array<bool, 2> complete_{};
  std::array<std::vector<bool>, 2> taken_, active_, has_key_;
  std::set<std::string> left_;                                   // "h" or "p", and the id
  std::set<std::pair<std::string, std::string>> not_the_same_;   // hub and provider ids
  std::map<std::string, std::int64_t> pending_;                  // the same, and the index of the link
  std::map<std::string, std::int64_t, std::less<>> exclusions_;  // by hub id: the link that only excludes
  std::unordered_map<RecordIndex, std::size_t> excluded_;  // who is out and not linked: an index into found_, by hub
  std::array<std::unordered_map<RecordIndex, std::size_t>, 2> widowed_;  // an index into found_, by record
  std::array<std::map<RecordIndex, std::string>, 2> apart_;              // why they are not linked by their key
  std::array<std::vector<bool>, 2> found_so_far_;  // taken before the rest was: who is left over is nobody's double
  std::array<std::unordered_map<RecordIndex, Double>, 2> doubles_;  // by side and record
  std::vector<Match> found_;
  std::unordered_map<std::string, std::size_t> word_numbers_;  // in Matched::words
  Matched result_;
};

}  // namespace dovetail
