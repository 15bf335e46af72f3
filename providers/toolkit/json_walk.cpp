#include "providers/toolkit/json_walk.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace dovetail::providers {
namespace {

constexpr std::size_t deepest = 90;               // the tree allows a few more
constexpr std::size_t longest = (1U << 21U) - 1;  // so that every text fits a cell
constexpr std::size_t most_digits = 18;           // any such number is read exactly

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

// Escapes of half characters: the tree knows which belong together.
bool may_hold_surrogates(std::string_view line) {
  return line.find("\\ud") != line.npos || line.find("\\uD") != line.npos;
}

// Appends a character of the basic plane, no surrogate.
void append_character(unsigned code, std::string& out) {
  const auto continuation = [code](unsigned shift) { return static_cast<char>(0x80U | (code >> shift & 0x3FU)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | code >> 6U);
    out += continuation(0);
  } else {
    out += static_cast<char>(0xE0U | code >> 12U);
    out += continuation(6);
    out += continuation(0);
  }
}

// Reads what follows a backslash; returns its length, 0 if it is no escape.
std::size_t append_escaped(std::string_view behind, std::string& out) {
  constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
  if (behind.empty()) return 0;
  if (const std::size_t letter = letters.find(behind.front()); letter != letters.npos) {
    out += meant[letter];
    return 1;
  }
  constexpr std::size_t length = 5;  // uXXXX
  if (behind.front() != 'u' || behind.size() < length) return 0;
  unsigned code = 0;
  const char* const end = behind.data() + length;
  if (std::from_chars(behind.data() + 1, end, code, 16).ptr != end) return 0;
  append_character(code, out);
  return length;
}

}  // namespace

JsonWalk::JsonWalk(RecordShape& record, std::deque<RecordShape>& elements)
    : record_(record), elements_(elements), list_at_(record.members.size(), -1), lists_(elements.size()) {
  for (std::size_t list = 0; list < record.lists.size(); ++list) {
    if (record.lists[list] >= 0) list_at_[static_cast<std::size_t>(record.lists[list])] = static_cast<int>(list);
  }
}

bool JsonWalk::read(std::string_view line) {
  if (line.size() > longest) return false;
  escapes_ = std::memchr(line.data(), '\\', line.size()) != nullptr;
  if (escapes_ && may_hold_surrogates(line)) return false;
  const std::span<const std::uint32_t> marks = finder_.find(line);
  if (marks.empty()) return false;
  unescaped_.clear();
  if (escapes_) unescaped_.reserve(line.size());  // so that views of it stay
  plain_end_ = escapes_ || line.size() < WireTrie::Name::readable ? 0 : line.size() - WireTrie::Name::readable + 1;
  seen_.assign(record_.members.size(), Seen{});
  line_ = line.data();
  depth_ = 0;
  trie_ = &record_.trie;
  into_ = seen_.data();
  in_element_ = false;
  return line_[marks.front()] == '{' && object(marks.data(), trie_->root()) == &marks.back();
}

JsonWalk::Mark JsonWalk::object(Mark at, Node& node) {
  if (depth_ == deepest) return nullptr;
  ++depth_;
  ++at;
  if (line_[*at] == '}') {
    note_missing(node, 0);
    ++at;
  } else {
    at = members(at, node);
  }
  --depth_;
  return at;
}

// Most names are the one that followed the one before it last time.
JsonWalk::Mark JsonWalk::members(Mark at, Node& node) {
  std::uint64_t met = 0;    // names
  std::uint64_t found = 0;  // children
  for (std::uint32_t index = node.first, before = 0;;) {
    if (line_[*at] != '"') return nullptr;
    if (index < node.names.size() && is_name(at, node.names[index])) {
      at += 2;
    } else {
      index = name(at, node);
      if (index == WireTrie::most_names) return nullptr;
      (met == 0 ? node.first : node.names[before].next) = index;
    }
    const std::uint64_t bit = std::uint64_t{1} << index;
    WireTrie::Name& name = node.names[index];
    if ((met & bit) != 0 || name.odd) return nullptr;
    met |= bit;
    found |= name.child;
    at = value(at, *name.node);
    if (at == nullptr) return nullptr;
    const char separator = line_[*at++];
    if (separator == '}') break;
    if (separator != ',') return nullptr;
    before = std::exchange(index, name.next);
  }
  if (found != node.all_children) note_missing(node, found);
  return at;
}

// With the colon right behind, and no escapes.
bool JsonWalk::is_name(Mark at, const WireTrie::Name& name) const {
  const std::size_t first = at[0] + std::size_t{1}, colon = at[1];
  return first + name.text.size() + 1 == colon && first < plain_end_ && name.begins(line_ + first) &&
         line_[colon] == ':' && line_[colon - 1] == '"';
}

std::uint32_t JsonWalk::name(Mark& at, Node& node) {
  std::string_view key;
  at = quoted(at, key);
  if (at == nullptr || line_[*at] != ':') return WireTrie::most_names;
  ++at;
  return trie_->find_name(node, key);
}

void JsonWalk::note_missing(const Node& node, std::uint64_t found) {
  for (std::size_t child = 0; child < node.children.size(); ++child) {
    if ((found >> child & 1U) != 0) continue;
    for (const WireTrie::Missing& missing : node.children[child].missing) {
      into_[missing.place].kind = missing.says;
    }
  }
}

JsonWalk::Mark JsonWalk::value(Mark at, Node& node) {
  switch (line_[*at]) {
    case '"': {
      std::string_view text;
      at = quoted(at, text);
      return at != nullptr && scalar(node, text) ? at : nullptr;
    }
    case '{':
      return node.places.empty() ? object(at, node) : nullptr;
    case '[':
      return array(at, node);
    case 't':
    case 'f':
    case 'n':
      return word(at, node);
    default:
      return is_digit(line_[*at]) || line_[*at] == '-' ? number(at, node) : nullptr;
  }
}

JsonWalk::Mark JsonWalk::array(Mark at, Node& node) {
  if (depth_ == deepest) return nullptr;
  ++depth_;
  Mark behind = nullptr;
  if (node.below.empty()) {
    behind = items(at, trie_->items_of(node));
  } else {
    if (node.below.size() != node.places.size() || in_element_) return nullptr;
    for (const WireTrie::Place place : node.places) {
      behind = list(at, place);
      if (behind == nullptr) break;
    }
  }
  --depth_;
  return behind;
}

JsonWalk::Mark JsonWalk::items(Mark at, Node& node) {
  if (line_[*++at] == ']') return at + 1;
  for (;; ++at) {
    at = value(at, node);
    if (at == nullptr) return nullptr;
    if (line_[*at] == ']') return at + 1;
    if (line_[*at] != ',') return nullptr;
  }
}

JsonWalk::Mark JsonWalk::list(Mark at, WireTrie::Place place) {
  const int number = list_at_[place];
  if (number < 0) return nullptr;
  const auto list = static_cast<std::size_t>(number);
  seen_[place].kind = Sight::Kind::composite;
  lists_[list].count = 0;
  lists_[list].seen.clear();
  if (line_[*++at] == ']') return at + 1;
  for (;; ++at) {
    at = element(at, list);
    if (at == nullptr) return nullptr;
    if (line_[*at] == ']') return at + 1;
    if (line_[*at] != ',') return nullptr;
  }
}

JsonWalk::Mark JsonWalk::element(Mark at, std::size_t list) {
  if (line_[*at] != '{') return nullptr;
  RecordShape& shape = elements_[list];
  List& elements = lists_[list];
  const std::size_t first = elements.seen.size();
  elements.seen.resize(first + shape.members.size());
  ++elements.count;
  trie_ = &shape.trie;
  into_ = elements.seen.data() + first;
  in_element_ = true;
  at = object(at, trie_->root());
  trie_ = &record_.trie;
  into_ = seen_.data();
  in_element_ = false;
  return at;
}

bool JsonWalk::scalar(const Node& node, std::string_view text, Sight::Kind kind) {
  if (node.below.size() != node.places.size()) return false;
  for (const WireTrie::Place place : node.places) into_[place] = {kind, text};
  return true;
}

JsonWalk::Mark JsonWalk::word(Mark at, Node& node) {
  const std::string_view text = token(at);
  if (text == "true" || text == "false") return scalar(node, text, Sight::Kind::boolean) ? at + 1 : nullptr;
  if (text != "null") return nullptr;
  for (const WireTrie::Place place : node.below) into_[place].kind = Sight::Kind::none;
  return at + 1;
}

// At a place, a number must be written as numbers usually are.
JsonWalk::Mark JsonWalk::number(Mark at, Node& node) {
  const std::string_view text = token(at);
  std::string_view rest = text;
  if (rest.starts_with('-')) rest.remove_prefix(1);
  const std::size_t digits = digits_of(rest);
  if (digits == 0 || digits > most_digits || (digits > 1 && rest.front() == '0')) return nullptr;
  const std::string_view behind = rest.substr(digits);
  if (behind.empty()) return text != "-0" && scalar(node, text) ? at + 1 : nullptr;
  if (behind.front() != '.' || behind.size() == 1 || digits_of(behind.substr(1)) + 1 != behind.size()) return nullptr;
  return node.below.empty() ? at + 1 : nullptr;
}

// A token that is no text: up to the next mark, without the blanks before it.
std::string_view JsonWalk::token(Mark at) const {
  const char* last = line_ + at[1] - 1;
  while (is_blank(*last)) --last;
  return {line_ + at[0], last + 1};
}

// Behind the closing quote there can be but blanks, up to the next mark.
JsonWalk::Mark JsonWalk::quoted(Mark at, std::string_view& text) {
  const char* const first = line_ + at[0] + 1;
  const char* last = line_ + at[1] - 1;
  while (is_blank(*last)) --last;
  if (last < first || *last != '"') return nullptr;
  text = {first, last};
  return !escapes_ || unescape(text) ? at + 1 : nullptr;
}

bool JsonWalk::unescape(std::string_view& text) {
  if (text.find('\\') == text.npos) return true;
  const std::size_t before = unescaped_.size();
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('\\'), text.size());
    unescaped_.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t length = append_escaped(text.substr(1), unescaped_);
    if (length == 0) return false;
    text.remove_prefix(1 + length);
  }
  text = std::string_view(unescaped_).substr(before);
  return true;
}

}  // namespace dovetail::providers
