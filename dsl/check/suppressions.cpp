#include "dsl/check/suppressions.hpp"

#include <algorithm>
#include <tuple>

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

// By where they begin.
std::vector<Span> items_by_place(const ast::File& tree) {
  std::vector<Span> items = whole_items(tree);
  std::ranges::sort(items);
  return items;
}

}  // namespace

Suppressions::Suppressions(const Loaded& loaded) {
  for (const std::unique_ptr<Unit>& unit : loaded.units) {
    if (unit->tree.suppressions.empty()) continue;
    const std::vector<Span> items = items_by_place(unit->tree);
    for (const ast::Suppression& written : unit->tree.suppressions) add(*unit, written, items);
  }
  const auto place = [](const Cover& one) { return std::tuple(one.file, one.id, one.span); };
  std::ranges::sort(covers_, {}, place);
  for (std::size_t i = 0; i < covers_.size(); ++i) {
    Cover& cover = covers_[i];
    const bool goes_on = i > 0 && covers_[i - 1].file == cover.file && covers_[i - 1].id == cover.id;
    cover.reach = std::max(cover.span.end, goes_on ? covers_[i - 1].reach : 0);
  }
}

void Suppressions::add(const Unit& unit, const ast::Suppression& written, const std::vector<Span>& items) {
  const DiagnosticKind* kind = find_diagnostic(written.lint.text);
  all_.push_back({&unit, &written, kind, false});
  if (kind == nullptr) return;
  const auto cover = [&](Span span) {
    span.end = std::max(span.end, span.begin + 1);
    covers_.push_back({unit.source.get(), kind->id, span, span.end, all_.size() - 1});
  };
  cover(written.covers);
  auto item = std::ranges::lower_bound(items, written.covers.begin, {}, &Span::begin);
  for (; item != items.end() && item->begin < written.covers.end; ++item) cover(*item);
}

bool Suppressions::drop(const Diagnostic& found) {
  if (covers_.empty() || found.severity == Severity::error) return false;
  const Offset at = found.primary.span.begin;
  const auto place = [](const Cover& one) { return std::tuple(one.file, one.id, one.span.begin); };
  auto cover = std::ranges::upper_bound(covers_, std::tuple(found.primary.file, found.id, at), {}, place);
  bool dropped = false;
  while (cover != covers_.begin()) {
    --cover;
    if (cover->file != found.primary.file || cover->id != found.id || cover->reach <= at) break;
    if (cover->span.end <= at) continue;
    all_[cover->allowed].used = dropped = true;
  }
  return dropped;
}

void Suppressions::check_name(const Allowed& allowed, Report& report) {
  report.add_with_similar(
      Diagnostic::of(DiagnosticId::unknown_lint_name, *allowed.unit->source, allowed.written->lint.span,
                     "there is no check " + quoted(allowed.written->lint.text)),
      allowed.written->lint.span, allowed.written->lint.text, [] {
        std::vector<std::string_view> names;
        for (const DiagnosticKind& kind : diagnostic_kinds()) names.push_back(kind.name);
        return names;
      });
}

void Suppressions::check_use(const Allowed& allowed, bool errors, Report& report) {
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

void Suppressions::check_reason(const Allowed& allowed, Report& report) {
  const bool has_reason = allowed.written->because && !allowed.written->because->text.empty();
  if (has_reason) return;
  report.add(Diagnostic::of(DiagnosticId::allow_without_reason, *allowed.unit->source, allowed.written->span,
                            "`allow(" + std::string(allowed.kind->name) + ")` does not say why")
                 .helped("add `because` and the reason in quotes"));
}

void Suppressions::check(bool errors, Report& report) const {
  for (const Allowed& allowed : all_) {
    if (allowed.kind == nullptr) {
      check_name(allowed, report);
      continue;
    }
    const bool is_later = std::ranges::find(later_findings, allowed.kind->id) != std::end(later_findings);
    if (!allowed.used && !is_later) {
      check_use(allowed, errors, report);
    } else {
      check_reason(allowed, report);
    }
  }
}

void drop_suppressed(const Loaded& loaded, std::vector<Diagnostic>& diagnostics) {
  Suppressions suppressions(loaded);
  std::erase_if(diagnostics, [&](const Diagnostic& found) { return suppressions.drop(found); });
}

}  // namespace dovetail::dsl
