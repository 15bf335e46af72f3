#include "engine/store/backup_file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace dovetail::store {
namespace {

constexpr std::string_view first_line = "dovetail backup 1\n";
constexpr std::size_t hash_size = 32;
constexpr std::size_t length_size = 8;
constexpr std::uint64_t most = 1ULL << 32U;  // of one part

using Length = std::array<unsigned char, length_size>;

Length length_of(std::uint64_t size) {
  Length length{};
  for (std::size_t i = 0; i < length_size; ++i) length[i] = static_cast<unsigned char>(size >> (8 * i));
  return length;
}

std::uint64_t size_of(const Length& length) {
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < length_size; ++i) size |= static_cast<std::uint64_t>(length[i]) << (8 * i);
  return size;
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

struct BackupFile::Open {
  std::string path, writing_to;
  std::FILE* file = nullptr;
  KeyedHash::Key key{};
  crypto_generichash_state hash{};

  ~Open() {
    if (file != nullptr) std::fclose(file);
    if (!writing_to.empty()) ::unlink(writing_to.c_str());
    sodium_memzero(key.data(), key.size());
  }
  void begin_hash() { crypto_generichash_init(&hash, key.data(), key.size(), hash_size); }
  void add(const unsigned char* bytes, std::size_t size) { crypto_generichash_update(&hash, bytes, size); }
  std::string end_hash() {
    std::string text(hash_size, '\0');
    crypto_generichash_final(&hash, reinterpret_cast<unsigned char*>(text.data()), hash_size);
    return text;
  }
};

BackupFile::BackupFile(std::unique_ptr<Open> file) : file_(std::move(file)) {}
BackupFile::BackupFile(BackupFile&&) noexcept = default;
BackupFile& BackupFile::operator=(BackupFile&&) noexcept = default;
BackupFile::~BackupFile() = default;

std::unexpected<Error> BackupFile::failed(const std::string& what) const {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = file_->path + ": " + what});
}

Result<BackupFile> BackupFile::create(const std::string& path, const KeyedHash::Key& key) {
  BackupFile made(std::make_unique<Open>());
  Open& now = *made.file_;
  now.path = path;
  now.key = key;
  if (std::filesystem::exists(path)) return made.failed("there is a file already; give another name");
  const std::string part = path + ".part";
  const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return made.failed(std::strerror(errno));
  now.writing_to = part;
  now.file = ::fdopen(file, "wb");
  now.begin_hash();
  now.add(bytes_of(first_line), first_line.size());
  if (std::fwrite(first_line.data(), 1, first_line.size(), now.file) != first_line.size()) {
    return made.failed(std::strerror(errno));
  }
  made.bytes_ = first_line.size();
  return made;
}

Result<void> BackupFile::write(std::string_view part) {
  const Length length = length_of(part.size());
  file_->add(length.data(), length.size());
  file_->add(bytes_of(part), part.size());
  if (std::fwrite(length.data(), 1, length.size(), file_->file) != length.size() ||
      std::fwrite(part.data(), 1, part.size(), file_->file) != part.size()) {
    return failed(std::string(std::strerror(errno)) + "; no backup was made");
  }
  bytes_ += length.size() + part.size();
  return {};
}

Result<void> BackupFile::close() {
  const Length end = length_of(~0ULL);
  file_->add(end.data(), end.size());
  const std::string hash = file_->end_hash();
  const bool is_written = std::fwrite(end.data(), 1, end.size(), file_->file) == end.size() &&
                          std::fwrite(hash.data(), 1, hash.size(), file_->file) == hash.size() &&
                          std::fflush(file_->file) == 0 && ::fsync(::fileno(file_->file)) == 0;
  if (!is_written || ::rename(file_->writing_to.c_str(), file_->path.c_str()) != 0) {
    return failed(std::string(std::strerror(errno)) + "; no backup was made");
  }
  file_->writing_to.clear();
  bytes_ += end.size() + hash.size();
  return {};
}

Result<BackupFile> BackupFile::open(const std::string& path, const KeyedHash::Key& key) {
  BackupFile found(std::make_unique<Open>());
  Open& now = *found.file_;
  now.path = path;
  now.key = key;
  now.file = std::fopen(path.c_str(), "rbe");
  if (now.file == nullptr) return found.failed(std::strerror(errno));
  if (auto verified = found.verify(); !verified) return std::unexpected(verified.error());
  return found;
}

Result<void> BackupFile::verify() {
  const auto damaged = [this](const std::string& what) {
    return std::unexpected(Error{.kind = Error::Kind::data, .what = file_->path + ": " + what});
  };
  std::string line(first_line.size(), '\0');
  if (std::fread(line.data(), 1, line.size(), file_->file) != line.size() || line != first_line) {
    return failed("this is no backup of Dovetail's, or one of a later version");
  }
  file_->begin_hash();
  file_->add(bytes_of(line), line.size());
  while (true) {
    Length length{};
    if (std::fread(length.data(), 1, length.size(), file_->file) != length.size()) return damaged("cut short");
    file_->add(length.data(), length.size());
    const std::uint64_t size = size_of(length);
    if (size == ~0ULL) break;
    if (size > most) return damaged("damaged");
    std::string part(size, '\0');
    if (std::fread(part.data(), 1, size, file_->file) != size) return damaged("cut short");
    file_->add(bytes_of(part), size);
    bytes_ += size;
  }
  std::string hash(hash_size, '\0');
  if (std::fread(hash.data(), 1, hash_size, file_->file) != hash_size) return damaged("cut short");
  if (hash != file_->end_hash()) return damaged("damaged, or another key's: give the key that it was made with");
  if (std::fseek(file_->file, static_cast<long>(first_line.size()), SEEK_SET) != 0) return damaged("cannot be read");
  return {};
}

Result<std::optional<std::string>> BackupFile::read() {
  Length length{};
  if (std::fread(length.data(), 1, length.size(), file_->file) != length.size()) return failed("changed meanwhile");
  const std::uint64_t size = size_of(length);
  if (size == ~0ULL) return std::nullopt;
  if (size > most) return failed("changed meanwhile");
  std::string part(size, '\0');
  if (std::fread(part.data(), 1, size, file_->file) != size) return failed("changed meanwhile");
  return part;
}

}  // namespace dovetail::store
