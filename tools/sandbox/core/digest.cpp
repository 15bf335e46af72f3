#include "tools/sandbox/core/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>

namespace dovetail::sandbox {

namespace {

using Bytes = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string text_of(const Bytes& bytes, unsigned size) { return {reinterpret_cast<const char*>(bytes.data()), size}; }

std::string digest(const EVP_MD* kind, std::string_view message) {
  Bytes bytes{};
  unsigned size = 0;
  EVP_Digest(message.data(), message.size(), bytes.data(), &size, kind, nullptr);
  return text_of(bytes, size);
}

std::string uuid_from(std::string bytes, char version) {
  bytes.resize(16);
  std::string hex = to_hex(bytes);
  hex[12] = version;
  hex[16] = "89ab"[static_cast<unsigned char>(bytes[8]) & 3U];
  for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, 1, '-');
  return hex;
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
  Bytes bytes{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), bytes.data(), &size);
  return text_of(bytes, size);
}

std::string sha256(std::string_view message) { return digest(EVP_sha256(), message); }
std::string md5(std::string_view message) { return digest(EVP_md5(), message); }

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    text += {digits[byte >> 4U], digits[byte & 15U]};
  }
  return text;
}

std::string random_uuid() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return uuid_from({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, '4');
}

std::string uuid_of(std::string_view text) { return uuid_from(sha256(text), '5'); }

}  // namespace dovetail::sandbox
