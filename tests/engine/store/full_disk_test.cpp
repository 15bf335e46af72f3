// A disk that is full: a small one of the test's own, which needs root. Limits of a process stand in for it elsewhere.
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>

#include "engine/store/care.hpp"
#include "tests/engine/store/test_store.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

// What `work` prints, in a process that alone sees a disk of two megabytes in `folder`; empty: there may be none here.
std::string on_small_disk(const std::string& folder, const std::function<void(std::FILE*)>& work) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(0);
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=2m") != 0) ::_exit(0);
    std::FILE* to = ::fdopen(ends[1], "w");
    work(to);
    std::fclose(to);
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string said;
  std::array<char, 4096> bytes{};
  for (ssize_t count = 0; (count = ::read(ends[0], bytes.data(), bytes.size())) > 0;) {
    said.append(bytes.data(), static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  ::waitpid(pid, nullptr, 0);
  return said;
}

// One event and one count in the error log, together.
Result<void> write_number(Store& store, ConnectionId id, std::size_t number) {
  return store.write([&](Transaction& now) -> Result<void> {
    const auto took = now.take_in({std::to_string(number), id, "person", Event::changed, at(1), at(1)});
    if (!took) return std::unexpected(took.error());
    Problem problem;
    problem.connection = id;
    return now.report(problem);
  });
}

struct Counts {
  std::size_t waiting = 0;
  unsigned times = 0;
};

Result<Counts> counts(Store& store, ConnectionId id) {
  Counts found;
  const Result<void> read = store.read([&](Transaction& now) -> Result<void> {
    const auto waiting = now.waiting(id);
    if (!waiting) return std::unexpected(waiting.error());
    const auto problems = now.problems(id, false);
    if (!problems) return std::unexpected(problems.error());
    found = {*waiting, problems->empty() ? 0 : problems->front().times};
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return found;
}

// How many were written until one was refused, and why.
std::pair<std::size_t, Error> fill(Store& store, ConnectionId id, std::size_t first) {
  for (std::size_t number = first; number < 1'000'000; ++number) {
    if (const Result<void> written = write_number(store, id, number); !written) return {number, written.error()};
  }
  return {1'000'000, {}};
}

void tell(std::FILE* to, const std::string& text) { std::fputs((text + "\n").c_str(), to); }

void fill_and_go_on(const std::string& folder, std::FILE* to) {
  const std::string where = "sqlite:" + folder + "/store.db", ballast = folder + "/ballast";
  std::ofstream(ballast) << std::string(300'000, 'x');
  auto store = open_store(where, test_key(), {.create = true});
  if (!store) return tell(to, store.error().what);
  ConnectionId id = no_connection;
  const Result<void> added = (*store)->write([&](Transaction& now) -> Result<void> {
    const auto made = now.add(some_connection());
    if (!made) return std::unexpected(made.error());
    id = *made;
    return {};
  });
  if (!added) return tell(to, added.error().what);
  const auto [before, error] = fill(**store, id, 0);
  tell(to, before > 10 ? "many were written" : "few were written");
  tell(to, error.kind == Error::Kind::transient ? "transient" : "another kind");
  tell(to, error.what);
  const auto backup = back_up(where, test_key(), folder + "/copy", at(1));
  tell(to, backup ? "a copy" : "no copy");
  tell(to, std::filesystem::exists(folder + "/copy") ? "half a copy" : "nothing of a copy");
  const auto full = counts(**store, id);
  tell(to, full && full->waiting == before && full->times == before ? "nothing by halves" : "halves");
  std::filesystem::remove(ballast);
  tell(to, write_number(**store, id, before) ? "goes on" : "does not go on");
  store->reset();
  store = open_store(where, test_key());
  if (!store) return tell(to, store.error().what);
  const auto after = counts(**store, id);
  tell(to, after && after->waiting == before + 1 && after->times == before + 1 ? "all there" : "something is missing");
  store->reset();
  const auto sound = check_store(where, test_key());
  tell(to, sound && sound->damage.empty() ? "sound" : "damaged");
}

}  // namespace

TEST_CASE("on a disk that is full a write and a backup say so, nothing stays by halves, and with room it goes on") {
  const Folder folder;
  const std::string said =
      on_small_disk(folder.path().string(), [&](std::FILE* to) { fill_and_go_on(folder.path().string(), to); });
  if (said.empty()) {
    WARN("not tested: a disk of one's own needs root and the right to mount it");
    return;
  }
  CHECK_THAT(said, Catch::StartsWith("many were written\ntransient\nSQLite " + folder.path().string() +
                                     "/store.db: there is no room, so this was not written: make room and try again"));
  CHECK_THAT(said, Catch::EndsWith("\nno copy\nnothing of a copy\nnothing by halves\ngoes on\nall there\nsound\n"));
}

TEST_CASE("on a disk that is full a new store is refused, and what was begun of it does no harm later") {
  const Folder folder;
  const std::string said = on_small_disk(folder.path().string(), [&](std::FILE* to) {
    const std::string where = "sqlite:" + folder.path().string() + "/store.db";
    const std::string ballast = folder.path().string() + "/ballast";
    std::ofstream(ballast) << std::string(2'050'000, 'x');
    const auto refused = open_store(where, test_key(), {.create = true});
    tell(to, refused ? "opened" : "refused");
    std::filesystem::remove(ballast);
    const auto opened = open_store(where, test_key(), {.create = true});
    tell(to, opened ? "opened" : opened.error().what);
  });
  if (said.empty()) {
    WARN("not tested: a disk of one's own needs root and the right to mount it");
    return;
  }
  CHECK(said == "refused\nopened\n");
}
