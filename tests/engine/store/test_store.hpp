// A store to test with, of either kind, that can be closed and opened again.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "engine/store/open.hpp"
#include "tests/postgres/server.hpp"
#include "tests/run.hpp"

namespace dovetail::test {

// The same test on both: `const std::string kind = GENERATE(both_stores());`
inline auto both_stores() { return Catch::Generators::values<std::string>({"sqlite", "postgresql"}); }

inline KeyedHash::Key test_key(unsigned char first = 7) {
  KeyedHash::Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(first + i);
  return key;
}

inline Instant at(std::int64_t milliseconds) { return Instant(std::chrono::milliseconds(milliseconds)); }

class TestStore {
 public:
  // "sqlite", "postgresql", or where an empty database is.
  explicit TestStore(const std::string& kind, KeyedHash::Key key = test_key()) : key_(key) {
    where_ = kind == "sqlite"                  ? "sqlite:" + file()
             : kind.starts_with("postgresql:") ? kind
                                               : "postgresql:" + PostgresServer::shared().make_database();
    open();
  }

  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }
  const std::string& where() const { return where_; }
  const KeyedHash::Key& key() const { return key_; }
  std::string file() const { return folder_.file("test.db"); }
  const Folder& folder() const { return folder_; }

  void close() { store_.reset(); }
  void open() {
    auto opened = open_store(where_, key_, {.create = true});
    if (!opened) FAIL(opened.error().what);
    store_ = std::move(*opened);
  }
  void open_again() {
    close();
    open();
  }

  // A transaction that must work, and what it answered.
  template <typename Work>
  auto write(const Work& work) {
    return done([this](const auto& each) { return store_->write(each); }, work);
  }
  template <typename Work>
  auto read(const Work& work) {
    return done([this](const auto& each) { return store_->read(each); }, work);
  }

 private:
  template <typename Run, typename Work>
  auto done(const Run& run, const Work& work) {
    using Returned = decltype(work(std::declval<Transaction&>()));
    std::optional<Returned> answer;
    const auto ended = run([&](Transaction& transaction) -> Result<void> {
      answer.emplace(work(transaction));
      if (!*answer) return std::unexpected(answer->error());
      return {};
    });
    if (!ended) FAIL(ended.error().what);
    if constexpr (!std::is_same_v<Returned, Result<void>>) return std::move(**answer);
  }

  Folder folder_;
  KeyedHash::Key key_;
  std::string where_;
  std::unique_ptr<Store> store_;
};

inline Connection some_connection(const std::string& name = "acme") {
  Connection of;
  of.name = name;
  of.tenant = "tenant-1";
  of.map = "rules/netvisor.map";
  of.hub = "huma:";
  of.provider = "netvisor:";
  of.state = ConnectionState::active;
  of.changed = at(1'000);
  return of;
}

inline ConnectionId add_connection(TestStore& store, const std::string& name = "acme") {
  return store.write([&](Transaction& now) { return now.add(some_connection(name)); });
}

}  // namespace dovetail::test
