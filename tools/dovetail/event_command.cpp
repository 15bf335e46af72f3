// dovetail event: somebody may have changed.
#include <signal.h>

#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <iostream>

#include "engine/api/event_spool.hpp"
#include "tools/dovetail/run_options.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

Result<std::vector<GivenEvent>> given_events(const RunOptions& run) {
  if (!run.from.empty() && !run.person.empty()) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = "give one person, or events by --from, not both"});
  }
  if (run.from == "-") return read_events(std::cin, "standard input", run.connection);
  if (!run.from.empty()) {
    std::ifstream in(run.from);
    if (!in) {
      return std::unexpected(Error{.kind = Error::Kind::input, .what = fmt::format("{}: cannot be read", run.from)});
    }
    return read_events(in, run.from, run.connection);
  }
  if (run.connection.empty() || run.person.empty()) {
    return std::unexpected(
        Error{.kind = Error::Kind::input, .what = "name the connection and the person, or give events by --from"});
  }
  return std::vector{GivenEvent{
      .connection = run.connection, .hub_id = run.person, .what = *find_event(run.what), .id = run.event_id}};
}

// A worker has the store: what it could not take in is refused here, where somebody sees it.
Result<void> check_connections(const StoreOptions& store, const std::vector<GivenEvent>& events) {
  auto runtime = open_runtime(store, true);
  if (!runtime) return std::unexpected(runtime.error());
  for (const GivenEvent& one : events) {
    if (const auto known = (*runtime)->connections().find(one.connection); !known) {
      return std::unexpected(known.error());
    }
  }
  return {};
}

int refuse_the_rest(Error error, std::size_t taken, std::size_t all) {
  if (all > 1) error.what = fmt::format("{} of {} events taken in; then: {}", taken, all, error.what);
  return refuse(error);
}

// Too many wait: what is left beside the store is taken in as there is room.
int leave_the_rest(std::span<const GivenEvent> rest, const StoreOptions& store, const Error& why, std::size_t taken) {
  if (const Result<void> kept = spool(spool_folder(store_place(store)), rest); !kept) return refuse(kept.error());
  fmt::print(stderr, "dovetail: {}\n", why.what);
  fmt::print("{} event{} taken in, {} kept beside the store until there is room\n", taken, taken == 1 ? "" : "s",
             rest.size());
  return clean;
}

std::string said_twice(std::size_t count) {
  return count == 0 ? std::string() : fmt::format("; {} said the same of somebody once more", count);
}

// A worker, or a host, has the store.
int leave_all(const std::vector<GivenEvent>& events, std::size_t given, const StoreOptions& store) {
  if (const Result<void> known = check_connections(store, events); !known) return refuse(known.error());
  if (const Result<void> kept = spool(spool_folder(store_place(store)), events); !kept) return refuse(kept.error());
  fmt::print("{} event{} kept for the worker that has the store{}\n", events.size(), events.size() == 1 ? "" : "s",
             said_twice(given - events.size()));
  return clean;
}

std::atomic<bool> is_interrupted = false;

int take_in(std::span<const GivenEvent> events, std::size_t given, Runtime& runtime, const StoreOptions& store) {
  const bool can_be_left = !spool_folder(store_place(store)).empty();
  std::size_t done = 0, doubled = 0;
  const Progress progress(fmt::format("{} events", events.size()));
  while (done < events.size() && !is_interrupted) {
    const std::span<const GivenEvent> rest = events.subspan(done);
    const TakenIn taken = runtime.take_in(rest.first(std::min(events_together, rest.size())));
    done += taken.read;
    doubled += taken.read - taken.fresh;
    if (!taken.refused) continue;
    if (taken.refused->kind == Error::Kind::rate && can_be_left) {
      return leave_the_rest(events.subspan(done), store, *taken.refused, done);
    }
    return refuse_the_rest(*taken.refused, done, events.size());
  }
  if (done < events.size()) {
    return refuse_the_rest(
        {.kind = Error::Kind::transient,
         .what = "interrupted. The same command again takes in all; what is said twice does no harm"},
        done, events.size());
  }
  fmt::print("{} event{} taken in{}{}\n", done - doubled, done - doubled == 1 ? "" : "s",
             doubled == 0 ? "" : fmt::format(", {} known already", doubled), said_twice(given - events.size()));
  return clean;
}

}  // namespace

int event_command(const RunOptions& run, const StoreOptions& store) {
  auto given = given_events(run);
  if (!given) return refuse(given.error());
  const std::size_t count = given->size();
  const std::vector<GivenEvent> events = coalesced(std::move(*given));
  const bool can_be_left = !spool_folder(store_place(store)).empty();
  auto runtime = open_runtime(store, false, std::chrono::milliseconds(can_be_left ? 0 : 2000));
  if (!runtime) {
    if (runtime.error().kind != Error::Kind::transient || !can_be_left) return refuse(runtime.error());
    return leave_all(events, count, store);
  }
  struct sigaction action{};
  action.sa_handler = [](int) { is_interrupted = true; };
  for (const int signal : {SIGTERM, SIGINT}) ::sigaction(signal, &action, nullptr);
  return take_in(events, count, **runtime, store);
}

}  // namespace dovetail::tools
