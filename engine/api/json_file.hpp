// Reading the JSON that people, hosts and earlier runs give us: strictly, with places in the messages.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"

namespace dovetail {

using Json = nlohmann::ordered_json;

enum class Doubles : std::uint8_t { refused, not_looked_for };
// Error::input: it is not UTF-8, not JSON, goes on after its end, or an object in it has a member twice. What stands in
// it is not repeated, as it may be secret.
Result<Json> parse_json(std::string_view text, Doubles doubles = Doubles::refused);

// An object whose `dovetail` is `kind` and whose `version` is 1. The Error says what else it is.
Result<void> check_kind(const Json& document, const std::string& kind);
// The same from a file. Large ones of our own are not looked through for doubled members.
Result<Json> read_json_file(const std::string& path, const std::string& kind, Doubles doubles = Doubles::refused);

// Reads members of one object and notes the first that is wrong.
class JsonReader {
 public:
  JsonReader(const Json& object, std::string place, std::string& problem);

  std::string text(const char* name, bool required = false);
  // The same, refused where it is there and empty: a cell that was left empty must not pass as left out.
  std::string name(const char* name);
  bool boolean(const char* name);
  // Each object of a list; an empty list where there is none.
  template <typename Each>
  void each(const char* name, Each read) {
    const Json* list = member(name, Json::value_t::array, false);
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size(); ++i) read((*list)[i], place_ + "/" + name + "/" + std::to_string(i));
  }
  std::vector<std::string> texts(const char* name);
  void refuse(const std::string& what);
  // What was not asked for is a mistake: a misspelt name must not pass as left out.
  void finish();

 private:
  const Json* member(const char* name, Json::value_t kind, bool required);
  const Json& object_;
  std::string place_;
  std::string& problem_;
  std::vector<std::string> asked_;
};

}  // namespace dovetail
