// Whose links were agreed on with somebody's match key: how a second account of one person looks.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/plan/plan.hpp"
#include "engine/runtime/means.hpp"

namespace dovetail {

struct Rival {
  std::string hub_id, provider_id;
};

// Kept for a while by connection, as reading all links for everybody who is not linked would take long: a link that
// was made since is found a little later.
class Rivals {
 public:
  explicit Rivals(const Means& means) : means_(means) {}

  // Somebody else than `hub_id` whose link's base holds the match key of the hub's record 0; nullopt: nobody, or there
  // is no such key. An Error of the store.
  Result<std::optional<Rival>> find(const Opened& opened, const Snapshot& hub, const std::string& hub_id);

  // Somebody else than `own` who is linked and whose link agrees on the match key that the provider's record 0 has;
  // nullopt: nobody, or the record is `own`'s by its key, or by what else links are proposed by. An Error of the store.
  Result<std::optional<Rival>> find_holder(const PlanInput& input, const Opened& opened, const Link& own);

  // Drops what is too old to be asked.
  void forget_old();

 private:
  struct Index {
    const ir::Program* rules = nullptr;  // nullptr: not made yet
    std::chrono::steady_clock::time_point made{};
    std::unordered_map<std::string, Rival> by_key, by_agreed;  // of the hub; of the provider, as agreed_key makes it
  };
  Result<void> refresh(const Opened& opened, Index& index);
  Result<void> make(const Opened& opened, Index& index);
  Result<std::optional<Link>> link_of(const Opened& opened, const Rival& rival) const;
  Result<std::optional<Rival>> still_there(const Opened& opened, const Rival& rival) const;

  const Means& means_;
  std::mutex mutex_;
  std::map<ConnectionId, Index> indexes_;
};

}  // namespace dovetail
