// What people do with connections, and what keeps them out of trouble: nothing half-made is stored, and a connection
// never changes over to another company.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/connection_changes.hpp"
#include "engine/api/connection_opener.hpp"
#include "engine/clock.hpp"

namespace dovetail {

struct NewConnection {
  Connection connection;  // name, tenant, map, hub, provider, settings, scope, observes_only, test_system
  std::array<providers::Credentials, 2> credentials;  // by Side
};

using Identities = std::array<Identity, 2>;  // by Side

class Connections {
 public:
  // All must outlive this.
  Connections(Store& store, ConnectionOpener& opener, Clock& clock) : store_(store), opener_(opener), clock_(clock) {}

  // Checks everything that can be checked before anything is stored, and asks both systems who answers: for a person
  // to confirm. Error::input: the name, the map, a setting, a system, a credential, or somebody of the scope whom the
  // hub does not have, or a company that another connection of the store has already; else what a system answered.
  Result<Identities> introduce(const NewConnection& wanted, CivilDay today);
  // Stores it, fresh: pushes begin after its first manual run. `who` is what introduce() answered. Error::input: its
  // company was connected meanwhile.
  Result<Connection> add(const NewConnection& wanted, const Identities& who);

  Result<std::vector<Connection>> list();
  // An Error of kind input names those that there are.
  Result<Connection> find(std::string_view name);

  // Asks both systems. Error::input: the provider's keys are another company's than the one remembered.
  Result<Identities> check(std::string_view name, CivilDay today);

  // Other keys for the same company: links are kept. For another company they are refused, and the old ones stay. Where
  // only some are given that the system works without, the others stay as they are; an empty one is forgotten.
  // Error::input: a name that the system has no credential of.
  Result<Connection> set_credentials(std::string_view name, ir::Side side, const providers::Credentials& given,
                                     CivilDay today);
  // `change` gets the connection as it is; what it makes of settings, scope and flags is checked and stored. Its name,
  // map and systems may change too, but not the adapters that they name; who answers at a new address is asked, and
  // another company is refused (Error::input), as is (by `changes`) somebody new in the scope whom the
  // hub does not have.
  Result<Connection> set(std::string_view name, const std::function<void(Connection&)>& change);
  Result<Connection> set(std::string_view name, const ConnectionChanges& changes);
  Result<Connection> pause(std::string_view name, std::string_view why);
  // Active, or, before its first manual run is finished, fresh. Error::input: another one, which is not paused, is of
  // the same company.
  Result<Connection> resume(std::string_view name);
  // With everything that is remembered of it. Neither system is touched.
  Result<void> remove(std::string_view name);

 private:
  Result<const RuleBook*> check_rules(const Connection& connection);
  Result<void> ask_new_places(const Connection& before, const Connection& changed);
  Result<Connection> change_again(std::string_view name, const std::function<Result<void>(Connection&)>& change);
  Result<Connection> store_changed(const Connection& before, Connection changed);
  Result<void> ask_for_scope(const Connection& before, const Connection& changed);

  Store& store_;
  ConnectionOpener& opener_;
  Clock& clock_;
};

}  // namespace dovetail
