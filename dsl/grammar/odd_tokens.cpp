// Tokens that are not plain: words in backticks or with foreign letters, dates, arrows of other languages.
#include <string>

#include "dsl/grammar/characters.hpp"
#include "dsl/grammar/state.hpp"

namespace dovetail::dsl::grammar {

const char* State::read_odd_word(const char* at) {
  if (*at == '`') {
    const char* stop = word_end(at + 1, end);
    if (stop == at + 1 || !is_letter(at[1])) return at;
    name_text = {at + 1, static_cast<std::size_t>(stop - at - 1)};
    name_quoted = true;
    if (stop < end && *stop == '`') return stop + 1;
    reporter.add(DiagnosticId::unterminated_string, {offset(at), offset(at) + 1}, "this backtick is never closed",
                 "add a backtick", {{{offset(stop), offset(stop)}, "`"}});
    return stop;
  }
  // A word with letters beyond a to z: some only look like them, some are meant.
  std::string meant;
  const char* p = at;
  bool foreign = false;
  while (p < end && (is_word(*p) || is_high(*p))) {
    if (is_word(*p)) {
      meant += *p++;
      continue;
    }
    const Lookalike* found = find_lookalike(p, end);
    if (found != nullptr && !is_letter(found->meant.front())) break;
    const char* next = character_end(p, end);
    if (next == p + 1) break;  // not UTF-8
    if (found != nullptr) {
      meant += found->meant;
    } else {
      foreign = true;
      meant.append(p, next);
    }
    p = next;
  }
  if (p == at) return at;
  name_quoted = false;
  const Span place{offset(at), offset(p)};
  if (meant == std::string_view(at, p)) {
    name_text = {at, static_cast<std::size_t>(p - at)};
    if (!foreign || (p < end && *p == '"')) return p;  // a text without its opening quote is said as that
    reporter.add(DiagnosticId::unexpected_token, place, "the name `" + meant + "` has letters other than a to z",
                 "names are made of the letters a to z, digits and `_`");
    mark_broken();
    return p;
  }
  reporter.add(DiagnosticId::lookalike_characters, place,
               "`" + std::string(at, p) + "` has letters that only look like those of `" + meant + "`",
               "write `" + meant + "`", {{place, meant}});
  name_text = file.strings.emplace_back(std::move(meant));
  return p;
}

void State::read_number(const char* at, const char* to) {
  std::uint64_t value = 0;
  for (const char* p = at; p < to && value <= UINT32_MAX; ++p)
    value = value * 10 + static_cast<std::uint64_t>(*p - '0');
  if (value > UINT32_MAX) {
    reporter.add(DiagnosticId::unexpected_token, {offset(at), offset(to)}, "a number above 4294967295");
    fail();
    value = UINT32_MAX;
  }
  number_value = static_cast<std::uint32_t>(value);
}

const char* State::read_figures(const char* at) {
  std::string plain;
  const char* p = at;
  bool pasted = false;
  const char* fixed_from = nullptr;
  while (p < end) {
    const Lookalike* found = is_high(*p) ? find_lookalike(p, end) : nullptr;
    if (is_word(*p) || *p == '.' || *p == '-' || *p == '/') {
      if (*p == '-' && p + 1 < end && p[1] == '>') break;
      ++p;
    } else if (found != nullptr && found->meant == "-") {
      pasted = true;
      if (fixed_from == nullptr) fixed_from = p;
      p += found->bytes.size();
    } else {
      break;
    }
  }
  if (pasted) {
    for (const char* c = at; c < p;) {
      const Lookalike* found = is_high(*c) ? find_lookalike(c, end) : nullptr;
      plain += found != nullptr ? found->meant : std::string_view(c, 1);
      c += found != nullptr ? found->bytes.size() : 1;
    }
    reporter.add(DiagnosticId::lookalike_characters, {offset(at), offset(p)}, "a dash instead of `-`",
                 "write `" + plain + "`", {{{offset(at), offset(p)}, plain}});
    figures_text = file.strings.emplace_back(std::move(plain));
  } else {
    figures_text = {at, static_cast<std::size_t>(p - at)};
  }
  const std::string_view t = figures_text;
  const auto all_digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  figures_are_date = t.size() == 10 && t[4] == '-' && t[7] == '-' && all_digits(t.substr(0, 4)) &&
                     all_digits(t.substr(5, 2)) && all_digits(t.substr(8));
  if (figures_are_date) return p;
  std::string_view whole = t.starts_with('-') ? t.substr(1) : t;
  const std::size_t point = whole.find('.');
  const bool fraction = point == std::string_view::npos || all_digits(whole.substr(point + 1));
  if ((all_digits(whole.substr(0, point)) && fraction) || (p < end && *p == '"')) return p;
  reporter.add(DiagnosticId::unexpected_token, {offset(at), offset(p)},
               "`" + std::string(t) + "` is neither a number nor a date",
               "a date is year, month and day, as in 1990-05-01; other text stands in quotes");
  mark_broken();
  figures_text = {};
  return p;
}

const char* State::read_arrow(const char* at) {
  const std::string_view there = rest(at);
  const auto is = [&](ast::Arrow::Kind kind, std::size_t size) {
    arrow_kind = kind;
    return at + size;
  };
  using enum ast::Arrow::Kind;
  if (there.starts_with("<->")) return is(both, 3);
  if (there.starts_with("->")) return is(right, 2);
  if (there.starts_with("<-") && !there.starts_with("<--")) return is(left, 2);

  static constexpr struct {
    std::string_view written;
    ast::Arrow::Kind kind;
    std::string_view meant;
  } foreign[] = {{"<=>", both, "<->"}, {"<-->", both, "<->"}, {"<>", both, "<->"},
                 {"==>", right, "->"}, {"=>", right, "->"},   {"-->", right, "->"},
                 {"<==", left, "<-"},  {"<--", left, "<-"},   {"<=", left, "<-"}};
  for (const auto& one : foreign) {
    if (!there.starts_with(one.written)) continue;
    const Span place{offset(at), offset(at + one.written.size())};
    reporter.add(DiagnosticId::unexpected_token, place, "found `" + std::string(one.written) + "` instead of an arrow",
                 "write `" + std::string(one.meant) + "`", {{place, std::string(one.meant)}});
    return is(one.kind, one.written.size());
  }

  // One character that is an arrow, or an arrow whose hyphen was made a dash.
  const bool open = there.starts_with('<');
  const char* p = at + (open ? 1 : 0);
  const Lookalike* found = find_lookalike(p, end);
  if (found == nullptr) return at;
  const char* after = p + found->bytes.size();
  std::string meant(found->meant);
  std::string called(found->called);
  if (meant == "-") {
    const bool close = after < end && *after == '>';
    if (!open && !close) return at;
    meant = std::string(open ? "<" : "") + "-" + (close ? ">" : "");
    if (close) ++after;
  } else if (open || meant.find('-') == std::string::npos) {
    return at;
  }
  reporter.lookalike(at, after, meant, called + " instead of `" + meant + "`");
  arrow_kind = meant == "<->" ? both : meant == "->" ? right : left;
  return after;
}

}  // namespace dovetail::dsl::grammar
