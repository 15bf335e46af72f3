// What is wrong with a file apart from its items: its name, and documentation that stands before nothing.
#include "dsl/check/report.hpp"
#include "dsl/check/suppressions.hpp"

namespace dovetail::dsl {
namespace {

std::string_view ending(ast::Header::Kind kind) { return kind == ast::Header::Kind::schema ? ".schema.map" : ".map"; }

void check_name(const Unit& unit, Report& report) {
  const std::optional<ast::Header>& header = unit.tree.header;
  if (!header || header->name.text.empty() || header->syntax.span == Span{}) return;  // what is no header is said
  const std::string_view file = std::string_view(unit.path).substr(unit.path.rfind('/') + 1);
  const std::string wanted = std::string(header->name.text) + std::string(ending(header->kind));
  if (file.empty() || file == wanted) return;
  report.add(Diagnostic::of(DiagnosticId::file_name_mismatch, *unit.source, header->name.span,
                            "the header names " + quoted(header->name.text) + ", and the file is " + quoted(file))
                 .helped("call the file " + quoted(wanted)));
}

}  // namespace

void check_every_file(const Loaded& loaded, Report& report) {
  for (const std::unique_ptr<Unit>& unit : loaded.units) {
    check_name(*unit, report);
    for (const ast::Doc& doc : unit->tree.detached_docs) {
      report.add(Diagnostic::of(DiagnosticId::detached_doc_comment, *unit->source, doc.span,
                                "a `##` comment stands before no item")
                     .helped("move it to the line above an item, or make it a `#` comment"));
    }
  }
}

}  // namespace dovetail::dsl
