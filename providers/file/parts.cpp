#include "providers/file/parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/toolkit/wire_value.hpp"

namespace dovetail::providers {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

bool same_steps(const WirePath& path, const WirePath& prefix) {
  return path.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), path.begin(), [](const WireStep& a, const WireStep& b) {
           return a.name == b.name && a.attribute == b.attribute;
         });
}

}  // namespace

Parts::Parts(const ir::Schema& schema, const CheckContext& context)
    : schema_(schema), context_(context), wires_(schema) {
  for (const ir::DocumentPart& of : schema.parts) {
    Part part;
    std::vector<std::string> order = {of.key};
    order.insert(order.end(), of.of.begin(), of.of.end());
    part.container = path_of(of.as, {});
    for (const std::string& name : of.of) part.of.push_back(path_of(name, order));
    if (!of.key.empty()) part.key = path_of(of.key, order);
    if (!of.chosen_by.empty()) part.chosen_by = path_of(of.chosen_by, {of.chosen_by});
    for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
      const ir::Member& member = schema.members[id];
      if (member.kind == ir::MemberKind::list && member.list == ir::no_member &&
          wires_.path(id).size() == part.container.size() && same_steps(wires_.path(id), part.container))
        part.list = id;
    }
    parts_.push_back(std::move(part));
  }
}

WirePath Parts::path_of(const std::string& wire, const std::vector<std::string>& order) {
  WirePath path;
  std::string_view rest = wire;
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name.empty()) continue;
    const bool attribute = name.front() == '@';
    WireStep step{.name = std::string(name.substr(attribute ? 1 : 0)), .attribute = attribute};
    const std::vector<std::string> alone = {step.name};
    step.order = &orders_.emplace_back(order.empty() ? alone : order);
    path.push_back(std::move(step));
  }
  return path;
}

void Parts::add(std::size_t part, Tree& rows) {
  Part& to = parts_[part];
  to.given = Given::apart;
  to.complete = to.complete && rows.shortfall().empty();
  if (!rows.shortfall().empty())
    notes_.push_back(fmt::format("{}: a record without a row here counts as not read", rows.shortfall()));
  to.trees.push_back(&rows);
}

// What stands there, without blanks around it; nullopt: nothing.
std::optional<std::string> Parts::text_at(const Tree& tree, Node from, const WirePath& path) const {
  const Result<Sight> seen = tree.look(from, path);
  if (!seen || seen->kind != Sight::Kind::text) return std::nullopt;
  const std::string_view blanks = " \t\r\n";
  const std::size_t begin = seen->text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return std::nullopt;
  return std::string(seen->text.substr(begin, seen->text.find_last_not_of(blanks) + 1 - begin));
}

// The id of the record that the row belongs to.
Result<std::string> Parts::owner(std::size_t part, const Tree& tree, Node row) const {
  for (const WirePath& of : parts_[part].of) {
    const std::optional<std::string> written = text_at(tree, row, of);
    if (!written) continue;
    const Value id = read_wire(schema_.members[schema_.identity], *written, context_);
    return id.state == State::value ? id.text : *written;
  }
  std::string names;
  for (const std::string& name : of(part).of) names += (names.empty() ? "`" : " or `") + name + "`";
  return fail(
      fmt::format("{}: a row of `{}` without {}: nothing says whose it is", tree.place(row), of(part).name(), names));
}

Result<void> Parts::take_rows(std::size_t number, const std::unordered_map<std::string, const Record*>& by_id) {
  Part& part = parts_[number];
  for (Tree* tree : part.trees) {
    for (std::size_t i = 0; i < tree->size(); ++i) {
      const Node row = tree->record(i);
      const Result<std::string> id = owner(number, *tree, row);
      if (!id) return std::unexpected(id.error());
      if (const auto key = part.key.empty() ? std::nullopt : text_at(*tree, row, part.key)) part.keys.taken(*key);
      rows_[row.at] = {number, tree};
      const auto record = by_id.find(*id);
      if (record == by_id.end()) {
        part.orphans[*id].push_back(row);
        notes_.push_back(fmt::format("{}: this row of `{}` belongs to {}, and no record has that id: it is left aside",
                                     tree->place(row), of(number).name(), *id));
        continue;
      }
      ++part.joined;
      part.rows[record->second->node.at].push_back(row);
    }
  }
  return {};
}

// True where the record has something itself at the place that rows are given for.
bool Parts::holds_itself(const Part& part, const Record& record) const {
  if (part.list == ir::no_member) {
    const Result<Sight> seen = record.tree->look(record.node, part.container);
    return seen && (seen->kind == Sight::Kind::composite || (seen->kind == Sight::Kind::text && !seen->text.empty()));
  }
  std::vector<Node> elements;
  const Result<bool> found = record.tree->elements(record.node, part.container, elements);
  return found && *found && !elements.empty();
}

std::string Parts::row_places(const std::vector<Node>& rows) const {
  std::string places;
  for (const Node row : rows) places += (places.empty() ? "" : ", ") + rows_.at(row.at).tree->place(row);
  return places;
}

Parts::Choice Parts::chosen(std::size_t number, const Record& record, const std::vector<Node>& rows) {
  const Part& part = parts_[number];
  const auto aside = [&](std::string why) {
    notes_.push_back(fmt::format("{}: {}; `{}` of the record {} counts as not read", record.tree->place(record.node),
                                 why, of(number).as, record.id));
    return Choice{Source::unread, {}};
  };
  const Result<Sight> named =
      part.chosen_by.empty() ? Result<Sight>(Sight{}) : record.tree->look(record.node, part.chosen_by);
  if (named && !named->is_left_out()) {
    const std::optional<std::string> key = text_at(*record.tree, record.node, part.chosen_by);
    if (!key) return {Source::none, {}};
    std::vector<Node> hits;
    std::ranges::copy_if(rows, std::back_inserter(hits),
                         [&](Node row) { return text_at(*rows_.at(row.at).tree, row, part.key) == key; });
    if (hits.size() == 1) return {Source::row, hits.front()};
    if (hits.empty()) {
      return aside(fmt::format("`{}` is {}, and no row of `{}` with that `{}` belongs to it", of(number).chosen_by,
                               *key, of(number).name(), of(number).key));
    }
    return aside(fmt::format("`{}` is {}, and {} rows of `{}` have that `{}` ({})", of(number).chosen_by, *key,
                             hits.size(), of(number).name(), of(number).key, row_places(hits)));
  }
  if (rows.size() == 1) return {Source::row, rows.front()};
  if (rows.empty()) return {part.complete ? Source::none : Source::unread, {}};
  return aside(fmt::format("{} rows of `{}` belong to it ({}), and one is expected", rows.size(), of(number).name(),
                           row_places(rows)));
}

Result<void> Parts::choose(std::size_t number, const Record& record) {
  Part& part = parts_[number];
  if (holds_itself(part, record)) {
    return fail(fmt::format("{}: the record {} holds `{}` itself, and the export of `{}` was given too: leave one out",
                            record.tree->place(record.node), record.id, of(number).as, of(number).name()));
  }
  if (part.list != ir::no_member) return {};
  static const std::vector<Node> no_rows;
  const auto rows = part.rows.find(record.node.at);
  part.choices[record.node.at] = chosen(number, record, rows == part.rows.end() ? no_rows : rows->second);
  return {};
}

Result<void> Parts::join(const std::vector<Record>& records) {
  std::unordered_map<std::string, const Record*> by_id;
  for (const Record& record : records) by_id.emplace(record.id, &record);
  for (std::size_t number = 0; number < parts_.size(); ++number) {
    Part& part = parts_[number];
    if (part.trees.empty()) {
      const auto stands = [&](const Record& record) {
        if (part.list != ir::no_member && schema_.document == ir::DocumentFormat::xml)
          return holds_itself(part, record);
        const Result<Sight> seen = record.tree->look(record.node, part.container);
        return !seen || !seen->is_left_out();
      };
      part.given = records.empty() || std::ranges::any_of(records, stands) ? Given::within : Given::missing;
      continue;
    }
    if (Result<void> taken = take_rows(number, by_id); !taken) return taken;
    if (part.joined == 0 && std::ranges::any_of(part.trees, [](const Tree* tree) { return tree->size() > 0; })) {
      part.complete = false;
      notes_.push_back(
          fmt::format("no row of `{}` belongs to any record, so it says nothing about the others", of(number).name()));
    }
    for (const Record& record : records) {
      if (Result<void> done = choose(number, record); !done) return done;
    }
  }
  return {};
}

void Parts::leave_out(std::size_t number, ir::Schema& schema) {
  Part& part = parts_[number];
  part.given = Given::missing;
  if (part.list != ir::no_member) return;  // a list that is left out is not read anyway
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    ir::Member& member = schema.members[id];
    if (member.kind != ir::MemberKind::scalar || member.list != ir::no_member ||
        !same_steps(wires_.path(id), part.container))
      continue;
    member.read_wire.clear();
    member.write_wires.clear();
  }
}

std::vector<std::string> Parts::notes(const ir::Layout& layout) const {
  std::vector<std::string> all = notes_;
  for (std::size_t number = 0; number < parts_.size(); ++number) {
    const Part& part = parts_[number];
    const auto within = [&](ir::MemberId member) { return same_steps(wires_.path(member), part.container); };
    const bool asked =
        std::ranges::any_of(layout.slots, within) ||
        std::ranges::any_of(layout.lists, [&](const ir::Layout::List& list) { return within(list.list); });
    if (part.given != Given::missing || !asked) continue;
    all.push_back(fmt::format("no export of `{}` was given, and no record holds `{}`: it counts as not read",
                              of(number).name(), of(number).as));
  }
  return all;
}

std::vector<EmptyList> Parts::empty_lists(const ir::Layout& layout) const {
  std::vector<EmptyList> empty;
  for (std::size_t number = 0; number < parts_.size(); ++number) {
    const Part& part = parts_[number];
    if (part.given != Given::apart || part.joined > 0) continue;
    EmptyList& list = empty.emplace_back(EmptyList{.name = of(number).name(), .members = {}});
    const auto add = [&](ir::MemberId member) {
      if (same_steps(wires_.path(member), part.container)) list.members.push_back(member);
    };
    for (const ir::MemberId member : layout.slots) add(member);
    for (const ir::Layout::List& one : layout.lists) add(one.list);
  }
  return empty;
}

Parts::Place Parts::find(Node record, const WirePath& path) const {
  for (std::size_t number = 0; number < parts_.size(); ++number) {
    const Part& part = parts_[number];
    if (part.given == Given::within || path.size() <= part.container.size() || !same_steps(path, part.container))
      continue;
    Place place;
    place.source = Source::unread;
    place.part = number;
    place.rest = part.container.size();
    if (part.given == Given::missing) return place;
    const auto choice = part.choices.find(record.at);
    place.source = choice == part.choices.end() ? Source::none : choice->second.source;
    if (place.source != Source::row) return place;
    place.row = choice->second.row;
    place.tree = tree_of(place.row);
    return place;
  }
  return {};
}

Tree* Parts::tree_of(Node row) const {
  const auto found = rows_.find(row.at);
  return found == rows_.end() ? nullptr : found->second.tree;
}

std::optional<std::size_t> Parts::list_at(const WirePath& path) const {
  for (std::size_t number = 0; number < parts_.size(); ++number) {
    const Part& part = parts_[number];
    if (part.given != Given::within && part.list != ir::no_member && path.size() == part.container.size() &&
        same_steps(path, part.container))
      return number;
  }
  return std::nullopt;
}

std::optional<std::vector<Node>> Parts::rows_of(std::size_t number, Node record) const {
  const Part& part = parts_[number];
  if (part.given == Given::missing || !part.complete) return std::nullopt;
  const auto rows = part.rows.find(record.at);
  return rows == part.rows.end() ? std::vector<Node>() : rows->second;
}

namespace {

Scalar as_number(std::string text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  return {.kind = digits ? Scalar::Kind::number : Scalar::Kind::text, .text = std::move(text)};
}

}  // namespace

Result<void> Parts::name_row(std::size_t number, Tree& own, Node record, const std::string& key) {
  if (parts_[number].chosen_by.empty()) return {};
  mark_changed(own);
  return own.put(record, parts_[number].chosen_by, as_number(key));
}

Result<Node> Parts::take_up_row(std::size_t number, Tree& own, Node record, const WirePath& path,
                                const Scalar& scalar) {
  Part& part = parts_[number];
  if (part.chosen_by.empty()) return Node{};
  std::vector<Node> rows;
  if (const auto own_rows = part.rows.find(record.at); own_rows != part.rows.end()) rows = own_rows->second;
  const std::optional<std::string> id = text_at(own, record, wires_.path(schema_.identity));
  if (const auto orphans = part.orphans.find(id.value_or("")); orphans != part.orphans.end())
    rows.insert(rows.end(), orphans->second.begin(), orphans->second.end());
  for (const Node row : rows) {
    const Tree& tree = *rows_.at(row.at).tree;
    const std::optional<std::string> key = text_at(tree, row, part.key);
    if (!key || text_at(tree, row, path) != scalar.text) continue;
    if (Result<void> named = name_row(number, own, record, *key); !named) return std::unexpected(named.error());
    part.choices[record.at] = {Source::row, row};
    return row;
  }
  return Node{};
}

Result<Node> Parts::add_row(std::size_t number, Tree& own, Node record) {
  Part& part = parts_[number];
  Tree& tree = *part.trees.back();
  const std::optional<std::string> id = text_at(own, record, wires_.path(schema_.identity));
  if (!id) return fail(fmt::format("{}: a record without its id", own.place(record)));
  std::size_t name = 0;  // which of the names the other rows use
  for (std::size_t at = 0; at < part.of.size() && tree.size() > 0; ++at) {
    if (text_at(tree, tree.record(0), part.of[at])) {
      name = at;
      break;
    }
  }
  const Result<Node> row = tree.add_record();
  if (!row) return row;
  rows_[row->at] = {number, &tree};
  part.rows[record.at].push_back(*row);
  part.choices[record.at] = {Source::row, *row};
  mark_changed(tree);
  if (!part.key.empty()) {
    const std::string key = part.keys.next(*id, [](std::string_view) { return true; }).value_or("");
    if (Result<void> put = tree.put(*row, part.key, as_number(key)); !put) return std::unexpected(put.error());
    if (Result<void> named = name_row(number, own, record, key); !named) return std::unexpected(named.error());
  }
  const Scalar owner = write_wire(schema_.members[schema_.identity], *id);
  if (Result<void> put = tree.put(*row, part.of[name], owner); !put) return std::unexpected(put.error());
  return row;
}

void Parts::note_keys(ir::MemberId list, NewId& into) const {
  const ir::MemberId key = schema_.members[list].key;
  if (key == ir::no_member) return;
  for (const Part& part : parts_) {
    if (part.list != list) continue;
    for (const Tree* tree : part.trees) {
      for (std::size_t i = 0; i < tree->size(); ++i) {
        if (const auto text = text_at(*tree, tree->record(i), wires_.path(key))) into.taken(*text);
      }
    }
  }
}

bool Parts::is_changed(const Tree& tree) const { return changed_.contains(&tree); }
void Parts::mark_changed(const Tree& tree) { changed_.insert(&tree); }

}  // namespace dovetail::providers
