// What an interrupted pass of a manual run had done by then: nothing of it is done twice, and all of it is in its
// report.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/runtime/write/apply.hpp"
#include "engine/runtime/write/ledger.hpp"

namespace dovetail {

// The document that remembers what became of one person's operations, committed with their base.
std::string settled_document(std::uint64_t pass, PersonIndex person);
std::string pack_outcomes(const std::vector<const Outcome*>& outcomes);

class Resumption {
 public:
  // `plan` is exactly what was being carried out. All must outlive this.
  Resumption(const Means& means, Opened& opened, RunId run, const Plan& plan);

  // Reads what was settled, and the journal since `begun`, and reads back what is in doubt, waiting for as long as a
  // replica may lag. An Error: the store or a system did not answer; nothing was changed. One record that cannot be
  // read is none: see unread().
  Result<void> look(std::uint64_t pass, Instant begun);

  const Earlier& earlier() const { return earlier_; }  // after look()
  // The person's links, base and outcomes are committed.
  bool is_settled(PersonIndex person) const { return settled_.contains(person); }
  // Calls of which nobody can tell what became of them, and why: nothing is to be sent for their people.
  const std::vector<std::pair<Intent, Error>>& unread() const { return unread_; }
  // The ends of the calls that were in doubt are committed with their people.
  void hand_over(Ledger& ledger) const;

 private:
  struct Doubt {
    Intent intent;
    PersonIndex person = 0;
    std::vector<std::size_t> operations;
    std::vector<std::size_t> done;  // of these
    std::optional<IntentEnd> end;   // nullopt: too early to tell
  };

  Result<std::vector<JournalLine>> load(std::uint64_t pass);
  void take_ended(const JournalLine& line);
  std::vector<std::size_t> operations_of(const Intent& intent) const;
  bool makes_record(const Operation& operation) const;
  bool may_lag(const Intent& intent) const;
  Result<void> look_at(Doubt& doubt);
  Result<void> look_for_record(Doubt& doubt);
  Result<bool> is_made(const Doubt& doubt, const std::string& created);
  Result<void> look_at_record(Doubt& doubt);
  bool is_done(std::size_t operation, const Snapshot& fresh) const;
  bool is_value(const Snapshot& fresh, std::size_t operation, const Write& write) const;
  bool is_added(const Snapshot& fresh, const Operation& operation) const;
  void know(std::size_t operation, std::string created_id, const Snapshot* fresh);

  const Means& means_;
  Opened& opened_;
  RunId run_;
  const Plan& plan_;
  std::map<PersonIndex, std::vector<std::size_t>> by_person_;  // operations
  Earlier earlier_;
  std::set<PersonIndex> settled_;
  std::vector<Doubt> doubts_;
  std::vector<std::pair<Intent, Error>> unread_;
};

}  // namespace dovetail
