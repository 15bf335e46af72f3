// Events that are left beside a store while a worker has it.
#include "engine/api/event_spool.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>

#include "tests/engine/api/office.hpp"
#include "tests/run.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

// No file of this process may grow over that many bytes, as on a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    before_handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit now = before_;
    now.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, before_handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*before_handler_)(int) = nullptr;
};

// No file of this process can be opened.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    now.rlim_cur = 0;
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
};

std::size_t files_in(const std::string& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

}  // namespace

TEST_CASE("events that do not fit on the disk any more are refused as a whole, and taken when there is room") {
  const Folder folder;
  const std::string spooled = folder.file("store.db.events");
  std::vector<GivenEvent> events;
  for (int i = 0; i < 200; ++i) {
    events.push_back(
        {.connection = "payroll", .hub_id = "person-" + std::to_string(i), .what = Event::changed, .id = {}});
  }
  Result<void> kept;
  {
    const FullDisk full(4000);
    kept = spool(spooled, events);
  }
  REQUIRE_FALSE(kept);
  CHECK(kept.error().kind == Error::Kind::transient);
  CHECK_THAT(kept.error().what, Catch::Contains("store.db.events") && Catch::Contains("too large"));
  CHECK(files_in(spooled) == 0);  // nothing by halves
  REQUIRE(spool(spooled, events));
  CHECK(files_in(spooled) == 1);
}

TEST_CASE("events in a file that cannot be opened stay there, are told of, and keep no others waiting") {
  Office office;
  office.connect("payroll", "poweroffice_go");
  const std::string store = "sqlite:" + office.folder.file("store.db"), spooled = spool_folder(store);
  const auto event = [](const std::string& id) {
    return GivenEvent{.connection = "payroll", .hub_id = id, .what = Event::changed, .id = {}};
  };
  Telemetry telemetry;
  SpoolReader reader(store, *office.runtime, telemetry);
  CHECK(reader.take_in().value_or(9) == 0);  // there is no folder yet
  const std::vector<GivenEvent> one = {event("one")}, two = {event("two")};
  REQUIRE(spool(spooled, one));

  SECTION("for want of a descriptor") {
    std::optional<Result<std::size_t>> taken;
    {
      const NoDescriptors none;
      taken = reader.take_in();
    }
    REQUIRE_FALSE(taken->has_value());
    CHECK(taken->error().kind == Error::Kind::transient);
    CHECK(files_in(spooled) == 1);
    CHECK(reader.take_in().value_or(9) == 1);
    CHECK(files_in(spooled) == 0);
  }
  SECTION("one of two") {
    const std::filesystem::path closed = spooled + "/0.jsonl", lent = office.folder.file("lent");
    std::filesystem::create_symlink(lent, closed);
    const auto taken = reader.take_in();
    REQUIRE_FALSE(taken.has_value());
    CHECK(taken.error().kind == Error::Kind::transient);
    CHECK_THAT(taken.error().what, Catch::Contains("0.jsonl") && Catch::Contains("the file stays"));
    CHECK(files_in(spooled) == 1);
    CHECK(office.ok({{"call", "status"}, {"connection", "payroll"}})["waiting"] == 1);
    CHECK(reader.take_in().value_or(9) == 0);  // not said again at once
    REQUIRE(spool(office.folder.file("other"), two));
    for (const auto& each : std::filesystem::directory_iterator(office.folder.file("other"))) {
      std::filesystem::rename(each.path(), lent);
    }
    SpoolReader later(store, *office.runtime, telemetry);
    CHECK(later.take_in().value_or(9) == 1);
    CHECK(files_in(spooled) == 0);
  }
}
