#include "engine/store/keyed_hash.hpp"

#include <catch2/catch.hpp>

using namespace dovetail;

namespace {

KeyedHash::Key counted_key() {
  KeyedHash::Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  return key;
}

}  // namespace

// From Python: hashlib.blake2b(b"131052-308T", key=bytes(range(32)), digest_size=32).hexdigest()
TEST_CASE("a keyed hash is BLAKE2b with 256 bits, as other programs make it") {
  const KeyedHash hasher(counted_key());
  CHECK(hasher.hash("131052-308T") == "df817cdc4f8034e12fad7c664ec0212921ef480c55dc3f513a5052de6595c0da");
  CHECK(hasher.hash("") == "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d");
}

TEST_CASE("another key gives other hashes and another name") {
  const KeyedHash one(make_key()), other(make_key());
  CHECK(one.hash("a") == one.hash("a"));
  CHECK(one.hash("a") != one.hash("b"));
  CHECK(one.hash("a") != other.hash("a"));
  CHECK(one.key_name() != other.key_name());
  CHECK(one.key_name().size() == 16);
}

TEST_CASE("a key is read back from its text, and nothing else is") {
  const KeyedHash::Key key = make_key();
  CHECK(read_key(key_text(key)) == key);
  CHECK(read_key("  " + key_text(key) + "\r\n") == key);
  CHECK_FALSE(read_key(""));
  CHECK_FALSE(read_key("\n"));
  CHECK_FALSE(read_key(key_text(key).substr(2)));
  CHECK_FALSE(read_key(key_text(key) + "00"));
  CHECK_FALSE(read_key("g" + key_text(key).substr(1)));
  CHECK_FALSE(read_key(key_text(key).replace(10, 2, ": ")));
}
