#include "dsl/diagnostic.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace dovetail::dsl {
namespace {

constexpr std::string_view identifiers[] = {
#define DOVETAIL_DIAGNOSTIC(id, severity, fix, summary) #id,
#include "dsl/diagnostics.def"
#undef DOVETAIL_DIAGNOSTIC
};
constexpr std::size_t count = std::size(identifiers);

// Every identifier with hyphens for underscores, one after the other.
std::array<std::string, count> hyphenated() {
  std::array<std::string, count> names;
  for (std::size_t i = 0; i < count; ++i) {
    names[i] = identifiers[i];
    std::ranges::replace(names[i], '_', '-');
  }
  return names;
}

std::array<DiagnosticKind, count> make_kinds() {
  static const std::array<std::string, count> names = hyphenated();
  std::size_t i = 0;
  return {{
#define DOVETAIL_DIAGNOSTIC(id, severity, fix, summary) \
  {DiagnosticId::id, names[i++], Severity::severity, FixKind::fix, summary},
#include "dsl/diagnostics.def"
#undef DOVETAIL_DIAGNOSTIC
  }};
}

}  // namespace

std::span<const DiagnosticKind> diagnostic_kinds() {
  static const std::array<DiagnosticKind, count> kinds = make_kinds();
  return kinds;
}

const DiagnosticKind& kind(DiagnosticId id) { return diagnostic_kinds()[static_cast<std::size_t>(id)]; }

const DiagnosticKind* find_diagnostic(std::string_view name) {
  const auto kinds = diagnostic_kinds();
  const auto found = std::ranges::find(kinds, name, &DiagnosticKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

std::string_view name(Severity severity) {
  static constexpr std::string_view names[] = {"error", "warning", "note", "pedantic"};
  return names[static_cast<std::size_t>(severity)];
}

std::string_view name(FixKind fix) {
  static constexpr std::string_view names[] = {"none", "safe", "suggested"};
  return names[static_cast<std::size_t>(fix)];
}

Diagnostic Diagnostic::of(DiagnosticId id, const SourceFile& file, Span span, std::string message) {
  Diagnostic made;
  made.id = id;
  made.severity = kind(id).severity;
  made.primary = {&file, span, {}};
  made.message = std::move(message);
  return made;
}

Diagnostic& Diagnostic::labelled(std::string text) & {
  primary.text = std::move(text);
  return *this;
}

Diagnostic& Diagnostic::with(Label other) & {
  labels.push_back(std::move(other));
  return *this;
}

Diagnostic& Diagnostic::noted(std::string note) & {
  notes.push_back(std::move(note));
  return *this;
}

Diagnostic& Diagnostic::helped(std::string text) & {
  help = std::move(text);
  return *this;
}

Diagnostic& Diagnostic::fixed(std::vector<Edit> edits) & {
  fix = Fix{kind(id).fix, std::move(edits)};
  return *this;
}

Diagnostic& Diagnostic::leaving_out(std::size_t more) & {
  left_out = more;
  const std::string called = severity == Severity::pedantic ? "pedantic note" : std::string(name(severity));
  return noted(std::to_string(more) + " more " + called + (more == 1 ? " is" : "s are") + " not shown");
}

bool has_errors(std::span<const Diagnostic> diagnostics) {
  return std::ranges::any_of(diagnostics, [](const Diagnostic& one) { return one.severity == Severity::error; });
}

void sort(std::vector<Diagnostic>& diagnostics) {
  const auto place = [](const Diagnostic& one) {
    return std::tuple(std::string_view(one.primary.file->name()), one.primary.span.begin, one.primary.span.end, one.id);
  };
  std::ranges::stable_sort(diagnostics, {}, place);
}

}  // namespace dovetail::dsl
