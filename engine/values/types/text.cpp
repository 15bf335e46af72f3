// Plain text.
#include "engine/values/types/ascii.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {

Fault check_text(std::string_view raw, const CheckContext&, std::string& sent) {
  const std::string_view value = ascii::trimmed(raw);
  if (value.empty()) return Fault::empty;
  if (ascii::is_printable(value)) {
    sent.append(value);
    return Fault::none;
  }
  if (!is_utf8(value)) return Fault::not_utf8;
  if (is_blank(value)) return Fault::empty;
  for (const char c : value) {
    if (ascii::is_control(c) && c != '\t' && c != '\n' && c != '\r') return Fault::syntax;
  }
  sent.append(value);
  return Fault::none;
}

void key_text(std::string_view sent, std::string& key) { append_text_key(sent, key); }

std::string_view sentence_text(Fault fault) {
  return fault == Fault::syntax ? "the text holds a control character" : std::string_view();
}

}  // namespace dovetail
