// Message digests and random identifiers, from libcrypto.
#pragma once

#include <string>
#include <string_view>

namespace dovetail::sandbox {

std::string hmac_sha256(std::string_view key, std::string_view message);  // 32 raw bytes
std::string sha256(std::string_view message);                             // 32 raw bytes
std::string md5(std::string_view message);                                // 16 raw bytes
std::string to_hex(std::string_view bytes);                               // lower case
std::string random_uuid();                                                // version 4

// A version-5-like uuid that depends on `text` alone: generated people keep their ids between runs.
std::string uuid_of(std::string_view text);

}  // namespace dovetail::sandbox
