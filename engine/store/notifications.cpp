// What waits to be told, settings of the store as a whole, and rules by their hash.
#include "engine/store/transaction.hpp"

namespace dovetail::store {
namespace {

#define NOTIFICATION_COLUMNS "id, connection, subject, kind, content, at, attempts, why, told"

template <typename... In>
std::vector<Notification> read(Sql& sql, const char* text, const In&... in) {
  std::vector<Notification> all;
  for (auto& [id, connection, subject, kind, content, at, attempts, why, told] :
       sql.rows<std::int64_t, std::int64_t, std::string, std::string, std::string, std::int64_t, std::int64_t,
                std::string, std::optional<std::int64_t>>(text, in...)) {
    all.push_back(
        {id, connection, subject, kind, content, instant(at), static_cast<unsigned>(attempts), why, instant(told)});
  }
  return all;
}

}  // namespace

Result<bool> SqlTransaction::post(const Notification& notification) {
  return writing([&]() -> Result<bool> {
    return sql_.run(
               "insert into notification (connection, subject, kind, content, at, next_try, attempts, why)"
               " values (:connection, :subject, :kind, :content, :at, :next_try, 0, '')"
               " on conflict (connection, subject) do nothing",
               notification.connection, notification.subject, notification.kind, notification.content,
               number(notification.at), number(notification.at)) > 0;
  });
}

Result<std::vector<Notification>> SqlTransaction::claim_notifications(std::size_t most, Instant now, Instant until) {
  return writing([&]() -> Result<std::vector<Notification>> {
    std::vector<Notification> mine;
    for (Notification& one : read(sql_,
                                  "select " NOTIFICATION_COLUMNS
                                  " from notification where told is null and next_try <= :now order by id limit :most",
                                  number(now), static_cast<std::int64_t>(most))) {
      const bool claimed = sql_.run(
                               "update notification set next_try = :until where id = :id and next_try <= :now"
                               " and told is null",
                               number(until), one.id, number(now)) > 0;
      if (claimed) mine.push_back(std::move(one));
    }
    return mine;
  });
}

Result<std::vector<Notification>> SqlTransaction::notifications() {
  return reading([&]() -> Result<std::vector<Notification>> {
    return read(sql_, "select " NOTIFICATION_COLUMNS " from notification where told is null order by id");
  });
}

Result<bool> SqlTransaction::told(std::int64_t notification, Instant at) {
  return writing([&]() -> Result<bool> {
    return sql_.run("update notification set told = coalesce(told, cast(:at as bigint)) where id = :id", number(at),
                    notification) != 0;
  });
}

Result<void> SqlTransaction::tell_later(std::int64_t notification, Instant at, std::string_view why) {
  return writing([&]() -> Result<void> {
    sql_.run("update notification set next_try = :at, attempts = attempts + 1, why = :why where id = :id", number(at),
             why, notification);
    return {};
  });
}

Result<void> SqlTransaction::put_setting(std::string_view name, std::string_view content) {
  return writing([&]() -> Result<void> {
    if (content.empty()) {
      sql_.run("delete from store_setting where name = :name", name);
      return {};
    }
    sql_.run(
        "insert into store_setting (name, content) values (:name, :content)"
        " on conflict (name) do update set content = excluded.content",
        name, database_.cipher.seal(setting_context(name), content));
    return {};
  });
}

Result<std::optional<std::string>> SqlTransaction::setting(std::string_view name) {
  return reading([&]() -> Result<std::optional<std::string>> {
    const auto row = sql_.row<std::string>("select content from store_setting where name = :name", name);
    if (!row) return std::nullopt;
    auto text = database_.cipher.open(setting_context(name), std::get<0>(*row));
    if (!text)
      throw SqlFailure(SqlFailure::Kind::corrupt, "the store's setting " + std::string(name) + " does not open");
    return std::move(*text);
  });
}

Result<void> SqlTransaction::put_rules(const StoredRules& rules) {
  return writing([&]() -> Result<void> {
    sql_.run(
        "insert into rule_set (hash, content, at, approved, approved_by)"
        " values (:hash, :content, :at, :approved, :approved_by)"
        " on conflict (hash) do update set content = excluded.content, approved = excluded.approved,"
        " approved_by = excluded.approved_by",
        rules.hash, rules.content, number(rules.at), number(rules.approved), rules.approved_by);
    return {};
  });
}

Result<std::optional<StoredRules>> SqlTransaction::rules(std::string_view hash) {
  return reading([&]() -> Result<std::optional<StoredRules>> {
    auto row = sql_.row<std::string, std::string, std::int64_t, std::optional<std::int64_t>, std::string>(
        "select hash, content, at, approved, approved_by from rule_set where hash = :hash", hash);
    if (!row) return std::nullopt;
    auto& [found, content, at, approved, by] = *row;
    return StoredRules{found, content, instant(at), instant(approved), by};
  });
}

}  // namespace dovetail::store
