// dovetail: what differs between two systems' exports, and making them agree. The only file that knows the
// command line's library.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/dovetail/options.hpp"
#include "tools/sandbox/command.hpp"

namespace {

using namespace dovetail::tools;

constexpr const char* exit_codes =
    "\nExit codes: 0 nothing to do, or done; 1 something differs, waits for a decision, is held or failed;\n"
    "2 could not run, and then nothing was written.";

void add_access(CLI::App& command, Options& options) {
  command.add_option("--credentials", options.credentials,
                     "a JSON file of credentials by system, {\"huma\": {\"client_id\": …}}; the environment "
                     "(DOVETAIL_HUMA_CLIENT_ID) goes first");
  command.add_option("--ca-file", options.ca_file, "certificate authorities to trust, PEM (default: the machine's)");
  command.add_option("--proxy", options.proxy, "http://[user:password@]host:port");
}

void add_inputs(CLI::App& command, Options& options) {
  command.add_option("--map", options.map, "the rule file, or the name of one that came with dovetail (netvisor)")
      ->required();
  command.add_option("--hub", options.hub, "the hub: its export, or huma:URL (huma: alone is the real system)")
      ->required();
  command
      .add_option(
          "--provider", options.provider,
          "the provider: its export (a file, or a folder of XML documents), or netvisor:URL, poweroffice_go:URL, "
          "finago:URL")
      ->required();
  add_access(command, options);
  command.add_option("--base", options.base, "what was agreed before; sync writes it again (made if there is none)");
  command.add_option("--key-file", options.key_file,
                     "the key that the base's secrets are hashed with: 64 hexadecimal digits (default: the variable "
                     "DOVETAIL_KEY, else BASE.key, which sync makes)");
  command.add_option("--today", options.today, "the day to go by, as YYYY-MM-DD (default: today)");
  command.add_option("--setting", options.settings, "NAME=VALUE of a setting of the rule file; may be repeated")
      ->allow_extra_args(false);
  command.add_flag("--test-system", options.test_system, "accept synthetic and reserved identifiers");
  command.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command.add_option("--color", options.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

void add_decisions(CLI::App& command, Options& options) {
  command.add_option("--decide", options.decide, "who wins wherever nothing more exact is decided")
      ->check(CLI::IsMember({"hub", "provider", "leave", "preselected"}));
  command.add_option("--decisions", options.decisions, "a file of decisions and answers (docs/formats.md)");
  command
      .add_option("--create", options.create, "create people who exist on one side only: hub, provider, both or none")
      ->check(CLI::IsMember({"hub", "provider", "both", "none"}));
  command.add_option("--answer", options.answers, "QUESTION=VALUE, for everybody; may be repeated")
      ->allow_extra_args(false);
}

void add_filter(CLI::App& command, Options& options, const std::string& what) {
  command.add_option(
      "--kind", options.filter.kinds,
      what + " of these kinds: conflict, missing, drift, create, change, blocked, held, invalid, link, person, known");
  command.add_option("--person", options.filter.people, what + " about these people: e-mail, id, or part of a name")
      ->allow_extra_args(false);
  command.add_option("--field", options.filter.fields, what + " about these fields, by their labels")
      ->allow_extra_args(false);
}

int run(int argc, char** argv) {
  CLI::App app{"dovetail shows what differs between two systems' exports, and makes them agree by a rule file",
               "dovetail"};
  app.require_subcommand(1);
  app.footer(exit_codes);
  app.set_version_flag("--version", "dovetail " DOVETAIL_VERSION);
  Options options;
  int result = could_not_run;

  CLI::App* plan = app.add_subcommand("plan", "list what differs, and what would be written; writes nothing");
  add_inputs(*plan, options);
  add_decisions(*plan, options);
  add_filter(*plan, options, "list only findings");
  plan->add_flag("--all", options.all, "list standing differences, too");
  plan->footer(exit_codes);
  plan->callback([&] { result = plan_command(options); });

  CLI::App* sync = app.add_subcommand("sync", "carry out the plan: write what was decided into the exports");
  add_inputs(*sync, options);
  add_decisions(*sync, options);
  add_filter(*sync, options, "decide and write only findings");
  sync->add_flag("--ask", options.ask, "ask on the terminal about what is not decided");
  sync->add_option("--out-hub", options.out_hub, "write the hub's export here, and leave the one that was read");
  sync->add_option("--out-provider", options.out_provider,
                   "write the provider's export here (a folder, if it was one)");
  sync->footer(exit_codes);
  sync->callback([&] { result = sync_command(options); });

  CLI::App* explain = app.add_subcommand("explain", "why a person's fields are as they are; writes nothing");
  explain->add_option("PERSON", options.person, "e-mail, id, or part of a name")->required();
  add_inputs(*explain, options);
  add_decisions(*explain, options);
  explain->add_option("--field", options.filter.fields, "only these fields, by their labels")->allow_extra_args(false);
  explain->footer(exit_codes);
  explain->callback([&] { result = explain_command(options); });

  CLI::App* conformance =
      app.add_subcommand("conformance", "try whether an adapter and its system keep what the engine relies on");
  conformance->add_option("SYSTEM", options.system, "huma, netvisor, poweroffice_go or finago")->required();
  conformance->add_option("--url", options.url, "where it is (default: the real system)");
  conformance->add_flag("--write", options.write,
                        "also the cases that write: they add made-up people, and change and restore values");
  add_access(*conformance, options);
  conformance->footer("\nExit codes: 0 all that was asked held; 1 something did not; 2 could not run.");
  conformance->callback([&] { result = conformance_command(options); });

  CLI::App* sandbox = app.add_subcommand("sandbox", "run simulated systems on this machine (see sandbox --help)");
  sandbox->prefix_command();  // its own arguments: it is simulators' code that reads them
  sandbox->set_help_flag();
  sandbox->callback([&] { result = dovetail::sandbox::run_command(sandbox->remaining()); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? clean : could_not_run;
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "dovetail: internal error: {}\n", failure.what());
    return could_not_run;
  }
}
