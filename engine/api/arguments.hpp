// The members of a request, read strictly: of their type, and none that nobody asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/api/json_file.hpp"
#include "engine/error.hpp"

namespace dovetail {

// Notes the first thing that is wrong; what is read after that is empty.
class Arguments {
 public:
  // `members` is an object, and must outlive this.
  explicit Arguments(const Json& members) : members_(members) {}

  std::string text(std::string_view name);           // required, not empty
  std::string optional_text(std::string_view name);  // empty where it is not given
  std::string given_text(std::string_view name);     // the same; where it is given it must not be empty
  std::optional<bool> truth(std::string_view name);
  std::optional<std::int64_t> number(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name);
  // An object of texts, as settings and credentials are; in the order of their names.
  std::optional<std::vector<std::pair<std::string, std::string>>> pairs(std::string_view name);
  // An object of texts, numbers, and true or false, each as text (true: "true"); null: nullopt. Empty: not given.
  std::vector<std::pair<std::string, std::optional<std::string>>> values(std::string_view name);
  const Json* object(std::string_view name);  // nullptr: not given
  const Json* any(std::string_view name);     // nullptr: not given
  void refuse(std::string what);

  // Error::input: what was wrong, or a member that nobody asked for.
  Result<void> finish();

 private:
  const Json* find(std::string_view name);
  const Json& members_;
  std::vector<std::string> asked_;
  std::string wrong_;
};

}  // namespace dovetail
