#include "engine/values/unicode.hpp"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/idna.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <array>
#include <cassert>
#include <cstdint>
#include <memory>

namespace dovetail {
namespace {

bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

// How many bytes of the character that starts `text` there are; 0: none that is well-formed.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(byte(i))) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool too_high = lead == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_high ? 0 : size;
}

// The number of one well-formed character.
UChar32 code_point(std::string_view character) {
  constexpr std::array<int, 5> lead_bits = {0, 0x7F, 0x1F, 0x0F, 0x07};
  UChar32 result = character[0] & lead_bits[character.size()];
  for (const char c : character.substr(1)) result = (result << 6) | (c & 0x3F);
  return result;
}

icu::StringPiece piece(std::string_view text) { return {text.data(), static_cast<int32_t>(text.size())}; }

// Appends `text` with white space cut at both ends and runs of it made one space.
void append_folded_blanks(std::string_view text, std::string& out) {
  bool pending = false;
  bool begun = false;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, character_size(text));
    text.remove_prefix(character.size());
    if (u_isUWhiteSpace(code_point(character)) != 0) {
      pending = begun;
      continue;
    }
    if (pending) out.push_back(' ');
    pending = false;
    begun = true;
    out.append(character);
  }
}

bool is_plain_ascii(std::string_view text) {
  for (const char c : text) {
    if (c < 0) return false;
  }
  return true;
}

void append_key(std::string_view text, const icu::Normalizer2* form, std::string& out) {
  std::string normal;
  icu::StringByteSink<std::string> sink(&normal);
  UErrorCode status = U_ZERO_ERROR;
  form->normalizeUTF8(0, piece(text), sink, nullptr, status);
  assert(U_SUCCESS(status));
  append_folded_blanks(normal, out);
}

const icu::Normalizer2* nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
  assert(U_SUCCESS(status));
  return form;
}

const icu::Normalizer2* nfkc_casefold() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
  assert(U_SUCCESS(status));
  return form;
}

std::unique_ptr<icu::IDNA> make_idna() {
  constexpr std::uint32_t options =
      UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII;
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::IDNA> made(icu::IDNA::createUTS46Instance(options, status));
  assert(U_SUCCESS(status));
  return made;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const std::string_view character = text.substr(0, character_size(text));
    if (u_isUWhiteSpace(code_point(character)) == 0) return false;
    text.remove_prefix(character.size());
  }
  return true;
}

void append_text_key(std::string_view text, std::string& out) {
  if (is_plain_ascii(text)) {
    append_folded_blanks(text, out);
  } else {
    append_key(text, nfc(), out);
  }
}

void append_name_key(std::string_view text, std::string& out) { append_key(text, nfkc_casefold(), out); }

void append_upper_case(std::string_view text, std::string& out) {
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8ToUpper("", 0, piece(text), sink, nullptr, status);
  assert(U_SUCCESS(status));
}

void append_lower_case(std::string_view text, std::string& out) {
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8ToLower("", 0, piece(text), sink, nullptr, status);
  assert(U_SUCCESS(status));
}

bool append_a_labels(std::string_view domain, std::string& out) {
  std::string labels;
  icu::StringByteSink<std::string> sink(&labels);
  icu::IDNAInfo found;
  UErrorCode status = U_ZERO_ERROR;
  make_idna()->nameToASCII_UTF8(piece(domain), sink, found, status);
  if (U_FAILURE(status) || found.hasErrors()) return false;
  out.append(labels);
  return true;
}

}  // namespace dovetail
