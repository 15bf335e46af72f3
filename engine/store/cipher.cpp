#include "engine/store/cipher.hpp"

#include <sodium.h>

#include <cstdlib>

namespace dovetail::store {
namespace {

constexpr unsigned char form = 1;  // the first byte of what is sealed; others are of later versions
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t head_size = 1 + nonce_size;
constexpr int base64_form = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
static_assert(KeyedHash::key_size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string sealing_context(std::initializer_list<std::string_view> parts) {
  std::string context;
  for (const std::string_view part : parts) {
    context += std::to_string(part.size());
    context += ':';
    context += part;
  }
  return context;
}

Cipher::Cipher(const KeyedHash::Key& key) : key_(key) {
  if (sodium_init() < 0) std::abort();
}

Cipher::~Cipher() { sodium_memzero(key_.data(), key_.size()); }

std::string Cipher::seal(std::string_view context, std::string_view text) const {
  std::string raw(head_size + text.size() + tag_size, '\0');
  raw[0] = static_cast<char>(form);
  randombytes_buf(bytes(raw) + 1, nonce_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(raw) + head_size, nullptr, bytes(text), text.size(), bytes(context),
                                             context.size(), nullptr, bytes(raw) + 1, key_.data());
  std::string sealed(sodium_base64_encoded_len(raw.size(), base64_form), '\0');
  sodium_bin2base64(sealed.data(), sealed.size(), bytes(raw), raw.size(), base64_form);
  sealed.pop_back();  // the terminating NUL
  return sealed;
}

std::optional<std::string> Cipher::open(std::string_view context, std::string_view sealed) const {
  std::string raw(sealed.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(bytes(raw), raw.size(), sealed.data(), sealed.size(), nullptr, &size, &end, base64_form) != 0 ||
      end != sealed.data() + sealed.size() || size < head_size + tag_size || bytes(raw)[0] != form) {
    return std::nullopt;
  }
  std::string text(size - head_size - tag_size, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(text), nullptr, nullptr, bytes(raw) + head_size,
                                                 size - head_size, bytes(context), context.size(), bytes(raw) + 1,
                                                 key_.data()) != 0) {
    return std::nullopt;
  }
  return text;
}

}  // namespace dovetail::store
