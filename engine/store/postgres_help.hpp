// What helps against a refusal of a PostgreSQL server, in a sentence for whoever set the database up: its own words
// name neither the right that is missing nor whose limit was reached.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/store/sql.hpp"

namespace dovetail::store {

// The oldest server whose answers the store understands.
inline constexpr int oldest_postgres = 110'000;  // 11, as server_version_num has it

// What is said while a server is being connected to has no code: the kind that the words mean. `lost` where they mean
// nothing, since what is not known may pass.
SqlFailure::Kind connecting_kind(std::string_view said);

// nullopt: the words say enough, or are not known. `role` is whom the server takes us for; empty: not known yet.
std::optional<std::string> postgres_help(std::string_view said, std::string_view role);

// Of a server that is too old; nullopt: it is not. `number` as server_version_num has it.
std::optional<std::string> too_old(int number);

// Of a role that may use no schema of its search path.
std::string no_schema_help(std::string_view role, std::string_view search_path);

// A name as SQL wants it, in quotes where it needs them.
std::string quoted_name(std::string_view name);

}  // namespace dovetail::store
