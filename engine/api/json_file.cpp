#include "engine/api/json_file.hpp"

#include <fmt/format.h>

#include <algorithm>

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

// "… parse error at line 3, column 5: …" without the library's own code in front.
std::string plain(std::string_view what) {
  const std::size_t start = what.find("] ");
  return std::string(start == what.npos ? what : what.substr(start + 2));
}

}  // namespace

Result<Json> read_json_file(const std::string& path, const std::string& kind) {
  const Result<std::string> text = providers::read_file(path);
  if (!text) return std::unexpected(text.error());
  Json json;
  try {
    json = Json::parse(*text);
  } catch (const Json::exception& error) {
    return fail(fmt::format("{}: not valid JSON: {}", path, plain(error.what())));
  }
  if (!json.is_object() || !json.contains("dovetail") || json["dovetail"] != kind) {
    return fail(fmt::format("{}: not a {} file: it must be an object with \"dovetail\": \"{}\"", path, kind, kind));
  }
  if (!json.contains("version") || json["version"] != 1) {
    return fail(
        fmt::format("{}: version {}; this program reads version 1", path, json.value("version", Json()).dump()));
  }
  return json;
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
