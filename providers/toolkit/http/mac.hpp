// Message authentication codes.
#pragma once

#include <string>
#include <string_view>

namespace dovetail::providers {

std::string hmac_sha256(std::string_view key, std::string_view message);  // 32 bytes
std::string hex(std::string_view bytes);                                  // lower case
std::string base64(std::string_view bytes);                               // padded, on one line

// In a time that does not depend on where they differ.
bool same_secret(std::string_view a, std::string_view b);

// A random UUID (version 4), from the machine's secure generator.
std::string random_uuid();

}  // namespace dovetail::providers
