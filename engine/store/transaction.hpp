// The port's transaction in SQL: one text for both databases. Its parts stand in files by subject.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "engine/base_pool.hpp"
#include "engine/store.hpp"
#include "engine/store/database.hpp"
#include "engine/store/sealing.hpp"
#include "engine/store/statements.hpp"

namespace dovetail::store {

class SqlTransaction final : public Transaction {
 public:
  SqlTransaction(Database& database, const Statements& statements, Sql& sql, bool may_write)
      : database_(database), statements_(statements), sql_(sql), may_write_(may_write), words_(database.words, sql) {}

  Result<ConnectionId> add(const Connection& connection) override;
  Result<void> update(const Connection& connection) override;
  Result<std::optional<Connection>> connection(std::string_view name) override;
  Result<std::optional<Connection>> connection(ConnectionId id) override;
  Result<std::vector<Connection>> connections() override;
  Result<void> remove(ConnectionId id) override;

  Result<void> put_credential(const Connection& of, ir::Side side, std::string_view label,
                              std::string_view secret) override;
  Result<std::vector<std::pair<std::string, std::string>>> credentials(const Connection& of, ir::Side side) override;

  Result<Base> base(ConnectionId id) override;
  Result<std::vector<StoredLink>> links(ConnectionId id) override;
  Result<std::optional<StoredLink>> link_of_hub(ConnectionId id, std::string_view hub_id) override;
  Result<std::optional<StoredLink>> link_of_provider(ConnectionId id, std::string_view provider_id) override;
  Result<std::vector<LinkMark>> marks_of_hubs(ConnectionId id, const std::vector<std::string_view>& hub_ids) override;
  Result<std::size_t> count_links(ConnectionId id) override;
  Result<LinkId> put_link(ConnectionId id, const StoredLink& link) override;
  Result<void> put_links(ConnectionId id, const std::vector<StoredLink>& links) override;
  Result<void> remove_link(ConnectionId id, LinkId link) override;
  Result<std::vector<LinkId>> replace_links(ConnectionId id, const std::vector<StoredLink>& known,
                                            const Base& next) override;

  Result<std::vector<std::pair<std::string, std::string>>> seen_records(ConnectionId id) override;
  Result<std::optional<std::string>> seen_record(ConnectionId id, std::string_view hub_id) override;
  Result<void> put_seen_record(ConnectionId id, std::string_view hub_id, std::string_view hash) override;
  Result<void> put_seen_records(ConnectionId id,
                                const std::vector<std::pair<std::string, std::string>>& hashes) override;

  Result<bool> take_in(const PersonEvent& event) override;
  Result<std::vector<ConnectionId>> due_connections(Instant now) override;
  Result<std::vector<Claim>> claim(ConnectionId id, std::string_view worker, std::size_t most, Instant now,
                                   Instant lease_until) override;
  Result<bool> renew(const Claim& claim, Instant lease_until) override;
  Result<bool> finish(const Claim& claim, std::optional<Instant> again) override;
  Result<bool> retry(const Claim& claim, Instant at, std::string_view why) override;
  Result<bool> park(const Claim& claim, std::string_view why) override;
  Result<std::size_t> reap(Instant now) override;
  Result<std::vector<Lane>> lanes(ConnectionId id) override;
  Result<std::vector<Lane>> lanes_behind(ConnectionId id, std::string_view hub_id, std::size_t most) override;
  Result<std::size_t> count_lanes(ConnectionId id) override;
  Result<std::optional<Lane>> lane(ConnectionId id, std::string_view hub_id) override;
  Result<std::size_t> waiting(ConnectionId id) override;
  Result<std::optional<Instant>> next_due() override;
  Result<void> unpark(ConnectionId id, std::string_view hub_id, Instant now) override;

  Result<std::optional<Lease>> take_lease(std::string_view name, std::string_view owner, Instant now,
                                          Instant until) override;
  Result<bool> give_back(const Lease& lease) override;
  Result<std::vector<Lease>> leases(std::string_view beginning) override;

  Result<IntentId> begin(const Intent& intent) override;
  Result<void> end(const IntentEnd& end) override;
  Result<std::vector<Intent>> open_intents(ConnectionId id, std::string_view hub_id) override;

  Result<std::vector<JournalLine>> journal(ConnectionId id, RunId run) override;

  Result<RunId> add(const Run& run) override;
  Result<void> update(const Run& run) override;
  Result<std::optional<Run>> run(RunId id) override;
  Result<std::vector<Run>> runs(ConnectionId id) override;
  Result<void> put_document(RunId run, std::string_view name, std::string_view content, Instant expires) override;
  Result<std::optional<std::string>> document(RunId run, std::string_view name) override;
  Result<void> write_document(RunId run, std::string_view name, const std::function<void(const PassOn&)>& write,
                              Instant expires) override;
  Result<bool> read_document(RunId run, std::string_view name,
                             const std::function<void(const NextPiece&)>& read) override;

  Result<void> keep(const KeptValue& value) override;
  Result<std::vector<KeptValue>> kept_values(ConnectionId id, RunId run) override;
  Result<std::vector<KeptValue>> kept_since(ConnectionId id, Instant since, std::string_view hub_id) override;
  Result<void> mark_put_back(std::int64_t kept_value) override;

  Result<void> count_guarded(ConnectionId id, std::string_view hub_id, ir::Guard::Kind kind, Instant at) override;
  Result<void> uncount_guarded(ConnectionId id, std::string_view hub_id, ir::Guard::Kind kind, Instant at) override;
  Result<std::array<std::uint32_t, 5>> guarded_since(ConnectionId id, Instant since, std::string_view except) override;
  Result<unsigned> count_flip(ConnectionId id, std::string_view hub_id, std::string_view field, std::string_view writer,
                              std::string_view hash, Instant at, Instant since) override;
  Result<unsigned> flips(ConnectionId id, std::string_view hub_id, std::string_view field,
                         const std::vector<std::string>& next, Instant since) override;

  Result<void> report(const Problem& problem) override;
  Result<void> report_all(const std::vector<Problem>& problems) override;
  using Transaction::problems;
  Result<std::vector<Problem>> problems(ConnectionId id, const ProblemsWanted& wanted) override;
  Result<ProblemCounts> count_problems(ConnectionId id) override;
  Result<void> solve(ConnectionId id, std::string_view hub_id, std::string_view provider_id,
                     const std::vector<std::string>& still, Instant at) override;
  Result<void> solve_all(ConnectionId id, const std::vector<StillWrong>& people, Instant at) override;
  Result<std::vector<std::size_t>> with_problems(
      ConnectionId id, const std::vector<std::pair<std::string_view, std::string_view>>& people) override;

  Result<bool> post(const Notification& notification) override;
  Result<std::vector<Notification>> claim_notifications(std::size_t most, Instant now, Instant until) override;
  Result<std::vector<Notification>> notifications() override;
  Result<bool> told(std::int64_t notification, Instant at) override;
  Result<void> tell_later(std::int64_t notification, Instant at, std::string_view why) override;
  Result<void> put_setting(std::string_view name, std::string_view content) override;
  Result<std::optional<std::string>> setting(std::string_view name) override;
  Result<void> put_rules(const StoredRules& rules) override;
  Result<std::optional<StoredRules>> rules(std::string_view hash) override;

  Result<void> erase_person(ConnectionId id, std::string_view hub_id, Instant at) override;
  Result<bool> is_erased(ConnectionId id, std::string_view hub_id) override;
  Result<std::size_t> expire(Instant now, Instant kept_since) override;

  // What the database failed at; the transaction is dead then, whatever its user made of it.
  const std::optional<SqlFailure>& failure() const { return failure_; }
  // Somebody else was first: running the function again may help.
  bool had_conflict() const { return had_conflict_; }
  void committed() { words_.publish(); }

 private:
  // All that touches the database goes through these. After a failure nothing is tried any more.
  template <typename Work>
  auto reading(const Work& work) -> decltype(work()) {
    if (failure_) return std::unexpected(database_.error(*failure_));
    try {
      return work();
    } catch (const SqlFailure& failure) {
      failure_ = failure;
      return std::unexpected(database_.error(failure));
    }
  }
  template <typename Work>
  auto writing(const Work& work) -> decltype(work()) {
    return reading([&]() -> decltype(work()) {
      if (!may_write_) throw SqlFailure(SqlFailure::Kind::read_only, "a write in a transaction that only reads");
      return work();
    });
  }

  // The store's own time, which lanes and leases go by: any machine's clock may be wrong.
  std::int64_t store_time(Instant at) const { return at.time_since_epoch().count() + database_.ahead(); }
  Lane by_this_clock(Lane lane) const;
  Instant machine_time(std::int64_t number) const {
    return Instant(std::chrono::milliseconds(number - database_.ahead()));
  }
  template <typename... In>
  std::vector<JournalLine> journal_lines(ConnectionId id, const char* sql, const In&... in);
  const std::string& tenant_of(ConnectionId id);  // throws SqlFailure: no such connection
  std::string seal(const SealedColumn& column, ConnectionId id, std::string_view text, std::string_view first,
                   std::string_view second = {});
  std::string open(const SealedColumn& column, ConnectionId id, std::string_view text, std::string_view first,
                   std::string_view second = {});
  // id, connection, run, intent, hub_id, provider_id, at, expires, put_back, content
  using KeptRow = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string, std::string,
                             std::int64_t, std::int64_t, std::int64_t, std::string>;
  template <typename... In>
  std::vector<KeptRow> kept_rows(const char* sql, const In&... in);
  KeptValue kept_value(ConnectionId id, const KeptRow& row);
  std::unexpected<Error> stale(const std::string& what);
  void put_part(ConnectionId id, RunId run, std::string_view name, std::size_t part, std::string_view text,
                Instant expires);
  std::string document_part(ConnectionId id, RunId run, std::string_view name, std::int64_t part);
  std::string pack(ConnectionId id, const Link& link);
  Link unpack(ConnectionId id, std::string hub_id, std::string provider_id, std::string_view content,
              BasePool* pool = nullptr);
  LinkId insert_link(ConnectionId id, const Link& link);
  unsigned flips_of(ConnectionId id, std::string_view hub_id, std::string_view field,
                    const std::vector<std::string>& next, Instant since);
  // false: somebody changed it since that version.
  bool update_link(ConnectionId id, const StoredLink& before, const Link& link);
  void insert_links(ConnectionId id, std::span<const Link* const> links);
  // Returns the ids of those that somebody changed since their version.
  std::vector<LinkId> update_links(ConnectionId id, std::span<const std::pair<const StoredLink*, const Link*>> changes);
  // A link of the same hub person that came after `known` was read.
  std::optional<LinkId> rival_of(ConnectionId id, const Link& link, const std::vector<StoredLink>& known);
  Result<std::optional<StoredLink>> one_link(ConnectionId id, const char* sql, std::string_view text);
  struct OpenProblem {
    std::size_t person = 0;  // the how manieth that was asked for
    std::int64_t id = 0;
    std::string field;
  };
  using IdsOf = std::function<std::pair<std::string_view, std::string_view>(std::size_t)>;  // hub's and provider's
  std::vector<OpenProblem> open_problems(ConnectionId id, std::size_t count, const IdsOf& of);
  std::vector<PersonEvent> events(ConnectionId connection, const std::string& hub_id, std::int64_t after);
  void number_event(const PersonEvent& event);

  Database& database_;
  const Statements& statements_;
  Sql& sql_;
  bool may_write_;
  SeenWords words_;
  std::map<ConnectionId, std::string> tenants_;
  std::optional<SqlFailure> failure_;
  bool had_conflict_ = false;
};

// Instants are milliseconds since 1970 in columns.
inline std::int64_t number(Instant at) { return at.time_since_epoch().count(); }
inline std::optional<std::int64_t> number(std::optional<Instant> at) {
  if (!at) return std::nullopt;
  return number(*at);
}
inline Instant instant(std::int64_t number) { return Instant(std::chrono::milliseconds(number)); }
inline std::optional<Instant> instant(std::optional<std::int64_t> number) {
  if (!number) return std::nullopt;
  return instant(*number);
}

}  // namespace dovetail::store
