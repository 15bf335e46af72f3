// Secrets as keyed hashes: whoever has the key can ask whether two are equal, and nobody can read or guess them
// without it. Keyed BLAKE2b with 256 bits.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base.hpp"

namespace dovetail {

class KeyedHash : public SecretHasher {
 public:
  static constexpr std::size_t key_size = 32;  // bytes
  using Key = std::array<unsigned char, key_size>;

  explicit KeyedHash(const Key& key);
  KeyedHash(const KeyedHash&) = default;
  KeyedHash& operator=(const KeyedHash&) = default;
  ~KeyedHash() override;  // wipes its copy of the key

  // 64 hexadecimal digits. The same for the same text and key on every machine.
  std::string hash(std::string_view text) const override;

  // Tells this key from others without telling the key: 16 hexadecimal digits.
  std::string key_name() const;

 private:
  Key key_;
};

// A new random key.
KeyedHash::Key make_key();

// A key as people keep it: 64 hexadecimal digits.
std::string key_text(const KeyedHash::Key& key);
// Blanks and line ends around it do not count; nullopt: it is anything else.
std::optional<KeyedHash::Key> read_key(std::string_view text);

}  // namespace dovetail
