#include "engine/api/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dovetail {

const Json* Arguments::find(std::string_view name) {
  asked_.emplace_back(name);
  const auto found = members_.find(asked_.back());
  return found == members_.end() || found->is_null() ? nullptr : &*found;
}

void Arguments::refuse(std::string what) {
  if (wrong_.empty()) wrong_ = std::move(what);
}

std::string Arguments::text(std::string_view name) {
  std::string found = optional_text(name);
  if (found.empty()) refuse(fmt::format("`{}` is missing or empty", name));
  return found;
}

std::string Arguments::optional_text(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return {};
  if (found->is_string()) return found->get<std::string>();
  refuse(fmt::format("`{}` must be a text", name));
  return {};
}

std::string Arguments::given_text(std::string_view name) {
  const std::string found = optional_text(name);
  if (found.empty() && find(name) != nullptr)
    refuse(fmt::format("`{}` is empty: leave it out, or say what it is", name));
  return found;
}

std::optional<bool> Arguments::truth(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (found->is_boolean()) return found->get<bool>();
  refuse(fmt::format("`{}` must be true or false", name));
  return std::nullopt;
}

std::optional<std::int64_t> Arguments::number(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (found->is_number_integer() && (!found->is_number_unsigned() || found->get<std::uint64_t>() <= INT64_MAX)) {
    return found->get<std::int64_t>();
  }
  refuse(fmt::format("`{}` must be a whole number", name));
  return std::nullopt;
}

std::optional<std::vector<std::string>> Arguments::texts(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return std::nullopt;
  const bool is_list =
      found->is_array() && std::ranges::all_of(*found, [](const Json& one) { return one.is_string(); });
  if (is_list) return found->get<std::vector<std::string>>();
  refuse(fmt::format("`{}` must be a list of texts", name));
  return std::nullopt;
}

std::optional<std::vector<std::pair<std::string, std::string>>> Arguments::pairs(std::string_view name) {
  const Json* found = object(name);
  if (found == nullptr) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [label, value] : found->items()) {
    if (!value.is_string()) {
      refuse(fmt::format("`{}` of `{}` must be a text", label, name));
      return std::nullopt;
    }
    all.emplace_back(label, value.get<std::string>());
  }
  std::ranges::sort(all);
  return all;
}

std::vector<std::pair<std::string, std::optional<std::string>>> Arguments::values(std::string_view name) {
  std::vector<std::pair<std::string, std::optional<std::string>>> all;
  const Json* found = object(name);
  if (found == nullptr) return all;
  for (const auto& [label, value] : found->items()) {
    const bool is_known = value.is_string() || value.is_boolean() || value.is_number_integer() || value.is_null();
    if (!is_known) {
      refuse(fmt::format("`{}` of `{}` must be a text, a whole number, true or false", label, name));
    } else if (value.is_string()) {
      all.emplace_back(label, value.get<std::string>());
    } else {
      all.emplace_back(label, value.is_null() ? std::nullopt : std::optional(value.dump()));
    }
  }
  return all;
}

const Json* Arguments::object(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr || found->is_object()) return found;
  refuse(fmt::format("`{}` must be an object", name));
  return nullptr;
}

const Json* Arguments::any(std::string_view name) { return find(name); }

Result<void> Arguments::finish() {
  for (const auto& [name, value] : members_.items()) {
    if (std::ranges::find(asked_, name) == asked_.end()) refuse(fmt::format("`{}` is not known here", name));
  }
  if (wrong_.empty()) return {};
  return std::unexpected(Error{.kind = Error::Kind::input, .what = wrong_});
}

}  // namespace dovetail
