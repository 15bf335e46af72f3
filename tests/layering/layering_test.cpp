// Holds the layout of docs/architecture.md: who may include whom, and which library may be seen where.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>
#include "tests/places.hpp"

namespace {

namespace fs = std::filesystem;

struct Include {
  std::string file;    // relative to the source tree
  std::string header;  // as written
  bool own = false;    // "…" instead of <…>
};

struct Layer {
  std::string folder;                  // the longest matching one counts
  std::vector<std::string> may_see;    // own folders
  std::vector<std::string> libraries;  // beginnings of third-party headers
};

const std::vector<Layer> layers = {
    {"engine/", {"engine/"}, {"fmt/", "unicode/", "phonenumbers/"}},
    {"engine/runtime/", {"engine/", "engine/runtime/"}, {"fmt/", "spdlog/", "prometheus/"}},
    {"engine/runtime/write/", {"engine/", "engine/runtime/", "engine/runtime/write/"}, {"fmt/"}},
    {"engine/runtime/run/", {"engine/", "engine/runtime/", "engine/runtime/write/", "engine/runtime/run/"}, {"fmt/"}},
    {"engine/runtime/push/", {"engine/", "engine/runtime/", "engine/runtime/write/", "engine/runtime/push/"}, {"fmt/"}},
    {"engine/runtime/work/",
     {"engine/", "engine/runtime/", "engine/runtime/write/", "engine/runtime/push/", "engine/runtime/work/"},
     {"fmt/"}},
    {"engine/store/", {"engine/", "engine/runtime/", "engine/store/"}, {"fmt/", "soci/", "sodium.h"}},
    {"engine/api/",
     {"engine/", "engine/runtime/", "engine/runtime/run/", "engine/runtime/push/", "engine/runtime/work/",
      "engine/runtime/write/", "engine/store/", "engine/api/", "dsl/", "providers/"},
     {"fmt/", "nlohmann/", "dovetail/"}},
    {"dsl/", {"engine/", "dsl/"}, {"fmt/", "tao/"}},
    {"providers/",
     {"engine/", "providers/"},
     {"fmt/", "httplib.h", "nlohmann/", "pugixml.hpp", "simdjson.h", "openssl/"}},
    {"tools/",
     {"engine/", "engine/runtime/", "engine/runtime/run/", "engine/runtime/push/", "engine/runtime/work/",
      "engine/runtime/write/", "engine/store/", "engine/api/", "dsl/", "providers/", "tools/", "tools/sandbox/"},
     {"fmt/", "CLI/", "nlohmann/", "Poco/", "mustache.hpp", "curl/"}},
    {"tools/sandbox/", {"tools/sandbox/"}, {"fmt/", "httplib.h", "nlohmann/", "pugixml.hpp", "openssl/"}},
};

// Libraries that only one translation unit below a folder may see. Headers of that unit may include them too.
const std::vector<std::pair<std::string, std::string>> one_unit = {
    {"engine/", "unicode/"},     {"engine/", "phonenumbers/"}, {"dsl/", "tao/"},
    {"providers/", "httplib.h"}, {"providers/", "openssl/"},   {"providers/", "simdjson.h"},
    {"tools/mapcheck/", "CLI/"}, {"tools/dovetail/", "CLI/"},  {"tools/dovetail/", "curl/"},
};

bool starts(const std::string& text, const std::string& beginning) { return text.rfind(beginning, 0) == 0; }

const Layer* layer_of(const std::string& path) {
  const Layer* best = nullptr;
  for (const Layer& layer : layers) {
    if (starts(path, layer.folder) && (best == nullptr || layer.folder.size() > best->folder.size())) best = &layer;
  }
  return best;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> own_files() {
  const fs::path root = DOVETAIL_SOURCE_DIR;
  std::vector<std::string> files;
  for (const char* top : {"engine", "dsl", "providers", "tools"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".cpp" || extension == ".hpp" || extension == ".h") {
        files.push_back(fs::relative(entry.path(), root).generic_string());
      }
    }
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Include> includes() {
  static const std::regex line(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  std::vector<Include> found;
  for (const std::string& file : own_files()) {
    std::istringstream text(read(fs::path(DOVETAIL_SOURCE_DIR) / file));
    std::smatch match;
    for (std::string each; std::getline(text, each);) {
      if (std::regex_search(each, match, line)) found.push_back({file, match[2], match[1] == "\""});
    }
  }
  return found;
}

// Standard headers have neither a slash nor an ending; the C library's and POSIX's are named here.
bool is_standard(const std::string& header) {
  static const std::set<std::string> posix = {"fcntl.h",        "unistd.h",   "sys/stat.h", "sys/ioctl.h", "sys/wait.h",
                                              "sys/resource.h", "sys/file.h", "signal.h",   "dlfcn.h",     "poll.h",
                                              "termios.h",      "pthread.h",  "netdb.h",    "sys/socket.h"};
  return posix.contains(header) || header.find_first_of("./") == std::string::npos;
}

}  // namespace

TEST_CASE("includes point inward only") {
  for (const Include& include : includes()) {
    if (!include.own) continue;
    INFO(include.file << " includes \"" << include.header << '"');
    const Layer* layer = layer_of(include.file);
    const Layer* seen = layer_of(include.header);
    REQUIRE(layer != nullptr);
    REQUIRE(seen != nullptr);  // written from the root of the tree
    CHECK(std::ranges::count(layer->may_see, seen->folder) == 1);
  }
}

TEST_CASE("a library is seen only where the layout allows it") {
  for (const Include& include : includes()) {
    if (include.own || is_standard(include.header)) continue;
    INFO(include.file << " includes <" << include.header << '>');
    const Layer* layer = layer_of(include.file);
    REQUIRE(layer != nullptr);
    CHECK(std::ranges::any_of(layer->libraries, [&](const std::string& each) { return starts(include.header, each); }));
  }
}

TEST_CASE("a heavy library stays in one translation unit") {
  const std::vector<Include> all = includes();
  for (const auto& [folder, library] : one_unit) {
    std::set<std::string> units;
    for (const Include& include : all) {
      if (starts(include.file, folder) && starts(include.header, library) && include.file.ends_with(".cpp")) {
        units.insert(include.file);
      }
    }
    std::string list;
    for (const std::string& unit : units) list += unit + ' ';
    INFO(library << " is included by " << list);
    CHECK(units.size() <= 1);
  }
}

TEST_CASE("the pure part reads no files, no clock and no network") {
  const std::set<std::string> effects = {"fstream", "filesystem", "iostream", "cstdio", "ctime", "thread", "unistd.h"};
  for (const Include& include : includes()) {
    const std::string folder = layer_of(include.file)->folder;
    if (folder != "engine/" && folder != "dsl/") continue;
    INFO(include.file << " includes <" << include.header << '>');
    CHECK_FALSE(effects.contains(include.header));
  }
  for (const std::string& file : own_files()) {
    const std::string folder = layer_of(file)->folder;
    if (folder != "engine/" && folder != "dsl/") continue;
    INFO(file);
    const std::string text = read(fs::path(DOVETAIL_SOURCE_DIR) / file);
    CHECK(text.find("_clock::now") == std::string::npos);
    CHECK(text.find("getenv") == std::string::npos);
  }
}

TEST_CASE("no header includes itself by a detour") {
  std::map<std::string, std::vector<std::string>> graph;
  for (const Include& include : includes()) {
    if (include.own) graph[include.file].push_back(include.header);
  }
  std::set<std::string> done;
  std::vector<std::string> path;
  const std::function<void(const std::string&)> visit = [&](const std::string& file) {
    if (done.contains(file)) return;
    const auto again = std::ranges::find(path, file);
    std::string cycle;
    for (auto each = again; each != path.end(); ++each) cycle += *each + " -> ";
    INFO(cycle << file);
    REQUIRE(again == path.end());
    path.push_back(file);
    for (const std::string& next : graph[file]) visit(next);
    path.pop_back();
    done.insert(file);
  };
  for (const std::string& file : own_files()) visit(file);
}
