// What commands about a connection's runs, events and workers were asked to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/dovetail/store_options.hpp"

namespace dovetail::tools {

struct RunOptions {
  std::string connection;
  std::int64_t run = 0;     // one that was started before; 0: a new one
  std::int64_t intent = 0;  // undo: only this write; 0: the whole run
  unsigned wait = 30;       // seconds, for whoever is writing now

  std::string person, what = "changed", event_id, from;  // event
  unsigned threads = 4;                                  // work
  bool until_idle = false;
  unsigned sweep_hours = 6;  // 0: never
  std::string name;          // of the worker; empty: host and process
  std::string log = "text";
  std::string metrics_file;
};

int plan_run_command(const RunOptions& run, const StoreOptions& store, const Options& options);
int sync_run_command(const RunOptions& run, const StoreOptions& store, const Options& options);
int runs_command(const RunOptions& run, const StoreOptions& store);
int undo_command(const RunOptions& run, const StoreOptions& store, const Options& options);
int event_command(const RunOptions& run, const StoreOptions& store);
int work_command(const RunOptions& run, const StoreOptions& store);

}  // namespace dovetail::tools
