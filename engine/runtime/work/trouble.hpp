// When a connection as a whole is in trouble, and how it comes out of it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "engine/runtime/means.hpp"
#include "engine/runtime/push/push.hpp"

namespace dovetail {

// What logs say of an exception. What it says itself may quote values.
inline constexpr std::string_view own_mistake = "a mistake of this program";

class Troubles {
 public:
  explicit Troubles(const Means& means) : means_(means) {}

  // Counts one person's end. Quarantines the connection where its credentials are refused, or where of the last people,
  // at least 20, 40 % failed; what is held or blocked never counts.
  void count(const Connection& connection, const Pushed& pushed);
  // The connection could not be opened: what is wrong with it holds it off, what is wrong with the store does not.
  void count_unopened(const Connection& connection, const Error& why);

  // The connection's quarantine: probed with a fading rhythm, and over as soon as both systems answer.
  // true: the time has come, and probe() is to be called; not again before the next one.
  bool begins_probe(ConnectionId id);
  // Takes as long as the systems do; `stops` is asked before each call to them, from this thread.
  void probe(const Connection& connection, const std::function<bool()>& stops);

 private:
  struct Record {
    std::deque<bool> failed;  // of the last people
    unsigned probes = 0;
    std::chrono::steady_clock::time_point next_probe{};
  };
  // `told`: what mails say, without values of people.
  void quarantine(ConnectionId id, const std::string& why, const std::string& told, bool is_set_up);
  Result<void> check(const Connection& connection, const std::function<bool()>& stops);
  void put_off(ConnectionId id);

  const Means& means_;
  std::mutex mutex_;
  std::map<ConnectionId, Record> records_;
};

}  // namespace dovetail
