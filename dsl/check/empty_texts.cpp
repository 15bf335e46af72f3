// Labels, titles and texts that are there and say nothing: people would see an empty place.
#include "dsl/check/checks.hpp"
#include "dsl/check/people_texts.hpp"

namespace dovetail::dsl {

void check_empty_texts(const MapDraft& draft, Report& report) {
  for_each_people_text(draft.unit->tree, [&](const ast::Text& text, std::string_view what) {
    const bool is_blank = text.text.find_first_not_of(" \t") == text.text.npos;
    if (!is_blank || text.span == Span{}) return;  // a text that is missing has no place, and has been reported
    report.add(Diagnostic::of(DiagnosticId::unexpected_token, draft.file(), text.span, std::string(what) + " is empty")
                   .helped("people read it: write what they call it"));
  });
}

}  // namespace dovetail::dsl
