// Whether two names, or two e-mail addresses, are the same.
#include "engine/values/types/ascii.hpp"
#include "engine/values/types/list.hpp"

namespace dovetail {
namespace {

Fault append_person_name_key(std::string_view raw, std::string& key) {
  if (!is_utf8(raw)) return Fault::not_utf8;
  append_name_key(raw, key);
  return key.empty() ? Fault::empty : Fault::none;
}

Fault append_address_key(std::string_view raw, const CheckContext& context, std::string& key) {
  std::string sent;
  const Fault fault = check_email(raw, context, sent);
  if (fault == Fault::none) key_email(sent, key);
  return fault;
}

// Appends the common key; `append_key_of` appends one value's to an empty text.
template <typename AppendKey>
Fault compare(std::string_view one, std::string_view other, AppendKey append_key_of, std::string& sent) {
  std::string key;
  std::string other_key;
  if (const Fault fault = append_key_of(one, key); fault != Fault::none) return fault;
  if (const Fault fault = append_key_of(other, other_key); fault != Fault::none) return fault;
  if (key != other_key) return Fault::different;
  sent.append(key);
  return Fault::none;
}

}  // namespace

Fault check_name_equal(std::string_view raw, const CheckContext&, std::string& sent) {
  const auto bar = raw.find('|');
  if (bar == std::string_view::npos) return Fault::syntax;
  return compare(raw.substr(0, bar), raw.substr(bar + 1), append_person_name_key, sent);
}

// A local part may hold a bar, a domain can't: the two are parted by the first bar behind an @.
Fault check_email_equal(std::string_view raw, const CheckContext& context, std::string& sent) {
  const auto at = raw.find('@');
  const auto bar = raw.find('|', at == std::string_view::npos ? 0 : at);
  if (bar == std::string_view::npos) return Fault::syntax;
  const auto key_of = [&](std::string_view address, std::string& key) {
    return append_address_key(address, context, key);
  };
  return compare(raw.substr(0, bar), raw.substr(bar + 1), key_of, sent);
}

std::string_view sentence_equality(Fault fault) {
  switch (fault) {
    case Fault::empty:
      return "one of the two values is empty";
    case Fault::syntax:
      return "two values with | between are wanted, each well-formed";
    case Fault::different:
      return "the two values are not equal";
    default:
      return {};
  }
}

}  // namespace dovetail
