// PostgreSQL: a pool of sessions; what was lost with a connection is run again on the next one.
#include "engine/store/sql_store.hpp"

namespace dovetail::store {

Result<std::unique_ptr<SqlStore>> open_postgres(const std::string&, const KeyedHash::Key&, const OpenOptions&) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = "PostgreSQL: not there yet"});
}

}  // namespace dovetail::store
