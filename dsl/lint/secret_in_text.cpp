#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '_' ||
         c == '-' || c == '=' || c == '/';
}

// Long, without a blank, of letters and figures mixed as no word is.
bool looks_like_key(std::string_view token) {
  if (token.size() < 20) return false;
  std::size_t digits = 0, upper = 0, lower = 0, slashes = 0;
  for (const char c : token) {
    digits += c >= '0' && c <= '9';
    upper += c >= 'A' && c <= 'Z';
    lower += c >= 'a' && c <= 'z';
    slashes += c == '/';
  }
  const bool is_path = slashes > 2;
  const bool is_hex =
      token.size() >= 32 && digits >= 6 && (upper == 0 || lower == 0) && digits + upper + lower == token.size();
  return !is_path && (is_hex || (digits >= 3 && upper >= 3 && lower >= 3));
}

// Where in the text a key stands; nullopt: nowhere.
std::optional<Span> find_key(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && is_token_character(text[end])) ++end;
    if (looks_like_key(text.substr(begin, end - begin)))
      return Span{static_cast<Offset>(begin), static_cast<Offset>(end)};
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace

// Looks at the file as it is written: every text, comment and default in it is read by people and kept in histories.
void lint_secret_in_text(const MapDraft& draft, Report& report) {
  for (const SettingDraft& setting : draft.settings) {
    if (!setting.written->secret || !setting.written->default_value) continue;
    report.add(Diagnostic::of(DiagnosticId::secret_in_text, draft.file(), setting.written->default_value->span,
                              "a secret setting has its default in the file")
                   .helped("leave the default out: who sets it up enters it"));
  }
  Offset at = 0;
  std::string_view rest = draft.file().text();
  while (const std::optional<Span> found = find_key(rest)) {
    const Span span{at + found->begin, at + found->end};
    report.add(
        Diagnostic::of(DiagnosticId::secret_in_text, draft.file(), span, "this looks like a key or a password")
            .helped("keep it out of rule files; ask for it by `credential … secret`, and change it where it is used"));
    at += found->end;
    rest.remove_prefix(found->end);
  }
}

}  // namespace dovetail::dsl
