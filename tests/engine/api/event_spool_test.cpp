// Events that are left beside a store while a worker has it.
#include "engine/api/event_spool.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>

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
