// dovetail store: making it, copies of it, another key, and whether it is sound.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "engine/store/care.hpp"
#include "tools/dovetail/key_file.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// The key that there is, or a new one in its file.
Result<StoreKey> find_or_make_key(const StoreOptions& options) {
  if (Result<void> place = check_store_place(options); !place) return std::unexpected(place.error());
  const std::string file = store_key_file(options);
  std::error_code ignored;
  if (file.empty() || std::filesystem::exists(file, ignored)) return find_store_key(options);
  if (options.key_file.empty()) {
    if (const char* text = std::getenv("DOVETAIL_KEY"); text != nullptr && *text != '\0')
      return find_store_key(options);
  }
  const std::string place = store_place(options), sqlite = "sqlite:";
  if (place.starts_with(sqlite) && std::filesystem::exists(place.substr(sqlite.size()), ignored)) {
    return fail(
        fmt::format("{}: there is such a file already, and its key {} is not there; give the key it was made "
                    "with by --key-file, or make the store elsewhere",
                    place.substr(sqlite.size()), file));
  }
  const StoreKey made{make_key(), file};
  if (Result<void> written = write_key(file, made.key); !written) return std::unexpected(written.error());
  fmt::print("{}: a new key. Keep a copy of it away from the store: without it nobody can read the store.\n", file);
  return made;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} bytes", bytes);
  if (bytes < 10'000'000) return fmt::format("{} kB", bytes / 1000);
  return fmt::format("{} MB", bytes / 1'000'000);
}

std::string summary(const Backup& of) {
  return fmt::format("{} connection{}, {} rows, {}, sealed with the key {}", of.connections,
                     of.connections == 1 ? "" : "s", of.rows, size_text(of.bytes), of.key_name);
}

Result<bool> has_store(const std::string& where, const KeyedHash::Key& key) {
  const auto opened = open_store(where, key, {.read_only = true});
  if (opened) return true;
  if (opened.error().what.find("there is no store") != std::string::npos) return false;
  return std::unexpected(opened.error());
}

}  // namespace

int store_init_command(const StoreOptions& options) {
  const std::string where = store_place(options);
  const Result<StoreKey> key = find_or_make_key(options);
  if (!key) return refuse(key.error());
  const Result<bool> there = has_store(where, key->key);
  if (!there) return refuse(there.error());
  const auto opened = open_store(where, key->key, {.create = true});
  if (!opened) return refuse(opened.error());
  fmt::print("{}: {}\n", (*opened)->describe(), *there ? "there is a store already, of this key" : "a new store");
  return clean;
}

int store_backup_command(const StoreOptions& options) {
  const Result<StoreKey> key = find_store_key(options);
  if (!key) return refuse(key.error());
  const Progress progress("copying the store");
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto made = back_up(store_place(options), key->key, options.file, now);
  if (!made) return refuse(made.error());
  fmt::print("{}: {}\n", options.file, summary(*made));
  return clean;
}

int store_restore_command(const StoreOptions& options) {
  const Result<StoreKey> key = find_store_key(options);
  if (!key && options.key_file.empty()) {
    return refuse(fail(fmt::format("{}: a backup opens only with the key that its store was sealed with: give it by "
                                   "--key-file",
                                   options.file))
                      .error());
  }
  if (!key) return refuse(key.error());
  const Progress progress("restoring the store");
  const auto restored = restore(store_place(options), key->key, options.file);
  if (!restored) return refuse(restored.error());
  fmt::print("{}: {}\n", store_place(options), summary(*restored));
  fmt::print("{}", restored->connections == 0
                       ? ""
                       : "Every connection is paused: what happened since the backup is not known "
                         "here. `dovetail sync NAME` looks, and goes on from there.\n");
  return clean;
}

int store_check_command(const StoreOptions& options) {
  const Result<StoreKey> key = find_store_key(options);
  if (!key) return refuse(key.error());
  const Progress progress("reading the whole store");
  const auto found = check_store(store_place(options), key->key);
  if (!found) return refuse(found.error());
  fmt::print("version {} of the tables, key {}\n", found->schema, found->key_name);
  for (const auto& [table, rows] : found->rows) {
    if (rows != 0) fmt::print("{:>10} {}\n", rows, table);
  }
  fmt::print("{:>10} sealed values, {}\n", found->sealed, size_text(found->sealed_bytes));
  for (const std::string& damage : found->damage) fmt::print("damaged: {}\n", printable(damage));
  fmt::print("{}\n", found->damage.empty() ? "everything can be read"
                                           : "restore a backup: dovetail store restore FILE --store NEW");
  return found->damage.empty() ? clean : needs_person;
}

int store_migrate_command(const StoreOptions& options) {
  const Result<StoreKey> key = find_store_key(options);
  if (!key) return refuse(key.error());
  const auto opened = open_store(store_place(options), key->key);
  if (!opened) return refuse(opened.error());
  fmt::print("{}: up to date\n", (*opened)->describe());
  return clean;
}

bool holds_key(const std::string& file, const KeyedHash::Key& key) {
  StoreOptions options;
  options.key_file = file;
  const Result<StoreKey> found = find_store_key(options);
  return found && found->key == key;
}

// The new key is in a file before the store has it, and takes the old one's place after: at no moment is the store
// sealed with a key that stands nowhere.
int store_rotate_command(const StoreOptions& options) {
  const Result<StoreKey> key = find_store_key(options);
  if (!key) return refuse(key.error());
  if (auto opened = open_runtime(options); !opened) return refuse(opened.error());
  const Result<StoreKey> from = find_store_key(options);
  if (!from) return refuse(from.error());
  if (from->file.empty() && options.file.empty()) {
    return refuse(fail("the key is in DOVETAIL_KEY: say by --to FILE where the new one is to stand").error());
  }
  const std::string next = options.file.empty() ? next_key_file(from->file) : options.file;
  std::error_code ignored;
  if (options.file.empty()) std::filesystem::remove(next, ignored);  // of a change that never began
  const KeyedHash::Key to = make_key();
  if (Result<void> written = write_key(next, to); !written) return refuse(written.error());
  const std::string old = from->file + ".old";
  if (options.file.empty()) {
    std::filesystem::remove(old, ignored);
    if (Result<void> kept = write_key(old, from->key); !kept) return refuse(kept.error());
  }
  const Progress progress("sealing everything with the new key");
  const auto count = rotate_key(store_place(options), from->key, to);
  if (!count) {
    std::filesystem::remove(next, ignored);
    return refuse(count.error());
  }
  fmt::print("{} values are sealed with the new key {}\n", *count, KeyedHash(to).key_name());
  if (!options.file.empty()) {
    fmt::print("{}: the new key; the old one opens only older backups\n", next);
    return clean;
  }
  // A worker that waited for the store may have been quicker.
  if (::rename(next.c_str(), from->file.c_str()) != 0 && !holds_key(from->file, to)) {
    return refuse(fail(fmt::format("{} could not be put in the place of {}; do it by hand", next, from->file)).error());
  }
  fmt::print("{}: the new key; {}: the old one, which opens only older backups\n", from->file, old);
  return clean;
}

int store_keep_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  if (const Result<void> kept = (*runtime)->keep_for(options.keep_days); !kept) return refuse(kept.error());
  fmt::print("From now on replaced values, plans and decisions are kept for {} day{}.\n", options.keep_days,
             options.keep_days == 1 ? "" : "s");
  return clean;
}

int store_expire_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const Result<std::size_t> rows = (*runtime)->expire();
  if (!rows) return refuse(rows.error());
  fmt::print("{} rows had been kept long enough, and are gone\n", *rows);
  return clean;
}

}  // namespace dovetail::tools
