#include "engine/api/event_spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <fstream>

#include "engine/api/json_file.hpp"
#include "engine/api/runtime.hpp"
#include "engine/store/open.hpp"
#include "engine/system_error.hpp"
#include "providers/toolkit/http/mac.hpp"

namespace dovetail {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

std::unexpected<Error> system_failure(const std::string& path) {
  return std::unexpected(
      Error{.kind = Error::Kind::transient, .what = fmt::format("{}: {}", path, system_error(errno))});
}

Result<void> write_durably(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return system_failure(path);
  std::size_t done = 0;
  bool well = true;
  while (well && done < text.size()) {
    const ssize_t count = ::write(file, text.data() + done, text.size() - done);
    well = count > 0;
    if (well) done += static_cast<std::size_t>(count);
  }
  well = well && ::fsync(file) == 0;
  if (!well) {
    auto failure = system_failure(path);
    ::close(file);
    ::unlink(path.c_str());
    return failure;
  }
  ::close(file);
  return {};
}

Result<void> sync_folder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return system_failure(path);
  const bool well = ::fsync(folder) == 0;
  ::close(folder);
  return well ? Result<void>{} : system_failure(path);
}

}  // namespace

std::string spool_folder(const std::string& store) {
  const std::string file = sqlite_file(store);
  return file.empty() ? std::string() : file + ".events";
}

Result<void> spool(const std::string& folder, std::span<const GivenEvent> events) {
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return fail(fmt::format("{}: {}", folder, error.message()));
  const std::string id = providers::random_uuid();
  std::string text;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const GivenEvent& one = events[i];
    const Json line = {{"connection", one.connection},
                       {"person", one.hub_id},
                       {"what", name(one.what)},
                       {"id", one.id.empty() ? fmt::format("{}/{}", id, i) : one.id}};
    text += line.dump() + '\n';
  }
  const std::string made = fmt::format("{}/{}.new", folder, id), kept = fmt::format("{}/{}.jsonl", folder, id);
  if (Result<void> written = write_durably(made, text); !written) return written;
  if (::rename(made.c_str(), kept.c_str()) != 0) return system_failure(kept);
  return sync_folder(folder);
}

SpoolReader::SpoolReader(const std::string& store, Runtime& runtime, Telemetry& telemetry)
    : folder_(spool_folder(store)), runtime_(runtime), telemetry_(telemetry) {}

void SpoolReader::complain(const std::string& what) {
  telemetry_.log(Telemetry::Level::error, "an event cannot be taken in", {{"why", what}});
}

bool SpoolReader::look() {
  const auto now = std::chrono::steady_clock::now();
  if (folder_.empty() || now < not_before_) return false;
  Result<std::size_t> taken = 0;
  try {
    taken = take_in();
  } catch (const std::exception& mistake) {
    taken = std::unexpected(Error{.kind = Error::Kind::data, .what = mistake.what()});
  }
  if (taken) return *taken > 0;
  complain(taken.error().what);
  not_before_ = now + taken.error().retry_after.value_or(std::chrono::seconds(1));
  return false;
}

Result<std::vector<std::string>> SpoolReader::find_files() const {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator each(folder_, error), end; !error && each != end; each.increment(error)) {
    if (each->path().extension() == ".jsonl") files.push_back(each->path().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return std::unexpected(
        Error{.kind = Error::Kind::transient, .what = fmt::format("{}: {}", folder_, error.message())});
  }
  std::ranges::sort(files);
  return files;
}

Result<std::size_t> SpoolReader::take_in() {
  if (folder_.empty()) return 0;
  const auto files = find_files();
  if (!files) return std::unexpected(files.error());
  std::erase_if(closed_, [&](const auto& known) { return !std::ranges::binary_search(*files, known.first); });
  const auto now = std::chrono::steady_clock::now();
  std::size_t count = 0;
  std::optional<Error> unread;
  for (const std::string& path : *files) {
    const auto closed = closed_.find(path);
    if (closed != closed_.end() && now < closed->second) continue;
    std::ifstream in(path);
    if (!in.is_open()) {  // the others need not wait for it
      unread = Error{
          .kind = Error::Kind::transient,
          .what = fmt::format("{}: {}; the file stays, and is looked at again in a minute", path, system_error(errno))};
      closed_[path] = now + std::chrono::minutes(1);
      continue;
    }
    const Result<std::size_t> taken = take_in(in, path);
    if (!taken) return taken;
    count += *taken;
  }
  if (unread) return std::unexpected(*unread);
  return count;
}

Result<std::size_t> SpoolReader::take_in(std::istream& in, const std::string& path) {
  const auto events = read_events(in, path, {});
  bool bad = !events;
  if (!events) complain(events.error().what);
  std::size_t count = 0;
  const std::span<const GivenEvent> all = events ? std::span(*events) : std::span<const GivenEvent>();
  for (std::size_t done = 0; done < all.size();) {
    const TakenIn taken = runtime_.take_in(all.subspan(done, std::min(events_together, all.size() - done)));
    done += taken.read;
    count += taken.fresh;
    if (!taken.refused) continue;
    if (taken.refused->kind != Error::Kind::input) return std::unexpected(*taken.refused);
    complain(taken.refused->what);
    bad = true;
    ++done;
  }
  std::error_code error;
  if (bad) {
    fs::rename(path, path + ".bad", error);
  } else {
    fs::remove(path, error);
  }
  if (!error) return count;
  return std::unexpected(
      Error{.kind = Error::Kind::transient,
            .what = fmt::format("{}: {}; its events are taken in, and the file stays", path, error.message()),
            .retry_after = std::chrono::minutes(1)});
}

}  // namespace dovetail
