// How a PostgreSQL server is named: "host=a,b dbname=hr", or "postgresql://user@host/hr".
#pragma once

#include <string>

namespace dovetail::store {

// With what we need and the text does not say: short waits for hosts that are gone, UTF-8.
std::string completed_conninfo(const std::string& conninfo);

// For people, without user and password: "PostgreSQL hr at a,b".
std::string described_conninfo(const std::string& conninfo);

}  // namespace dovetail::store
