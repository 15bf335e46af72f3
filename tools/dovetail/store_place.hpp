// Which store is meant, and its key.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/api/runtime.hpp"
#include "engine/store/keyed_hash.hpp"
#include "tools/dovetail/store_options.hpp"

namespace dovetail::tools {

struct StoreKey {
  KeyedHash::Key key{};
  std::string file;  // empty: from the environment
};

// --store, else DOVETAIL_STORE, else sqlite:dovetail.db.
std::string store_place(const StoreOptions& options);
// Error::input: it names no kind of store.
Result<void> check_store_place(const StoreOptions& options);

// Where the key is kept: --key-file, DOVETAIL_KEY_FILE, else beside a SQLite store; empty: nowhere is said.
std::string store_key_file(const StoreOptions& options);

// From --key-file, else DOVETAIL_KEY, else the other places. Error::input says what to do where there is none.
Result<StoreKey> find_store_key(const StoreOptions& options);

// The file that a new key stands in until everything is sealed with it.
std::string next_key_file(const std::string& file);

// What a store says while it goes on or waits, and whether it is to give up waiting; see OpenOptions.
struct StoreTalk {
  std::function<void(const std::string&)> say = {};
  std::function<bool()> gives_up = {};
};

// `read_only`: also while another process has a SQLite store open; else `wait` is for it to let go, and longer where it
// does so on request, as this one will with `lets_go`. Finishes a change of keys that was cut off.
Result<std::unique_ptr<Runtime>> open_runtime(const StoreOptions& options, bool read_only = false,
                                              std::chrono::milliseconds wait = std::chrono::seconds(2),
                                              bool lets_go = false, const StoreTalk& talk = {});

// A message to standard error, and the exit code.
int refuse(const Error& error);

// Asks on the terminal; true at once with --yes. Where there is no terminal, false, and says what --yes would do.
bool confirmed(const StoreOptions& options, const std::string& question);

// The exit code after that: could_not_run where there was nobody to ask, else needs_person.
int not_confirmed();

// "somebody on the command line", for what is remembered with an author.
std::string author();

}  // namespace dovetail::tools
