#include "engine/api/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/values/civil_day.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

Result<std::string> kept_text(const ir::Setting& setting, const std::string& text) {
  const auto wrong = [&](std::string_view what) {
    return fail(fmt::format("setting {}={}: {}", setting.name, text, what));
  };
  switch (setting.type) {
    case ir::SettingType::text:
      return text;
    case ir::SettingType::boolean:
      if (text == "on" || text == "true") return "true";
      if (text == "off" || text == "false") return "false";
      return wrong("must be on or off");
    case ir::SettingType::integer:
      if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return wrong("must be a whole number");
      return text;
    case ir::SettingType::date:
      if (!parse_day(text)) return wrong("must be a day (YYYY-MM-DD)");
      return text;
  }
  return text;
}

}  // namespace

Result<std::vector<std::optional<std::string>>> read_settings(
    const ir::RuleSet& rules, const std::vector<std::pair<std::string, std::string>>& given) {
  std::vector<std::optional<std::string>> settings(rules.settings.size());
  for (const auto& [name, text] : given) {
    const auto found = std::ranges::find(rules.settings, name, &ir::Setting::name);
    if (found == rules.settings.end()) {
      std::string names;
      for (const ir::Setting& setting : rules.settings) names += (names.empty() ? "" : ", ") + setting.name;
      return fail(fmt::format("setting {}: {} has no such setting; it has: {}", name, rules.name,
                              names.empty() ? "none" : names));
    }
    Result<std::string> kept = kept_text(*found, text);
    if (!kept) return std::unexpected(kept.error());
    settings[static_cast<std::size_t>(found - rules.settings.begin())] = std::move(*kept);
  }
  return settings;
}

}  // namespace dovetail
