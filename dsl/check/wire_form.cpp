// Wires as they are written: steps with a name each, from the record or from what encloses the member downwards.
#include "dsl/check/schema_members.hpp"

namespace dovetail::dsl {
namespace {

using Kind = ast::Modifier::Kind;

// What is wrong with the wire, as the end of a sentence; empty: nothing.
std::string_view fault_of(std::string_view wire, bool is_xml) {
  if (wire.starts_with('/')) wire.remove_prefix(1);
  if (wire.empty()) return {};  // leads nowhere: said of the member
  while (true) {
    const std::size_t end = wire.find('/');
    const std::string_view step = wire.substr(0, end);
    const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    if (step.empty()) return end == wire.npos ? "ends with `/`" : "has an empty step";
    if (step == "." || step == "..") return "has a step that is no name: there is no way up or in place";
    if (is_blank(step.front()) || is_blank(step.back())) return "has a blank at an end of a name";
    if (is_xml && step == "@") return "has an attribute without a name";
    if (is_xml && step.front() == '@' && end != wire.npos) return "goes on below an attribute";
    if (end == wire.npos) return {};
    wire.remove_prefix(end + 1);
  }
}

}  // namespace

bool has_sound_wires(const Vocabulary& vocabulary, ir::MemberId id, Report& report) {
  const bool is_xml = vocabulary.schema.document == ir::DocumentFormat::xml;
  bool sound = true;
  for (const ast::Modifier& modifier : vocabulary.written[id]->modifiers) {
    const bool is_wire =
        modifier.kind == Kind::wire || modifier.kind == Kind::read_wire || modifier.kind == Kind::write_wire;
    if (!is_wire) continue;
    for (const ast::Text& text : modifier.texts) {
      const std::string_view fault = fault_of(text.text, is_xml);
      if (fault.empty()) continue;
      sound = false;
      report.add(Diagnostic::of(DiagnosticId::malformed_wire, *vocabulary.unit->source, text.span,
                                "the wire of " + quoted(plain_path(vocabulary.member(id))) + " " + std::string(fault))
                     .helped("write the names with one `/` between them, as in \"homeAddress/city\"; a `/` at the "
                             "beginning counts from the record"));
    }
  }
  return sound;
}

}  // namespace dovetail::dsl
