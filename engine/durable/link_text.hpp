// A link with its base as one row of bytes, versioned. Labels, paths and hashes of rules come again in every link of a
// connection, so the bytes hold their numbers in a list of words.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base.hpp"
#include "engine/base_pool.hpp"

namespace dovetail {

using WordNumber = std::function<std::uint64_t(std::string_view word)>;
using WordOf = std::function<std::optional<std::string_view>(std::uint64_t number)>;  // nullopt: no such word

// Without the link's two ids, which have columns of their own.
std::string pack_link(const Link& link, const WordNumber& number);
// nullopt: not made by pack_link, or by a later version. The link's ids are left empty. With a pool,
// many links share what they have alike.
std::optional<Link> unpack_link(std::string_view bytes, const WordOf& word, BasePool* pool = nullptr);

}  // namespace dovetail
