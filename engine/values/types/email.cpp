// E-mail addresses as people have them: a dot-atom, and a domain with a dot.
#include <array>

#include "engine/values/types/ascii.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

constexpr std::size_t longest_local_part = 64;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_address = 254;
// Far more than any domain that A-labels can hold; encoding a label costs the square of its length.
constexpr std::size_t longest_unicode_domain = 2048;

constexpr std::array<bool, 256> atoms = [] {
  std::array<bool, 256> made{};
  for (int c = 0; c < 128; ++c) made[static_cast<std::size_t>(c)] = ascii::is_alphanumeric(static_cast<char>(c));
  for (const char c : std::string_view("!#$%&'*+/=?^_`{|}~-")) made[static_cast<unsigned char>(c)] = true;
  return made;
}();

bool is_atom(char c) { return atoms[static_cast<unsigned char>(c)]; }

Fault judge_local_part(std::string_view local) {
  char before = '.';
  for (const char c : local) {
    if (c == '.' ? before == '.' : !is_atom(c)) return Fault::syntax;
    before = c;
  }
  if (before == '.') return Fault::syntax;
  return local.size() > longest_local_part ? Fault::length : Fault::none;
}

Fault judge_label(std::string_view label) {
  if (label.empty() || label.front() == '-' || label.back() == '-') return Fault::syntax;
  for (const char c : label) {
    if (!ascii::is_alphanumeric(c) && c != '-') return Fault::syntax;
  }
  return label.size() > longest_label ? Fault::length : Fault::none;
}

bool can_be_last(std::string_view label) {
  if (label.starts_with("xn--")) return true;
  return label.size() >= 2 && std::string_view::npos == label.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
}

// `domain` in lower-case ASCII.
Fault judge_domain(std::string_view domain) {
  for (;;) {
    const auto dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (const Fault fault = judge_label(label); fault != Fault::none) return fault;
    if (dot == std::string_view::npos) return can_be_last(label) ? Fault::none : Fault::syntax;
    domain.remove_prefix(dot + 1);
  }
}

// Appends the domain in lower-case ASCII; a domain beyond that is left to judge_domain.
Fault append_domain(std::string_view domain, std::string& out) {
  for (const char c : domain) {
    if (c >= 0) continue;
    if (domain.size() > longest_unicode_domain) return Fault::length;
    return append_a_labels(domain, out) ? Fault::none : Fault::syntax;
  }
  ascii::append_lower(out, domain);
  return Fault::none;
}

Fault append_canonical(std::string_view value, std::string& sent) {
  const auto at = value.find('@');
  if (at == std::string_view::npos || value.find('@', at + 1) != std::string_view::npos) return Fault::syntax;
  const std::string_view local = value.substr(0, at);
  const std::string_view domain = value.substr(at + 1);
  if (const Fault fault = judge_local_part(local); fault != Fault::none) return fault;
  const std::size_t start = sent.size();
  sent.append(local).push_back('@');
  if (const Fault fault = append_domain(domain, sent); fault != Fault::none) return fault;
  const std::string_view labels = std::string_view(sent).substr(start + local.size() + 1);
  if (labels.find('.') == std::string_view::npos) return Fault::syntax;
  if (const Fault fault = judge_domain(labels); fault != Fault::none) return fault;
  return sent.size() - start > longest_address ? Fault::length : Fault::none;
}

}  // namespace

Fault check_email(std::string_view raw, const CheckContext&, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (value.empty()) return Fault::empty;
  if (!ascii::is_printable(value) && !is_utf8(value)) return Fault::not_utf8;
  const std::size_t start = sent.size();
  const Fault fault = append_canonical(value, sent);
  if (fault != Fault::none) sent.resize(start);
  return fault;
}

void key_email(std::string_view sent, std::string& key) { ascii::append_lower(key, sent); }

std::string_view sentence_email(Fault fault) {
  switch (fault) {
    case Fault::syntax:
      return "an e-mail address is a name, one @ and a domain with a dot, as kari@example.com, and nothing around it";
    case Fault::length:
      return "the e-mail address is too long: 64 characters before the @, 63 between dots, 254 in all";
    default:
      return {};
  }
}

}  // namespace dovetail
