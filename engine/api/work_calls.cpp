// Calls about the workers of this runtime.
#include <array>

#include "engine/api/call_table.hpp"
#include "engine/runtime/work/sweep.hpp"

namespace dovetail {
namespace {

constexpr std::int64_t most_threads = 64;

unsigned threads_of(Arguments& arguments) {
  const std::int64_t threads = arguments.number("threads").value_or(4);
  if (threads < 1 || threads > most_threads) arguments.refuse("`threads` must be 1 to 64");
  return static_cast<unsigned>(threads);
}

Result<Reply> reply(const Result<void>& done) {
  if (!done) return std::unexpected(done.error());
  return Reply{Json::object()};
}

Result<Reply> start(Runtime& runtime, Arguments& arguments) {
  const unsigned threads = threads_of(arguments);
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return reply(runtime.start_working(threads));
}

Result<Reply> stop(Runtime& runtime, Arguments& arguments) {
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return reply(runtime.stop_working());
}

Result<Reply> until_idle(Runtime& runtime, Arguments& arguments) {
  const unsigned threads = threads_of(arguments);
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return reply(runtime.work_until_idle(threads));
}

Result<Reply> sweep_hub(Runtime& runtime, Arguments& arguments) {
  const std::string connection = arguments.text("connection");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  Result<std::unique_ptr<Opened>> opened = runtime.open(connection);
  if (!opened) return std::unexpected(opened.error());
  const Result<Swept> swept = sweep(runtime.means(), **opened);
  if (!swept) return std::unexpected(swept.error());
  return Reply{
      {{"people", swept->people}, {"changed", swept->changed}, {"added", swept->added}, {"removed", swept->removed}}};
}

Result<Reply> metrics(Runtime& runtime, Arguments& arguments) {
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return Reply{{{"prometheus", runtime.metrics()}}};
}

// What people are to be told: the host's until `hold_ms` have passed, then it is handed out again unless it was told.
Result<Reply> poll_notifications(Runtime& runtime, Arguments& arguments) {
  const std::int64_t most = arguments.number("most").value_or(20);
  const std::int64_t keep = arguments.number("hold_ms").value_or(300'000);
  if (most < 1 || most > 1000) arguments.refuse("`most` must be 1 to 1000");
  if (keep < 0 || keep > 86'400'000) arguments.refuse("`hold_ms` must be 0 to 86400000, which is a day");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  Json all;
  const Result<void> done = runtime.store().write([&](Transaction& transaction) -> Result<void> {
    const Instant time = now(runtime.means());
    const auto due =
        transaction.claim_notifications(static_cast<std::size_t>(most), time, time + std::chrono::milliseconds(keep));
    if (!due) return std::unexpected(due.error());
    all = Json::array();
    for (const Notification& one : *due) {
      const auto of = transaction.connection(one.connection);
      if (!of) return std::unexpected(of.error());
      all.push_back({{"id", one.id},
                     {"connection", *of ? (*of)->name : std::string()},
                     {"kind", one.kind},
                     {"subject", one.subject},
                     {"text", one.content},
                     {"at", instant_json(one.at)}});
    }
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return Reply{{{"notifications", std::move(all)}}};
}

Result<Reply> told_notification(Runtime& runtime, Arguments& arguments) {
  const std::optional<std::int64_t> id = arguments.number("id");
  if (!id) arguments.refuse("`id` is missing: as notifications.poll says it");
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  bool found = false;
  const Result<void> done = runtime.store().write([&](Transaction& transaction) -> Result<void> {
    const Result<bool> told = transaction.told(*id, now(runtime.means()));
    if (!told) return std::unexpected(told.error());
    found = *told;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return Reply{{{"found", found}}};
}

}  // namespace

std::span<const Call> work_calls() {
  static constexpr auto calls = std::to_array<Call>({
      {"work.start", start},
      {"work.stop", stop},
      {"work.until_idle", until_idle},
      {"sweep", sweep_hub},
      {"metrics", metrics},
      {"notifications.poll", poll_notifications},
      {"notifications.told", told_notification},
  });
  return calls;
}

}  // namespace dovetail
