// dovetail plan: what differs, and what would be written.
#include <fmt/format.h>

#include "engine/api/plan_json.hpp"
#include "engine/api/printable.hpp"
#include "tools/dovetail/decision_options.hpp"
#include "tools/dovetail/job.hpp"
#include "tools/dovetail/narrowing.hpp"
#include "tools/dovetail/options.hpp"
#include "tools/dovetail/output.hpp"
#include "tools/dovetail/plan_text.hpp"

namespace dovetail::tools {

int plan_command(const Options& options) {
  const std::unique_ptr<Job> job = Job::load(options);
  if (!job) return could_not_run;
  Plan plan = job->make_plan();
  if (const Result<void> fits = check_fit(job->decisions, job->input(), plan, options); !fits) {
    print_error(fits.error().what);
    return could_not_run;
  }
  if (options.format != "json") tell_unused(job->decisions, job->input(), plan);
  const Result<Selection> selection = narrow(*job, plan, options);
  const PlanInput input = job->input();
  if (!selection) {
    fmt::print(stderr, "dovetail: {}\n", printable(selection.error().what));
    return could_not_run;
  }
  if (options.format == "json") {
    write_plan_json(input, plan, selection->wanted(), Json::object(),
                    [](std::string_view piece) { fmt::print("{}", piece); });
    fmt::print("\n");
  } else {
    print_plan(input, plan, *selection, options, Palette(options.color));
  }
  fmt::print(stderr, "{}", job->live.counts());
  const bool read_all = job->read_all(plan);
  return has_something_to_do(plan) || !read_all ? ExitCode::needs_person : clean;
}

}  // namespace dovetail::tools
