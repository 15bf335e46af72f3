#include "engine/api/json_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "engine/values/unicode.hpp"
#include "providers/file/staged_files.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

std::string_view name_of(Json::value_t kind) {
  switch (kind) {
    case Json::value_t::string:
      return "a text";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::array:
      return "a list";
    default:
      return "an object";
  }
}

// "… parse error at line 3, column 5: …" without the library's own code in front, and without what stood there.
std::string plain(std::string_view what) {
  const std::size_t start = what.find("] ");
  if (start != what.npos) what.remove_prefix(start + 2);
  const std::size_t quoted = what.find("; last read: ");
  const std::size_t expected = what.rfind("'; expected ");
  std::string text(what.substr(0, quoted));
  if (quoted != what.npos && expected != what.npos && expected > quoted) text += what.substr(expected + 1);
  return text;
}

// The first member that an object has twice.
class Doubled {
 public:
  std::string name;
  bool found = false;

  void see(Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event != Json::parse_event_t::key || found) return;
    found = !open_.back().insert(parsed.get<std::string>()).second;
    if (found) name = parsed.get<std::string>();
  }

 private:
  std::vector<std::set<std::string>> open_;  // members of the objects that the place is in
};

// Takes the objects out of one list of the outermost object while it is read.
class Taker {
 public:
  Taker(const std::string& list, const std::function<void(const Json&)>& take) : list_(list), take_(take) {}

  std::string doubled;  // where an object has a member twice; empty: nowhere

  void see(int depth, Json::parse_event_t event, Json& parsed) {
    count_members(event, parsed);
    if (event == Json::parse_event_t::key && depth == 1) is_there_ = parsed == list_;
    if (event == Json::parse_event_t::array_start && depth == 1) is_in_list_ = is_there_;
    if (event == Json::parse_event_t::array_end && depth == 1) is_in_list_ = false;
    if (event != Json::parse_event_t::object_end || depth != 2 || !is_in_list_) return;
    take_(parsed);
    parsed = taken_++;
  }

 private:
  // What an object holds in the end is less than what was read of it. Their names are not kept: there may be millions.
  void count_members(Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) members_.push_back(0);
    if (event == Json::parse_event_t::key) ++members_.back();
    if (event != Json::parse_event_t::object_end) return;
    if (doubled.empty() && parsed.size() != members_.back()) {
      doubled = is_in_list_ ? fmt::format("/{}/{}", list_, taken_) : std::string("/");
    }
    members_.pop_back();
  }

  const std::string& list_;
  const std::function<void(const Json&)>& take_;
  std::vector<std::size_t> members_;  // of the objects that the place is in
  bool is_there_ = false, is_in_list_ = false;
  std::size_t taken_ = 0;
};

// Where the value that `text` begins with ends; nullopt: it begins with none.
std::optional<std::size_t> end_of_value(std::string_view text) {
  std::istringstream in{std::string(text)};
  try {
    Json first;
    in >> first;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(in.tellg());
}

}  // namespace

namespace {

constexpr std::size_t most_levels = 100;

// What is read is written again by functions that call themselves at each level.
bool is_too_deep(std::string_view text) {
  std::size_t levels = 0;
  bool is_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_text) {
      i += c == '\\' ? 1 : 0;
      is_text = c != '"';
    } else if (c == '"') {
      is_text = true;
    } else if (c == '{' || c == '[') {
      if (++levels > most_levels) return true;
    } else if ((c == '}' || c == ']') && levels > 0) {
      --levels;
    }
  }
  return false;
}

Result<Json> parse(std::string_view text, const Json::parser_callback_t& see) {
  if (!is_utf8(text)) return fail("not UTF-8");
  if (is_too_deep(text)) return fail(fmt::format("more than {} levels of lists and objects", most_levels));
  try {
    return Json::parse(text, see);
  } catch (const Json::exception& error) {
    const std::optional<std::size_t> end = end_of_value(text);
    if (end && *end < text.size()) return fail(fmt::format("other text follows its end, from byte {} on", *end + 1));
    return fail("not valid JSON: " + plain(error.what()));
  }
}

// What a file holds, if it is of that kind.
Result<Json> meant(const std::string& path, const std::string& kind, Result<Json> json) {
  if (!json) return fail(fmt::format("{}: {}", path, json.error().what));
  if (const Result<void> right = check_kind(*json, kind); !right) {
    const bool is_other = right.error().what.starts_with("it must");
    return fail(
        fmt::format("{}: {}{}", path, is_other ? fmt::format("not a {} file: ", kind) : "", right.error().what));
  }
  return json;
}

}  // namespace

Result<Json> parse_json(std::string_view text, Doubles doubles) {
  if (doubles == Doubles::not_looked_for) return parse(text, nullptr);
  Doubled doubled;
  Result<Json> json = parse(text, [&](int, Json::parse_event_t event, Json& parsed) {
    doubled.see(event, parsed);
    return true;
  });
  if (json && doubled.found) return fail(fmt::format("`{}` stands twice in an object", doubled.name));
  return json;
}

Result<void> check_kind(const Json& document, const std::string& kind) {
  if (!document.is_object() || !document.contains("dovetail") || document["dovetail"] != kind) {
    return fail(fmt::format("it must be an object with \"dovetail\": \"{}\"", kind));
  }
  if (!document.contains("version") || document["version"] != 1) {
    return fail(fmt::format("version {}; this program reads version 1", document.value("version", Json()).dump()));
  }
  return {};
}

Result<Json> read_json_file(const std::string& path, const std::string& kind, Doubles doubles) {
  const Result<std::string> text = providers::read_file(path);
  if (!text) return std::unexpected(text.error());
  return meant(path, kind, parse_json(*text, doubles));
}

Result<Json> read_json_file(const std::string& path, const std::string& kind, const std::string& list,
                            const std::function<void(const Json&)>& take) {
  const Result<std::string> text = providers::read_file(path);
  if (!text) return std::unexpected(text.error());
  Taker taker(list, take);
  Result<Json> json = parse(*text, [&](int depth, Json::parse_event_t event, Json& parsed) {
    taker.see(depth, event, parsed);
    return true;
  });
  if (json && !taker.doubled.empty()) {
    json = fail(taker.doubled + ": a member stands twice in an object, so it is not known which of the two counts");
  }
  return meant(path, kind, std::move(json));
}

JsonReader::JsonReader(const Json& object, std::string place, std::string& problem)
    : object_(object), place_(std::move(place)), problem_(problem) {
  if (!object_.is_object()) refuse("must be an object");
}

const Json* JsonReader::member(const char* name, Json::value_t kind, bool required) {
  asked_.emplace_back(name);
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(name);
  if (found == object_.end() || found->is_null()) {
    if (required) refuse(fmt::format("`{}` is missing", name));
    return nullptr;
  }
  if (found->type() != kind) {
    refuse(fmt::format("`{}` must be {}", name, name_of(kind)));
    return nullptr;
  }
  return &*found;
}

std::string JsonReader::text(const char* name, bool required) {
  const Json* found = member(name, Json::value_t::string, required);
  return found == nullptr ? std::string{} : found->get<std::string>();
}

std::string JsonReader::name(const char* name) {
  const Json* found = member(name, Json::value_t::string, false);
  if (found == nullptr) return {};
  auto text = found->get<std::string>();
  if (text.empty()) refuse(fmt::format("`{}` is empty; leave it out where nothing is meant by it", name));
  return text;
}

bool JsonReader::boolean(const char* name) {
  const Json* found = member(name, Json::value_t::boolean, false);
  return found != nullptr && found->get<bool>();
}

std::vector<std::string> JsonReader::texts(const char* name) {
  std::vector<std::string> list;
  each(name, [&](const Json& item, const std::string& place) {
    if (item.is_string()) {
      list.push_back(item.get<std::string>());
    } else if (problem_.empty()) {
      problem_ = place + ": must be a text";
    }
  });
  return list;
}

void JsonReader::refuse(const std::string& what) {
  if (problem_.empty()) problem_ = fmt::format("{}: {}", place_.empty() ? "/" : place_, what);
}

void JsonReader::finish() {
  if (!object_.is_object()) return;
  for (const auto& [name, value] : object_.items()) {
    const bool ours = place_.empty() && (name == "dovetail" || name == "version");
    if (!ours && std::ranges::find(asked_, name) == asked_.end()) refuse(fmt::format("`{}` is not known here", name));
  }
}

}  // namespace dovetail
