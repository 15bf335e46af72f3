// dovetail sync: carries out the plan on the exports.
#include <fmt/format.h>

#include "engine/api/base_file.hpp"
#include "engine/plan/intended.hpp"
#include "engine/runtime/write/apply.hpp"
#include "tools/dovetail/asking.hpp"
#include "tools/dovetail/base_keeper.hpp"
#include "tools/dovetail/decision_options.hpp"
#include "tools/dovetail/job.hpp"
#include "tools/dovetail/key_file.hpp"
#include "tools/dovetail/narrowing.hpp"
#include "tools/dovetail/options.hpp"
#include "tools/dovetail/output.hpp"
#include "tools/dovetail/sync_report.hpp"

namespace dovetail::tools {
namespace {

std::optional<std::filesystem::path> place(const std::string& path) {
  return path.empty() ? std::nullopt : std::optional<std::filesystem::path>(path);
}

// The key is in its place before anything is hashed with it.
Result<void> keep_key(const Options& options, const KeyedHash::Key& key) {
  const std::string path = key_file_beside(options.base);
  if (Result<void> written = write_key(path, key); !written) return written;
  fmt::print(stderr,
             "dovetail: {}: made, the key that secrets in the base are hashed with; keep it with the base, and from "
             "others\n",
             printable(path));
  return {};
}

// What others have agreed on meanwhile, or refused, would be lost with their base.
Result<void> check_base_unchanged(const Job& job, const Options& options, std::string_view so_far) {
  if (options.base.empty() || version_of(options.base) == job.base_version) return {};
  return std::unexpected(
      Error{.kind = Error::Kind::input,
            .what = fmt::format("{}: was changed by somebody else since it was read; {}", options.base, so_far)});
}

constexpr std::string_view nothing_written = "nothing was written, so run again";
constexpr std::string_view systems_written =
    "what this run agreed on is not in it, and is found again by the next one, so run again";

// `key`: made by this run and not kept yet.
Result<void> stage_base(providers::StagedFiles& files, const Job& job, const Options& options, const Base& base,
                        std::optional<KeyedHash::Key>& key) {
  const std::string text = base_text(base, job.rules.name, job.hasher->key_name());
  if (Result<void> staged = files.stage(options.base, text); !staged) return staged;
  if (!key || !has_hashes(base)) return {};
  Result<void> kept = keep_key(options, *key);
  if (kept) key.reset();
  return kept;
}

// Everything is beside its place before anything is replaced.
Result<void> write(const Job& job, const Options& options, const Base& base, std::optional<KeyedHash::Key>& key) {
  const Progress progress("writing");
  providers::StagedFiles files;
  const auto stage = [&](ir::Side side, const std::string& out) {
    providers::ExportFile* file = job.exports[ir::at(side)];
    return file == nullptr ? Result<void>{} : file->stage(files, place(out));  // systems were written as it went
  };
  if (Result<void> staged = stage(ir::Side::hub, options.out_hub); !staged) return staged;
  if (Result<void> staged = stage(ir::Side::provider, options.out_provider); !staged) return staged;
  if (!options.base.empty()) {
    const bool all_files = job.exports[0] != nullptr && job.exports[1] != nullptr;
    const auto same = check_base_unchanged(job, options, all_files ? nothing_written : systems_written);
    if (!same) return same;
    if (Result<void> staged = stage_base(files, job, options, base, key); !staged) return staged;
  }
  return files.commit();
}

// While systems are written: what this run agreed on until now. That it was completed is only said at its end.
bool keep_base(Job& job, const Options& options, const Plan& plan, const PlanInput& input, const Applied& so_far,
               std::optional<KeyedHash::Key>& key) {
  Base base = intend(plan, input, so_far);
  base.activated = input.base.activated;
  providers::StagedFiles files;
  Result<void> written = check_base_unchanged(job, options, systems_written);
  if (written) written = stage_base(files, job, options, base, key);
  if (written) written = files.commit();
  if (written) job.base_version = version_of(options.base);
  if (!written) fmt::print(stderr, "dovetail: {}\n", printable(written.error().what));
  return written.has_value();
}

int refuse(const std::string& what) {
  print_error(what);
  return could_not_run;
}

}  // namespace

int sync_command(const Options& options) {
  const std::unique_ptr<Job> job = Job::load(options, Job::Use::writes);
  if (!job) return could_not_run;
  std::optional<KeyedHash::Key> new_key;
  if (!options.base.empty() && !job->hasher) job->hasher.emplace(new_key.emplace(make_key()));
  Plan plan = job->make_plan();
  if (const Result<void> fits = check_fit(job->decisions, job->input(), plan, options); !fits) {
    return refuse(fits.error().what);
  }
  if (options.format != "json") tell_unused(job->decisions, job->input(), plan);
  const Result<Selection> selection = narrow(*job, plan, options);
  if (!selection) return refuse(selection.error().what);
  if (options.ask) {
    const Asked about{.rules = job->rules,
                      .decisions = job->decisions,
                      .input = [&job] { return job->input(); },
                      .make_plan = [&job] { return job->make_plan(); }};
    const Result<void> asked = ask_on_terminal(about, plan, *selection, options);
    if (!asked) return refuse(asked.error().what);
  }
  if (const Result<void> same = check_base_unchanged(*job, options, nothing_written); !same) {
    return refuse(same.error().what);
  }
  const PlanInput input = job->input();
  Applied applied;
  {
    const Progress progress("applying");
    BaseKeeper keeper([&](const Applied& so_far) { return keep_base(*job, options, plan, input, so_far, new_key); });
    const bool keeps = !options.base.empty() && job->exports[0] == nullptr && job->exports[1] == nullptr;
    applied = apply(plan, job->program, *job->systems[0], *job->systems[1], keeps ? &keeper : nullptr);
  }
  const Base base = intend(plan, input, applied);
  fmt::print(stderr, "{}", job->live.counts());
  if (const Result<void> written = write(*job, options, base, new_key); !written) return refuse(written.error().what);
  if (options.format == "json") {
    fmt::print("{}\n", sync_json(input, plan, applied).dump(1));
  } else {
    fmt::print("{}", sync_text(input, plan, applied, *selection, options, Palette(options.color)));
  }
  const bool read_all = job->read_all(plan);
  return read_all && is_finished(plan, applied) ? clean : ExitCode::needs_person;
}

}  // namespace dovetail::tools
