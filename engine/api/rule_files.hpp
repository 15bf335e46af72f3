// Finding a rule file by path or by name, and reading it with what it imports: the disk's side of dsl::load.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsl/load.hpp"
#include "engine/error.hpp"

namespace dovetail {

struct RuleFile {
  std::filesystem::path root;  // imports never lead out of it
  std::string path;            // relative to the root, with '/'
};

// `wanted` is a file ("rules/netvisor.map") or the name of a map that came with the product ("netvisor"). The root of
// a file is the folder nearest to it, itself or above, that holds `schemas` or `library`; else the file's own folder.
Result<RuleFile> find_rule_file(const std::string& wanted);

// Reads below the root only, also through links; at most 16 MiB a file.
dsl::ReadFile rule_reader(std::filesystem::path root);

// How messages name a file of that root: as the user would, from the current folder.
std::string shown_path(const std::filesystem::path& root, const std::string& path);

}  // namespace dovetail
