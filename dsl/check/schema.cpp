// The top of a schema file: what identifies a record, who is current, where records stand in an export.
#include <functional>

#include "dsl/check/literals.hpp"
#include "dsl/check/schema_members.hpp"
#include "dsl/check/vocabulary.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::no_member;

class SchemaCheck {
 public:
  SchemaCheck(const Unit& unit, Report& report) : report_(report) {
    vocabulary_.unit = &unit;
    vocabulary_.incomplete = unit.tree.broken;
    vocabulary_.schema.file = unit.source->name();
  }

  Vocabulary run() {
    take_header();
    vocabulary_.by_name.reserve(tree().items.size());
    for (const ast::Item& item : tree().items) {
      if (const auto* member = std::get_if<ast::Member>(&item)) {
        add_schema_member(vocabulary_, *member, no_member, report_);
      }
    }
    resolve_member_references(vocabulary_, report_);
    for (const ast::Item& item : tree().items) {
      std::visit([this](const auto& one) { take(one); }, item);
    }
    take_document_parts(vocabulary_, report_);
    check_complete();
    return std::move(vocabulary_);
  }

 private:
  const ast::File& tree() const { return vocabulary_.unit->tree; }
  const SourceFile& file() const { return *vocabulary_.unit->source; }

  void take_header() {
    if (!tree().header) return;
    vocabulary_.schema.name = tree().header->name.text;
    vocabulary_.schema.version = tree().header->version.value;
  }

  // True, and the place is remembered, the first time an item of that kind is seen.
  bool is_first(std::string_view what, Span span, std::optional<Span>& seen) {
    if (!seen) {
      seen = span;
      return true;
    }
    report_.add(Diagnostic::of(DiagnosticId::duplicate_field, file(), span, quoted(what) + " is stated twice")
                    .labelled("second statement")
                    .with({&file(), *seen, "first statement"})
                    .helped("keep one of the two"));
    return false;
  }

  // A value that every record has once; no_member: it is something else, which has been said.
  MemberId find_single_value(std::string_view item, const ast::Path& path) {
    const MemberId id = find_record_member(vocabulary_, path, report_);
    if (id == no_member || vocabulary_.uncertain[id]) return id;
    const ir::Member& member = vocabulary_.member(id);
    if (member.kind == ir::MemberKind::scalar && member.list == no_member) return id;
    const std::string what = member.kind == ir::MemberKind::scalar
                                 ? "a member of a list's elements, of which there are several"
                                 : std::string(described_type(member));
    report_.add(Diagnostic::of(DiagnosticId::not_a_single_value, file(), path.span,
                               quoted(item) + " names " + quoted(plain_path(member)) + ", which is " + what)
                    .with(vocabulary_.label(id, "defined here"))
                    .helped("name a member that every record has once"));
    return no_member;
  }

  // Then nothing can be said of its values.
  bool is_unknown(MemberId id) const { return id == no_member || vocabulary_.uncertain[id]; }
  Diagnostic unsuitable(Span span, MemberId id, std::string_view item, std::string_view why) const {
    const ir::Member& member = vocabulary_.member(id);
    return Diagnostic::of(DiagnosticId::unsuitable_member, file(), span,
                          quoted(item) + " names " + quoted(plain_path(member)) + ", which is " +
                              described_type(member) + ": " + std::string(why))
        .with(vocabulary_.label(id, "defined here"));
  }

  void check_identity(const ast::Identity& identity) {
    const MemberId id = vocabulary_.schema.identity;
    if (is_unknown(id)) return;
    const ir::Member& member = vocabulary_.member(id);
    if (member.type != nullptr && member.type->name != "boolean" && !is_day(member)) return;
    report_.add(unsuitable(identity.path.span, id, "identity", "many records have the same one")
                    .helped("name the member that no two records share"));
  }

  void check_region(const ast::Region& region) {
    const MemberId id = vocabulary_.schema.region;
    if (is_unknown(id)) return;
    const ir::Member& member = vocabulary_.member(id);
    if (member.type != nullptr && member.type->name.starts_with("country")) return;
    const bool may_be = member.type != nullptr && member.type->name == "text";
    Diagnostic found = unsuitable(region.path.span, id, "region",
                                  may_be ? "whether it holds a country's code is not checked" : "it is no country")
                           .helped("name a member of type `country_alpha2`");
    if (may_be) found.severity = Severity::warning;
    report_.add(std::move(found));
  }

  void take(const ast::Adapter& adapter) {
    if (is_first("adapter", adapter.span, adapter_)) vocabulary_.schema.adapter = adapter.name.text;
  }
  void take(const ast::Identity& identity) {
    if (!is_first("identity", identity.span, identity_)) return;
    vocabulary_.schema.identity = find_single_value("identity", identity.path);
    check_identity(identity);
  }
  void take(const ast::Active& active) {
    const bool by_list = active.in_force.has_value();
    if (!is_first(by_list ? "active … in force" : "active", active.span, by_list ? active_list_ : active_)) return;
    const MemberId member = find_record_member(vocabulary_, active.path, report_);
    if (member == no_member) return;
    if (by_list) return take_active_list(active, member);
    vocabulary_.schema.active = member;
    if (!active.value) return;
    const auto value = literal_value(vocabulary_, member, *active.value, file(), {}, report_);
    if (value) vocabulary_.schema.active_value = value->text;
  }
  void take_active_list(const ast::Active& active, MemberId member) {
    const ir::Member& list = vocabulary_.member(member);
    vocabulary_.schema.active_list = member;
    if (list.kind == ir::MemberKind::list && list.ordered_by != no_member && list.until != no_member) return;
    if (vocabulary_.uncertain[member]) return;
    const bool is_list = list.kind == ir::MemberKind::list;
    report_.add(Diagnostic::of(is_list ? DiagnosticId::unordered_list : DiagnosticId::shape_mismatch, file(),
                               active.path.span,
                               is_list ? "the elements of " + quoted(list.name) + " have no time: none is in force"
                                       : quoted(list.name) + " is " + described_type(list) +
                                             ", and only elements of a list are in force")
                    .with(vocabulary_.label(member, "defined here"))
                    .helped(is_list ? "state `ordered by MEMBER until MEMBER` of the list" : ""));
  }
  void take(const ast::Region& region) {
    if (!is_first("region", region.span, region_)) return;
    vocabulary_.schema.region = find_single_value("region", region.path);
    check_region(region);
  }
  void take(const ast::Document& document) {
    if (document.as || !is_first("document", document.span, document_)) return;
    vocabulary_.schema.document =
        document.format == ast::Document::Format::json ? ir::DocumentFormat::json : ir::DocumentFormat::xml;
    vocabulary_.schema.records = document.records.text;
  }
  void take(const ast::OmittedIsUnset& omitted) {
    if (is_first("omitted is unset", omitted.span, omitted_)) vocabulary_.schema.omitted_is_unset = true;
  }
  void take(const ast::Member&) {}

  // Items of maps and libraries: the parser may let them stand here.
  template <typename Item>
  void take(const Item& item) {
    report_.add(
        Diagnostic::of(DiagnosticId::unknown_keyword, file(), item.span, "this item does not belong in a schema")
            .helped("a schema holds `adapter`, `identity`, `active`, `region`, `document` and members"));
  }

  void check_complete() {
    if (vocabulary_.incomplete || !tree().header) return;
    const Span place = tree().header->span;
    if (!identity_) {
      report_.add(Diagnostic::of(DiagnosticId::missing_item, file(), place,
                                 "the schema does not say which member is a record's id")
                      .helped("add `identity` and the path of that member"));
    }
    if (!adapter_) {
      report_.add(Diagnostic::of(DiagnosticId::missing_item, file(), place,
                                 "the schema does not say which adapter speaks for the system")
                      .helped("add `adapter` and its name"));
    }
  }

  Vocabulary vocabulary_;
  Report& report_;
  std::optional<Span> adapter_, identity_, active_, active_list_, region_, document_, omitted_;
};

}  // namespace

Vocabulary check_schema(const Unit& unit, Report& report) {
  Vocabulary vocabulary = SchemaCheck(unit, report).run();
  check_wires(vocabulary, report);
  check_wire_words(vocabulary, report);
  return vocabulary;
}

}  // namespace dovetail::dsl
