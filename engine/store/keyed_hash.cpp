#include "engine/store/keyed_hash.hpp"

#include <sodium.h>

#include <cstdlib>

namespace dovetail {
namespace {

constexpr std::size_t hash_size = 32;
static_assert(KeyedHash::key_size >= crypto_generichash_KEYBYTES_MIN);
static_assert(KeyedHash::key_size <= crypto_generichash_KEYBYTES_MAX);
static_assert(hash_size <= crypto_generichash_BYTES_MAX);

// Repeating it is free and safe from any thread. It fails only where the system has no source of randomness.
void begin() {
  if (sodium_init() < 0) std::abort();
}

std::string hex(const unsigned char* bytes, std::size_t count) {
  std::string text(count * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes, count);
  text.pop_back();
  return text;
}

}  // namespace

KeyedHash::KeyedHash(const Key& key) : key_(key) { begin(); }

KeyedHash::~KeyedHash() { sodium_memzero(key_.data(), key_.size()); }

std::string KeyedHash::hash(std::string_view text) const {
  std::array<unsigned char, hash_size> bytes{};
  const auto* start = reinterpret_cast<const unsigned char*>(text.data());
  crypto_generichash(bytes.data(), bytes.size(), start, text.size(), key_.data(), key_.size());
  return hex(bytes.data(), bytes.size());
}

std::string KeyedHash::key_name() const { return hash("dovetail: the name of this key").substr(0, 16); }

KeyedHash::Key make_key() {
  begin();
  KeyedHash::Key key{};
  randombytes_buf(key.data(), key.size());
  return key;
}

std::string key_text(const KeyedHash::Key& key) { return hex(key.data(), key.size()); }

std::optional<KeyedHash::Key> read_key(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
  KeyedHash::Key key{};
  std::size_t made = 0;
  const char* end = nullptr;
  if (text.size() != key.size() * 2) return std::nullopt;
  if (sodium_hex2bin(key.data(), key.size(), text.data(), text.size(), nullptr, &made, &end) != 0) return std::nullopt;
  if (made != key.size() || end != text.data() + text.size()) return std::nullopt;
  return key;
}

}  // namespace dovetail
