#include "providers/file/staged_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace dovetail::providers {
namespace {

std::unexpected<Error> fail(const std::filesystem::path& path, std::string_view verb) {
  return std::unexpected(Error{.kind = Error::Kind::input,
                               .what = fmt::format("{}: cannot {}: {}", path.string(), verb, std::strerror(errno))});
}

// Closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// The folder that a file is made in before it takes its place.
std::filesystem::path folder_of(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::filesystem::path target = std::filesystem::weakly_canonical(path, ignored);
  const std::filesystem::path folder = (target.empty() ? path : target).parent_path();
  return folder.empty() ? "." : folder;
}

}  // namespace

std::string folder_obstacle(const std::filesystem::path& folder) {
  std::error_code ignored;
  const std::string shown = folder.string();
  switch (std::filesystem::status(folder, ignored).type()) {
    case std::filesystem::file_type::directory:
      if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
      return fmt::format("nothing can be written in the folder {} ({}): allow it, or name another", shown,
                         std::strerror(errno));
    case std::filesystem::file_type::not_found:
      return fmt::format("there is no folder {}: make it first (mkdir -p), or name another", shown);
    case std::filesystem::file_type::none:
    case std::filesystem::file_type::unknown:
      return fmt::format("the folder {} cannot be seen ({}): allow it, or name another", shown, ignored.message());
    default:
      return fmt::format("{} is a file and no folder: name another", shown);
  }
}

std::string obstacle(const std::filesystem::path& path) {
  std::error_code ignored;
  switch (std::filesystem::status(path, ignored).type()) {
    case std::filesystem::file_type::directory:
      return "a folder stands there, and a file would be written: name the file";
    case std::filesystem::file_type::block:
    case std::filesystem::file_type::character:
      return "that is a device, and only files are written: name a file";
    case std::filesystem::file_type::fifo:
      return "that is a pipe, and only files are written: name a file";
    case std::filesystem::file_type::socket:
      return "that is a socket, and only files are written: name a file";
    case std::filesystem::file_type::not_found: {
      if (!std::filesystem::is_symlink(std::filesystem::symlink_status(path, ignored)))
        return folder_obstacle(folder_of(path));
      const std::filesystem::path target = std::filesystem::read_symlink(path, ignored);
      return fmt::format("that is a link to {}, which is not there: name the file itself", target.string());
    }
    default:
      return folder_obstacle(folder_of(path));
  }
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return fail(path, "open");
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return fail(path, "read");
  if (S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return fail(path, "read");
  }
  std::string text(static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)), '\0');
  std::size_t filled = 0;
  for (;;) {
    if (filled == text.size()) text.resize(text.size() + (std::size_t{1} << 16U));
    const ssize_t count = ::read(file.number(), text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(path, "read");
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  text.resize(filled);
  return text;
}

Result<void> read_blocks(const std::filesystem::path& path,
                         const std::function<Result<void>(std::string_view block)>& take) {
  constexpr std::size_t spare = 64;  // parsers may look a little behind a block
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return fail(path, "open");
  std::string buffer(std::size_t{1} << 18U, '\0');  // what stays in a processor's own memory
  std::size_t filled = 0;
  for (;;) {
    if (filled + spare >= buffer.size()) buffer.resize(buffer.size() * 2);
    const ssize_t count = ::read(file.number(), buffer.data() + filled, buffer.size() - spare - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(path, "read");
    const std::size_t searched = filled;
    filled += static_cast<std::size_t>(count);
    const std::string_view text(buffer.data(), filled);
    const std::size_t line_break = text.substr(searched).rfind('\n');
    const std::size_t whole = count == 0 ? filled : line_break == text.npos ? 0 : searched + line_break + 1;
    if (whole > 0) {
      if (Result<void> taken = take(text.substr(0, whole)); !taken) return taken;
      std::memmove(buffer.data(), buffer.data() + whole, filled - whole);
      filled -= whole;
    }
    if (count == 0) return {};
  }
}

Result<FileVersion> file_version(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return fail(path, "open");
  if (S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return fail(path, "read");
  }
  constexpr std::int64_t second = 1'000'000'000;
  return FileVersion{.device = status.st_dev,
                     .inode = status.st_ino,
                     .size = static_cast<std::uint64_t>(status.st_size),
                     .changed_ns = status.st_mtim.tv_sec * second + status.st_mtim.tv_nsec};
}

StagedFiles::~StagedFiles() {
  for (const Staged& file : staged_) ::unlink(file.temporary.c_str());
}

Result<void> StagedFiles::stage(const std::filesystem::path& path, std::string_view text,
                                std::filesystem::perms of_new) {
  if (const std::string why = obstacle(path); !why.empty()) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = fmt::format("{}: {}", path.string(), why)});
  }
  std::error_code ignored;
  const std::filesystem::path target = std::filesystem::weakly_canonical(path, ignored);
  std::string name = (target.empty() ? path : target).string() + ".XXXXXX";
  const Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (file.number() < 0) return fail(path, "be made in its folder, where it is written before it takes its place");
  staged_.push_back({target.empty() ? path : target, name});
  struct stat status{};
  const bool is_there = ::stat(staged_.back().target.c_str(), &status) == 0;
  const mode_t mode = (is_there ? status.st_mode : static_cast<mode_t>(of_new)) & 07777U;
  if (!write_all(file.number(), text) || ::fchmod(file.number(), mode) != 0 || ::fsync(file.number()) != 0) {
    return fail(path, "write");
  }
  return {};
}

Result<void> StagedFiles::commit() {
  while (!staged_.empty()) {
    const Staged& file = staged_.front();
    if (::rename(file.temporary.c_str(), file.target.c_str()) != 0) return fail(file.target, "replace");
    const std::filesystem::path folder = file.target.parent_path();
    const Descriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.number() >= 0) ::fsync(directory.number());
    staged_.erase(staged_.begin());
  }
  return {};
}

}  // namespace dovetail::providers
