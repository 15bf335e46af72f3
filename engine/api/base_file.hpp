// The base between runs, as a file: docs/formats.md, "Base".
#pragma once

#include <string>

#include "engine/base.hpp"
#include "engine/error.hpp"

namespace dovetail {

struct KeptBase {
  Base base;
  std::string key_name;  // of the key that its secrets are hashed with; empty: none is hashed
};

// An empty base if there is no such file: the first run makes it. An Error if it is no base, another map's, or says
// something against itself.
Result<KeptBase> read_base(const std::string& path, const std::string& map);

bool has_hashes(const Base& base);
// `key_name`: written where something is hashed.
std::string base_text(const Base& base, const std::string& map, const std::string& key_name);

}  // namespace dovetail
