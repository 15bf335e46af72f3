#include "tools/dovetail/store_place.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "engine/store/open.hpp"
#include "tools/dovetail/output.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string() : std::string(text);
}

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

constexpr std::size_t longest_key_file = 1000;  // bytes; a device would never end

Result<StoreKey> key_in(const std::string& file) {
  std::string text(longest_key_file, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(file + ": cannot be read");
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  const auto key = read_key(text);
  if (!key) return fail(file + ": not a key: it must be 64 hexadecimal digits");
  if (::access(file.c_str(), R_OK) == 0) {
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    std::error_code ignored;
    if ((std::filesystem::status(file, ignored).permissions() & others) != std::filesystem::perms::none) {
      fmt::print(stderr, "dovetail: {}: others can read this key; chmod 600 it\n", file);
    }
  }
  return StoreKey{*key, file};
}

Result<std::unique_ptr<Runtime>> open_with(const StoreOptions& options, const KeyedHash::Key& key, bool read_only,
                                           std::chrono::milliseconds wait, bool lets_go, const StoreTalk& talk) {
  RuntimeOptions wanted;
  wanted.store = store_place(options);
  wanted.key = key_text(key);
  wanted.read_only = read_only;
  wanted.wait = wait;
  wanted.lets_go = lets_go;
  wanted.say = talk.say ? talk.say : [](const std::string& what) { fmt::print(stderr, "dovetail: {}\n", what); };
  wanted.gives_up = talk.gives_up;
  wanted.most_waiting = options.most_waiting;
  wanted.network = {.ca_file = options.ca_file, .proxy = options.proxy};
  return Runtime::open(wanted);
}

}  // namespace

std::string store_place(const StoreOptions& options) {
  if (!options.store.empty()) return options.store;
  const std::string from = variable("DOVETAIL_STORE");
  return from.empty() ? "sqlite:dovetail.db" : from;
}

std::string store_key_file(const StoreOptions& options) {
  if (!options.key_file.empty()) return options.key_file;
  if (std::string from = variable("DOVETAIL_KEY_FILE"); !from.empty()) return from;
  const std::string place = store_place(options);
  const std::string sqlite = "sqlite:";
  return place.starts_with(sqlite) ? place.substr(sqlite.size()) + ".key" : std::string();
}

std::string next_key_file(const std::string& file) { return file + ".next"; }

Result<void> check_store_place(const StoreOptions& options) {
  const std::string place = store_place(options);
  const std::size_t colon = place.find(':');
  const std::string scheme = place.substr(0, colon);
  const bool known = scheme == "sqlite" || scheme == "postgresql";
  if (known && colon != place.npos && colon + 1 < place.size()) return {};
  return fail(fmt::format("--store {}: write sqlite:PATH, or postgresql:CONNINFO", place));
}

Result<StoreKey> find_store_key(const StoreOptions& options) {
  if (Result<void> place = check_store_place(options); !place) return std::unexpected(place.error());
  if (!options.key_file.empty()) return key_in(options.key_file);
  if (const std::string text = variable("DOVETAIL_KEY"); !text.empty()) {
    const auto key = read_key(text);
    if (!key) return fail("DOVETAIL_KEY: not a key: it must be 64 hexadecimal digits");
    return StoreKey{*key, {}};
  }
  const std::string file = store_key_file(options);
  if (file.empty()) return fail("the store's key is needed: give --key-file FILE, or set DOVETAIL_KEY");
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    const std::string store = sqlite_file(store_place(options));
    const bool is_new = !store.empty() && !std::filesystem::exists(store, ignored);
    return fail(fmt::format("{}: the store's key is not there; {}", file,
                            is_new ? "`dovetail store init` makes a new store and its key, --key-file names a key that "
                                     "is elsewhere"
                                   : "nothing else opens what the store keeps: bring it back, or say where it is by "
                                     "--key-file"));
  }
  return key_in(file);
}

Result<std::unique_ptr<Runtime>> open_runtime(const StoreOptions& options, bool read_only,
                                              std::chrono::milliseconds wait, bool lets_go, const StoreTalk& talk) {
  const Result<StoreKey> key = find_store_key(options);
  if (!key) return std::unexpected(key.error());
  auto opened = open_with(options, key->key, read_only, wait, lets_go, talk);
  if (opened || key->file.empty() || opened.error().kind != Error::Kind::input) return opened;
  // A change of keys was cut off after the store had the new one, or was done while this waited for the store.
  const std::string next = next_key_file(key->file);
  if (const Result<StoreKey> newer = key_in(next)) {
    auto with_newer = open_with(options, newer->key, read_only, wait, lets_go, talk);
    if (with_newer && ::rename(next.c_str(), key->file.c_str()) == 0) {
      fmt::print(stderr, "dovetail: {}: now the new key, which the store was already sealed with\n", key->file);
    }
    if (with_newer) return with_newer;
  }
  const Result<StoreKey> by_now = key_in(key->file);
  if (!by_now || by_now->key == key->key) return opened;
  return open_with(options, by_now->key, read_only, wait, lets_go, talk);
}

int refuse(const Error& error) {
  print_error(error.what);
  return could_not_run;
}

bool confirmed(const StoreOptions& options, const std::string& question) {
  if (options.yes) return true;
  if (::isatty(STDIN_FILENO) != 1) {
    fmt::print(stderr, "{}\ndovetail: nothing was done: there is no terminal to ask on; --yes says yes\n", question);
    return false;
  }
  fmt::print(stderr, "{} [y/N] ", question);
  std::string line;
  return std::getline(std::cin, line) && (line == "y" || line == "Y" || line == "yes");
}

int not_confirmed() { return ::isatty(STDIN_FILENO) == 1 ? needs_person : could_not_run; }

std::string author() {
  std::string name = variable("USER");
  if (name.empty()) name = variable("LOGNAME");
  return (name.empty() ? std::string("somebody") : name) + " on the command line";
}

}  // namespace dovetail::tools
