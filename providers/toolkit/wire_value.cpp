#include "providers/toolkit/wire_value.hpp"

#include <algorithm>

namespace dovetail::providers {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string_view trim(std::string_view raw) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = raw.find_first_not_of(blanks);
  if (first == raw.npos) return {};
  return raw.substr(first, raw.find_last_not_of(blanks) - first + 1);
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
  if (!member.masked_as.empty() && raw == member.masked_as) return State::masked;
  const auto invalid = [&] {
    text += raw;
    return State::invalid;
  };
  if (trim(raw).empty()) {
    if (member.empty == ir::EmptyMeans::unset) return State::unset;
    return member.empty == ir::EmptyMeans::value ? State::value : invalid();
  }
  if (member.type == nullptr) return read_word(member, raw, text);
  std::string_view read = raw;
  if (member.type->name == "date") read = without_time(raw);
  if (member.type->name == "boolean" && trim(raw) == "1") read = "true";
  if (member.type->name == "boolean" && trim(raw) == "0") read = "false";
  return member.type->check(read, context, text) == Fault::none ? State::value : invalid();
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
