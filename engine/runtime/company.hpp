// Whose keys a connection has. Its links name records by number, and another company's records have the same numbers:
// what does not lead to the company that it was made for is never read for writing, and never written.
#pragma once

#include "engine/runtime/opener.hpp"

namespace dovetail {

// Error::input: the provider answers for another company than the one that the connection is linked to.
Result<void> check_company(const Connection& connection, const Identity& who);

// Asks the provider. Other Errors are the provider's own.
Result<void> verify_company(Opened& opened);

}  // namespace dovetail
