// How a seed of each kind ends, whatever the field.
#pragma once

#include "tests/samples/generator/person.hpp"

namespace dovetail::samples {

// Both sides have a value, either may win.
Seed differs(std::string field, std::string hub, std::string provider);
// Only the hub has one.
Seed missing_in_provider(std::string field, std::string hub);
Seed missing_in_hub(std::string field, std::string provider);
// The provider's existing value may not change.
Seed not_changeable(std::string field, std::string hub, std::string provider);
// The hub's value must not be sent; the provider's may be read.
Seed not_sendable(std::string field, std::string kind, std::vector<std::string> finding, std::string hub,
                  std::string provider);
// The provider's value must not be read; the hub's may replace it.
Seed not_readable(std::string field, std::string kind, std::vector<std::string> finding, std::string hub,
                  std::string provider);
// The same, written differently: nothing happens.
Seed same(std::string field, std::string kind, std::string hub, std::string provider);
// Nothing is written, whoever wins.
Seed untouched(std::string field, std::string kind, std::vector<std::string> finding, std::string hub,
               std::string provider);

}  // namespace dovetail::samples
