// The key that secrets in a base are hashed with.
#pragma once

#include <optional>
#include <string>

#include "engine/error.hpp"
#include "engine/store/keyed_hash.hpp"
#include "tools/dovetail/options.hpp"

namespace dovetail::tools {

struct BaseKey {
  KeyedHash::Key key;
  std::string from;  // for messages: the file, or the variable
};

// "base.json.key", beside the base.
std::string key_file_beside(const std::string& base);

// From --key-file, else DOVETAIL_KEY, else the file beside the base; nullopt: there is none. An Error if what is there
// cannot be read or is no key; it never says what stands there.
Result<std::optional<BaseKey>> find_key(const Options& options);

// Makes the file, readable by its owner only. Never replaces one.
Result<void> write_key(const std::string& path, const KeyedHash::Key& key);

}  // namespace dovetail::tools
