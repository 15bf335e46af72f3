#include "tools/dovetail/places.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/file/staged_files.hpp"

namespace dovetail::tools {
namespace {

namespace fs = std::filesystem;

// The folders of a file that is not there yet may be links, too.
fs::path without_links(const fs::path& path) {
  std::error_code failed;
  const fs::path absolute = fs::absolute(path, failed);
  fs::path found = fs::weakly_canonical(absolute, failed);
  return failed ? absolute.lexically_normal() : found;
}

}  // namespace

std::string Places::Place::shown() const { return fmt::format("{} {}", option, path.string()); }

std::size_t Places::reads(std::string option, const fs::path& path) {
  reads_.push_back({std::move(option), path, {}});
  return reads_.size() - 1;
}

void Places::writes(std::string option, const fs::path& path, std::optional<std::size_t> replaces) {
  writes_.push_back({std::move(option), path, replaces});
}

bool Places::is_same(const Place& left, const Place& right) {
  std::error_code unknown;
  if (fs::equivalent(left.path, right.path, unknown)) return true;
  return without_links(left.path) == without_links(right.path);
}

bool Places::is_in_place(const Place& written) const {
  return written.replaces && is_same(written, reads_[*written.replaces]);
}

Result<void> Places::check() const {
  std::vector<std::string> wrong;
  for (std::size_t at = 0; at < writes_.size(); ++at) {
    const Place& written = writes_[at];
    if (std::string why = providers::obstacle(written.path); !why.empty()) {
      wrong.push_back(fmt::format("{}: {}", written.shown(), why));
    }
    for (std::size_t i = 0; i < reads_.size(); ++i) {
      if (written.replaces == i || !is_same(written, reads_[i])) continue;
      wrong.push_back(fmt::format("{}: writing that would destroy what {} reads: name another file", written.shown(),
                                  reads_[i].shown()));
    }
    for (std::size_t i = 0; i < at; ++i) {
      // Where one of them replaces what stands there, that was told.
      if (is_in_place(written) || is_in_place(writes_[i]) || !is_same(written, writes_[i])) continue;
      wrong.push_back(fmt::format("{}: {} is written to the same file: name two", written.shown(), writes_[i].shown()));
    }
  }
  if (wrong.empty()) return {};
  return std::unexpected(Error{.kind = Error::Kind::input,
                               .what = fmt::format("{}\nnothing was read or written", fmt::join(wrong, "\n"))});
}

}  // namespace dovetail::tools
