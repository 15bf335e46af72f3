// What works off the lanes: takes a connection, then its due lanes; writes as many at once as the system allows.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/runtime/push/populations.hpp"
#include "engine/runtime/push/push.hpp"
#include "engine/runtime/work/probes.hpp"
#include "engine/runtime/work/sweeps.hpp"
#include "engine/runtime/work/trouble.hpp"

namespace dovetail {

struct WorkerOptions {
  std::string name;  // unique among the workers of a store
  unsigned threads = 4;
  std::chrono::milliseconds poll{50};     // between looks for lanes while there is nothing to do
  std::chrono::milliseconds upkeep{500};  // between looks for dead workers, probes and sweeps
  // How often a connection's hub is read fully and compared with what was seen; 0: never.
  std::chrono::milliseconds sweep{std::chrono::hours(6)};
  std::chrono::milliseconds grace{500};  // of lanes at work, once they are to stop
  // When each connection was swept last, where that is to outlive the worker; nullptr: it is not.
  Sweeps::Times* swept = nullptr;
};

class Worker {
 public:
  Worker(const Means& means, WorkerOptions options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Starts what works off lanes, where run() would do so later. Error::transient: the machine gives no more threads.
  Result<void> start();
  // Works until it is told to stop. An Error: the store was not usable from the start, or as from start().
  Result<void> run();
  // Works until no lane is due, and nobody has one; what waits for a later time stays.
  Result<void> run_until_idle();
  // The same, but what failed is waited for, until all of it is done or parked; what is dated later stays.
  Result<void> run_until_quiet();
  // From any thread, also from a signal handler. Lanes at work are brought to their end, if that takes no longer than
  // `grace`; then calls that are out are waited for, and no more go out: nobody waits for a turn, a pause or a listing.
  void stop();
  // The same, but lanes at work are brought to their end however long that takes.
  void stop_after_people() { stopping_ = true; }
  // Something may be due: it is looked for at once. From any thread.
  void wake() { changed_.notify_all(); }

 private:
  // A connection that this worker has the lease of.
  struct Taken {
    Lease lease;
    Connection connection;
    unsigned at_once = 1;
    std::size_t at_work = 0;                      // lanes
    std::vector<std::unique_ptr<Opened>> unused;  // opened for one thread each
  };
  struct Task {
    ConnectionId connection = no_connection;
    Claim claim;
  };

  // Until when a claim's calls may go out: by both clocks, since one stands still while the machine sleeps, and the
  // other may be set. Ends before the lease does.
  struct Deadline {
    std::chrono::steady_clock::time_point time{};
    std::chrono::system_clock::time_point wall_time{};
  };
  struct AtWork {
    Claim claim;
    Deadline deadline;
    bool lost = false;  // somebody else has the lane, or the connection, or had it meanwhile
  };

  enum class Until : std::uint8_t { stopped, idle, quiet };
  Until until_ = Until::stopped;
  Result<void> work(Until until);
  Result<bool> is_over(Until until);
  void wait_for_store(std::chrono::milliseconds time) const;
  void start_threads();
  void stop_threads();
  void work_off();
  void work_on(const Task& task);
  void postpone(const Task& task, const Error& why);
  void give_up(const Task& task, std::string_view what);
  void push_claim(const Task& task, Opened& opened);
  Deadline next_deadline() const;
  void leave_alone(const Connection& connection, const Pushed& pushed);
  bool is_left_alone(ConnectionId id);
  std::optional<std::string> retried_mark(ConnectionId id);
  bool gives_up() const;
  Result<void> may_call() const;
  Result<void> may_call(const Claim& claim) const;

  // How many lanes were taken.
  Result<std::size_t> take_work();
  Result<std::size_t> take_lanes(ConnectionId id);
  Result<bool> take_connection(ConnectionId id);
  std::size_t room_in(ConnectionId id) const;
  Result<std::unique_ptr<Opened>> opened_for(ConnectionId id);
  void give_back(const Task& task, std::unique_ptr<Opened> opened);
  void give_back_leases(bool all);
  bool keep_lease(ConnectionId id, const std::optional<Lease>& lease);
  void lose_work_of(ConnectionId id);

  // An Error: the store is damaged, or not there any more.
  Result<void> keep_up();
  void forget_old();
  void renew();
  void renew_in_time();

  const Means& means_;
  WorkerOptions options_;
  Populations populations_;
  Troubles troubles_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::int64_t> stopped_at_ = 0;  // by the machine's own clock, which a signal handler may ask; 0: not yet

  mutable std::mutex mutex_;  // of all below, up to the threads
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::map<ConnectionId, Taken> taken_;
  std::map<std::pair<ConnectionId, std::string>, AtWork> at_work_;  // queued ones, too
  struct LeftAlone {                                                // as a system asked for
    std::chrono::steady_clock::time_point until{}, asked{};
    std::optional<std::string> mark;  // of the last time that somebody wanted it to be tried again
  };
  std::map<ConnectionId, LeftAlone> left_alone_;
  bool ends_ = false, all_over_ = false;  // nothing more is taken; nothing is at work any more
  std::condition_variable over_;

  // Renewing, or giving back: never both, so that nothing is renewed that was given back. Taken before mutex_.
  std::mutex leasing_;
  std::vector<std::thread> threads_;
  std::thread renewer_;  // of its own: what a lane waits for keeps no lease from being renewed
  Probes probes_;
  Sweeps sweeps_;
  std::chrono::steady_clock::time_point last_upkeep_{}, last_counting_{};
  std::optional<std::chrono::steady_clock::time_point> last_forgetting_;
};

}  // namespace dovetail
