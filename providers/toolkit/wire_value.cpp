#include "providers/toolkit/wire_value.hpp"

#include <algorithm>

namespace dovetail::providers {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trim(std::string_view raw) {
  while (!raw.empty() && is_blank(raw.front())) raw.remove_prefix(1);
  while (!raw.empty() && is_blank(raw.back())) raw.remove_suffix(1);
  return raw;
}

State read_word(const ir::Member& member, std::string_view raw, std::string& into) {
  const std::string_view text = trim(raw);
  auto word = std::ranges::find(member.words, text, &ir::EnumWord::wire);
  if (word == member.words.end()) {
    word = std::ranges::find_if(member.words, [text](const ir::EnumWord& w) { return same_word(w.wire, text); });
  }
  if (word != member.words.end()) {
    into += word->word;
    return State::value;
  }
  into += member.open_enum ? text : raw;
  return member.open_enum ? State::value : State::invalid;
}

// Some systems answer a date with a time: "2024-01-15T00:00:00".
std::string_view without_time(std::string_view raw) {
  constexpr std::size_t day = 10;
  const std::string_view text = trim(raw);
  const bool timed = text.size() > day && (text[day] == 'T' || text[day] == ' ') &&
                     text.find_first_not_of("0123456789:.+-ZTz ", day + 1) == text.npos;
  return timed ? text.substr(0, day) : raw;
}

}  // namespace

State read_wire(const ir::Member& member, std::string_view raw, const CheckContext& context, std::string& text) {
  static const CheckedType* const plain_text = find_type("text");
  if (!member.masked_as.empty() && raw == member.masked_as) return State::masked;
  const auto invalid = [&] {
    text += raw;
    return State::invalid;
  };
  const bool begins = !raw.empty() && static_cast<unsigned char>(raw.front()) > ' ';
  if (begins && member.type == plain_text) {  // most members are
    if (member.type->check(raw, context, text) == Fault::none) return State::value;
    return invalid();
  }
  if (!begins && trim(raw).empty()) {
    if (member.empty == ir::EmptyMeans::unset) return State::unset;
    return member.empty == ir::EmptyMeans::value ? State::value : invalid();
  }
  if (member.type == nullptr) return read_word(member, raw, text);
  static const CheckedType* const date = find_type("date");
  static const CheckedType* const boolean = find_type("boolean");
  std::string_view read = raw;
  if (member.type == date) read = without_time(raw);
  if (member.type == boolean && trim(raw) == "1") read = "true";
  if (member.type == boolean && trim(raw) == "0") read = "false";
  return member.type->check(read, context, text) == Fault::none ? State::value : invalid();
}

bool takes_boolean(const ir::Member& member, std::string_view word) {
  static const CheckedType* const boolean = find_type("boolean");
  if (member.type != nullptr) return member.type == boolean;
  return std::ranges::find(member.words, word, &ir::EnumWord::wire) != member.words.end();
}

Value read_wire(const ir::Member& member, std::string_view raw, const CheckContext& context) {
  Value value;
  value.state = read_wire(member, raw, context, value.text);
  return value;
}

Scalar write_wire(const ir::Member& member, std::string_view sent) {
  Scalar scalar{.kind = Scalar::Kind::text, .text = std::string(sent), .attributes = member.attributes};
  if (member.type == nullptr) {
    const auto word = std::ranges::find(member.words, sent, &ir::EnumWord::word);
    if (word != member.words.end()) scalar.text = word->wire;
    return scalar;
  }
  if (member.type->name == "integer" || member.type->name == "decimal") scalar.kind = Scalar::Kind::number;
  if (member.type->name == "boolean") scalar.kind = Scalar::Kind::boolean;
  return scalar;
}

}  // namespace dovetail::providers
