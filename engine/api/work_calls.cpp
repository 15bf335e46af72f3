// Calls about the workers of this runtime.
#include <array>

#include "engine/api/call_table.hpp"
#include "engine/runtime/sweep.hpp"

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

}  // namespace

std::span<const Call> work_calls() {
  static constexpr auto calls = std::to_array<Call>({
      {"work.start", start},
      {"work.stop", stop},
      {"work.until_idle", until_idle},
      {"sweep", sweep_hub},
      {"metrics", metrics},
  });
  return calls;
}

}  // namespace dovetail
