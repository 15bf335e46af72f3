#include "providers/toolkit/http/mask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dovetail::providers {
namespace {

constexpr std::string_view hidden = "…";
constexpr std::size_t longest = 4000;

// Members whose values are about the exchange, not about a person.
constexpr std::array<std::string_view, 17> plain_names = {
    "status", "timestamp", "title", "detail", "errorcode",         "errormessage", "fields",     "message",   "op",
    "path",   "error",     "code",  "total",  "error_description", "statuscode",   "totalcount", "grant_type"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_plain(std::string_view name) {
  return std::ranges::any_of(
      plain_names, [name](std::string_view plain) { return std::ranges::equal(plain, name, {}, lower, lower); });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// From the opening quote to behind the closing one, or to the end.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

std::string masked_json(std::string_view text) {
  std::string out;
  std::string_view name;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = string_end(text, at);
      const std::string_view content = text.substr(at + 1, end > at + 2 ? end - at - 2 : 0);
      const std::size_t next = text.find_first_not_of(" \t\r\n", end);
      const bool is_name = next != text.npos && text[next] == ':';
      if (is_name) name = content;
      out += fmt::format("\"{}\"", is_name           ? std::string(content)
                                   : is_plain(name)  ? masked_words(content)
                                   : content.empty() ? ""
                                                     : std::string(hidden));
      at = end;
    } else if (is_digit(c) || c == '-') {
      const std::size_t end = std::min(text.find_first_not_of("0123456789+-.eE", at), text.size());
      out += is_plain(name) && end - at < 4 ? text.substr(at, end - at) : hidden;
      at = end;
    } else {
      out += c;
      ++at;
    }
  }
  return out;
}

std::string masked_xml(std::string_view text) {
  std::string out;
  std::string_view name;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '<') {
      const std::size_t end = std::min(text.find('>', at), text.size() - 1) + 1;
      const std::string_view tag = text.substr(at, end - at);
      name = tag.substr(1, std::min(tag.find_first_of(" />", 1), tag.size()) - 1);
      out += fmt::format("<{}{}>", tag.starts_with("</") ? "/" : "",
                         tag.starts_with("</") ? tag.substr(2, tag.size() - 3) : name);
      if (tag.ends_with("/>")) out.insert(out.size() - 1, "/");
      at = end;
      continue;
    }
    const std::size_t end = std::min(text.find('<', at), text.size());
    const std::string_view content = text.substr(at, end - at);
    const bool blank = content.find_first_not_of(" \t\r\n") == content.npos;
    out += blank ? std::string(content) : is_plain(name) ? masked_words(content) : std::string(hidden);
    at = end;
  }
  return out;
}

std::string masked_form(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const std::string_view name = pair.substr(0, pair.find('='));
    const std::string_view value = pair.size() > name.size() ? pair.substr(name.size() + 1) : std::string_view{};
    const bool small_number = value.size() < 4 && std::ranges::all_of(value, is_digit);
    if (!out.empty()) out += '&';
    out += fmt::format("{}={}", name, small_number || is_plain(name) ? value : hidden);
  }
  return out;
}

// A run of what stands inside numbers, codes and addresses.
std::size_t end_of_run(std::string_view words, std::size_t at) {
  while (at < words.size() &&
         (is_word(words[at]) || std::string_view("@.+-_").find(words[at]) != std::string_view::npos))
    ++at;
  return at;
}

bool is_number(std::string_view run) {
  const auto fits = [](char c) { return is_digit(c) || c == '+' || c == '-' || c == '.'; };
  return std::ranges::all_of(run, fits) && std::ranges::any_of(run, is_digit);
}

// The numbers that stand one space apart are one that is written in groups: +47 900 12 345.
std::size_t end_of_groups(std::string_view words, std::size_t at) {
  std::size_t end = end_of_run(words, at);
  while (is_number(words.substr(at, end - at)) && end < words.size() && words[end] == ' ') {
    const std::size_t next = end + 1;
    const std::size_t next_end = end_of_run(words, next);
    if (!is_number(words.substr(next, next_end - next))) break;
    at = next;
    end = next_end;
  }
  return end;
}

}  // namespace

std::string masked_words(std::string_view words) {
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = end_of_groups(words, at);
    if (end == at) {
      out += words[at++];
      continue;
    }
    const std::string_view run = words.substr(at, end - at);
    const bool personal = run.find('@') != run.npos || std::ranges::count_if(run, is_digit) >= 4;
    out += personal ? hidden : run;
    at = end;
  }
  return out;
}

std::string masked_body(std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == body.npos) return {};
  std::string out;
  if (body[first] == '{' || body[first] == '[') {
    out = masked_json(body);
  } else if (body[first] == '<') {
    out = masked_xml(body);
  } else if (body.find('=') != body.npos && body.find_first_of(" \n") == body.npos) {
    out = masked_form(body);
  } else {
    out = fmt::format("({} bytes)", body.size());
  }
  if (out.size() <= longest) return out;
  std::size_t cut = longest;
  while ((static_cast<unsigned char>(out[cut]) & 0xC0U) == 0x80U) --cut;
  return fmt::format("{} (and {} bytes more)", out.substr(0, cut), out.size() - cut);
}

std::string masked_target(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  std::string out = masked_words(path);
  if (path.size() < target.size()) out += '?' + masked_form(target.substr(path.size() + 1));
  return out;
}

}  // namespace dovetail::providers
