#include "dsl/check/schema_members.hpp"

#include <algorithm>

#include "dsl/check/types.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::no_member;

// The words of an enum, each once.
std::vector<ir::EnumWord> words_of(const Vocabulary& vocabulary, const ast::Type& type, Report& report) {
  std::vector<ir::EnumWord> words;
  std::unordered_map<std::string_view, Span> seen;
  for (const ast::EnumWord& word : type.words) {
    const auto [first, is_new] = seen.emplace(word.word.text, word.word.span);
    if (!is_new) {
      report.add(Diagnostic::of(DiagnosticId::duplicate_field, *vocabulary.unit->source, word.word.span,
                                "the enum has the word " + quoted(word.word.text) + " twice")
                     .labelled("second")
                     .with({vocabulary.unit->source.get(), first->second, "first"}));
      continue;
    }
    words.push_back({std::string(word.word.text), std::string(word.wire ? word.wire->text : word.word.text)});
  }
  return words;
}

bool take_type(const Vocabulary& vocabulary, const ast::Type& type, ir::Member& member, Report& report) {
  if (type.name.text == "enum") {
    member.words = words_of(vocabulary, type, report);
    member.open_enum = type.open.has_value();
    return member.words.size() == type.words.size();
  }
  if (type.name.text.empty()) return false;
  member.type = find_type(type.name.text);
  if (member.type != nullptr) return true;
  report_unknown_type(*vocabulary.unit->source, type.name, report);
  return false;
}

std::string path_in(const Vocabulary& vocabulary, MemberId parent, std::string_view name) {
  if (parent == no_member) return std::string(name);
  const ir::Member& container = vocabulary.member(parent);
  return container.path + (container.kind == ir::MemberKind::list ? "[]." : ".") + std::string(name);
}

void report_twice(const Vocabulary& vocabulary, const ast::Member& written, MemberId first, Report& report) {
  report.add(Diagnostic::of(DiagnosticId::duplicate_field, *vocabulary.unit->source, written.name.span,
                            "member " + quoted(vocabulary.member(first).path) + " is defined twice")
                 .labelled("second definition")
                 .with(vocabulary.label(first, "first definition"))
                 .helped("keep one of the two"));
}

// What an object or list says about itself holds for everything in it.
void inherit(const ir::Member& container, ir::Member& member) {
  member.read_only |= container.read_only;
  member.write_only |= container.write_only;
  member.set_once |= container.set_once;
  member.secret |= container.secret;
}

// The member that `path` names, looked for in the container of `from` first, then in the record.
MemberId find_reference(const Vocabulary& vocabulary, MemberId from, const ast::Path& path, Report& report) {
  MemberId at = vocabulary.member(from).parent;
  for (const ast::Segment& segment : path.segments) {
    at = vocabulary.child(at, segment.name.text);
    if (at == no_member) return find_record_member(vocabulary, path, report);
  }
  return at;
}

// A name, possibly with dots (`until employmentperiod.enddate`), in the elements of `list`.
MemberId find_element_member(const Vocabulary& vocabulary, MemberId list, const ast::Name& name, Report& report) {
  MemberId at = list;
  std::string_view rest = name.text;
  while (!rest.empty()) {
    const std::string_view segment = rest.substr(0, rest.find('.'));
    rest = segment.size() == rest.size() ? std::string_view() : rest.substr(segment.size() + 1);
    const MemberId parent = at;
    at = vocabulary.child(parent, segment);
    if (at != no_member) continue;
    if (!vocabulary.is_complete(parent)) return no_member;
    report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_path, *vocabulary.unit->source, name.span,
                                           "the elements of " + quoted(plain_path(vocabulary.member(list))) +
                                               " have no member " + quoted(segment)),
                            name.span, segment, [&] {
                              std::vector<std::string_view> names;
                              for (const MemberId id : vocabulary.children(parent)) {
                                names.push_back(vocabulary.member(id).name);
                              }
                              return names;
                            });
    return no_member;
  }
  return at;
}

// What the elements of a list are ordered by, or last until. Reports what no day is.
MemberId find_order(const Vocabulary& vocabulary, MemberId list, const ast::Modifier& modifier, Report& report) {
  const MemberId found = find_element_member(vocabulary, list, modifier.name, report);
  if (found == no_member || vocabulary.uncertain[found]) return found;
  const ir::Member& member = vocabulary.member(found);
  const bool is_until = modifier.kind == ast::Modifier::Kind::until;
  const bool is_text = member.kind == ir::MemberKind::scalar && member.type != nullptr && member.type->name == "text";
  if (is_day(member)) return found;
  const bool may_be = is_text && !is_until;
  Diagnostic unsuitable = Diagnostic::of(DiagnosticId::unsuitable_member, *vocabulary.unit->source, modifier.name.span,
                                         quoted(is_until ? "until" : "ordered by") + " names " +
                                             quoted(plain_path(member)) + ", which is " + described_type(member) +
                                             (may_be ? ": it orders elements letter by letter, and tells no day"
                                                     : ": elements stand in time"))
                              .with(vocabulary.label(found, "defined here"))
                              .helped("name a member of type `date`");
  if (may_be) unsuitable.severity = Severity::warning;
  report.add(std::move(unsuitable));
  return found;
}

// An element that lasts until it begins is never in force.
void check_order(const Vocabulary& vocabulary, MemberId id, const ast::Modifier& modifier, Report& report) {
  const ir::Member& list = vocabulary.member(id);
  if (modifier.kind != ast::Modifier::Kind::until || list.until == no_member || list.until != list.ordered_by) return;
  report.add(Diagnostic::of(DiagnosticId::unsuitable_member, *vocabulary.unit->source, modifier.name.span,
                            "the elements of " + quoted(plain_path(list)) + " begin and end by the same member, " +
                                quoted(plain_path(vocabulary.member(list.until))))
                 .helped("name the member that says when an element ends, or leave `until` out"));
}

// Whether one element of the lists in hand tells which value is meant: what is derived may also go by the record.
bool is_within_reach(const Vocabulary& vocabulary, MemberId id, MemberId found, const ast::Modifier& modifier,
                     Report& report) {
  if (found == no_member || vocabulary.uncertain[found]) return true;
  const ir::Member& member = vocabulary.member(id);
  const ir::Member& other = vocabulary.member(found);
  const bool derived = modifier.kind == ast::Modifier::Kind::derived_from;
  std::string why, help;
  if (other.kind != ir::MemberKind::scalar) {
    why = "which is " + std::string(described_type(other));
    help = "name one member";
  } else if (other.list != member.list && (other.list != no_member || !derived)) {
    why = other.list == no_member
              ? "which the record has once, and " + quoted(plain_path(member)) + " each element of a list"
              : "which stands in " + quoted(plain_path(vocabulary.member(other.list))) + ", and " +
                    quoted(plain_path(member)) + (member.list == no_member ? " in the record" : " in another list");
    help = "name a member that stands beside it";
  } else if (!derived && other.read_only && !member.read_only) {
    why = "which nobody can write";
    help = "leave `with` out";
  } else {
    return true;
  }
  report.add(
      Diagnostic::of(DiagnosticId::unsuitable_member, *vocabulary.unit->source, modifier.path.span,
                     quoted(derived ? "derived from" : "with") + " names " + quoted(plain_path(other)) + ", " + why)
          .with(vocabulary.label(found, "defined here"))
          .helped(help));
  return false;
}

// What a member is derived from, or written with: another one. no_member: there is none such, which has been said.
MemberId find_other(const Vocabulary& vocabulary, MemberId id, const ast::Modifier& modifier, Report& report) {
  const MemberId found = find_reference(vocabulary, id, modifier.path, report);
  if (found != id) return is_within_reach(vocabulary, id, found, modifier, report) ? found : no_member;
  const bool derived = modifier.kind == ast::Modifier::Kind::derived_from;
  report.add(Diagnostic::of(DiagnosticId::unsuitable_member, *vocabulary.unit->source, modifier.path.span,
                            quoted(derived ? "derived from" : "with") + " names " +
                                quoted(plain_path(vocabulary.member(id))) + " itself, so it says nothing")
                 .helped(derived ? "name the member that the system computes it from, or leave it out"
                                 : "name the member that it must be written together with, or leave it out"));
  return no_member;
}

// Without a key, elements have no address: new ones can be added, those that are there not changed.
void check_key(const Vocabulary& vocabulary, MemberId id, Report& report) {
  const ir::Member& list = vocabulary.member(id);
  const ast::Member& written = *vocabulary.written[id];
  if (list.kind != ir::MemberKind::list || list.read_only || vocabulary.uncertain[id]) return;
  const bool keyed = std::ranges::any_of(
      written.modifiers, [](const ast::Modifier& modifier) { return modifier.kind == ast::Modifier::Kind::key; });
  if (keyed) return;
  Diagnostic found =
      Diagnostic::of(DiagnosticId::missing_item, *vocabulary.unit->source, written.name.span,
                     "list " + quoted(plain_path(list)) + " has no `key`: no element that is there could be changed")
          .helped("add `key` and the member that is an element's id, or say that the list is `read only`");
  found.severity = Severity::warning;
  report.add(std::move(found));
}

void resolve(Vocabulary& vocabulary, MemberId id, const ast::Modifier& modifier, Report& report) {
  using Kind = ast::Modifier::Kind;
  ir::Member& member = vocabulary.schema.members[id];
  switch (modifier.kind) {
    case Kind::key:
      member.key = find_element_member(vocabulary, id, modifier.name, report);
      break;
    case Kind::ordered_by:
      member.ordered_by = find_order(vocabulary, id, modifier, report);
      break;
    case Kind::until:
      member.until = find_order(vocabulary, id, modifier, report);
      break;
    case Kind::derived_from:
      member.derived_from = find_other(vocabulary, id, modifier, report);
      break;
    case Kind::written_with:
      member.written_with = find_other(vocabulary, id, modifier, report);
      break;
    case Kind::deprecated_use:
      if (const MemberId use = find_reference(vocabulary, id, modifier.path, report); use != no_member) {
        member.deprecated_use = plain_path(vocabulary.member(use));
      }
      break;
    default:
      break;
  }
}

// Members that are derived from each other: the system computes none of them.
void refuse_circles(Vocabulary& vocabulary, Report& report) {
  std::vector<bool> said(vocabulary.written.size());
  for (MemberId id = 0; id < said.size(); ++id) {
    std::vector<MemberId> way = {id};
    while (vocabulary.member(way.back()).derived_from != no_member && way.size() <= said.size()) {
      way.push_back(vocabulary.member(way.back()).derived_from);
      if (way.back() == id) break;
    }
    if (way.size() < 2 || way.back() != id || said[id]) continue;
    for (const MemberId member : way) said[member] = true;
    const ast::Member& written = *vocabulary.written[id];
    const auto modifier = std::ranges::find(written.modifiers, ast::Modifier::Kind::derived_from, &ast::Modifier::kind);
    report.add(Diagnostic::of(DiagnosticId::unsuitable_member, *vocabulary.unit->source, modifier->path.span,
                              quoted(plain_path(vocabulary.member(id))) + " and " +
                                  quoted(plain_path(vocabulary.member(way[1]))) +
                                  " are derived from each other: neither would ever be written")
                   .with(vocabulary.label(way[1], "the other one"))
                   .helped("say it of the one that the system computes"));
  }
}

}  // namespace

bool is_day(const ir::Member& member) {
  static constexpr std::string_view days[] = {"date", "iso_date", "datetime", "iso_datetime"};
  return member.type != nullptr && std::ranges::find(days, member.type->name) != std::end(days);
}

void add_schema_member(Vocabulary& vocabulary, const ast::Member& written, MemberId parent, Report& report) {
  if (written.name.text.empty()) return;
  if (const MemberId first = vocabulary.child(parent, written.name.text); first != no_member) {
    vocabulary.uncertain[first] = true;
    return report_twice(vocabulary, written, first, report);
  }
  const auto id = static_cast<MemberId>(vocabulary.schema.members.size());
  vocabulary.by_name.emplace(Vocabulary::Key{parent, written.name.text}, id);

  ir::Member member;
  member.name = written.name.text;
  member.path = path_in(vocabulary, parent, written.name.text);
  member.kind = static_cast<ir::MemberKind>(written.kind);
  member.parent = parent;
  member.origin = origin_of(*vocabulary.unit->source, written.name.span);
  if (parent != no_member) {
    const ir::Member& container = vocabulary.member(parent);
    member.list = container.kind == ir::MemberKind::list ? parent : container.list;
    inherit(container, member);
  }
  bool certain = !written.broken;
  if (written.kind == ast::Member::Kind::scalar) certain &= take_type(vocabulary, written.type, member, report);
  take_modifiers(vocabulary, written, member, report);

  vocabulary.schema.members.push_back(std::move(member));
  vocabulary.written.push_back(&written);
  vocabulary.uncertain.push_back(!certain);
  for (const ast::Member& inner : written.members) add_schema_member(vocabulary, inner, id, report);
}

void resolve_member_references(Vocabulary& vocabulary, Report& report) {
  for (MemberId id = 0; id < vocabulary.schema.members.size(); ++id) {
    for (const ast::Modifier& modifier : vocabulary.written[id]->modifiers) resolve(vocabulary, id, modifier, report);
    for (const ast::Modifier& modifier : vocabulary.written[id]->modifiers)
      check_order(vocabulary, id, modifier, report);
    check_key(vocabulary, id, report);
  }
  refuse_circles(vocabulary, report);
}

MemberId find_record_member(const Vocabulary& vocabulary, const ast::Path& path, Report& report) {
  MemberId at = no_member;
  for (const ast::Segment& segment : path.segments) {
    const MemberId parent = at;
    at = vocabulary.child(parent, segment.name.text);
    if (at != no_member) continue;
    if (!vocabulary.is_complete(parent)) return no_member;
    const std::string container = parent == no_member ? "the schema" : quoted(plain_path(vocabulary.member(parent)));
    report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_path, *vocabulary.unit->source, segment.name.span,
                                           container + " has no member " + quoted(segment.name.text)),
                            segment.name.span, segment.name.text, [&] {
                              std::vector<std::string_view> names;
                              for (const MemberId id : vocabulary.children(parent)) {
                                names.push_back(vocabulary.member(id).name);
                              }
                              return names;
                            });
    return no_member;
  }
  return at;
}

}  // namespace dovetail::dsl
