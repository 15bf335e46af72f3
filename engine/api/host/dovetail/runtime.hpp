// Dovetail in a C++ host: one store, its connections, what comes in about people, and the workers that act on it. Link
// dovetail::dovetail (C++23). Needs the standard library only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <dovetail/values.hpp>

namespace dovetail {
inline namespace host {

// For any number of threads; destroying it must be the last use, and waits for the writes that are under way. It
// belongs to the process that opened it: in a forked child every call fails, as does every call of one that was moved
// from ("input"). Every call waits until it is done, and
// answers an Error where nothing was done: of kind "input" where a name, an id or a value is not there or wrong.
class Runtime {
 public:
  // "input": the key is none, or another store's; there is no store; a newer version wrote it. "transient": another
  // process has the SQLite store.
  static Result<Runtime> open(const Options& options);
  Runtime(Runtime&& other) noexcept;
  Runtime& operator=(Runtime&& other) noexcept;
  ~Runtime();

  // --- connections ---
  Result<Companies> introduce(const Wanted& wanted);  // who answers on both sides; nothing is stored
  // `company`: the provider's company id, as introduce() answered it and a person has confirmed it.
  Result<Connection> add(const Wanted& wanted, const std::string& company);
  Result<std::vector<Connection>> connections();
  Result<Connection> connection(const std::string& name);
  Result<Companies> check(const std::string& name);  // who answers now
  Result<Connection> set(const std::string& name, const Changes& changes);
  // `of`: "hub" or "provider". Another company's are refused.
  Result<Connection> set_credentials(const std::string& name, const std::string& of, const Texts& credentials);
  Result<Connection> pause(const std::string& name, const std::string& why);
  Result<Connection> resume(const std::string& name);
  Result<void> remove(const std::string& name);

  // --- what comes in ---
  // Somebody may have changed: durable when this returns. `what`: "changed", "added", "deactivated" or "removed".
  // false: an event of this id was taken in before. "rate": too many wait; send it again after retry_after.
  Result<bool> event(const std::string& connection, const std::string& person, const std::string& what = "changed",
                     const std::string& id = {});
  // A call of the hub's, as it came. How many people it names. "auth": nothing of it is to be believed.
  Result<std::uint64_t> webhook(const std::string& connection, const Texts& headers, const std::string& body);

  // --- manual runs ---
  Result<Run> start_run(const std::string& connection, const std::string& by);  // reads both systems
  Result<Run> run(const std::string& connection, std::int64_t number);
  // `decisions`: JSON, docs/formats.md. May be called again, days later.
  Result<Run> decide(const std::string& connection, std::int64_t number, const std::string& decisions);
  // Carries out what is decided; waits for the connection's workers for as long as `patience`.
  Result<RunReport> apply(const std::string& connection, std::int64_t number,
                          std::chrono::milliseconds patience = std::chrono::seconds(30));
  Result<std::vector<Run>> runs(const std::string& connection);  // newest first

  // --- workers ---
  Result<void> start_working(unsigned threads = 4);
  Result<void> stop_working();                         // waits for the writes that are under way
  Result<void> work_until_idle(unsigned threads = 4);  // here and now, until nobody's turn is due
  Result<Swept> sweep(const std::string& connection);  // reads the hub, and notes who is not as they were seen last

  // --- what is going on ---
  Result<Status> status(const std::string& connection);
  Result<std::vector<Problem>> problems(const std::string& connection, bool also_solved = false);  // newest first
  Result<std::vector<Link>> links(const std::string& connection);
  Result<void> retry(const std::string& connection, const std::string& person = {});  // empty: everybody
  Result<bool> erase(const std::string& connection, const std::string& person);       // false: nothing was remembered
  // Handed out again after `hold`, unless told() was called.
  Result<std::vector<Notification>> notifications(unsigned most = 20,
                                                  std::chrono::milliseconds hold = std::chrono::minutes(5));
  Result<bool> told(std::int64_t notification);  // false: there is none of this id
  Result<std::string> metrics();                 // Prometheus' text form

  // Any call of docs/api.md: JSON in, JSON out.
  Result<Answer> call(const std::string& request);

 private:
  struct Handle;
  explicit Runtime(std::unique_ptr<Handle> handle);
  const Handle& handle() const;
  std::unique_ptr<Handle> handle_;
};

// "0.1.0", of the library that is loaded.
std::string version();

}  // namespace host
}  // namespace dovetail
