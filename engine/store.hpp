// The port to what is remembered durably: one implementation for SQLite and PostgreSQL (engine/store).
//
// All access is by transactions. Store::write is all or nothing, and durable when it returns; writes that wait at the
// same time may be committed together. Store::read sees one state and changes nothing. The function may be called
// again after a conflict or a lost connection, so it must have no effects but on the transaction and what it assigns.
// Two writes may overlap: what must not have changed since it was read is guarded by a version, a fence or a lease.
// An Error of the function, or of the store, rolls everything back. Kinds: transient (locked, connection lost, disk
// full: `what` says what to do), input (no such database, wrong key, newer version), data (corrupt).
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base.hpp"
#include "engine/durable/connection.hpp"
#include "engine/durable/intent.hpp"
#include "engine/durable/lane.hpp"
#include "engine/durable/notification.hpp"
#include "engine/durable/problem.hpp"
#include "engine/durable/run.hpp"
#include "engine/durable/stored_rules.hpp"
#include "engine/error.hpp"

namespace dovetail {

using LinkId = std::int64_t;

struct StoredLink {
  LinkId id = 0;             // 0: not stored yet
  std::int64_t version = 0;  // grows with every change
  Link link;                 // with its base, element links and marks; secrets only as keyed hashes
};

// Which link a person of the hub has, and in which version.
struct LinkMark {
  std::string hub_id;
  LinkId id = 0;
  std::int64_t version = 0;
};

// A person, by hub's and provider's id as for solve(), and the fields that something is still wrong with.
struct StillWrong {
  std::string_view hub_id, provider_id;
  std::vector<std::string> still;
};

// Somebody's claim on something that only one may do at a time.
struct Lease {
  std::string name;  // "connection/7", "run/12", "budget/poweroffice"
  std::string owner;
  std::int64_t fence = 0;
  Instant until{};
  bool is_gone = false;  // of those that are listed: the process that took it is known to have ended
};

class Transaction {
 public:
  virtual ~Transaction() = default;

  // --- connections; a name that is taken, or an id that is not there, is Error::input ---
  virtual Result<ConnectionId> add(const Connection& connection) = 0;
  // Its tenant stays. A connection that somebody changed since `version` is Error::transient: read it again.
  virtual Result<void> update(const Connection& connection) = 0;
  virtual Result<std::optional<Connection>> connection(std::string_view name) = 0;
  virtual Result<std::optional<Connection>> connection(ConnectionId id) = 0;
  virtual Result<std::vector<Connection>> connections() = 0;  // by name
  // Takes everything of it along: credentials, links, base, lanes, journal, runs, kept values, problems.
  virtual Result<void> remove(ConnectionId id) = 0;

  // --- credentials; encrypted, bound to tenant, connection, system and label ---
  virtual Result<void> put_credential(const Connection& of, ir::Side side, std::string_view label,
                                      std::string_view secret) = 0;
  virtual Result<std::vector<std::pair<std::string, std::string>>> credentials(const Connection& of, ir::Side side) = 0;

  // --- links with their base ---
  virtual Result<Base> base(ConnectionId id) = 0;                      // all; Base::links by hub id, then provider id
  virtual Result<std::vector<StoredLink>> links(ConnectionId id) = 0;  // the same with versions
  virtual Result<std::optional<StoredLink>> link_of_hub(ConnectionId id, std::string_view hub_id) = 0;
  virtual Result<std::optional<StoredLink>> link_of_provider(ConnectionId id, std::string_view provider_id) = 0;
  // What link_of_hub finds for each, without its content; who has none is left out. In any order.
  virtual Result<std::vector<LinkMark>> marks_of_hubs(ConnectionId id,
                                                      const std::vector<std::string_view>& hub_ids) = 0;
  virtual Result<std::size_t> count_links(ConnectionId id) = 0;  // cheap
  // Inserts (id 0) or replaces. A link that somebody changed since `version` is Error::transient: read it again.
  virtual Result<LinkId> put_link(ConnectionId id, const StoredLink& link) = 0;
  virtual Result<void> put_links(ConnectionId id, const std::vector<StoredLink>& links) = 0;  // the same for many
  virtual Result<void> remove_link(ConnectionId id, LinkId link) = 0;
  // Replaces all links whose content differs, adds and removes the rest; `known` is what the caller read before:
  // links that have another version by now are left as they are and returned (their ids).
  virtual Result<std::vector<LinkId>> replace_links(ConnectionId id, const std::vector<StoredLink>& known,
                                                    const Base& next) = 0;

  // --- what the sweep saw last: a keyed hash per hub record ---
  virtual Result<std::vector<std::pair<std::string, std::string>>> seen_records(ConnectionId id) = 0;  // by hub id
  virtual Result<std::optional<std::string>> seen_record(ConnectionId id, std::string_view hub_id) = 0;
  virtual Result<void> put_seen_record(ConnectionId id, std::string_view hub_id, std::string_view hash) = 0;
  virtual Result<void> put_seen_records(
      ConnectionId id, const std::vector<std::pair<std::string, std::string>>& hashes) = 0;  // by hub id

  // --- lanes ---
  // false: an event with this id was taken in before. Takes a parked lane out of its park.
  virtual Result<bool> take_in(const PersonEvent& event) = 0;
  // Active connections with lanes that are due, longest waiting first.
  virtual Result<std::vector<ConnectionId>> due_connections(Instant now) = 0;
  // At most `most` lanes of the connection that are due, longest waiting first; none if it is not active. Whoever
  // claims has the connection's lease.
  virtual Result<std::vector<Claim>> claim(ConnectionId id, std::string_view worker, std::size_t most, Instant now,
                                           Instant lease_until) = 0;
  // All of these: false if the claim's fence is old; then nothing was done, and the transaction is to be given up.
  virtual Result<bool> renew(const Claim& claim, Instant lease_until) = 0;
  virtual Result<bool> finish(const Claim& claim, std::optional<Instant> again) = 0;  // `again`: plan again then
  virtual Result<bool> retry(const Claim& claim, Instant at, std::string_view why) = 0;
  virtual Result<bool> park(const Claim& claim, std::string_view why) = 0;
  // Frees the lanes of workers whose lease is over or who are known to be gone; how many.
  virtual Result<std::size_t> reap(Instant now) = 0;
  virtual Result<std::vector<Lane>> lanes(ConnectionId id) = 0;  // not idle, by hub id
  // The first of them behind that hub id (empty: of all), and how many are not idle altogether.
  virtual Result<std::vector<Lane>> lanes_behind(ConnectionId id, std::string_view hub_id, std::size_t most) = 0;
  virtual Result<std::size_t> count_lanes(ConnectionId id) = 0;
  virtual Result<std::optional<Lane>> lane(ConnectionId id, std::string_view hub_id) = 0;
  virtual Result<std::size_t> waiting(ConnectionId id) = 0;                                // events not finished
  virtual Result<std::optional<Instant>> next_due() = 0;                                   // of all lanes nobody has
  virtual Result<void> unpark(ConnectionId id, std::string_view hub_id, Instant now) = 0;  // empty hub_id: all

  // --- leases; nullopt: somebody else has it ---
  virtual Result<std::optional<Lease>> take_lease(std::string_view name, std::string_view owner, Instant now,
                                                  Instant until) = 0;
  virtual Result<bool> give_back(const Lease& lease) = 0;
  // Those whose names begin so and that somebody took and did not give back, by name; also whose time is over.
  virtual Result<std::vector<Lease>> leases(std::string_view beginning) = 0;

  // --- journal ---
  virtual Result<IntentId> begin(const Intent& intent) = 0;
  virtual Result<void> end(const IntentEnd& end) = 0;
  virtual Result<std::vector<Intent>> open_intents(ConnectionId id, std::string_view hub_id) = 0;  // empty: everybody's
  // All of a run, in their order; those that are ended with how, for as long as the journal keeps them.
  virtual Result<std::vector<JournalLine>> journal(ConnectionId id, RunId run) = 0;

  // --- runs and their documents (encrypted; they expire) ---
  virtual Result<RunId> add(const Run& run) = 0;
  virtual Result<void> update(const Run& run) = 0;
  virtual Result<std::optional<Run>> run(RunId id) = 0;
  virtual Result<std::vector<Run>> runs(ConnectionId id) = 0;  // newest first
  virtual Result<void> put_document(RunId run, std::string_view name, std::string_view content, Instant expires) = 0;
  virtual Result<std::optional<std::string>> document(RunId run, std::string_view name) = 0;
  // The same for what is large: a part of it at a time is in memory. `write` passes the pieces on, of any size, in
  // their order; `read` asks for one after the other, of which the one after the last is empty. Both are called in
  // here, and again if the transaction is run again. false: there is no such document.
  using PassOn = std::function<void(std::string_view piece)>;
  virtual Result<void> write_document(RunId run, std::string_view name,
                                      const std::function<void(const PassOn& pass_on)>& write, Instant expires) = 0;
  using NextPiece = std::function<std::string()>;
  virtual Result<bool> read_document(RunId run, std::string_view name,
                                     const std::function<void(const NextPiece& next)>& read) = 0;

  // --- kept values ---
  virtual Result<void> keep(const KeptValue& value) = 0;
  virtual Result<std::vector<KeptValue>> kept_values(ConnectionId id, RunId run) = 0;  // no_run: all; newest first
  // Of writes that began then or later; of one person, or of all where `hub_id` is empty. Newest first.
  virtual Result<std::vector<KeptValue>> kept_since(ConnectionId id, Instant since, std::string_view hub_id) = 0;
  virtual Result<void> mark_put_back(std::int64_t kept_value) = 0;

  // --- what the guard and the oscillation breaker count ---
  virtual Result<void> count_guarded(ConnectionId id, std::string_view hub_id, ir::Guard::Kind kind, Instant at) = 0;
  // Takes one back that was counted at exactly that time, because nothing came of it.
  virtual Result<void> uncount_guarded(ConnectionId id, std::string_view hub_id, ir::Guard::Kind kind, Instant at) = 0;
  // People, by kind; `except` (a hub id, or empty) is not counted.
  virtual Result<std::array<std::uint32_t, 5>> guarded_since(ConnectionId id, Instant since,
                                                             std::string_view except) = 0;
  // Remembers that `writer` wrote a value (by its keyed hash) into a field; returns how often the field changed between
  // values it already had since then.
  virtual Result<unsigned> count_flip(ConnectionId id, std::string_view hub_id, std::string_view field,
                                      std::string_view writer, std::string_view hash, Instant at, Instant since) = 0;
  // The same, as if these values (their hashes) were written next; remembers nothing.
  virtual Result<unsigned> flips(ConnectionId id, std::string_view hub_id, std::string_view field,
                                 const std::vector<std::string>& next, Instant since) = 0;

  // --- error log ---
  virtual Result<void> report(const Problem& problem) = 0;
  virtual Result<void> report_all(const std::vector<Problem>& problems) = 0;  // the same for many, in their order
  virtual Result<std::vector<Problem>> problems(ConnectionId id, const ProblemsWanted& wanted) = 0;  // newest first
  Result<std::vector<Problem>> problems(ConnectionId id, bool also_solved) {
    return problems(id, ProblemsWanted{.also_solved = also_solved});
  }
  virtual Result<ProblemCounts> count_problems(ConnectionId id) = 0;  // that are not solved
  // Of a person (both ids empty: of the connection) those whose field is not in `still`: they are solved. With both
  // ids also what was reported about the record while nobody in the hub was linked to it.
  virtual Result<void> solve(ConnectionId id, std::string_view hub_id, std::string_view provider_id,
                             const std::vector<std::string>& still, Instant at) = 0;
  virtual Result<void> solve_all(ConnectionId id, const std::vector<StillWrong>& people, Instant at) = 0;
  // Which of these people, by hub's and provider's id, have something that solve() might solve: indexes, rising.
  virtual Result<std::vector<std::size_t>> with_problems(
      ConnectionId id, const std::vector<std::pair<std::string_view, std::string_view>>& people) = 0;

  // --- notifications ---
  // false: this subject of the connection was posted before.
  virtual Result<bool> post(const Notification& notification) = 0;
  // At most `most` that are due, oldest first; nobody else gets them before `until`.
  virtual Result<std::vector<Notification>> claim_notifications(std::size_t most, Instant now, Instant until) = 0;
  virtual Result<std::vector<Notification>> notifications() = 0;         // not told yet, oldest first
  virtual Result<bool> told(std::int64_t notification, Instant at) = 0;  // false: there is none of this number
  virtual Result<void> tell_later(std::int64_t notification, Instant at, std::string_view why) = 0;

  // --- of the store as a whole; encrypted ---
  virtual Result<void> put_setting(std::string_view name, std::string_view content) = 0;  // empty: forgets it
  virtual Result<std::optional<std::string>> setting(std::string_view name) = 0;

  // --- rules, by the hash of what they say ---
  virtual Result<void> put_rules(const StoredRules& rules) = 0;  // inserts, or replaces
  virtual Result<std::optional<StoredRules>> rules(std::string_view hash) = 0;

  // --- people ---
  // Forgets all but a keyed hash of the id. Plans may name the person: every run's documents go, and a run that is not
  // finished is abandoned.
  virtual Result<void> erase_person(ConnectionId id, std::string_view hub_id, Instant at) = 0;
  virtual Result<bool> is_erased(ConnectionId id, std::string_view hub_id) = 0;

  // Drops what has expired: documents and kept values at their own time; problems solved, event ids seen, intents and
  // counts ended, and notifications told before `kept_since`. How many rows.
  virtual Result<std::size_t> expire(Instant now, Instant kept_since) = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  // Never within another write or read of the same store.
  virtual Result<void> write(const std::function<Result<void>(Transaction&)>& work) = 0;
  virtual Result<void> read(const std::function<Result<void>(Transaction&)>& work) = 0;
  // Keyed by this store's key: for secrets in base and tombstones.
  virtual const SecretHasher& hasher() const = 0;
  virtual std::string describe() const = 0;  // for people, without secrets: "SQLite dovetail.db", "PostgreSQL db at h"
};

}  // namespace dovetail
