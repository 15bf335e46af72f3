// What of a connection may be said anew, by a person or a host.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/durable/connection.hpp"
#include "engine/error.hpp"

namespace dovetail {

struct ConnectionChanges {
  // By name, beside those that it has; nullopt: it has its default again.
  std::vector<std::pair<std::string, std::optional<std::string>>> settings{};
  std::optional<std::vector<std::string>> scope{};  // hub ids
  std::optional<bool> whole_hub{};
  std::optional<bool> observes_only{}, test_system{};
  std::string name{}, map{}, hub{}, provider{};  // empty: as they are

  // Error::input: no scope can be made of it; `connection` is as it was.
  Result<void> put_into(Connection& connection) const;
};

}  // namespace dovetail
