// What several cases look at: records by id, members that can be tried, people made up from what is there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "providers/conformance/kit.hpp"

namespace dovetail::providers::conformance {

Verdict held();
Verdict broken(std::string why);
Verdict not_asked(std::string why);

Result<Snapshot> listed(const Subject& subject);
// A record by id; nullopt: absent.
Result<std::optional<Snapshot>> looked_up(const Subject& subject, const std::string& id);

// The id of a listed record; empty: it has none.
std::string id_of(const Subject& subject, const Snapshot& from, RecordIndex record);
Value value_of(const Snapshot& from, RecordIndex record, ir::MemberId member);

// An id in the manner of a known one that nobody has.
std::string unknown_id(const std::string& like);

// Members outside lists that an ordinary update may set. `clearable`: and unset.
std::vector<ir::MemberId> writable(const ir::Schema& schema, bool clearable);

// Another value of the member's type; nullopt: this kit knows none.
std::optional<std::string> another_value(const ir::Schema& schema, ir::MemberId member, const std::string& than);

// What a new record needs, made up from an existing one: values that must be unique are new ones.
std::vector<Change> made_up_person(const Subject& subject, const Snapshot& from, unsigned serial);

}  // namespace dovetail::providers::conformance
