#include "tools/dovetail/key_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "providers/file/staged_files.hpp"

namespace dovetail::tools {
namespace {

constexpr const char* variable = "DOVETAIL_KEY";

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

Result<std::optional<BaseKey>> key_of(const std::string& text, const std::string& from) {
  const std::optional<KeyedHash::Key> key = read_key(text);
  if (key) return BaseKey{*key, from};
  return fail(
      fmt::format("{}: not a key: it must be 64 hexadecimal digits, as `openssl rand -hex 32` makes them", from));
}

Result<std::optional<BaseKey>> key_in(const std::string& path) {
  const Result<std::string> text = providers::read_file(path);
  if (!text) return std::unexpected(text.error());
  struct stat facts{};
  if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    fmt::print(stderr, "dovetail: {}: others can read this key; chmod 600 it\n", path);
  }
  return key_of(*text, path);
}

}  // namespace

std::string key_file_beside(const std::string& base) { return base + ".key"; }

Result<std::optional<BaseKey>> find_key(const Options& options) {
  if (!options.key_file.empty()) return key_in(options.key_file);
  const char* text = std::getenv(variable);
  if (text != nullptr && *text != '\0') return key_of(text, variable);
  const std::string beside = key_file_beside(options.base);
  std::error_code ignored;
  if (std::filesystem::exists(beside, ignored)) return key_in(beside);
  return std::nullopt;
}

Result<void> write_key(const std::string& path, const KeyedHash::Key& key) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const std::string text = key_text(key) + "\n";
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const int why = errno;
  if (file >= 0) ::close(file);
  if (written) return {};
  if (file >= 0) ::unlink(path.c_str());  // half a key
  return fail(fmt::format("{}: the key cannot be written: {}", path, std::strerror(why)));
}

}  // namespace dovetail::tools
