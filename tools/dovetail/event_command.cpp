// dovetail event: somebody may have changed.
#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "tools/dovetail/event_spool.hpp"
#include "tools/dovetail/run_options.hpp"
#include "tools/dovetail/store_place.hpp"

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
      .connection = run.connection, .hub_id = run.person, .id = run.event_id, .what = *find_event(run.kind)}};
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
int leave_the_rest(const std::vector<GivenEvent>& rest, const StoreOptions& store, const Error& why,
                   std::size_t taken) {
  if (const Result<void> kept = spool(spool_folder(store_place(store)), rest); !kept) return refuse(kept.error());
  fmt::print(stderr, "dovetail: {}\n", why.what);
  fmt::print("{} event{} taken in, {} kept beside the store until there is room\n", taken, taken == 1 ? "" : "s",
             rest.size());
  return clean;
}

}  // namespace

int event_command(const RunOptions& run, const StoreOptions& store) {
  const auto events = given_events(run);
  if (!events) return refuse(events.error());
  const bool can_be_left = !spool_folder(store_place(store)).empty();
  auto runtime = open_runtime(store, false, std::chrono::milliseconds(can_be_left ? 0 : 2000));
  if (!runtime) {
    const std::string folder = spool_folder(store_place(store));
    if (runtime.error().kind != Error::Kind::transient || folder.empty()) return refuse(runtime.error());
    if (const Result<void> known = check_connections(store, *events); !known) return refuse(known.error());
    if (const Result<void> kept = spool(folder, *events); !kept) return refuse(kept.error());
    fmt::print("{} event{} kept for the worker that has the store\n", events->size(), events->size() == 1 ? "" : "s");
    return clean;
  }
  std::size_t doubled = 0;
  for (std::size_t i = 0; i < events->size(); ++i) {
    const GivenEvent& one = (*events)[i];
    const Result<bool> taken = (*runtime)->take_in(one.connection, one.hub_id, one.what, one.id);
    if (!taken && taken.error().kind == Error::Kind::rate && can_be_left) {
      return leave_the_rest({events->begin() + static_cast<std::ptrdiff_t>(i), events->end()}, store, taken.error(), i);
    }
    if (!taken) return refuse_the_rest(taken.error(), i, events->size());
    if (!*taken) ++doubled;
  }
  fmt::print("{} event{} taken in", events->size() - doubled, events->size() - doubled == 1 ? "" : "s");
  fmt::print("{}\n", doubled == 0 ? "" : fmt::format(", {} known already", doubled));
  return clean;
}

}  // namespace dovetail::tools
