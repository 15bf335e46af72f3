// The port to a system. Hub and provider are the same kind of thing: the engine never asks which side it is on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/ir/schema.hpp"
#include "engine/snapshot.hpp"

namespace dovetail {

// Who the credentials belong to, and what they may do.
struct Identity {
  std::string company_id, company_name;
  std::vector<std::string> missing_privileges;  // in the system's own words
};

// One member to write, or to clear. Clears are operations of their own: never an empty set.
struct Change {
  ir::MemberId member = ir::no_member;
  std::string element;  // the list element's id; "+1", "+2", … an element that this write adds; empty: not in a list
  bool clear = false;
  std::string value;     // sent form
  std::string previous;  // pre-image, for systems that want whole groups written; empty: was unset
  bool may_add = false;  // the member names another record (a job title): where there is none it is added, as planned
};

// What became of one change. One update may be several calls, so the answer is by change.
struct ChangeOutcome {
  enum class Kind : std::uint8_t {
    done,
    refused,
    unknown,  // may or may not have happened, or was not tried because of what happened before it
    pending,  // accepted; the system shows it later, as a new login that its owner must confirm first
  };
  Kind kind = Kind::unknown;
  std::optional<Value> now;  // the value as the system answered it, where it did
  std::string reason;        // refused: the system's own words
};

struct Created {
  std::optional<std::string> id;        // nullopt: it exists, its id is not known yet
  std::vector<ChangeOutcome> outcomes;  // as many as changes
};

// What the system can do beyond the port's least.
struct Capabilities {
  std::vector<ir::MemberId> findable;  // what find() can search by
  bool finds_references = false;       // find_created() works
  unsigned writes_at_once = 1;         // to different records
};

// What a system lists apart from its people, and nobody had anything in. That is no reason to be incomplete by itself:
// there may never have been anything.
struct EmptyList {
  std::string name;
  std::vector<ir::MemberId> members;  // that it would give: scalars, and lists themselves
};

class System {
 public:
  virtual ~System() = default;

  virtual Capabilities capabilities() const { return {}; }

  virtual Result<Identity> check() = 0;

  // Appends every record to `into`, and says whether that was everybody.
  virtual Result<Completeness> list(Snapshot& into) = 0;

  // As the last list() found them; none before it, and where nothing is listed apart.
  virtual std::vector<EmptyList> empty_lists() const { return {}; }

  // Appends the record. false: the system answers "there is no such record". A refused, failed or garbled request is
  // an Error, never false.
  virtual Result<bool> get(std::string_view id, Snapshot& into) = 0;

  // By value (sent form), the record's id, or nullopt: the system answers that nobody has it. An Error answers nothing.
  // As few calls as the system allows for all of them. Only by what capabilities() lists as findable.
  virtual Result<std::vector<std::optional<std::string>>> find(ir::MemberId member,
                                                               const std::vector<std::string>& values);

  // The id of the record that a create with this reference made; nullopt: there is none. Only if finds_references.
  virtual Result<std::optional<std::string>> find_created(std::string_view reference);

  // `reference` makes repeating a create recognisable, where the system can store one.
  virtual Result<Created> create(const std::vector<Change>& members, std::string_view reference) = 0;

  // One outcome for each change, in their order. An Error means that nothing is known to have been written.
  virtual Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) = 0;
};

}  // namespace dovetail
