// The journal of one plan over the store: intents durable before their calls; ends, links, base, kept values and
// problems committed together, person by person.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/runtime/means.hpp"
#include "engine/runtime/write/journal.hpp"
#include "engine/runtime/write/shares.hpp"

namespace dovetail {

// The hub id, or, of somebody without one, the provider's.
using PersonId = std::pair<std::string, std::string>;
template <typename Of>
PersonId person_id(const Of& of) {
  return {of.hub_id, of.hub_id.empty() ? of.provider_id : std::string()};
}

class Ledger : public Journal {
 public:
  // What is written down, and for whom. All must outlive the ledger.
  struct Work {
    const Means& means;
    const Connection& connection;
    RunId run = no_run;
    const Plan& plan;
    const PlanInput& input;
    const std::vector<StoredLink>& known;     // what input.base.links was made of
    std::vector<std::string> held{};          // labels that are held for reasons reported elsewhere
    bool is_whole = true;                     // the plan looked at all of each person: what it does not hold is solved
    std::set<PersonId> in_doubt{};            // nothing is sent for them: an earlier write cannot be found out about
    std::string how_to_go_on{};               // of a run: what is said where it stops before its end
    std::function<bool()> is_told_to_stop{};  // asked before each person's first call
  };
  // `on_settled`: called when a person's last call is over; empty: the caller commits.
  explicit Ledger(Work work, std::function<void(PersonIndex, const Applied&)> on_settled = {});

  std::expected<IntentId, Outcome> intend(std::span<const std::size_t> operations) override;
  void ended(IntentId intent, std::span<const std::size_t> operations, const Applied& applied) override;
  bool waits_for_replica(unsigned tried) override;
  void settle(PersonIndex person, const Applied& applied) override;

  // No call any more, as where what became of somebody could not be written down. By the thread that settles.
  void stop(const Error& why) { stopped_ = why; }
  // Why no call is made any more. A run may not go on as it began: somebody has paused its connection, or let it only
  // observe, or removed it, or abandoned the run, or asked for the stop. Whose calls were made by then may be settled
  // all the same; nullopt: it goes on.
  const std::optional<Error>& stopped() const { return stopped_; }
  // Some of the person's calls were not made because of that: what was made of them is found out by whoever resumes.
  bool is_cut_short(PersonIndex person, const Applied& applied) const;
  // The last commit() remembered nothing: the person was erased while the run was being carried out.
  bool is_erased(PersonIndex person) const { return erased_.contains(person); }

  // A call of an earlier attempt, which is found out about: its end is committed with the person. `operations`: those
  // of it that are done.
  void adopt(PersonIndex person, std::vector<std::size_t> operations, Instant begun, IntentEnd end);

  // Everything that became of the person. `next_try`: when what failed is tried again by itself.
  Result<void> commit(Transaction& transaction, PersonIndex person, const Applied& applied,
                      std::optional<Instant> next_try);

  // The same of people who had no call, all together. Returns those whose links are left alone: of them nothing is
  // written. `change`: changes_of() them.
  Result<std::vector<PersonIndex>> commit_quiet(Transaction& transaction, const std::vector<PersonIndex>& people,
                                                const Applied& applied, const LinkChange& change);
  // What commit_quiet() makes of their links; needs no transaction, and may be called while another thread commits
  // others.
  LinkChange changes_of(std::span<const PersonIndex> people, const Applied& applied) const {
    return shares_.remembered(people, applied);
  }

  // Why the last commit of the person left their links as they are: they are not what the plan was made of any more, or
  // the person has left the scope. nullptr: it did not.
  const Outcome* left_alone(PersonIndex person) const {
    const auto found = left_alone_.find(person);
    return found == left_alone_.end() ? nullptr : &found->second;
  }

  // Somebody else was with the person before commit() could be: what the calls have made of the fields is remembered
  // in the link as it is now, so that what differs from it goes out again.
  Result<void> remember_late(Transaction& transaction, PersonIndex person, const Applied& applied) const;

  // Whether the person's links are still what the plan was made of.
  Result<bool> is_current(Transaction& transaction, PersonIndex person) const;
  // Whether they are what commit() would make of them: it was here before.
  Result<bool> is_remembered(Transaction& transaction, PersonIndex person, const Applied& applied) const;
  std::span<const std::uint32_t> operations_of(PersonIndex person) const { return shares_.operations_of(person); }
  const Plan& plan() const { return work_.plan; }
  // Nothing of the person failed, moved or is in doubt.
  bool went(PersonIndex person, const Applied& applied) const;

  // A write of the person may or may not have happened: its intent stays open, to be resolved before anything else.
  bool in_doubt(PersonIndex person) const;

 private:
  struct Call {
    PersonIndex person = 0;
    std::vector<std::size_t> operations;
    Instant begun{};
    std::optional<IntentEnd> end;
  };
  bool has_left(const std::optional<Connection>& now, PersonIndex person) const;
  bool makes_hub_record(PersonIndex person) const;
  Result<std::optional<Outcome>> find_change(Transaction& transaction, PersonIndex person) const;
  std::optional<Outcome> refuse_call(PersonIndex person);
  std::optional<Outcome> stopped_outcome() const;
  Error stop_of(std::string why) const;
  Result<std::optional<Error>> find_stop(Transaction& transaction, PersonIndex person) const;
  Result<bool> is_erased_since(Transaction& transaction, PersonIndex person) const;
  Intent intent_of(std::span<const std::size_t> operations) const;
  Result<void> remember(Transaction& transaction, PersonIndex person, const Applied& applied);
  Result<void> look_again(Transaction& transaction, PersonIndex person, const Applied& applied) const;
  bool makes_record(const Operation& operation) const;
  Result<void> doubt_added(Transaction& transaction, PersonIndex person, const Applied& applied) const;
  Result<void> tell_others(Transaction& transaction, PersonIndex person);
  Result<void> count_flips(Transaction& transaction, const Call& call, const Applied& applied) const;
  Result<void> keep_replaced(Transaction& transaction, IntentId intent, const Call& call, const Applied& applied) const;
  Result<std::optional<Outcome>> reserve(Transaction& transaction, std::span<const std::size_t> operations,
                                         std::array<std::optional<Instant>, 5>& reserved) const;
  std::array<bool, 5> kinds_of(std::span<const std::size_t> operations) const;
  Result<void> count_guarded(Transaction& transaction, PersonIndex person, const Applied& applied) const;
  Result<std::vector<PersonIndex>> find_moved(Transaction& transaction, const std::vector<PersonIndex>& people) const;
  Result<std::vector<PersonIndex>> leave_alone(Transaction& transaction, const std::vector<PersonIndex>& people);
  // For the error log.
  struct Findings {
    std::vector<Problem> problems;
    std::vector<StillWrong> still_wrong;  // of those whose other problems are solved
    bool is_guarded = false;
  };
  void gather(PersonIndex person, const Applied& applied, std::optional<Instant> next_try, bool may_solve,
              Findings& into) const;
  Result<void> tell(Transaction& transaction, const Findings& found) const;
  void keep_differing(PersonIndex person, std::vector<std::string>& still) const;
  void keep_unread(PersonIndex person, std::vector<std::string>& still) const;
  bool is_gone(const Person& person) const;
  Problem problem_of_gone(const Person& person) const;
  const std::string& label(FieldIndex field) const;

  Work work_;
  Shares shares_;
  std::function<void(PersonIndex, const Applied&)> on_settled_;
  std::map<IntentId, Call> calls_;
  std::optional<Error> stopped_;
  std::map<PersonIndex, Outcome> left_alone_;
  std::set<PersonIndex> called_, erased_;
  std::chrono::milliseconds waited_{};               // for replicas, of all writes together
  std::optional<std::vector<ConnectionId>> beside_;  // connections to the same hub; nullopt: not asked for yet
  // By Guard::Kind: when this push counted its person ahead of its calls.
  std::array<std::optional<Instant>, 5> reserved_{};
};

}  // namespace dovetail
