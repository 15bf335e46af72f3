#include "providers/toolkit/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "providers/toolkit/new_id.hpp"
#include "providers/toolkit/record_shape.hpp"
#include "providers/toolkit/wire_value.hpp"

namespace dovetail::providers {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// What says of the member that it has no value.
Scalar nothing_of(const ir::Member& member) {
  Scalar nothing;
  nothing.attributes = member.attributes;
  nothing.empty_is_none = member.empty == ir::EmptyMeans::unset;
  return nothing;
}

// XML has no null.
bool can_say_nothing(const ir::Schema& schema, const ir::Member& member) {
  return member.empty == ir::EmptyMeans::unset || schema.omitted_is_unset || schema.document != ir::DocumentFormat::xml;
}

}  // namespace

Codec::Codec(const ir::Schema& schema, const CheckContext& context)
    : schema_(schema), context_(context), wires_(schema), country_(schema.members.size(), ir::no_member) {
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) country_[id] = country_beside(schema, id);
}

Result<Value> Codec::observe(const Tree& tree, Node from, ir::MemberId id, CheckContext context) const {
  const ir::Member& member = schema_.members[id];
  if (wires_.path(id).empty() || member.write_only) return Value{};
  std::string beside;
  if (country_[id] != ir::no_member) {
    const Result<Value> country = observe(tree, from, country_[id], context);
    if (country && country->state == State::value) beside = country->text;
    if (!beside.empty()) context.region = beside;
  }
  Result<Sight> sight = tree.look(from, wires_.path(id));
  if (!sight) return std::unexpected(sight.error());
  if (sight->kind == Sight::Kind::text && !member.attributes.empty()) {
    const std::string text(sight->text);
    if (!text.empty() && is_marked_otherwise(tree, from, id)) return Value{State::absent, {}};
    return read_wire(member, text, context);
  }
  switch (sight->kind) {
    case Sight::Kind::omitted:
      return Value{schema_.omitted_is_unset ? State::unset : State::absent, {}};
    case Sight::Kind::unread:
      return Value{};
    case Sight::Kind::none:
      return Value{State::unset, {}};
    case Sight::Kind::composite:
      if (!member.masked_as.empty() && sight->text == member.masked_as) return Value{State::masked, {}};
      return Value{State::invalid, std::string(sight->text)};
    case Sight::Kind::boolean:
      if (!takes_boolean(member, sight->text)) return Value{State::invalid, std::string(sight->text)};
      break;
    case Sight::Kind::text:
      break;
  }
  return read_wire(member, sight->text, context);
}

// True where a constant attribute that we write is there with another value: another kind of thing stands in this
// place, as a foreign identifier where a Finnish one would.
bool Codec::is_marked_otherwise(const Tree& tree, Node from, ir::MemberId id) const {
  for (const ir::WireAttribute& attribute : schema_.members[id].attributes) {
    WirePath path = wires_.path(id);
    path.push_back({.name = attribute.name, .attribute = true});
    const Result<Sight> seen = tree.look(from, path);
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    if (seen && seen->kind == Sight::Kind::text && !seen->text.empty() &&
        !std::ranges::equal(seen->text, attribute.value, {}, lower, lower))
      return true;
  }
  return false;
}

std::string Codec::region(const Tree& tree, Node record) const {
  if (schema_.region == ir::no_member) return {};
  const Result<Value> country = observe(tree, record, schema_.region, context_);
  return country && country->state == State::value ? country->text : std::string{};
}

Result<void> Codec::decode(const Tree& tree, Node record, Snapshot& into, std::vector<std::string>* unread) const {
  into.add_record();
  Result<void> filled = fill(tree, record, into, unread);
  if (!filled) into.drop_record();
  return filled;
}

Result<void> Codec::fill(const Tree& tree, Node record, Snapshot& into, std::vector<std::string>* unread) const {
  const ir::Layout& layout = into.layout();
  const std::string country = region(tree, record);
  CheckContext context = context_;
  if (!country.empty()) context.region = country;
  for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) {
    const Result<Value> value = observe(tree, record, layout.slots[slot], context);
    if (!value) return std::unexpected(value.error());
    into.set(slot, value->state, value->text);
  }
  for (std::size_t list = 0; list < layout.lists.size(); ++list) {
    if (Result<void> decoded = decode_list(tree, record, list, context, into, unread); !decoded) return decoded;
  }
  return {};
}

Result<void> Codec::decode_list(const Tree& tree, Node record, std::size_t list, const CheckContext& context,
                                Snapshot& into, std::vector<std::string>* unread) const {
  const ir::Layout::List& of = into.layout().lists[list];
  std::vector<Node> elements;
  const Result<bool> found = tree.elements(record, wires_.path(of.list), elements);
  if (!found) return std::unexpected(found.error());
  if (!*found) return {};
  if (Result<void> told = tell_apart(tree, of, elements, context); !told) {
    if (unread == nullptr) return told;
    unread->push_back(
        fmt::format("the list `{}` counts as not read: {}", schema_.members[of.list].path, told.error().what));
    return {};
  }
  into.begin_list(list);
  for (const Node element : elements) {
    into.add_element(list);
    for (ir::SlotId slot = 0; slot < of.slots.size(); ++slot) {
      const ir::MemberId member = of.slots[slot];
      const Node from = wires_.from_record(member) ? record : element;
      const Result<Value> value = observe(tree, from, member, context);
      if (!value) return std::unexpected(value.error());
      into.set_element(list, slot, value->state, value->text);
    }
  }
  return {};
}

// An element without an id could be linked, and never found again to be written.
Result<void> Codec::tell_apart(const Tree& tree, const ir::Layout::List& of, const std::vector<Node>& elements,
                               const CheckContext& context) const {
  const ir::Member& list = schema_.members[of.list];
  if (!std::ranges::count(of.slots, list.key) || wires_.from_record(list.key)) return {};
  std::set<std::string> ids;
  for (const Node element : elements) {
    Result<Value> id = observe(tree, element, list.key, context);
    if (!id) return std::unexpected(id.error());
    if (id->state != State::value) {
      return fail(fmt::format("{}: an element of `{}` without `{}`", tree.place(element), list.path,
                              schema_.members[list.key].name));
    }
    if (const auto [at, is_new] = ids.insert(std::move(id->text)); !is_new) {
      return fail(fmt::format("{}: two elements of `{}` have the id {}", tree.place(element), list.path, *at));
    }
  }
  return {};
}

Result<std::string> Codec::identity(const Tree& tree, Node record) const {
  if (schema_.identity == ir::no_member) return fail("the schema names no identity");
  Result<Value> id = observe(tree, record, schema_.identity, context_);
  if (!id) return std::unexpected(id.error());
  const ir::Member& member = schema_.members[schema_.identity];
  if (id->state == State::invalid) {
    const std::string_view type = member.type == nullptr ? "enum" : member.type->name;
    return fail(fmt::format("{}: `{}` of this record is \"{}\", which cannot be read as {}", tree.place(record),
                            member.path, id->text, type));
  }
  if (id->state != State::value) return fail(fmt::format("{}: a record without `{}`", tree.place(record), member.path));
  return std::move(id->text);
}

std::vector<ChangeOutcome> Codec::encode(Tree& tree, Node record, const std::vector<Change>& changes,
                                         const FreshKey& fresh_key) const {
  std::vector<Elements> known;
  std::vector<ChangeOutcome> outcomes;
  outcomes.reserve(changes.size());
  for (const Change& change : changes) outcomes.push_back(write(tree, record, change, fresh_key, known));
  return outcomes;
}

ChangeOutcome Codec::write(Tree& tree, Node record, const Change& change, const FreshKey& fresh_key,
                           std::vector<Elements>& known) const {
  const auto refuse = [](std::string why) {
    return ChangeOutcome{.kind = ChangeOutcome::Kind::refused, .now = std::nullopt, .reason = std::move(why)};
  };
  const ir::Member& member = schema_.members[change.member];
  const WirePath& path = wires_.path(change.member);
  if (path.empty()) return refuse(fmt::format("`{}` has no place in a document of {}", member.path, schema_.name));
  Node from = record;
  if (!change.element.empty()) {
    const Result<Node> found = element(tree, record, member.list, change.element, fresh_key, known);
    if (!found) return refuse(found.error().what);
    if (!wires_.from_record(change.member)) from = *found;
  }
  if (change.clear && !can_say_nothing(schema_, member)) {
    return refuse(
        fmt::format("`{}` cannot be emptied: in a document of {} neither an empty text nor a member that is "
                    "left out means that there is no value",
                    member.path, schema_.name));
  }
  const Scalar scalar = change.clear ? nothing_of(member) : write_wire(member, change.value);
  if (const Result<void> put = tree.put(from, path, scalar); !put) return refuse(put.error().what);
  if (member.write_only) return {.kind = ChangeOutcome::Kind::done, .now = std::nullopt, .reason = {}};
  CheckContext context = context_;
  const std::string country = region(tree, record);
  if (!country.empty()) context.region = country;
  Result<Value> now = observe(tree, from, change.member, context);
  if (!now) return refuse(now.error().what);
  return {.kind = ChangeOutcome::Kind::done, .now = std::move(*now), .reason = {}};
}

// "+1" stands for an element that this write adds: made when it is first named, with an id of its own.
Result<Node> Codec::element(Tree& tree, Node record, ir::MemberId list, std::string_view id, const FreshKey& fresh_key,
                            std::vector<Elements>& known) const {
  if (list == ir::no_member) return fail("an element of no list");
  for (const Elements& seen : known) {
    if (seen.list == list && seen.id == id) return seen.node;
  }
  const ir::MemberId key = schema_.members[list].key;
  if (id.starts_with('+')) {
    const std::string fresh = key == ir::no_member ? std::string{} : fresh_key(list);
    if (key != ir::no_member && fresh.empty()) {
      return fail(fmt::format("no id can be made that `{}` would take", schema_.members[key].path));
    }
    const Result<Node> added = tree.add_element(record, wires_.path(list));
    if (!added) return added;
    if (key != ir::no_member) {
      const Result<void> put = tree.put(*added, wires_.path(key), write_wire(schema_.members[key], fresh));
      if (!put) return std::unexpected(put.error());
    }
    if (const Result<void> begun = begin_element(tree, *added, list); !begun) return std::unexpected(begun.error());
    known.push_back({list, std::string(id), *added});
    return added;
  }
  std::vector<Node> elements;
  const Result<bool> found = tree.elements(record, wires_.path(list), elements);
  if (!found) return std::unexpected(found.error());
  for (const Node element : elements) {
    const Result<Value> has = key == ir::no_member ? Value{} : observe(tree, element, key, context_);
    if (!has || has->state != State::value || has->text != id) continue;
    known.push_back({list, std::string(id), element});
    return element;
  }
  return fail(fmt::format("no element `{}` in `{}`", id, schema_.members[list].path));
}

Result<void> Codec::collect_keys(const Tree& tree, ir::MemberId list, NewId& into) const {
  const ir::MemberId key = schema_.members[list].key;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    std::vector<Node> elements;
    const Result<bool> found = tree.elements(tree.record(i), wires_.path(list), elements);
    if (!found) return std::unexpected(found.error());
    for (const Node element : elements) {
      const Result<Value> id = observe(tree, element, key, context_);
      if (id && id->state == State::value) into.taken(id->text);
    }
  }
  return {};
}

// Where a member that is left out says nothing, a new element says of it that it has no value.
Result<void> Codec::begin_element(Tree& tree, Node element, ir::MemberId list) const {
  for (ir::MemberId member = 0; member < schema_.members.size(); ++member) {
    const ir::Member& of = schema_.members[member];
    const bool holds_value = of.kind == ir::MemberKind::scalar && !of.write_only && !wires_.path(member).empty();
    if (of.list != list || !holds_value) continue;
    if (member == schema_.members[list].key || wires_.from_record(member)) continue;
    if (schema_.omitted_is_unset && std::ranges::none_of(wires_.path(member), &WireStep::enclosing)) continue;
    if (Result<void> put = tree.put(element, wires_.path(member), nothing_of(of)); !put) return put;
  }
  return {};
}

Result<void> Codec::begin_record(Tree& tree, Node record, std::string_view id) const {
  for (ir::MemberId member = 0; member < schema_.members.size(); ++member) {
    const ir::Member& of = schema_.members[member];
    const WirePath& path = wires_.path(member);
    if (path.empty() || of.list != ir::no_member || of.kind == ir::MemberKind::object || of.write_only) continue;
    Scalar scalar = nothing_of(of);
    if (member == schema_.identity) scalar = write_wire(of, id);
    if (member == schema_.active) scalar = write_wire(of, schema_.active_value);
    scalar.attributes = of.attributes;
    const Result<void> put =
        of.kind == ir::MemberKind::list ? tree.make_list(record, path) : tree.put(record, path, scalar);
    if (!put) return put;
  }
  return {};
}

}  // namespace dovetail::providers
