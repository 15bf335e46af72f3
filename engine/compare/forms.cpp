#include "engine/compare/forms.hpp"

namespace dovetail {

std::string sent_form(const CheckedType* type, std::string_view text, const CheckContext& context) {
  std::string sent;
  const bool takes = type != nullptr && type->check(text, context, sent) == Fault::none;
  return takes ? sent : std::string(text);
}

void append_key(const ir::Part& part, std::string_view text, const CheckContext& context, std::string& key) {
  std::string sent;
  for (const CheckedType* type : part.valid) {
    sent.clear();
    if (type->check(text, context, sent) == Fault::none) return append_key(*type, sent, key);
  }
  if (part.type != nullptr) return append_key(*part.type, text, key);
  key.append(text);
}

bool same_value(const ir::Part& part, Observation a, Observation b, const CheckContext& context) {
  if (a.state != b.state) return false;
  if (a.state != State::value || a.text == b.text) return true;
  if (part.valid.empty()) return part.type != nullptr && same_key(*part.type, a.text, b.text);
  std::string one, other;
  append_key(part, a.text, context, one);
  append_key(part, b.text, context, other);
  return one == other;
}

}  // namespace dovetail
