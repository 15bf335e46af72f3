// Dovetail as a host loads it: one store, its connections, what comes in about people, and the workers that act on it.
// For any number of threads.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/api/connections.hpp"
#include "engine/api/event_spool.hpp"
#include "engine/durable/lane.hpp"
#include "engine/runtime/work/worker.hpp"
#include "providers/toolkit/http/message.hpp"

namespace dovetail {

struct RuntimeOptions {
  std::string store = "sqlite:dovetail.db";         // or "postgresql:CONNINFO"
  std::string key;                                  // 64 hexadecimal digits; what secrets are sealed and hashed with
  bool create = false;                              // make the store where there is none
  bool read_only = false;                           // SQLite: also while another process has it open
  std::chrono::milliseconds wait{2000};             // for another process to let go of a SQLite store, or for a server
  bool lets_go = false;                             // SQLite: see is_wanted() in engine/store/open.hpp
  std::size_t most_waiting = 100'000;               // events of a connection; more are refused. 0: any number
  Network network;                                  // how systems are reached
  Telemetry::Format log = Telemetry::Format::none;  // to standard error
  // What the store says while it goes on or waits; empty: it is logged. And whether it is to give up waiting: see
  // OpenOptions.
  std::function<void(const std::string&)> say = {};
  std::function<bool()> gives_up = {};
};

class Runtime {
 public:
  // Errors as open_store's; Error::input: the key is none, or the file of authorities has none.
  static Result<std::unique_ptr<Runtime>> open(const RuntimeOptions& options);
  ~Runtime();

  Store& store() { return *store_; }
  ConnectionOpener& opener() { return *opener_; }
  Connections& connections() { return *connections_; }
  Clock& clock() { return opener_->systems().clock(); }
  CivilDay today();  // this machine's own

  // Somebody may have changed. true: it waits for a worker, durably; false: an event with this id was taken in before.
  // `id` may be empty. Error::input: there is no such connection, or the hub id is empty. Error::rate: too many events
  // wait, and this one was not taken in; retry_after says when to send it again (a host answers 429 or 503).
  Result<bool> take_in(std::string_view connection, std::string_view hub_id, Event what, std::string_view id);
  // The same for many, in one transaction, up to the first that is refused.
  TakenIn take_in(std::span<const GivenEvent> events);

  // A call that the hub made to the host's address for this connection: verified by those of the hub's credentials
  // `webhook_token` and `webhook_secret` that are set; where neither is, by a code made with `client_secret`. How many
  // people it names. Error::auth: nothing of it is to be believed; Error::data: it is not an event; Error::rate: as
  // take_in's.
  Result<std::size_t> take_in_webhook(std::string_view connection, const std::vector<providers::Header>& headers,
                                      const std::string& body);

  // Works off what is due, and what other processes leave beside a SQLite store, in threads of its own, until
  // stop_working() or the end of the runtime. Error::input: it does so already; Error::transient: the
  // machine gives no more threads. Another runtime on the same PostgreSQL may do the same: they share the connections.
  Result<void> start_working(unsigned threads);
  // Waits for the writes that are under way. An Error: the store failed the workers.
  Result<void> stop_working();
  // The same, here and now, until no lane is due.
  Result<void> work_until_idle(unsigned threads);

  // How long replaced values, and the documents of runs, are kept from now on, by everybody who opens this store from
  // now on; what is kept already goes at its own time. Error::input: not 1 to 3650 days.
  Result<void> keep_for(unsigned days);
  // Drops what has expired, as workers do every hour. How many rows.
  Result<std::size_t> expire();

  // What runs on a connection, opened with its rules and systems, as of today.
  Result<std::unique_ptr<Opened>> open(std::string_view connection);
  const Means& means() const { return *means_; }
  // How many calls to systems are out now.
  int calls_out() const { return opener_->systems().on_the_wire(); }
  std::string metrics() const { return telemetry_->metrics(); }  // Prometheus' text form

 private:
  Runtime() = default;
  Result<void> make_sure_of_room(const Connection& of);
  Result<Connection> receiver_of(const GivenEvent& event);
  void run_worker();
  Result<void> end_work();
  Result<void> read_keeping();

  std::string place_;  // of the store
  std::unique_ptr<Telemetry> telemetry_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<ConnectionOpener> opener_;
  std::unique_ptr<Connections> connections_;
  std::unique_ptr<Means> means_;

  struct Intake {
    std::size_t waiting = 0;
    std::optional<std::chrono::steady_clock::time_point> counted;
  };
  std::size_t most_waiting_ = 0;
  std::mutex intake_;  // of the one below
  std::map<ConnectionId, Intake> intakes_;

  std::mutex working_;  // of the three below
  std::unique_ptr<Worker> worker_;
  std::future<Result<void>> worked_;
  std::jthread reading_spool_;
};

}  // namespace dovetail
