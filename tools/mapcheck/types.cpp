// mapcheck types: every checked type with its rule in one line.
#include <fmt/core.h>

#include <algorithm>

#include "engine/values/type.hpp"
#include "tools/mapcheck/subcommands.hpp"

namespace dovetail::mapcheck {

void add_types(CLI::App& app, Session&) {
  auto* command = app.add_subcommand("types", "list every checked type with its rule");
  command->callback([] {
    std::size_t width = 0;
    for (const CheckedType& type : checked_types()) width = std::max(width, type.name.size());
    for (const CheckedType& type : checked_types()) fmt::print("{:<{}}  {}\n", type.name, width, type.rule);
  });
}

}  // namespace dovetail::mapcheck
