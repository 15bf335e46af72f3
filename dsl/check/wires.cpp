// Where a schema's members stand in the system's records: each somewhere, and nowhere that another one stands.
#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/check/schema_members.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::no_member;
using Kind = ast::Modifier::Kind;

// One text of a member's wires.
struct Wire {
  MemberId member = no_member;
  Span span;
  std::string path;  // from the record, in small letters: "/jobs/from"; attributes with their @
};

std::vector<std::string> steps_of(std::string_view wire) {
  std::vector<std::string> steps;
  while (!wire.empty()) {
    const std::string_view name = wire.substr(0, wire.find('/'));
    wire.remove_prefix(std::min(name.size() + 1, wire.size()));
    if (name.empty()) continue;
    std::string& step = steps.emplace_back(name);
    for (char& c : step) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return steps;
}

std::string joined(std::string base, std::string_view wire) {
  if (wire.starts_with('/')) base.clear();
  for (const std::string& step : steps_of(wire)) base += "/" + step;
  return base;
}

enum class Use : std::uint8_t { read, write };

// The wires of that use: a document is read where it was written if nothing else is said, and the other way round.
std::vector<const ast::Text*> texts_of(const ast::Member& member, Use use) {
  std::vector<const ast::Text*> own, other;
  for (const ast::Modifier& modifier : member.modifiers) {
    const bool reads = modifier.kind == Kind::wire || modifier.kind == Kind::read_wire;
    const bool writes = modifier.kind == Kind::wire || modifier.kind == Kind::write_wire;
    auto& into = (use == Use::read ? reads : writes) ? own : other;
    if (!reads && !writes) continue;
    for (const ast::Text& text : modifier.texts) into.push_back(&text);
  }
  if (own.empty()) own = other;
  if (use == Use::read && own.size() > 1) own.resize(1);
  return own;
}

class WireCheck {
 public:
  WireCheck(const Vocabulary& vocabulary, Report& report)
      : vocabulary_(vocabulary),
        report_(report),
        said_(vocabulary.written.size()),
        said_outside_(vocabulary.written.size()) {}

  void run() {
    if (!has_wires()) return;
    for (MemberId id = 0; id < vocabulary_.written.size(); ++id) {
      if (has_sound_wires(vocabulary_, id, report_)) {
        check_there(id);
      } else {
        said_[id] = true;
      }
    }
    check_in_elements();
    check_apart(Use::read);
    check_apart(Use::write);
    check_as_json();
  }

 private:
  const SourceFile& file() const { return *vocabulary_.unit->source; }
  // What has a place of its own: objects only lead to one.
  bool is_placed(MemberId id) const { return vocabulary_.member(id).kind != ir::MemberKind::object; }

  // A schema without any wire is a vocabulary for systems that are not reached through documents.
  bool has_wires() const {
    return vocabulary_.schema.document != ir::DocumentFormat::none ||
           std::ranges::any_of(vocabulary_.written,
                               [](const ast::Member* member) { return !texts_of(*member, Use::read).empty(); });
  }

  void check_there(MemberId id) {
    if (!is_placed(id) || vocabulary_.uncertain[id]) return;
    const ast::Member& written = *vocabulary_.written[id];
    const std::vector<const ast::Text*> texts = texts_of(written, Use::read);
    if (!texts.empty() && !steps_of(texts.front()->text).empty()) return;
    said_[id] = true;
    report_.add(Diagnostic::of(DiagnosticId::missing_wire, file(),
                               texts.empty() ? written.name.span : texts.front()->span,
                               quoted(plain_path(vocabulary_.member(id))) +
                                   (texts.empty() ? " has no `wire`" : " has an empty `wire`") +
                                   ": it would never be read, and never be written")
                    .helped("add `wire` and what the system calls it"));
  }

  // The places of all members for that use, by member.
  std::vector<std::vector<Wire>> places(Use use) const {
    std::vector<std::vector<Wire>> all(vocabulary_.written.size());
    std::vector<std::string> leads(vocabulary_.written.size());  // where what is inside begins
    for (MemberId id = 0; id < all.size(); ++id) {
      const ir::Member& member = vocabulary_.member(id);
      const std::string& base = member.parent == no_member ? std::string() : leads[member.parent];
      leads[id] = base;
      for (const ast::Text* text : texts_of(*vocabulary_.written[id], use)) {
        all[id].push_back({id, text->span, joined(base, text->text)});
      }
      if (!all[id].empty()) leads[id] = all[id].front().path;
      const bool counts = is_placed(id) && !said_[id] && !vocabulary_.uncertain[id];
      if (!counts || (use == Use::write && member.read_only)) all[id].clear();
    }
    return all;
  }

  // What is written for each element stands in the element: a place of the record there is once.
  void check_in_elements() {
    std::vector<std::string> leads(vocabulary_.written.size());  // where what is inside begins
    for (MemberId id = 0; id < leads.size(); ++id) {
      const ir::Member& member = vocabulary_.member(id);
      if (member.parent != no_member) {
        leads[id] = leads[member.parent];
        said_[id] = said_[id] || (member.list != no_member && said_outside_[member.parent]);
        said_outside_[id] = said_outside_[member.parent];
      }
      const std::string base = leads[id];
      for (const ast::Text* text : texts_of(*vocabulary_.written[id], Use::write)) {
        const std::string place = joined(base, text->text);
        if (text == texts_of(*vocabulary_.written[id], Use::write).front()) leads[id] = place;
        if (is_outside(id, text->text, member.list == no_member ? "" : leads[member.list], place))
          report_outside(id, *text);
      }
    }
  }

  bool is_outside(MemberId id, std::string_view wire, const std::string& elements, const std::string& place) const {
    const ir::Member& member = vocabulary_.member(id);
    if (member.list == no_member || said_[id] || vocabulary_.uncertain[id] || member.read_only) return false;
    if (resource_of(id) != resource_of(member.list)) return false;  // a call of its own has a record of its own
    return wire.starts_with('/') && !place.starts_with(elements + "/");
  }

  void report_outside(MemberId id, const ast::Text& wire) {
    said_[id] = said_outside_[id] = true;
    const ir::Member& member = vocabulary_.member(id);
    report_.add(Diagnostic::of(DiagnosticId::wire_outside_list, file(), wire.span,
                               quoted(plain_path(member)) + " is of an element of " +
                                   quoted(plain_path(vocabulary_.member(member.list))) + ", and " + quoted(wire.text) +
                                   " counts from the record: every element would write that one place")
                    .with(vocabulary_.label(member.list, "the list"))
                    .helped("leave out the `/` at the beginning: then it counts from the element"));
  }

  std::string resource_of(MemberId id) const {
    for (; id != no_member; id = vocabulary_.member(id).parent) {
      if (!vocabulary_.member(id).resource.empty()) return vocabulary_.member(id).resource;
    }
    return {};
  }

  bool is_inside(MemberId id, MemberId list) const {
    while (id != no_member && id != list) id = vocabulary_.member(id).parent;
    return id == list;
  }

  void check_apart(Use use) {
    const std::vector<std::vector<Wire>> all = places(use);
    std::unordered_map<std::string, const Wire*> taken;
    const auto key = [&](const std::string& path, MemberId id) {
      // Writes of different resources are different calls.
      return use == Use::read ? path : resource_of(id) + ":" + path;
    };
    for (const std::vector<Wire>& wires : all) {
      for (const Wire& wire : wires) {
        const auto [first, is_new] = taken.emplace(key(wire.path, wire.member), &wire);
        if (!is_new && first->second->member != wire.member) report_shared(*first->second, wire);
      }
    }
    for (const std::vector<Wire>& wires : all) {
      for (const Wire& wire : wires) {
        std::string above = wire.path;
        if (vocabulary_.schema.document == ir::DocumentFormat::xml && above.find("/@") != above.npos) {
          above.resize(above.find("/@"));  // an attribute stands beside the text of its element
        }
        while (!above.empty()) {
          above.resize(above.rfind('/'));
          const auto found = taken.find(key(above, wire.member));
          if (found != taken.end() && !is_inside(wire.member, found->second->member))
            report_inside(*found->second, wire);
        }
      }
    }
  }

  // In JSON lines an attribute is a member like the elements beside it.
  void check_as_json() {
    if (vocabulary_.schema.document != ir::DocumentFormat::xml) return;
    const std::vector<std::vector<Wire>> all = places(Use::read);
    std::unordered_map<std::string, const Wire*> taken;
    const auto as_json = [](std::string path) {
      std::erase(path, '@');
      return path;
    };
    for (const std::vector<Wire>& wires : all) {
      for (const Wire& wire : wires) {
        const auto [first, is_new] = taken.emplace(as_json(wire.path), &wire);
        if (!is_new && first->second->path != wire.path) warn_of_json(*first->second, wire);
      }
    }
    for (const std::vector<Wire>& wires : all) {
      for (const Wire& wire : wires) {
        const std::size_t last = wire.path.rfind('/');
        const auto of = taken.find(as_json(wire.path.substr(0, last)));
        const bool attribute = wire.path.substr(last + 1).starts_with('@');
        if (attribute && of != taken.end() && !is_inside(wire.member, of->second->member))
          warn_of_json(*of->second, wire);
      }
    }
  }

  void warn_of_json(const Wire& first, const Wire& second) {
    if (said_[second.member]) return;
    said_[second.member] = true;
    Diagnostic found = Diagnostic::of(DiagnosticId::shared_wire, file(), second.span,
                                      quoted(plain_path(vocabulary_.member(second.member))) + " and " +
                                          quoted(plain_path(vocabulary_.member(first.member))) +
                                          " have one place in an export of JSON lines, which knows no attributes")
                           .labelled("second")
                           .with({&file(), first.span, "first"})
                           .noted("such an export is refused; XML tells them apart")
                           .helped("leave one out if JSON lines are to be read");
    found.severity = Severity::warning;
    report_.add(std::move(found));
  }

  void report_shared(const Wire& first, const Wire& second) {
    if (said_[second.member]) return;
    said_[second.member] = true;
    const MemberId identity = vocabulary_.schema.identity;
    const bool is_id = first.member == identity || second.member == identity;
    report_.add(Diagnostic::of(DiagnosticId::shared_wire, file(), second.span,
                               quoted(plain_path(vocabulary_.member(second.member))) + " stands where " +
                                   quoted(plain_path(vocabulary_.member(first.member))) + " stands" +
                                   (is_id ? ": one of them is the record's id" : ": each would overwrite the other"))
                    .labelled("second")
                    .with({&file(), first.span, "first"})
                    .helped("give each what the system calls it, or leave one out"));
  }

  void report_inside(const Wire& outer, const Wire& inner) {
    if (said_[inner.member]) return;
    said_[inner.member] = true;
    const ir::Member& around = vocabulary_.member(outer.member);
    const bool list = around.kind == ir::MemberKind::list;
    report_.add(Diagnostic::of(DiagnosticId::wire_inside_value, file(), inner.span,
                               quoted(plain_path(vocabulary_.member(inner.member))) + " would stand inside " +
                                   quoted(plain_path(around)) +
                                   (list ? ", which is a list of elements" : ", which is a single value"))
                    .with({&file(), outer.span, quoted(plain_path(around)) + " stands here"})
                    .helped(list ? "put it into the list's block" : "give each a place of its own"));
  }

  const Vocabulary& vocabulary_;
  Report& report_;
  std::vector<bool> said_;          // by member
  std::vector<bool> said_outside_;  // by member: it, or what it is in, stands outside of its list
};

}  // namespace

void check_wires(const Vocabulary& vocabulary, Report& report) { WireCheck(vocabulary, report).run(); }

}  // namespace dovetail::dsl
