// What a system lists apart from its records: which rows they are, of which record, and as what in it.
#include <algorithm>
#include <utility>

#include "dsl/check/schema_members.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::no_member;

// "a/b" of "/a//b/": the steps of a wire path without anything beside them.
std::string plain_wire(std::string_view wire) {
  std::string plain;
  while (!wire.empty()) {
    const std::size_t end = std::min(wire.find('/'), wire.size());
    if (end > 0) plain += (plain.empty() ? "" : "/") + std::string(wire.substr(0, end));
    wire.remove_prefix(std::min(end + 1, wire.size()));
  }
  return plain;
}

class DocumentParts {
 public:
  DocumentParts(Vocabulary& vocabulary, Report& report) : vocabulary_(vocabulary), report_(report) {
    for (const ir::Member& member : vocabulary.schema.members) wires_.push_back(wire_from_record(member));
  }

  void run() {
    const ast::Document* records = nullptr;
    for (const ast::Item& item : vocabulary_.unit->tree.items) {
      const auto* document = std::get_if<ast::Document>(&item);
      if (document != nullptr && !document->as && records == nullptr) records = document;
    }
    for (const ast::Item& item : vocabulary_.unit->tree.items) {
      const auto* document = std::get_if<ast::Document>(&item);
      if (document == nullptr || !document->as || document->broken) continue;
      if (is_sound(*document, records)) take(*document);
    }
  }

 private:
  const SourceFile& file() const { return *vocabulary_.unit->source; }

  std::string wire_from_record(const ir::Member& member) const {
    const std::string& wire = member.read_wire;
    if (wire.starts_with('/') || member.parent == no_member) return plain_wire(wire);
    return plain_wire(wires_[member.parent] + "/" + wire);
  }

  bool is_sound(const ast::Document& part, const ast::Document* records) {
    if (records == nullptr && !vocabulary_.incomplete) {
      report_.add(Diagnostic::of(DiagnosticId::missing_item, file(), part.span,
                                 "rows of records, and the schema does not say where the records stand")
                      .helped("add `document json records \"…\"` for the records themselves"));
    }
    if (records != nullptr && records->format != part.format) {
      report_.add(Diagnostic::of(DiagnosticId::capability_missing, file(), part.span,
                                 "rows are exported in the same format as the records they belong to")
                      .with({&file(), records->span, "the records"}));
      return false;
    }
    return is_new(part, records) && has_place(part) && is_chosen_by_key(part);
  }

  bool is_new(const ast::Document& part, const ast::Document* records) {
    const ast::Document* twin = records != nullptr && records->records.text == part.records.text ? records : nullptr;
    for (const ast::Document* other : taken_) {
      if (other->records.text == part.records.text || plain_wire(other->as->text) == plain_wire(part.as->text))
        twin = other;
    }
    if (twin == nullptr) return true;
    report_.add(Diagnostic::of(DiagnosticId::duplicate_field, file(), part.span,
                               twin->records.text == part.records.text
                                   ? "two documents have their records in " + quoted(part.records.text)
                                   : "two documents are the " + quoted(part.as->text) + " of a record")
                    .labelled("second statement")
                    .with({&file(), twin->span, "first statement"})
                    .helped("keep one of the two"));
    return false;
  }

  // The object or list at that wire, or members that are below it.
  bool has_place(const ast::Document& part) {
    const std::string as = plain_wire(part.as->text);
    bool below = false;
    for (MemberId id = 0; id < wires_.size(); ++id) {
      const ir::Member& member = vocabulary_.member(id);
      if (wires_[id].empty() || member.list != no_member) continue;
      if (wires_[id] == as && member.kind == ir::MemberKind::list) list_ = id;
      below = below || wires_[id].starts_with(as + "/") || (wires_[id] == as && member.kind != ir::MemberKind::scalar);
    }
    if (below && !as.empty()) warn_of_enclosed_list(part, as);
    if ((below && !as.empty()) || vocabulary_.incomplete) return true;
    report_.add(Diagnostic::of(DiagnosticId::unknown_path, file(), part.as->span,
                               "no object or list of a record, and no member in one, stands at " + quoted(as))
                    .helped("`as` names the `wire` that the rows would have within their record"));
    return false;
  }

  // Rows of a list are its elements: what only encloses a list has none.
  void warn_of_enclosed_list(const ast::Document& part, const std::string& as) {
    MemberId enclosed = no_member;
    for (MemberId id = 0; id < wires_.size(); ++id) {
      const ir::Member& member = vocabulary_.member(id);
      if (member.list != no_member || (wires_[id] != as && !wires_[id].starts_with(as + "/"))) continue;
      if (member.kind == ir::MemberKind::scalar || wires_[id] == as) return;  // a row with members of its own
      if (member.kind == ir::MemberKind::list) enclosed = id;
    }
    if (enclosed == no_member) return;
    Diagnostic found = Diagnostic::of(DiagnosticId::unknown_path, file(), part.as->span,
                                      quoted(as) + " only encloses the elements of " +
                                          quoted(plain_path(vocabulary_.member(enclosed))) +
                                          ": each row would be all elements of a record")
                           .with(vocabulary_.label(enclosed, "the list"))
                           .helped("to export an element a row, write `as \"" + wires_[enclosed] + "\"`");
    found.severity = Severity::warning;
    report_.add(std::move(found));
  }

  bool is_chosen_by_key(const ast::Document& part) {
    const MemberId list = std::exchange(list_, no_member);
    if (list != no_member && (part.key || part.chosen_by)) {
      report_.add(Diagnostic::of(DiagnosticId::misplaced_modifier, file(), (part.key ? part.key : part.chosen_by)->span,
                                 "every row is an element of " + quoted(vocabulary_.member(list).name) +
                                     ", which has a key of its own")
                      .with(vocabulary_.label(list, "the list")));
      return false;
    }
    if (!part.chosen_by || part.key) return true;
    report_.add(Diagnostic::of(DiagnosticId::missing_item, file(), part.chosen_by->span,
                               "the record names a row by the row's id, and nothing says where that is")
                    .helped("add `key \"…\"` before `of`"));
    return false;
  }

  void take(const ast::Document& part) {
    taken_.push_back(&part);
    ir::DocumentPart made;
    made.format = part.format == ast::Document::Format::json ? ir::DocumentFormat::json : ir::DocumentFormat::xml;
    made.records = part.records.text;
    made.as = plain_wire(part.as->text);
    if (part.key) made.key = part.key->text;
    for (const ast::Text& of : part.of) made.of.emplace_back(of.text);
    if (part.chosen_by) made.chosen_by = part.chosen_by->text;
    vocabulary_.schema.parts.push_back(std::move(made));
  }

  Vocabulary& vocabulary_;
  Report& report_;
  std::vector<std::string> wires_;  // by MemberId: from the record; from the element for what is in lists
  std::vector<const ast::Document*> taken_;
  MemberId list_ = no_member;  // that stands where the part in hand does
};

}  // namespace

void take_document_parts(Vocabulary& vocabulary, Report& report) { DocumentParts(vocabulary, report).run(); }

}  // namespace dovetail::dsl
