// Connections of one store to the same company of the same provider: each would write everything once more, so there is
// one at a time.
#pragma once

#include <string>
#include <vector>

#include "engine/durable/connection.hpp"

namespace dovetail {

// Both companies are known, and are one: the same id in the same system, by whatever name of this machine, or by the
// real system's own address written out. Another address is another system, which may give the same ids.
bool is_same_company(const Connection& one, const Connection& other);

// Of `all` another one of the same company; nullptr: there is none.
const Connection* find_twin(const std::vector<Connection>& all, const Connection& of);

// The one of the same company that works while `of` does not, where a store has two from an earlier version: whichever
// is not paused, then whichever has had its first run, then the older. nullptr: there is none, or `of` is that one.
const Connection* find_preferred_twin(const std::vector<Connection>& all, const Connection& of);

// For people: "Esimerkki Oy (1234567-8)".
std::string company_title(const std::string& name, const std::string& id);

}  // namespace dovetail
