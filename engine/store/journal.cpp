// The journal of writes, and the values that they replaced.
#include <limits>

#include "engine/durable/link_text.hpp"
#include "engine/durable/packed.hpp"
#include "engine/store/transaction.hpp"

namespace dovetail::store {
namespace {

constexpr std::uint64_t form = 1;
constexpr std::uint64_t intent_form = 2;  // 1: without what is agreed on if it is done

std::string_view side_name(ir::Side side) { return side == ir::Side::hub ? "hub" : "provider"; }
ir::Side side_of(std::string_view name) { return name == "hub" ? ir::Side::hub : ir::Side::provider; }

void put(Packer& to, const Value& value) {
  to.number(static_cast<std::uint64_t>(value.state));
  to.text(value.text);
}

Value value_of(Unpacker& from) {
  const std::uint64_t state = from.number();
  if (state > static_cast<std::uint64_t>(State::invalid)) from.bad();
  return {static_cast<State>(state), std::string(from.text())};
}

Outcome::Kind outcome_of(std::string_view text) {
  for (const Outcome::Kind kind :
       {Outcome::Kind::done, Outcome::Kind::pending, Outcome::Kind::moved, Outcome::Kind::refused,
        Outcome::Kind::failed, Outcome::Kind::unknown, Outcome::Kind::skipped}) {
    if (name(kind) == text) return kind;
  }
  throw SqlFailure(SqlFailure::Kind::corrupt, "an end in the journal cannot be read");
}

std::string bytes_of(const Intent& intent, const WordNumber& number) {
  Packer to;
  to.number(intent_form);
  to.number(intent.writes.size());
  for (const IntendedWrite& write : intent.writes) {
    to.text(write.field);
    to.text(write.path);
    to.text(write.element);
    put(to, write.before);
    put(to, write.after);
  }
  to.text(intent.agreed ? pack_link(*intent.agreed, number) : std::string());
  return to.take();
}

void fill(Intent& intent, std::string_view bytes, const WordOf& word) {
  Unpacker from(bytes);
  const std::uint64_t found = from.number();
  if (found != 1 && found != intent_form) from.bad();
  intent.writes.resize(from.count());
  for (IntendedWrite& write : intent.writes) {
    write.field = from.text();
    write.path = from.text();
    write.element = from.text();
    write.before = value_of(from);
    write.after = value_of(from);
  }
  const std::string_view agreed = found == intent_form ? from.text() : std::string_view();
  if (!agreed.empty()) intent.agreed = unpack_link(agreed, word);
  if (!from.is_good() || (!agreed.empty() && !intent.agreed)) {
    throw SqlFailure(SqlFailure::Kind::corrupt, "an intent in the journal cannot be read");
  }
}

std::string bytes_of(const KeptValue& value) {
  Packer to;
  to.number(form);
  to.text(side_name(value.side));
  to.text(value.field);
  to.text(value.path);
  to.text(value.element);
  put(to, value.before);
  put(to, value.after);
  return to.take();
}

void fill(KeptValue& value, std::string_view bytes) {
  Unpacker from(bytes);
  if (from.number() != form) from.bad();
  value.side = side_of(from.text());
  value.field = from.text();
  value.path = from.text();
  value.element = from.text();
  value.before = value_of(from);
  value.after = value_of(from);
  if (!from.is_good()) throw SqlFailure(SqlFailure::Kind::corrupt, "a kept value cannot be read");
}

}  // namespace

Result<IntentId> SqlTransaction::begin(const Intent& of) {
  return writing([&]() -> Result<IntentId> {
    const auto row = sql_.row<std::int64_t>(
        "insert into intent (connection, run, hub_id, provider_id, target, creates, reference, at, content, ended,"
        " outcome, created_id, answer) values (:connection, :run, :hub_id, :provider_id, :target, :creates, :reference,"
        " :at, :content, null, '', '', '') returning id",
        of.connection, of.run, of.hub_id, of.provider_id, side_name(of.target), of.creates, of.reference, number(of.at),
        seal(sealed::intent, of.connection, bytes_of(of, [this](std::string_view word) { return words_.number(word); }),
             of.hub_id));
    return std::get<0>(row.value());
  });
}

Result<void> SqlTransaction::end(const IntentEnd& end) {
  return writing([&]() -> Result<void> {
    const auto of = sql_.row<std::int64_t, std::string>("select connection, hub_id from intent where id = :id", end.id);
    if (!of) {
      return std::unexpected(Error{.kind = Error::Kind::input,
                                   .what = "there is no intent number " + std::to_string(end.id) + " in the journal"});
    }
    const auto& [connection, hub_id] = *of;
    sql_.run(
        "update intent set ended = :ended, outcome = :outcome, created_id = :created_id, answer = :answer"
        " where id = :id",
        number(end.at), name(end.kind), end.created_id,
        end.answer.empty() ? std::string() : seal(sealed::answer, connection, end.answer, hub_id), end.id);
    return {};
  });
}

// `sql` selects the columns of an intent in this order, and takes `in`.
template <typename... In>
std::vector<JournalLine> SqlTransaction::journal_lines(ConnectionId id, const char* sql, const In&... in) {
  std::vector<JournalLine> all;
  for (auto& [intent, run, person, provider_id, target, creates, reference, at, content, ended, outcome, created_id] :
       sql_.rows<std::int64_t, std::int64_t, std::string, std::string, std::string, std::int64_t, std::string,
                 std::int64_t, std::string, std::optional<std::int64_t>, std::string, std::string>(sql, in...)) {
    JournalLine& line = all.emplace_back();
    line.intent = {.id = intent,
                   .connection = id,
                   .run = run,
                   .hub_id = person,
                   .provider_id = provider_id,
                   .target = side_of(target),
                   .creates = creates != 0,
                   .reference = reference,
                   .writes = {},
                   .at = instant(at)};
    fill(line.intent, open(sealed::intent, id, content, person),
         [this](std::uint64_t word) { return words_.word(word); });
    if (!ended) continue;
    line.end = {
        .id = intent, .kind = outcome_of(outcome), .created_id = created_id, .answer = {}, .at = instant(*ended)};
  }
  return all;
}

Result<std::vector<Intent>> SqlTransaction::open_intents(ConnectionId id, std::string_view hub_id) {
  return reading([&]() -> Result<std::vector<Intent>> {
    std::vector<Intent> all;
    for (JournalLine& line : journal_lines(
             id,
             "select id, run, hub_id, provider_id, target, creates, reference, at, content, ended, outcome, created_id"
             " from intent where connection = :connection and ended is null and (:everybody = 1 or hub_id = :hub_id)"
             " order by id",
             id, hub_id.empty() ? 1 : 0, hub_id)) {
      all.push_back(std::move(line.intent));
    }
    return all;
  });
}

Result<std::vector<JournalLine>> SqlTransaction::journal(ConnectionId id, RunId run) {
  return reading([&]() -> Result<std::vector<JournalLine>> {
    return journal_lines(
        id,
        "select id, run, hub_id, provider_id, target, creates, reference, at, content, ended, outcome, created_id"
        " from intent where connection = :connection and run = :run order by id",
        id, run);
  });
}

Result<void> SqlTransaction::keep(const KeptValue& of) {
  return writing([&]() -> Result<void> {
    sql_.run(
        "insert into kept_value (connection, run, intent, hub_id, provider_id, at, expires, put_back, content)"
        " values (:connection, :run, :intent, :hub_id, :provider_id, :at, :expires, :put_back, :content)",
        of.connection, of.run, of.intent, of.hub_id, of.provider_id, number(of.at), number(of.expires), of.put_back,
        seal(sealed::kept_value, of.connection, bytes_of(of), of.hub_id));
    return {};
  });
}

template <typename... In>
std::vector<SqlTransaction::KeptRow> SqlTransaction::kept_rows(const char* sql, const In&... in) {
  return sql_.rows<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::int64_t,
                   std::int64_t, std::int64_t, std::string>(sql, in...);
}

KeptValue SqlTransaction::kept_value(ConnectionId id, const KeptRow& row) {
  const auto& [value, connection, run, intent, hub_id, provider_id, at, expires, put_back, content] = row;
  KeptValue of;
  of.id = value;
  of.connection = id;
  of.run = run;
  of.intent = intent;
  of.hub_id = hub_id;
  of.provider_id = provider_id;
  of.at = instant(at);
  of.expires = instant(expires);
  of.put_back = put_back != 0;
  fill(of, open(sealed::kept_value, id, content, hub_id));
  return of;
}

Result<std::vector<KeptValue>> SqlTransaction::kept_values(ConnectionId id, RunId run) {
  return reading([&]() -> Result<std::vector<KeptValue>> {
    std::vector<KeptValue> all;
    for (const KeptRow& row : kept_rows(
             "select id, connection, run, intent, hub_id, provider_id, at, expires, put_back, content from kept_value"
             " where connection = :connection and (:every = 1 or run = :run) order by id desc",
             id, run == no_run ? 1 : 0, run)) {
      all.push_back(kept_value(id, row));
    }
    return all;
  });
}

Result<std::vector<KeptValue>> SqlTransaction::kept_since(ConnectionId id, Instant since, std::string_view hub_id) {
  return reading([&]() -> Result<std::vector<KeptValue>> {
    std::vector<KeptValue> all;
    if (!hub_id.empty()) {
      for (const KeptRow& row : kept_rows(
               "select id, connection, run, intent, hub_id, provider_id, at, expires, put_back, content"
               " from kept_value where connection = :connection and hub_id = :hub_id and at >= :since order by id desc",
               id, hub_id, number(since))) {
        all.push_back(kept_value(id, row));
      }
      return all;
    }
    // The newest are at the end of the table, so it is read from there, as far back as there are any.
    for (std::int64_t before = std::numeric_limits<std::int64_t>::max();;) {
      const std::vector<KeptRow> rows = kept_rows(
          "select id, connection, run, intent, hub_id, provider_id, at, expires, put_back, content from kept_value"
          " where id < :before order by id desc limit 1000",
          before);
      bool any = false;
      for (const KeptRow& row : rows) {
        before = std::get<0>(row);
        if (instant(std::get<6>(row)) < since) continue;
        any = true;
        if (std::get<1>(row) == id) all.push_back(kept_value(id, row));
      }
      if (!any) return all;
    }
  });
}

Result<void> SqlTransaction::mark_put_back(std::int64_t kept_value) {
  return writing([&]() -> Result<void> {
    if (sql_.run("update kept_value set put_back = 1 where id = :id", kept_value) != 0) return {};
    return std::unexpected(Error{.kind = Error::Kind::input, .what = "the kept value is not there any more"});
  });
}

}  // namespace dovetail::store
