// What is wrong in a rule file, as data. Text, JSON and colours are made of it at the edge (dsl/render).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/syntax/source_file.hpp"

namespace dovetail::dsl {

enum class DiagnosticId : std::uint16_t {
#define DOVETAIL_DIAGNOSTIC(id, severity, fix, summary) id,
#include "dsl/diagnostics.def"
#undef DOVETAIL_DIAGNOSTIC
};

// From worst to mildest.
enum class Severity : std::uint8_t { error, warning, note, pedantic };
enum class FixKind : std::uint8_t { none, safe, suggested };

// What one id stands for.
struct DiagnosticKind {
  DiagnosticId id;
  std::string_view name;     // "unknown-path"
  Severity severity;         // unless the diagnostic states another
  FixKind fix;               // of the fixes that it may carry
  std::string_view summary;  // one sentence, lower case, without a full stop
};

std::span<const DiagnosticKind> diagnostic_kinds();  // in the order of diagnostics.def
const DiagnosticKind& kind(DiagnosticId id);
const DiagnosticKind* find_diagnostic(std::string_view name);  // nullptr: there is none of that name
inline std::string_view name(DiagnosticId id) { return kind(id).name; }
std::string_view name(Severity severity);  // "error", "warning", "note", "pedantic"
std::string_view name(FixKind fix);        // "none", "safe", "suggested"

// A place and what is there. The file is borrowed: it must outlive the diagnostic.
struct Label {
  const SourceFile* file = nullptr;
  Span span;
  std::string text;  // lower case, no full stop; empty: only carets
};

struct Edit {
  Span span;
  std::string replacement;
};

struct Fix {
  FixKind kind = FixKind::suggested;
  std::vector<Edit> edits;  // of the primary label's file, ascending, not overlapping
};

// One problem, one diagnostic. `message` says what is there, with names in backticks and texts in quotes: lower case,
// no full stop. What to do stands in `help` only.
struct Diagnostic {
  DiagnosticId id{};
  Severity severity{};
  Label primary;
  std::string message;
  std::vector<Label> labels;  // the other ends, in any file
  std::vector<std::string> notes;
  std::string help;  // empty: none
  std::optional<Fix> fix;
  std::size_t left_out = 0;  // of its severity, in this file or run, that are counted here instead of shown

  // With the severity that the list states.
  static Diagnostic of(DiagnosticId id, const SourceFile& file, Span span, std::string message);

  Diagnostic& labelled(std::string text) &;  // the text at the primary place
  Diagnostic& with(Label other) &;
  Diagnostic& noted(std::string note) &;
  Diagnostic& helped(std::string text) &;
  Diagnostic& fixed(std::vector<Edit> edits) &;  // with the kind that the list states
  Diagnostic& leaving_out(std::size_t more) &;   // and says so in a note
  Diagnostic&& labelled(std::string text) && { return std::move(labelled(std::move(text))); }
  Diagnostic&& with(Label other) && { return std::move(with(std::move(other))); }
  Diagnostic&& noted(std::string note) && { return std::move(noted(std::move(note))); }
  Diagnostic&& helped(std::string text) && { return std::move(helped(std::move(text))); }
  Diagnostic&& fixed(std::vector<Edit> edits) && { return std::move(fixed(std::move(edits))); }
};

// No more of one severity are kept, of the syntax of one file and of all checks of one run; the last says how many more
// there are. A file of a million mistakes needs no million messages.
inline constexpr std::size_t most_shown = 2000;

bool has_errors(std::span<const Diagnostic> diagnostics);

// By file name, place and id: the order in which people see them. Stable for equal ones.
void sort(std::vector<Diagnostic>& diagnostics);

}  // namespace dovetail::dsl
