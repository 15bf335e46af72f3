// One session with a database. SOCI stays behind sql.cpp; what it throws comes out as SqlFailure.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace dovetail::store {

class SqlFailure : public std::runtime_error {
 public:
  enum class Kind : std::uint8_t {
    conflict,    // somebody else was first: run the transaction again
    lost,        // no connection (any more): connect and run it again
    crowded,     // the server gives no further connection now
    full,        // no room
    disk,        // the disk refuses: broken, or over a limit
    read_only,   // may not write here
    locked,      // another process holds it
    corrupt,     // what is stored cannot be read
    permission,  // not allowed, or not known there
    input,       // a text that cannot be kept
    other,
  };
  SqlFailure(Kind of, const std::string& what) : std::runtime_error(what), kind(of) {}
  Kind kind;
};

enum class Engine : std::uint8_t { sqlite, postgres };

// Statements are prepared once per session and found again by the address of their text, which must be a literal's or
// live as long as the session.
class Sql {
 public:
  // `connect` as SOCI wants it for that engine. Throws SqlFailure.
  Sql(Engine engine, std::string connect);
  ~Sql();
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;

  Engine engine() const { return engine_; }
  void reconnect();

  // A statement without parameters or rows, not kept: "begin", "create table …".
  void plain(const std::string& statement);

  // All rows. Parameters are integers, texts and optional integers, by position; results std::string, std::int64_t and
  // std::optional<std::int64_t>.
  template <typename... Out, typename... In>
  std::vector<std::tuple<Out...>> rows(const char* sql, const In&... in) {
    std::vector<std::tuple<Out...>> all;
    start(sql, sizeof...(In), {is_number<Out>...});
    bind_all(in...);
    fetch_all(all);
    return all;
  }
  template <typename... Out, typename... In>
  std::optional<std::tuple<Out...>> row(const char* sql, const In&... in) {
    auto all = rows<Out...>(sql, in...);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
  }
  // The same with as many parameters as `in` has.
  using Parameter = std::variant<std::int64_t, std::string>;
  template <typename... Out>
  std::vector<std::tuple<Out...>> rows_of(const char* sql, const std::vector<Parameter>& in) {
    std::vector<std::tuple<Out...>> all;
    start(sql, in.size(), {is_number<Out>...});
    bind_each(in);
    fetch_all(all);
    return all;
  }
  std::int64_t run_of(const char* sql, const std::vector<Parameter>& in) {
    start(sql, in.size(), {});
    bind_each(in);
    return execute();
  }
  // How many rows were changed.
  template <typename... In>
  std::int64_t run(const char* sql, const In&... in) {
    start(sql, sizeof...(In), {});
    bind_all(in...);
    return execute();
  }

  // For statements that are made at run time, and are not kept. Everything is text; nullopt is null.
  using Row = std::vector<std::optional<std::string>>;
  void each_row(const std::string& sql, std::size_t columns, const std::function<void(const Row&)>& use);
  // The same statement for each row of parameters that `next` fills; until it says false.
  void run_each(const std::string& sql, std::size_t parameters, const std::function<bool(Row&)>& next);

  // SQLite: a failure may have ended the transaction as a whole.
  bool in_transaction() const;

 private:
  struct Session;
  struct Statement;

  template <typename T>
  static constexpr bool is_number = !std::is_same_v<T, std::string>;

  void start(const char* sql, std::size_t parameters, const std::vector<bool>& numbers);
  void bind(std::size_t at, std::string_view text);
  void bind(std::size_t at, std::optional<std::int64_t> number);
  template <typename... In>
  void bind_all(const In&... in) {
    std::size_t at = 0;
    (bind_one(at++, in), ...);
  }
  void bind_each(const std::vector<Parameter>& in) {
    for (std::size_t at = 0; at < in.size(); ++at) {
      std::visit([&](const auto& value) { bind_one(at, value); }, in[at]);
    }
  }
  template <typename T>
  void bind_one(std::size_t at, const T& value) {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      bind(at, std::string_view(value));
    } else if constexpr (std::is_integral_v<T>) {
      bind(at, std::optional<std::int64_t>(static_cast<std::int64_t>(value)));
    } else {
      bind(at, value);
    }
  }
  template <typename... Out>
  void fetch_all(std::vector<std::tuple<Out...>>& all) {
    execute();
    while (fetch()) all.push_back(row<Out...>(std::index_sequence_for<Out...>{}));
  }
  template <typename... Out, std::size_t... at>
  std::tuple<Out...> row(std::index_sequence<at...>) {
    return std::tuple<Out...>{take<Out>(at)...};
  }
  std::int64_t execute();
  std::int64_t execute_current();
  bool fetch();
  std::string text(std::size_t at);
  std::optional<std::int64_t> number(std::size_t at) const;
  template <typename T>
  T take(std::size_t at) {
    if constexpr (std::is_same_v<T, std::string>) {
      return text(at);
    } else if constexpr (std::is_same_v<T, std::optional<std::int64_t>>) {
      return number(at);
    } else {
      return static_cast<T>(number(at).value_or(0));
    }
  }

  Engine engine_;
  std::string connect_;
  std::unique_ptr<Session> session_;
  Statement* current_ = nullptr;
};

}  // namespace dovetail::store
