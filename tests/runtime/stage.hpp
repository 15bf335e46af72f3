// Two sandboxes, a store, and a connection between them: what the runtime is tested on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/api/connection_opener.hpp"
#include "engine/runtime/run/manual_run.hpp"
#include "engine/runtime/work/worker.hpp"
#include "tests/engine/store/test_store.hpp"
#include "tests/runtime/limits.hpp"
#include "tools/sandbox/server/sandbox.hpp"

namespace dovetail::test {

struct StageOptions {
  std::string store = "sqlite";
  std::string provider = "poweroffice_go";
  int people = 5;
  bool creates = true;  // people added in the hub are added there
  std::string map{};    // empty: the provider's that came with the product
};

class Stage {
 public:
  explicit Stage(const StageOptions& options = {});

  // A manual run in which the hub wins and nobody is added.
  ManualRun::Done synchronise();
  // The first one: everybody linked, pushes go out from now on.
  void activate();

  // An event about a person, taken in.
  void tell(const std::string& hub_id, Event what = Event::changed, const std::string& id = {});
  // A worker of this process, until nothing is due.
  void work();
  // The same in a process of its own, tests/victim, with the store closed here meanwhile, until nothing waits for later
  // either: "done", "killed", or what it said.
  std::string work_apart(const std::string& arguments);

  // `dovetail TEXT` on this store, as its user would; fails the test unless it ends with 0.
  void command(const std::string& text);

  std::vector<std::string> hub_ids() const;                    // of the hub's people, sorted
  sandbox::Json employee_of(const std::string& hub_id) const;  // the provider's row, by the stored link; null: none
  std::vector<sandbox::Json> employees() const;                // without ids and stamps, sorted
  std::size_t writes() const;                                  // calls that write, since forget_calls()
  void forget_calls();

  std::optional<StoredLink> link_of(const std::string& hub_id);
  std::vector<Problem> problems();
  Connection connection();
  void change_connection(const std::function<void(Connection&)>& change);
  std::unique_ptr<Opened> open();

  TestStore store;
  std::unique_ptr<sandbox::Sandbox> hub, provider;
  providers::SystemClock clock;
  Telemetry telemetry;
  std::unique_ptr<ConnectionOpener> opener;
  ConnectionId id = no_connection;

  Means means();

 private:
  void start(const StageOptions& options);
};

}  // namespace dovetail::test
