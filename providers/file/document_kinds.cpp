#include "providers/file/document_kinds.hpp"

#include <algorithm>

namespace dovetail::providers {
namespace {

constexpr std::size_t enough = 50;  // rows that are looked at

std::string first_step(std::string_view path) { return std::string(path.substr(0, path.find('/'))); }

WirePath one_step(const std::string& name) { return {WireStep{.name = name}}; }

// Letters and digits, small: "bank_accounts" and "BankAccounts" are one name.
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

void note(std::vector<WirePath>& into, const std::string& name) {
  if (std::ranges::none_of(into, [&](const WirePath& path) { return path.front().name == name; }))
    into.push_back(one_step(name));
}

}  // namespace

DocumentKinds::DocumentKinds(const ir::Schema& schema) : places_{schema.records}, by_kind_(schema.parts.size() + 1) {
  for (const ir::DocumentPart& part : schema.parts) places_.push_back(part.records);
  const WireMap wires(schema);
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    const ir::Member& member = schema.members[id];
    if (wires.path(id).empty() || wires.from_record(id)) continue;
    std::string path;
    for (const WireStep& step : wires.path(id)) path += (path.empty() ? "" : "/") + step.name;
    std::string in_list;  // where the list stands whose element this is in
    if (member.list != ir::no_member) {
      for (const WireStep& step : wires.path(member.list)) in_list += (in_list.empty() ? "" : "/") + step.name;
    }
    if (id == schema.identity) {
      by_kind_[records].required.push_back(one_step(first_step(path)));
      continue;
    }
    bool in_part = false;
    for (std::size_t part = 0; part < schema.parts.size(); ++part) {
      const std::string& as = schema.parts[part].as;
      if (member.list != ir::no_member ? in_list == as : path == as || path.starts_with(as + "/")) {
        in_part = true;
        note(by_kind_[records].own, first_step(as));  // where a record holds it itself
        const std::string within =
            member.list != ir::no_member ? path : path.substr(std::min(as.size() + 1, path.size()));
        if (!within.empty() && member.kind == ir::MemberKind::scalar) note(by_kind_[part + 1].own, first_step(within));
      }
    }
    if (!in_part && member.list == ir::no_member) note(by_kind_[records].own, first_step(path));
  }
  for (std::size_t part = 0; part < schema.parts.size(); ++part) {
    for (const std::string& of : schema.parts[part].of) by_kind_[part + 1].required.push_back(one_step(first_step(of)));
  }
}

std::string DocumentKinds::name(Kind kind) const {
  const std::string& place = places_[kind];
  return place.empty() ? "records" : place.substr(place.rfind('/') + 1);
}

std::string DocumentKinds::names() const {
  std::string all;
  for (Kind kind = 0; kind < places_.size(); ++kind) {
    if (kind > 0) all += kind + 1 == places_.size() ? " or " : ", ";
    all += "`" + name(kind) + "`";
  }
  return all;
}

std::optional<DocumentKinds::Kind> DocumentKinds::named(std::string_view wanted) const {
  for (Kind kind = 0; kind < places_.size(); ++kind) {
    if (folded(name(kind)) == folded(wanted)) return kind;
  }
  return std::nullopt;
}

bool DocumentKinds::holds(const Tree& tree, const WirePath& path) {
  for (std::size_t row = 0; row < std::min(tree.size(), enough); ++row) {
    const Result<Sight> seen = tree.look(tree.record(row), path);
    if (!seen || !seen->is_left_out()) return true;
  }
  return false;
}

std::optional<DocumentKinds::Kind> DocumentKinds::kind_of(const Tree& tree, std::string_view file_name) const {
  std::optional<Kind> best;
  std::size_t best_hits = 0, best_of = 1;
  bool tie = false;
  for (Kind kind = 0; kind < by_kind_.size(); ++kind) {
    const Names& names = by_kind_[kind];
    const auto held = [&](const WirePath& path) { return holds(tree, path); };
    if (names.own.empty() || std::ranges::none_of(names.required, held)) continue;
    const auto hits = static_cast<std::size_t>(std::ranges::count_if(names.own, held));
    if (hits == 0) continue;
    const std::size_t mine = hits * best_of, other = best_hits * names.own.size();
    tie = mine == other;
    if (mine <= other) continue;
    best = kind, best_hits = hits, best_of = names.own.size();
  }
  if (best && !tie) return best;
  for (Kind kind = 0; kind < by_kind_.size(); ++kind) {
    if (folded(file_name).find(folded(name(kind))) != std::string::npos) return kind;
  }
  return std::nullopt;
}

}  // namespace dovetail::providers
