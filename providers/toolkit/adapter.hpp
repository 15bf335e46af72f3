// What every adapter is opened with.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/schema.hpp"
#include "engine/system.hpp"
#include "engine/values/type.hpp"
#include "providers/toolkit/http/client.hpp"
#include "providers/toolkit/http/connection.hpp"

namespace dovetail::providers {

using Credentials = std::map<std::string, std::string, std::less<>>;

struct AdapterSetup {
  Endpoint endpoint;
  Credentials credentials;
  const ir::Schema& schema;  // must outlive the adapter, as must what `context` and `around` view
  const CheckContext& context;
  Surroundings around;
  // Stands between the adapter and its connection: the conformance kit's faults. Empty: nothing does.
  std::function<std::unique_ptr<Transport>(std::unique_ptr<Transport>)> between = {};
};

// The connection that the setup asks for.
Result<std::unique_ptr<Transport>> connect(const AdapterSetup& setup);

// The credential of that name. An Error of kind input names it where it is missing or empty.
Result<std::string> credential(const AdapterSetup& setup, std::string_view name);

// Those of these names, in their order; the same Error for the first that is not there.
Result<std::vector<std::string>> credentials_of(const AdapterSetup& setup,
                                                std::initializer_list<std::string_view> names);

// True where the layout asks for that list, or for a member that is read by an own call (`resource`).
bool asks_for_list(const ir::Layout& layout, ir::MemberId list);
bool asks_for_resource(const ir::Layout& layout, const ir::Schema& schema, std::string_view resource);

// The members that are unique: what a system that lists everybody can be searched by.
std::vector<ir::MemberId> unique_members(const ir::Schema& schema);

// The first list of the schema that is read by that resource, or stands at that wire; no_member: none.
ir::MemberId find_list(const ir::Schema& schema, std::string_view wire);

// Of the record added last: the call that reads the members of that resource told nothing, so they are absent.
void leave_out_resource(const ir::Schema& schema, std::string_view resource, Snapshot& into);

// Where the list is asked of each person by a call of its own: it, if nobody has an element.
std::vector<EmptyList> empty_lists_of(const ir::Schema& schema, ir::MemberId list, const Snapshot& read);

// Of somebody whom a list names and who is not found by that id: gone in between, or not shown.
Error listed_but_not_found();

// A record of which only the id is known: its values are absent, and a note says why.
void add_unread(const ir::Schema& schema, std::string_view id, const Error& why, Snapshot& into,
                std::vector<std::string>& notes);

// Notes which lists of that record were not read, as Codec::decode names them.
void add_unread_lists(std::string_view id, const std::vector<std::string>& unread, std::vector<std::string>& notes);

}  // namespace dovetail::providers
