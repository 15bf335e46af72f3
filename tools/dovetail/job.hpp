// Everything that a command works on, loaded and checked: rules, tables, both exports, base and decisions.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsl/compile.hpp"
#include "engine/api/live_systems.hpp"
#include "engine/base.hpp"
#include "engine/ir/program.hpp"
#include "engine/plan/plan.hpp"
#include "engine/store/keyed_hash.hpp"
#include "engine/values/reference_tables.hpp"
#include "providers/file/export_file.hpp"
#include "providers/file/staged_files.hpp"
#include "tools/dovetail/options.hpp"
#include "tools/dovetail/places.hpp"

namespace dovetail::tools {

// nullopt: there is no such file, or it cannot be looked at.
std::optional<providers::FileVersion> version_of(const std::string& path);

class Job {
 public:
  // Tells on standard error what is wrong, if it answers nullptr: the arguments, the rule file (with all its
  // diagnostics), an export, the base or the decisions.
  // With `writes`, nothing that will be written may take the place of something else; that is told first.
  enum class Use { reads, writes };
  static std::unique_ptr<Job> load(const Options& options, Use use = Use::reads);

  ReferenceTables tables;
  dsl::Loaded sources;
  std::vector<std::filesystem::path> rule_files;  // the map first, then what it imports, then the tables
  ir::RuleSet rules;
  ir::Program program;
  CivilDay today;
  bool test_system = false;
  LiveSystems live;
  std::array<std::unique_ptr<System>, 2> systems;      // by Side
  std::array<providers::ExportFile*, 2> exports = {};  // by Side; nullptr: not an export
  std::vector<Snapshot> snapshots;                     // by Side
  std::array<std::optional<Instant>, 2> taken = {};    // by Side: when they were
  Base base;
  // Of the base's file when it was read, or last written by this run; nullopt: there was none.
  std::optional<providers::FileVersion> base_version;
  std::optional<KeyedHash> hasher;  // nullopt: secrets are compared in clear; only where none is kept hashed
  Decisions decisions;
  std::vector<std::optional<std::string>> settings;

  // Nobody was named in a listing and could not be read; where somebody was, standard error says who, and why.
  bool read_all(const Plan& plan) const;
  const Snapshot& snapshot(ir::Side side) const { return snapshots[ir::at(side)]; }
  PlanInput input() const;
  Plan make_plan() const;

 private:
  Result<void> load_rules(const Options& options);
  Result<void> check_places(const Options& options, Use use) const;
  // Whether an export can be written where it was said: before anything is read, and in words about what was given.
  static Result<void> check_output(const std::string& option, const std::filesystem::path& place,
                                   const std::vector<providers::ExportFile::Route>& routes);
  Result<void> add_exports(Places& to, ir::Side side, const Options& options, Use use) const;
  Result<void> load_settings(const Options& options);
  Result<void> load_base(const Options& options);
  Result<void> load_decisions(const Options& options);
  Result<void> withhold_empty(const std::vector<std::string>& accept);
  Result<void> load_system(ir::Side side, const std::vector<std::string>& what, const Options& options);
  Result<std::unique_ptr<System>> open(ir::Side side, const std::vector<std::string>& what, const Options& options);
};

}  // namespace dovetail::tools
