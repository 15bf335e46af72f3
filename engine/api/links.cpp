#include "engine/api/links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "engine/runtime/by_hand.hpp"
#include "engine/runtime/seen.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// A run or a push that is under way must not find the links changed under it.
Result<Connection> changeable(Runtime& runtime, std::string_view name) {
  auto connection = runtime.connections().find(name);
  if (!connection) return connection;
  if (connection->state == ConnectionState::paused || connection->state == ConnectionState::fresh) return connection;
  return fail(fmt::format("{} is {}: pause it first (dovetail connection pause {}), and resume it after",
                          connection->name, dovetail::name(connection->state), connection->name));
}

// The person, or a field of theirs.
bool is_left_out(const Link& link) { return link.state == LinkState::excluded || !link.excluded_fields.empty(); }

// A label that no rule has would be without effect.
Result<void> check_field(Runtime& runtime, const Connection& connection, const std::string& field) {
  const auto rules = runtime.opener().rules(connection.map);
  if (!rules) return std::unexpected(rules.error());
  std::string labels;
  for (const ir::Field& each : (*rules)->rules.fields) {
    if (each.label == field) return {};
    labels += (labels.empty() ? "" : ", ") + each.label;
  }
  return fail(fmt::format("{}: {} has no field of this label; it has: {}", field, connection.map, labels));
}

Result<StoredLink> link_of(Transaction& now, const Connection& connection, const std::string& person) {
  auto link = now.link_of_hub(connection.id, person);
  if (!link) return std::unexpected(link.error());
  if (!*link) return fail(fmt::format("{}: nobody of this id is remembered on {}", person, connection.name));
  return std::move(**link);
}

// An id that was mistyped would make a link to nobody: both systems are asked.
Result<void> check_records(Opened& opened, const std::string& person, const std::string& record) {
  for (const ir::Side side : {ir::Side::hub, ir::Side::provider}) {
    const std::string& id = side == ir::Side::hub ? person : record;
    const std::string& title = opened.program().rules->title(side);
    Snapshot found(opened.program().layouts[ir::at(side)]);
    const Result<bool> there = opened.system(side).get(id, found);
    if (!there) {
      Error error = there.error();
      error.what = fmt::format("{} could not be asked for {}, so nothing was linked: {}", title, id, error.what);
      return std::unexpected(std::move(error));
    }
    if (!*there) {
      return fail(
          fmt::format("{} has no record with the id {}: nothing was linked. Ids are listed by `dovetail plan {}`",
                      title, id, opened.connection.name));
    }
  }
  return {};
}

// Somebody whom nobody has is not left out: the id may be mistyped. Asked of the hub where it is not known already.
Result<void> check_person(Runtime& runtime, const Connection& connection, const std::string& person) {
  bool is_known = false;
  const Result<void> read = runtime.store().read([&](Transaction& now) -> Result<void> {
    const auto link = now.link_of_hub(connection.id, person);
    if (!link) return std::unexpected(link.error());
    const auto seen = now.seen_record(connection.id, person);
    if (!seen) return std::unexpected(seen.error());
    is_known = link->has_value() || seen->has_value();
    return {};
  });
  if (!read || is_known) return read;
  const auto opened = runtime.open(connection.name);
  if (!opened) return std::unexpected(opened.error());
  const std::string& title = (*opened)->program().rules->title(ir::Side::hub);
  Snapshot found((*opened)->program().layouts[ir::at(ir::Side::hub)]);
  const Result<bool> there = (*opened)->system(ir::Side::hub).get(person, found);
  if (!there) {
    Error error = there.error();
    error.what = fmt::format("{} could not be asked for {}, so nobody was left out: {}", title, person, error.what);
    return std::unexpected(std::move(error));
  }
  if (*there) return {};
  return fail(fmt::format("{} has nobody with the id {}: nobody was left out. Ids are listed by `dovetail plan {}`",
                          title, person, connection.name));
}

// As it is kept: what was left out of the person stays so.
Result<Link> put_made(Transaction& now, const Connection& connection, Link made) {
  auto all = now.links(connection.id);
  if (!all) return std::unexpected(all.error());
  for (const StoredLink& each : *all) {
    const bool of_person = each.link.hub_id == made.hub_id, of_record = each.link.provider_id == made.provider_id;
    if (!of_person && !of_record) continue;
    if (of_person && !each.link.marks.empty()) made.marks = each.link.marks;
    if (is_apart(each.link)) {
      if (!of_person || !of_record) continue;  // that these are not others stays true
    } else if (!each.link.hub_id.empty() && !each.link.provider_id.empty()) {
      return fail(fmt::format("{} is linked to {} already; cut that first", each.link.hub_id, each.link.provider_id));
    }
    if (of_person && is_left_out(each.link)) {
      made.excluded_fields = each.link.excluded_fields;
      if (each.link.state == LinkState::excluded) made.state = each.link.state;
      made.note = each.link.note;
    }
    if (auto removed = now.remove_link(connection.id, each.id); !removed) return std::unexpected(removed.error());
  }
  StoredLink stored;
  stored.link = made;
  if (auto put = now.put_link(connection.id, stored); !put) return std::unexpected(put.error());
  return made;
}

// What was left out of somebody whose link was cut, for whoever is linked to them next.
Result<void> keep_exclusions(Transaction& now, const Connection& connection, const Link& cut) {
  if (!is_left_out(cut)) return {};
  StoredLink stored;
  stored.link.hub_id = cut.hub_id;
  if (cut.state == LinkState::excluded) stored.link.state = cut.state;
  stored.link.excluded_fields = cut.excluded_fields;
  stored.link.note = cut.note;
  if (auto put = now.put_link(connection.id, stored); !put) return std::unexpected(put.error());
  return {};
}

Result<void> put_exclusion(Transaction& now, const Connection& connection, const Exclusion& wanted,
                           const std::string& by) {
  auto found = now.link_of_hub(connection.id, wanted.person);
  if (!found) return std::unexpected(found.error());
  // Whom somebody said to be no one's record stays that; the exclusion is a link of its own.
  StoredLink stored = *found && !is_apart((*found)->link) ? **found : StoredLink{};
  stored.link.hub_id = wanted.person;
  auto& fields = stored.link.excluded_fields;
  const bool of_field = !wanted.field.empty();
  const bool is_out =
      of_field ? std::ranges::count(fields, wanted.field) != 0 : stored.link.state == LinkState::excluded;
  if (is_out != wanted.undo) {
    return fail(fmt::format("{}{}{}: {}", wanted.person, of_field ? ", " : "", wanted.field,
                            is_out ? "excluded already" : "not excluded"));
  }
  if (of_field) {
    std::erase(fields, wanted.field);
    if (!wanted.undo) fields.push_back(wanted.field);
  } else {
    stored.link.state = wanted.undo ? LinkState::linked : LinkState::excluded;
  }
  stored.link.note = wanted.undo ? Text() : Text(fmt::format("{} (by {})", wanted.why, by));
  const bool is_empty = stored.link.provider_id.empty() && stored.link.state == LinkState::linked && fields.empty();
  if (is_empty) return stored.id == 0 ? Result<void>() : now.remove_link(connection.id, stored.id);
  if (auto put = now.put_link(connection.id, stored); !put) return std::unexpected(put.error());
  return {};
}

}  // namespace

Json to_json(const Link& link) {
  return {{"hub", link.hub_id},
          {"provider", link.provider_id},
          {"state", name(link.state)},
          {"apart", is_apart(link)},
          {"evidence", link.evidence.view()},
          {"note", link.note.view()},
          {"excluded_fields", link.excluded_fields}};
}

Result<std::vector<StoredLink>> links_of(Runtime& runtime, std::string_view connection, std::string_view person) {
  const auto of = runtime.connections().find(connection);
  if (!of) return std::unexpected(of.error());
  std::vector<StoredLink> links;
  const Result<void> read = runtime.store().read([&](Transaction& now) -> Result<void> {
    auto all = now.links(of->id);
    if (!all) return std::unexpected(all.error());
    links = std::move(*all);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  if (!person.empty()) {
    std::erase_if(
        links, [&](const StoredLink& each) { return each.link.hub_id != person && each.link.provider_id != person; });
  }
  return links;
}

Result<Link> cut_link(Runtime& runtime, std::string_view connection, const std::string& person, const std::string& by) {
  const auto of = changeable(runtime, connection);
  if (!of) return std::unexpected(of.error());
  Link apart;
  const Result<void> done = runtime.store().write([&](Transaction& transaction) -> Result<void> {
    auto stored = link_of(transaction, *of, person);
    if (!stored) return std::unexpected(stored.error());
    if (is_apart(stored->link) || stored->link.provider_id.empty()) {
      return fail(fmt::format("{} is not linked to anybody", person));
    }
    apart = Link();
    apart.hub_id = stored->link.hub_id;
    apart.provider_id = stored->link.provider_id;
    apart.state = LinkState::disputed;
    apart.left = true;
    apart.note = "cut by " + by;
    apart.marks = stored->link.marks;  // what was there when the connection was activated stays true of the person
    const Link before = std::exchange(stored->link, apart);
    if (auto put = transaction.put_link(of->id, *stored); !put) return std::unexpected(put.error());
    if (auto kept = keep_exclusions(transaction, *of, before); !kept) return kept;
    return look_at_relinked(transaction, *of, apart, now(runtime.means()));
  });
  if (!done) return std::unexpected(done.error());
  return apart;
}

Result<Link> make_link(Runtime& runtime, std::string_view connection, const std::string& person,
                       const std::string& record, const std::string& by) {
  const auto of = changeable(runtime, connection);
  if (!of) return std::unexpected(of.error());
  auto opened = runtime.open(connection);
  if (!opened) return std::unexpected(opened.error());
  if (const Result<void> there = check_records(**opened, person, record); !there) {
    return std::unexpected(there.error());
  }
  Link made;
  made.hub_id = person;
  made.provider_id = record;
  made.evidence = "by hand";
  made.note = "by " + by;
  Link kept;
  const Result<void> done = runtime.store().write([&](Transaction& transaction) -> Result<void> {
    Result<Link> put = put_made(transaction, *of, made);
    if (!put) return std::unexpected(put.error());
    kept = *std::move(put);
    return look_at_relinked(transaction, *of, made, now(runtime.means()));
  });
  if (!done) return std::unexpected(done.error());
  return kept;
}

const std::string& id_to_forget(const Link& link) { return link.hub_id.empty() ? link.provider_id : link.hub_id; }

Result<void> forget_link(Runtime& runtime, std::string_view connection, const std::string& person) {
  const auto of = changeable(runtime, connection);
  if (!of) return std::unexpected(of.error());
  return runtime.store().write([&](Transaction& transaction) -> Result<void> {
    auto all = transaction.links(of->id);
    if (!all) return std::unexpected(all.error());
    std::erase_if(*all, [&](const StoredLink& each) { return id_to_forget(each.link) != person; });
    if (all->empty()) return fail(fmt::format("{}: nobody of this id is remembered on {}", person, of->name));
    const Instant at = now(runtime.means());
    for (const StoredLink& each : *all) {
      if (auto removed = transaction.remove_link(of->id, each.id); !removed) return removed;
    }
    for (const StoredLink& each : *all) {
      if (auto looked = look_at_relinked(transaction, *of, each.link, at); !looked) return looked;
    }
    return {};
  });
}

Result<void> exclude(Runtime& runtime, std::string_view connection, const Exclusion& wanted, const std::string& by) {
  const auto of = runtime.connections().find(connection);
  if (!of) return std::unexpected(of.error());
  if (!wanted.undo && wanted.why.empty()) return fail("say why; it is shown wherever the person is");
  if (!wanted.undo && !wanted.field.empty()) {
    if (const Result<void> known = check_field(runtime, *of, wanted.field); !known) return known;
  }
  if (!wanted.undo) {
    if (const Result<void> known = check_person(runtime, *of, wanted.person); !known) return known;
  }
  return runtime.store().write([&](Transaction& transaction) -> Result<void> {
    const Instant at = now(runtime.means());
    if (Result<void> put = put_exclusion(transaction, *of, wanted, by); !put) return put;
    return wanted.undo ? look_at_person(transaction, *of, wanted.person, at)
                       : solve_excluded(transaction, of->id, wanted.person, wanted.field, at);
  });
}

}  // namespace dovetail
