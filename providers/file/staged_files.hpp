// Files that are replaced together: all are written beside their places and flushed first, then renamed into them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"

namespace dovetail::providers {

// The whole file. The Error says which file, and why.
Result<std::string> read_file(const std::filesystem::path& path);

// The file in blocks of whole lines, in their order; the last may lack its line break. Stops at the first Error.
Result<void> read_blocks(const std::filesystem::path& path,
                         const std::function<Result<void>(std::string_view block)>& take);

// By what a changed file is told from the same one.
struct FileVersion {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t changed_ns = 0;  // since the epoch
  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};
Result<FileVersion> file_version(const std::filesystem::path& path);

// Why no file can be written there, as far as can be told without trying; empty: one may be. A rename would put a file
// in the place of anything, so only of files, and of nothing. The folder must be there and take files.
std::string obstacle(const std::filesystem::path& path);
// The same of a folder that files are to be written in.
std::string folder_obstacle(const std::filesystem::path& folder);

class StagedFiles {
 public:
  StagedFiles() = default;
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;
  ~StagedFiles();  // what was not committed is removed; the files stay as they were

  // Writes the text beside `path`, durably. A link is followed: what it points to will be replaced. A file that is
  // there keeps its permissions; a new one gets these: people's records are for nobody else, if nothing is said.
  // Refuses what is there and is no regular file, and a link to what is not there.
  static constexpr std::filesystem::perms for_owner =
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
  Result<void> stage(const std::filesystem::path& path, std::string_view text,
                     std::filesystem::perms of_new = for_owner);

  // Renames everything into its place. Fails only if the system refuses a rename within one folder; files renamed
  // before that stay replaced, and the Error names the one that was not.
  Result<void> commit();

 private:
  struct Staged {
    std::filesystem::path target, temporary;
  };
  std::vector<Staged> staged_;
};

}  // namespace dovetail::providers
