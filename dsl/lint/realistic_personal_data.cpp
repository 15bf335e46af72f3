#include "dsl/check/types.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

// Identifiers that the authorities may have issued, as they are accepted outside of test systems.
std::string_view issued_identifier(std::string_view text) {
  for (const std::string_view name : {"no_fnr", "fi_hetu", "se_personnummer"}) {
    const CheckedType* type = find_type(name);
    std::string sent;
    const bool is_for_tests = name == "se_personnummer" && text.size() >= 12 && text.substr(text.size() - 4) >= "9800";
    if (type != nullptr && text.size() >= 11 && !is_for_tests && type->check(text, {}, sent) == Fault::none)
      return name;
  }
  return {};
}

// The domain of an address that somebody may own; empty: none.
std::string_view real_domain(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || text.find(' ') != std::string_view::npos) return {};
  const std::string_view domain = text.substr(at + 1);
  for (const std::string_view reserved : {"example", "test", "invalid", "localhost"}) {
    if (domain == reserved || domain.ends_with(std::string(".") + std::string(reserved))) return {};
  }
  for (const std::string_view reserved : {"example.com", "example.org", "example.net"}) {
    if (domain == reserved || domain.ends_with(std::string(".") + std::string(reserved))) return {};
  }
  return domain;
}

void check_value(const MapDraft& draft, const ast::Literal& value, Report& report) {
  if (value.kind != ast::Literal::Kind::text) return;
  if (const std::string_view type = issued_identifier(value.text); !type.empty()) {
    report.add(Diagnostic::of(DiagnosticId::realistic_personal_data, draft.file(), value.span,
                              "this may be the " + quoted(type) + " of a living person")
                   .helped("use a synthetic one: tests accept the numbers that are never issued"));
  } else if (const std::string_view domain = real_domain(value.text); !domain.empty()) {
    report.add(Diagnostic::of(DiagnosticId::realistic_personal_data, draft.file(), value.span,
                              "this may be somebody's address at " + quoted(domain))
                   .helped("use a domain that nobody has, as `example.com`"));
  }
}

}  // namespace

void lint_realistic_personal_data(const MapDraft& draft, Report& report) {
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* test = std::get_if<ast::Test>(&item);
    if (test == nullptr) continue;
    for (const auto& one : test->items) {
      if (const auto* given = std::get_if<ast::Given>(&one)) {
        for (const ast::Assignment& assignment : given->assignments) check_value(draft, assignment.value, report);
      }
    }
  }
}

}  // namespace dovetail::dsl
