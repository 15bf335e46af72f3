// dovetail links and exclude: who is linked to whom, and changing it by hand.
#include <fmt/format.h>

#include <algorithm>

#include "engine/api/json_file.hpp"
#include "engine/match/link_state.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// A run or a push that is under way must not find the links changed under it.
Result<Connection> changeable(Runtime& runtime, const StoreOptions& options) {
  auto connection = runtime.connections().find(options.connection);
  if (!connection) return connection;
  if (connection->state == ConnectionState::paused || connection->state == ConnectionState::fresh) return connection;
  return fail(fmt::format("{} is {}: pause it first (dovetail connection pause {}), and resume it after",
                          connection->name, name(connection->state), connection->name));
}

// Changes the links of one connection in one transaction, and says what was done.
int change(const StoreOptions& options, const std::function<Result<std::string>(Transaction&, const Connection&)>& work,
           bool while_active = false) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const auto connection =
      while_active ? (*runtime)->connections().find(options.connection) : changeable(**runtime, options);
  if (!connection) return refuse(connection.error());
  std::string said;
  const Result<void> done = (*runtime)->store().write([&](Transaction& now) -> Result<void> {
    auto text = work(now, *connection);
    if (!text) return std::unexpected(text.error());
    said = std::move(*text);
    return {};
  });
  if (!done) return refuse(done.error());
  fmt::print("{}\n", printable(said));
  return clean;
}

// A label that no rule has would be without effect.
Result<void> check_field(const StoreOptions& options) {
  if (options.field.empty() || options.undo) return {};
  auto runtime = open_runtime(options, true);
  if (!runtime) return std::unexpected(runtime.error());
  const auto connection = (*runtime)->connections().find(options.connection);
  if (!connection) return std::unexpected(connection.error());
  const auto rules = (*runtime)->opener().rules(connection->map);
  if (!rules) return std::unexpected(rules.error());
  std::string labels;
  for (const ir::Field& field : (*rules)->rules.fields) {
    if (field.label == options.field) return {};
    labels += (labels.empty() ? "" : ", ") + field.label;
  }
  return fail(
      fmt::format("--field {}: {} has no field of this label; it has: {}", options.field, connection->map, labels));
}

Result<StoredLink> link_of(Transaction& now, const Connection& connection, const std::string& person) {
  auto link = now.link_of_hub(connection.id, person);
  if (!link) return std::unexpected(link.error());
  if (!*link) return fail(fmt::format("{}: nobody of this id is remembered on {}", person, connection.name));
  return std::move(**link);
}

Json json_of(const Link& link) {
  return {{"hub", link.hub_id},
          {"provider", link.provider_id},
          {"state", name(link.state)},
          {"apart", is_apart(link)},
          {"evidence", link.evidence},
          {"note", link.note},
          {"excluded_fields", link.excluded_fields}};
}

// Somebody on one side of whom it was said that they are not to be added to the other.
bool is_alone(const Link& link) { return link.left && (link.hub_id.empty() || link.provider_id.empty()); }

std::string text_of(const Link& link) {
  std::string text = fmt::format("{}  {}  {}", link.hub_id.empty() ? "-" : link.hub_id,
                                 link.provider_id.empty() ? "-" : link.provider_id,
                                 is_apart(link)   ? std::string_view("not one person")
                                 : is_alone(link) ? std::string_view("not to be added")
                                                  : name(link.state));
  if (!link.evidence.empty()) text += ", " + link.evidence;
  if (!link.note.empty()) text += ": " + link.note;
  for (const std::string& field : link.excluded_fields) text += fmt::format(", without {}", field);
  return text;
}

// An id that was mistyped would make a link to nobody: both systems are asked.
Result<void> check_records(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return std::unexpected(runtime.error());
  const auto connection = changeable(**runtime, options);
  if (!connection) return std::unexpected(connection.error());
  auto opened = (*runtime)->open(options.connection);
  if (!opened) return std::unexpected(opened.error());
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const std::string& id = side == ir::Side::hub ? options.person : options.record;
    const std::string& title = (*opened)->program().rules->title(side);
    Snapshot record((*opened)->program().layouts[ir::at(side)]);
    const Result<bool> there = (*opened)->system(side).get(id, record);
    if (!there) {
      Error error = there.error();
      error.what = fmt::format("{} could not be asked for {}, so nothing was linked: {}", title, id, error.what);
      return std::unexpected(std::move(error));
    }
    if (!*there) {
      return fail(
          fmt::format("{} has no record with the id {}: nothing was linked. Ids are listed by `dovetail plan {}`",
                      title, id, options.connection));
    }
  }
  return {};
}

}  // namespace

int links_list_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto connection = (*runtime)->connections().find(options.connection);
  if (!connection) return refuse(connection.error());
  std::vector<StoredLink> links;
  const Result<void> read = (*runtime)->store().read([&](Transaction& now) -> Result<void> {
    auto all = now.links(connection->id);
    if (!all) return std::unexpected(all.error());
    links = std::move(*all);
    return {};
  });
  if (!read) return refuse(read.error());
  if (!options.person.empty()) {
    std::erase_if(links, [&](const StoredLink& each) {
      return each.link.hub_id != options.person && each.link.provider_id != options.person;
    });
  }
  if (options.format == "json") {
    Json list = Json::array();
    for (const StoredLink& each : links) list.push_back(json_of(each.link));
    fmt::print("{}\n", list.dump(2, ' ', false, Json::error_handler_t::replace));
    return clean;
  }
  for (const StoredLink& each : links) fmt::print("{}\n", printable(text_of(each.link)));
  const auto count = std::ranges::count_if(
      links, [](const StoredLink& each) { return !is_apart(each.link) && !each.link.hub_id.empty() && !each.link.provider_id.empty(); });
  fmt::print("{} link{}\n", count, count == 1 ? "" : "s");
  return clean;
}

// The two are remembered as not being one person, or the next run would find them again.
int links_cut_command(const StoreOptions& options) {
  return change(options, [&](Transaction& now, const Connection& connection) -> Result<std::string> {
    auto stored = link_of(now, connection, options.person);
    if (!stored) return std::unexpected(stored.error());
    if (is_apart(stored->link) || stored->link.provider_id.empty()) {
      return fail(fmt::format("{} is not linked to anybody", options.person));
    }
    Link apart;
    apart.hub_id = stored->link.hub_id;
    apart.provider_id = stored->link.provider_id;
    apart.state = LinkState::disputed;
    apart.left = true;
    apart.note = "cut by " + author();
    stored->link = apart;
    if (auto put = now.put_link(connection.id, *stored); !put) return std::unexpected(put.error());
    return fmt::format("{} and {} are two people from now on; neither record was touched", apart.hub_id,
                       apart.provider_id);
  });
}

int links_make_command(const StoreOptions& options) {
  if (const Result<void> there = check_records(options); !there) return refuse(there.error());
  return change(options, [&](Transaction& now, const Connection& connection) -> Result<std::string> {
    auto all = now.links(connection.id);
    if (!all) return std::unexpected(all.error());
    for (const StoredLink& each : *all) {
      const bool of_person = each.link.hub_id == options.person, of_record = each.link.provider_id == options.record;
      if (!of_person && !of_record) continue;
      if (is_apart(each.link)) {
        if (!of_person || !of_record) continue;  // that these are not others stays true
      } else if (!each.link.hub_id.empty() && !each.link.provider_id.empty()) {
        return fail(fmt::format("{} is linked to {} already; cut that first", each.link.hub_id, each.link.provider_id));
      }
      if (auto removed = now.remove_link(connection.id, each.id); !removed) return std::unexpected(removed.error());
    }
    StoredLink made;
    made.link.hub_id = options.person;
    made.link.provider_id = options.record;
    made.link.evidence = "by hand";
    made.link.note = "by " + author();
    if (auto put = now.put_link(connection.id, made); !put) return std::unexpected(put.error());
    return fmt::format("{} and {} are one person from now on; what differs is shown in the next run", options.person,
                       options.record);
  });
}

int links_forget_command(const StoreOptions& options) {
  const std::string question =
      fmt::format("Forget what is remembered of {}: the link, what was agreed, exclusions? The next run matches anew.",
                  options.person);
  if (!confirmed(options, question)) return needs_person;
  return change(options, [&](Transaction& now, const Connection& connection) -> Result<std::string> {
    auto all = now.links(connection.id);
    if (!all) return std::unexpected(all.error());
    std::size_t count = 0;
    for (const StoredLink& each : *all) {
      if (each.link.hub_id != options.person) continue;
      if (auto removed = now.remove_link(connection.id, each.id); !removed) return std::unexpected(removed.error());
      ++count;
    }
    if (count == 0)
      return fail(fmt::format("{}: nobody of this id is remembered on {}", options.person, connection.name));
    return options.person + ": forgotten; neither record was touched";
  });
}

int exclude_command(const StoreOptions& options) {
  if (!options.undo && options.why.empty()) {
    return refuse(fail("say why by --reason; it is shown wherever the person is").error());
  }
  if (Result<void> known = check_field(options); !known) return refuse(known.error());
  return change(
      options,
      [&](Transaction& now, const Connection& connection) -> Result<std::string> {
        auto found = now.link_of_hub(connection.id, options.person);
        if (!found) return std::unexpected(found.error());
        StoredLink stored = found->value_or(StoredLink{});
        stored.link.hub_id = options.person;
        const std::string what = options.field.empty() ? options.person : options.person + ", " + options.field;
        auto& fields = stored.link.excluded_fields;
        const bool is_out = options.field.empty() ? stored.link.state == LinkState::excluded
                                                  : std::ranges::count(fields, options.field) != 0;
        if (is_out != options.undo) return fail(what + (is_out ? ": excluded already" : ": not excluded"));
        if (!options.field.empty()) {
          std::erase(fields, options.field);
          if (!options.undo) fields.push_back(options.field);
        } else {
          stored.link.state = options.undo ? LinkState::linked : LinkState::excluded;
        }
        stored.link.note = options.undo ? std::string() : fmt::format("{} (by {})", options.why, author());
        const bool is_empty =
            stored.link.provider_id.empty() && stored.link.state == LinkState::linked && fields.empty();
        if (is_empty && stored.id != 0) {
          if (auto removed = now.remove_link(connection.id, stored.id); !removed) {
            return std::unexpected(removed.error());
          }
        } else if (!is_empty) {
          if (auto put = now.put_link(connection.id, stored); !put) return std::unexpected(put.error());
        }
        return what + (options.undo ? ": taken in again" : ": left out from now on; neither record was touched");
      },
      true);
}

}  // namespace dovetail::tools
