#include "dsl/check/suppressions.hpp"

#include <algorithm>

#include "dsl/check/report.hpp"

namespace dovetail::dsl {
namespace {

// Found after compiling, by the stages that run tests and lay out text.
constexpr DiagnosticId later_findings[] = {DiagnosticId::failing_test, DiagnosticId::vacuous_test,
                                           DiagnosticId::untested_field, DiagnosticId::untested_clear,
                                           DiagnosticId::unformatted};

void collect(const ast::Member& member, std::vector<Span>& spans) {
  if (member.kind == ast::Member::Kind::scalar) spans.push_back(member.span);
  for (const ast::Member& inner : member.members) collect(inner, spans);
}

template <typename Items>
void collect_rows(const Items& items, std::vector<Span>& spans) {
  for (const auto& item : items) {
    if (const auto* field = std::get_if<ast::Field>(&item)) spans.push_back(field->span);
    if (const auto* fill = std::get_if<ast::Fill>(&item)) spans.push_back(fill->span);
  }
}

void collect(const ast::Group& group, std::vector<Span>& spans) {
  collect_rows(group.items, spans);
  for (const auto& item : group.items) {
    if (const auto* each = std::get_if<ast::Each>(&item)) collect_rows(each->items, spans);
  }
}

// Items that a suppression above them covers as a whole: one row of the table, one member, one test.
std::vector<Span> whole_items(const ast::File& tree) {
  std::vector<Span> spans;
  collect_rows(tree.items, spans);
  for (const ast::Item& item : tree.items) {
    std::visit(
        [&]<typename Item>(const Item& one) {
          if constexpr (std::is_same_v<Item, ast::Group>) collect(one, spans);
          if constexpr (std::is_same_v<Item, ast::Each>) collect_rows(one.items, spans);
          if constexpr (std::is_same_v<Item, ast::Member>) collect(one, spans);
          if constexpr (std::is_same_v<Item, ast::Values> || std::is_same_v<Item, ast::Test> ||
                        std::is_same_v<Item, ast::Match> || std::is_same_v<Item, ast::LifeCycle> ||
                        std::is_same_v<Item, ast::Import> || std::is_same_v<Item, ast::Setting>) {
            spans.push_back(one.span);
          }
        },
        item);
  }
  return spans;
}

struct Allowed {
  const Unit* unit = nullptr;
  const ast::Suppression* written = nullptr;
  const DiagnosticKind* kind = nullptr;  // nullptr: there is no such check
  std::vector<Span> covers;
  bool used = false;
};

std::vector<Allowed> allowed_in(const Loaded& loaded) {
  std::vector<Allowed> all;
  for (const std::unique_ptr<Unit>& unit : loaded.units) {
    if (unit->tree.suppressions.empty()) continue;
    const std::vector<Span> items = whole_items(unit->tree);
    for (const ast::Suppression& written : unit->tree.suppressions) {
      Allowed allowed{unit.get(), &written, find_diagnostic(written.lint.text), {written.covers}, false};
      for (const Span item : items) {
        if (item.begin >= written.covers.begin && item.begin < written.covers.end) allowed.covers.push_back(item);
      }
      all.push_back(std::move(allowed));
    }
  }
  return all;
}

bool covers(const Allowed& allowed, const Diagnostic& found) {
  if (allowed.kind == nullptr || allowed.kind->id != found.id || found.severity == Severity::error) return false;
  if (found.primary.file != allowed.unit->source.get()) return false;
  return std::ranges::any_of(allowed.covers, [&](Span span) {
    return found.primary.span.begin >= span.begin && found.primary.span.begin < std::max(span.end, span.begin + 1);
  });
}

void drop(std::vector<Allowed>& all, std::vector<Diagnostic>& diagnostics) {
  if (all.empty()) return;
  std::erase_if(diagnostics, [&](const Diagnostic& found) {
    bool dropped = false;
    for (Allowed& allowed : all) {
      if (!covers(allowed, found)) continue;
      allowed.used = dropped = true;
    }
    return dropped;
  });
}

void report_name(const Allowed& allowed, Report& report) {
  report.add_with_similar(
      Diagnostic::of(DiagnosticId::unknown_lint_name, *allowed.unit->source, allowed.written->lint.span,
                     "there is no check " + quoted(allowed.written->lint.text)),
      allowed.written->lint.span, allowed.written->lint.text, [] {
        std::vector<std::string_view> names;
        for (const DiagnosticKind& kind : diagnostic_kinds()) names.push_back(kind.name);
        return names;
      });
}

void report_unused(const Allowed& allowed, bool errors, Report& report) {
  const bool is_error = allowed.kind->severity == Severity::error && allowed.kind->id != DiagnosticId::create_needs;
  if (errors && !is_error) return;  // a file with errors is not checked to the end
  Diagnostic found = Diagnostic::of(DiagnosticId::unused_allow, *allowed.unit->source, allowed.written->span,
                                    is_error ? quoted(allowed.kind->name) + " is an error, and errors can't be allowed"
                                             : "nothing here is " + quoted(allowed.kind->name));
  if (!is_error) {
    found.helped("remove the comment").fixed({{allowed.written->span, ""}});
  } else {
    found.help = "mend what it is about";
  }
  report.add(std::move(found));
}

void report_reason(const Allowed& allowed, Report& report) {
  const bool has_reason = allowed.written->because && !allowed.written->because->text.empty();
  if (has_reason) return;
  report.add(Diagnostic::of(DiagnosticId::allow_without_reason, *allowed.unit->source, allowed.written->span,
                            "`allow(" + std::string(allowed.kind->name) + ")` does not say why")
                 .helped("add `because` and the reason in quotes"));
}

}  // namespace

void suppress(const Loaded& loaded, std::vector<Diagnostic>& diagnostics) {
  const bool errors = has_errors(diagnostics);
  std::vector<Allowed> all = allowed_in(loaded);
  drop(all, diagnostics);
  Report report(diagnostics);
  for (const Allowed& allowed : all) {
    if (allowed.kind == nullptr) {
      report_name(allowed, report);
      continue;
    }
    const bool is_later = std::ranges::find(later_findings, allowed.kind->id) != std::end(later_findings);
    if (!allowed.used && !is_later) {
      report_unused(allowed, errors, report);
    } else {
      report_reason(allowed, report);
    }
  }
}

void drop_suppressed(const Loaded& loaded, std::vector<Diagnostic>& diagnostics) {
  std::vector<Allowed> all = allowed_in(loaded);
  drop(all, diagnostics);
}

}  // namespace dovetail::dsl
