// The only file that includes the JSON parser.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "providers/toolkit/json_node.hpp"
#include "providers/toolkit/text_place.hpp"

namespace dovetail::providers {
namespace {

using Json = nlohmann::json;

constexpr std::size_t deepest = 100;
constexpr std::size_t longest_text = (std::size_t{1} << 21U) - 1;  // what a snapshot's cell can hold, in bytes

// Walks over the text for the parser and tells how far it has come.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, const char** progress) : at_(at), progress_(progress) {}
  reference operator*() const { return *at_; }
  Cursor& operator++() {
    ++at_;
    if (progress_ != nullptr) *progress_ = at_;
    return *this;
  }
  Cursor operator++(int) {
    const Cursor before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Cursor& a, const Cursor& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  const char** progress_;
};

// Builds the tree; stops at what we refuse although it is JSON.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(JsonArena& arena, std::string_view text, const char** progress)
      : arena_(arena), text_(text), progress_(progress) {}

  JsonNode* root = nullptr;
  std::string refusal;  // why; empty: not refused by us
  std::size_t refused_at = 0;
  bool by_parser = false;  // the refusal's place counts from where the parser began

  bool null() override { return add(JsonNode::Kind::null, {}); }
  bool boolean(bool value) override { return add(JsonNode::Kind::boolean, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add(JsonNode::Kind::number, std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(JsonNode::Kind::number, std::to_string(value)); }
  bool number_float(number_float_t, const string_t& raw) override { return add(JsonNode::Kind::number, raw); }
  bool string(string_t& value) override {
    if (value.size() > longest_text) return refuse("a text longer than 2 MiB");
    return add(JsonNode::Kind::text, value);
  }
  bool binary(binary_t&) override { return refuse("binary content"); }
  bool start_object(std::size_t) override { return open(JsonNode::Kind::object); }
  bool start_array(std::size_t) override { return open(JsonNode::Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (!names_.back().insert(name).second) return refuse(fmt::format("`{}` stands twice in one object", name));
    name_ = arena_.keep(name);
    event_end_ = offset();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    refused_at = position == 0 ? 0 : position - 1;
    by_parser = true;
    refusal = plain(error.what());
    return false;
  }

 private:
  std::size_t offset() const { return static_cast<std::size_t>(*progress_ - text_.data()); }

  bool refuse(std::string why) {
    refusal = std::move(why);
    refused_at = offset() == 0 ? 0 : offset() - 1;
    return false;
  }

  bool add(JsonNode::Kind kind, std::string_view text) {
    JsonNode* node = arena_.make(kind, text);
    node->name = std::exchange(name_, {});
    node->begin = token_start();
    node->end = offset();
    if (open_ != nullptr) {
      open_->append(node);
    } else {
      root = node;
    }
    added_ = node;
    event_end_ = offset();
    return true;
  }

  // The parser does not say where a token begins: after the one before and what stands between them.
  std::size_t token_start() const { return std::min(text_.find_first_not_of(" \t\r\n,:", event_end_), offset()); }

  bool open(JsonNode::Kind kind) {
    if (names_.size() == deepest) return refuse(fmt::format("more than {} levels", deepest));
    add(kind, {});
    open_ = added_;
    names_.emplace_back();
    return true;
  }

  bool close() {
    open_->end = offset();
    open_ = open_->parent;
    names_.pop_back();
    event_end_ = offset();
    return true;
  }

  // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing …": the last part.
  // "[json.exception.out_of_range.406] number overflow parsing '1e999'": the number.
  static std::string plain(std::string_view what) {
    constexpr std::string_view overflow = "number overflow parsing ";
    if (const std::size_t at = what.find(overflow); at != what.npos) {
      return fmt::format("a number too large to be read: {}", what.substr(at + overflow.size()));
    }
    if (const std::size_t colon = what.find(": "); colon != what.npos) what.remove_prefix(colon + 2);
    // Not what stood there: it may be secret.
    const std::size_t quoted = what.find("; last read: ");
    const std::size_t expected = what.rfind("'; expected ");
    std::string text = "not valid JSON: " + std::string(what.substr(0, quoted));
    if (quoted != what.npos && expected != what.npos && expected > quoted) text += what.substr(expected + 1);
    return text;
  }

  JsonArena& arena_;
  std::string_view text_;
  const char** progress_;
  JsonNode* open_ = nullptr;
  JsonNode* added_ = nullptr;
  std::size_t event_end_ = offset();  // how far the part before reached
  std::string_view name_;
  std::vector<std::set<std::string>> names_;  // of each open object
};

// JSON begins with two characters of ASCII, so a zero among its first two bytes is half of one.
bool is_utf16(std::string_view text) {
  const std::string_view first = text.substr(0, 2);
  return first == "\xFF\xFE" || first == "\xFE\xFF" || first.find('\0') != first.npos;
}

}  // namespace

Result<JsonNode*> parse_json_value(std::string_view file, std::string_view text, std::size_t begin, std::size_t end,
                                   JsonArena& arena) {
  if (is_utf16(text)) {
    return std::unexpected(
        Error{.kind = Error::Kind::input,
              .what = fmt::format("{}: UTF-16 is not accepted: save the document as UTF-8", place_in(file, text, 0))});
  }
  const char* progress = text.data() + begin;
  Builder builder(arena, text, &progress);
  const Cursor first(text.data() + begin, &progress);
  const Cursor last(text.data() + end, nullptr);
  if (Json::sax_parse(first, last, &builder)) return builder.root;
  std::size_t at = builder.by_parser ? begin + builder.refused_at : builder.refused_at;
  // The parser says so one byte too late, and not that nothing follows.
  const std::optional<std::size_t> bad = find_bad_utf8(text.substr(begin, std::min(at + 1, end) - begin));
  if (builder.by_parser && bad && builder.refusal.find("UTF-8") != std::string::npos) {
    at = begin + *bad;
    builder.refusal = bad_utf8_text(text, at);
  }
  return std::unexpected(
      Error{.kind = Error::Kind::input, .what = fmt::format("{}: {}", place_in(file, text, at), builder.refusal)});
}

}  // namespace dovetail::providers
