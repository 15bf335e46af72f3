// Texts sealed for rest: XChaCha20-Poly1305. What a text belongs to is sealed with it, so that a sealed text that was
// moved to another tenant, connection or field does not open.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "engine/store/keyed_hash.hpp"

namespace dovetail::store {

// Parts are told apart by their lengths: ("ab", "c") is not ("a", "bc").
std::string sealing_context(std::initializer_list<std::string_view> parts);

class Cipher {
 public:
  explicit Cipher(const KeyedHash::Key& key);
  Cipher(const Cipher&) = default;
  Cipher& operator=(const Cipher&) = default;
  ~Cipher();  // wipes its copy of the key

  // Printable; another one at each call. 41 bytes and a third more than the text.
  std::string seal(std::string_view context, std::string_view text) const;
  // nullopt: damaged, or of another key or context.
  std::optional<std::string> open(std::string_view context, std::string_view sealed) const;

 private:
  KeyedHash::Key key_;
};

}  // namespace dovetail::store
