#include "engine/api/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/api/json_file.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

}  // namespace

Result<std::vector<GivenEvent>> read_events(std::istream& in, const std::string& file, const std::string& connection) {
  std::vector<GivenEvent> events;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    const auto wrong = [&](const std::string& what) { return fail(fmt::format("{}:{}: {}", file, number, what)); };
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) return wrong("not a JSON object on one line");
    GivenEvent event{.connection = connection, .hub_id = {}};
    std::optional<Event> said;
    for (const auto& [key, value] : json.items()) {
      if (!value.is_string()) return wrong(fmt::format("`{}` must be a text", key));
      const auto text = value.get<std::string>();
      if (key == "connection") {
        event.connection = text;
      } else if (key == "person") {
        event.hub_id = text;
      } else if (key == "id") {
        event.id = text;
      } else if (key == "what" || key == "kind") {  // as it was called until 0.1
        const auto what = find_event(text);
        if (!what)
          return wrong(fmt::format("`{}` must be changed, added, deactivated or removed, not `{}`", key, text));
        if (said && *said != *what) return wrong("`what` and `kind` say different things: give `what` alone");
        said = event.what = *what;
      } else {
        return wrong(fmt::format("`{}` is unknown: connection, person, what and id may be given", key));
      }
    }
    if (event.connection.empty()) return wrong("`connection` is missing");
    if (event.hub_id.empty()) return wrong("`person` is missing: the hub's id");
    events.push_back(std::move(event));
  }
  if (in.bad()) return fail(fmt::format("{}: cannot be read", file));
  return events;
}

std::vector<GivenEvent> coalesced(std::vector<GivenEvent> events) {
  std::ranges::stable_sort(events, {}, [](const GivenEvent& one) { return std::tie(one.connection, one.hub_id); });
  std::vector<GivenEvent> kept;
  std::set<Event> said;  // of the person, without an id
  for (GivenEvent& one : events) {
    const bool same_person =
        !kept.empty() && kept.back().connection == one.connection && kept.back().hub_id == one.hub_id;
    if (!same_person) said.clear();
    if (one.id.empty() && !said.insert(one.what).second) continue;
    kept.push_back(std::move(one));
  }
  return kept;
}

}  // namespace dovetail
