#include "tools/dovetail/event_spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/api/json_file.hpp"
#include "providers/toolkit/http/mac.hpp"

namespace dovetail::tools {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

std::unexpected<Error> system_failure(const std::string& path) {
  return std::unexpected(
      Error{.kind = Error::Kind::transient, .what = fmt::format("{}: {}", path, std::strerror(errno))});
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
  constexpr std::string_view scheme = "sqlite:";
  return store.starts_with(scheme) ? store.substr(scheme.size()) + ".events" : std::string();
}

Result<void> spool(const std::string& folder, const std::vector<GivenEvent>& events) {
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return fail(fmt::format("{}: {}", folder, error.message()));
  const std::string id = providers::random_uuid();
  std::string text;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const GivenEvent& one = events[i];
    const Json line = {{"connection", one.connection},
                       {"person", one.hub_id},
                       {"kind", name(one.what)},
                       {"id", one.id.empty() ? fmt::format("{}/{}", id, i) : one.id}};
    text += line.dump() + '\n';
  }
  const std::string made = fmt::format("{}/{}.new", folder, id), kept = fmt::format("{}/{}.jsonl", folder, id);
  if (Result<void> written = write_durably(made, text); !written) return written;
  if (::rename(made.c_str(), kept.c_str()) != 0) return system_failure(kept);
  return sync_folder(folder);
}

Result<std::size_t> take_in_spooled(const std::string& folder, Runtime& runtime,
                                    const std::function<void(const std::string&)>& complain) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const fs::directory_entry& each : fs::directory_iterator(folder, error)) {
    if (each.path().extension() == ".jsonl") files.push_back(each.path());
  }
  std::ranges::sort(files);
  std::size_t count = 0;
  for (const fs::path& path : files) {
    std::ifstream in(path);
    const auto events = read_events(in, path.string(), {});
    bool bad = !events;
    if (!events) complain(events.error().what);
    for (std::size_t i = 0; events && i < events->size(); ++i) {
      const GivenEvent& one = (*events)[i];
      const Result<bool> taken = runtime.take_in(one.connection, one.hub_id, one.what, one.id);
      if (taken) ++count;
      if (!taken && taken.error().kind != Error::Kind::input) return std::unexpected(taken.error());
      if (!taken) {
        complain(taken.error().what);
        bad = true;
      }
    }
    if (bad) {
      fs::rename(path, path.string() + ".bad", error);
    } else {
      fs::remove(path, error);
    }
  }
  return count;
}

Result<std::vector<GivenEvent>> read_events(std::istream& in, const std::string& file, const std::string& connection) {
  std::vector<GivenEvent> events;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    const auto wrong = [&](const std::string& what) { return fail(fmt::format("{}:{}: {}", file, number, what)); };
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) return wrong("not a JSON object on one line");
    GivenEvent event{.connection = connection, .hub_id = {}, .id = {}, .what = Event::changed};
    for (const auto& [key, value] : json.items()) {
      if (!value.is_string()) return wrong(fmt::format("`{}` must be a text", key));
      const auto text = value.get<std::string>();
      if (key == "connection") {
        event.connection = text;
      } else if (key == "person") {
        event.hub_id = text;
      } else if (key == "id") {
        event.id = text;
      } else if (key == "kind") {
        const auto kind = find_event(text);
        if (!kind) return wrong(fmt::format("`{}` is no kind: changed, added, deactivated or removed", text));
        event.what = *kind;
      } else {
        return wrong(fmt::format("`{}` is unknown: connection, person, kind and id may be given", key));
      }
    }
    if (event.connection.empty()) return wrong("`connection` is missing");
    if (event.hub_id.empty()) return wrong("`person` is missing: the hub's id");
    events.push_back(std::move(event));
  }
  if (in.bad()) return fail(fmt::format("{}: cannot be read", file));
  return events;
}

}  // namespace dovetail::tools
