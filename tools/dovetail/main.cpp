// dovetail: what differs between two systems' exports, and making them agree. The only file that knows the
// command line's library.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>
#include <span>
#include <string>

#include "engine/api/printable.hpp"
#include "engine/system_error.hpp"
#include "tools/dovetail/options.hpp"
#include "tools/dovetail/output.hpp"
#include "tools/dovetail/rules_command.hpp"
#include "tools/dovetail/run_options.hpp"
#include "tools/dovetail/store_options.hpp"
#include "tools/sandbox/command.hpp"

namespace {

using namespace dovetail::tools;

constexpr const char* exit_codes =
    "\nExit codes: 0 nothing to do, or done; 1 something differs, waits for a decision, is held or failed;\n"
    "2 could not run, and then nothing was written; or standard output did not take everything.";

void add_access(CLI::App& command, Options& options) {
  command.add_option("--credentials", options.credentials,
                     "a JSON file of credentials by system, {\"huma\": {\"client_id\": …}}; the environment "
                     "(DOVETAIL_HUMA_CLIENT_ID) goes first");
  command.add_option("--ca-file", options.ca_file, "certificate authorities to trust, PEM (default: the machine's)");
  command.add_option("--proxy", options.proxy, "http://[user:password@]host:port");
}

void add_inputs(CLI::App& command, Options& options, bool required = true) {
  command.add_option("--map", options.map, "the rule file, or the name of one that came with dovetail (netvisor)")
      ->required(required);
  command.add_option("--hub", options.hub, "the hub: its export, or huma:URL (huma: alone is the real system)")
      ->allow_extra_args(false)
      ->required(required);
  command
      .add_option("--provider", options.provider,
                  "the provider: its export, or netvisor:URL, poweroffice_go:URL, finago:URL. An export is a file, a "
                  "folder of files, or several with commas between them (or the option several times): what a system "
                  "lists apart from its people is joined to them. NAME=FILE says which list a file is, where the file "
                  "does not tell (addresses=a.json)")
      ->allow_extra_args(false)
      ->required(required);
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
  command
      .add_option("--accept-empty", options.accept_empty,
                  "this list, which a system keeps apart from its people and which tells nothing of anybody, really is "
                  "empty, though something of it is known: as `plan` names it; for this run only")
      ->allow_extra_args(false);
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

// A command on a store; its options stand in one object for all of them, since only one command is run.
class StoreCommands {
 public:
  StoreCommands(StoreOptions& options, int& result) : options_(options), result_(result) {}

  CLI::App* add(CLI::App& to, const char* name, const char* what, int (*command)(const StoreOptions&)) {
    CLI::App* made = to.add_subcommand(name, what);
    made->add_option("--store", options_.store,
                     "sqlite:PATH or postgresql:CONNINFO (default: DOVETAIL_STORE, else sqlite:dovetail.db)");
    made->add_option("--key-file", options_.key_file,
                     "the store's key (default: DOVETAIL_KEY, DOVETAIL_KEY_FILE, else PATH.key)");
    made->callback([this, command] { result_ = command(options_); });
    return made;
  }

 private:
  StoreOptions& options_;
  int& result_;
};

void add_format(CLI::App& command, StoreOptions& options) {
  command.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
}

void add_yes(CLI::App& command, StoreOptions& options) {
  command.add_flag("--yes", options.yes, "do not ask whether this is meant");
}

void add_network(CLI::App& command, StoreOptions& options) {
  command.add_option("--ca-file", options.ca_file, "certificate authorities to trust, PEM (default: the machine's)");
  command.add_option("--proxy", options.proxy, "http://[user:password@]host:port");
}

void add_credentials(CLI::App& command, StoreOptions& options) {
  command.add_option("--credentials", options.credentials,
                     "a JSON file of credentials by system, {\"huma\": {\"client_id\": …}}; the environment "
                     "(DOVETAIL_HUMA_CLIENT_ID) goes first, and what is missing is asked for");
  add_network(command, options);
}

void add_connection_options(CLI::App& command, StoreOptions& options) {
  command.add_option("--setting", options.settings, "NAME=VALUE of a setting of the rule file; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--scope", options.scope, "only this person, by the hub's id; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--scope-file", options.scope_file, "only these people: the hub's ids, one a line");
  command.add_flag("--whole-hub", options.whole_hub, "everybody in the hub");
  for (const auto& [name, value, what] :
       {std::tuple{"--observe-only", &options.observe_only, "on or off: plan, and never write"},
        {"--test-system", &options.test_system, "on or off: accept synthetic and reserved identifiers"}}) {
    command.add_option(name, *value, what)->check(CLI::IsMember({"on", "off"}));
  }
}

void add_store_commands(CLI::App& app, StoreCommands& commands, StoreOptions& options) {
  CLI::App& store = *app.add_subcommand("store", "the store that everything is remembered in");
  store.require_subcommand(1);
  commands.add(store, "init", "make a store, and its key where there is none", store_init_command);
  commands.add(store, "backup", "copy the store into a file, while others work with it", store_backup_command)
      ->add_option("FILE", options.file, "must not be there yet")
      ->required();
  commands
      .add(store, "restore", "bring a backup back into a new store; every connection is paused", store_restore_command)
      ->add_option("FILE", options.file, "what `store backup` made")
      ->required();
  commands.add(store, "check", "read everything, and say whether it is sound", store_check_command);
  commands.add(store, "rotate-key", "seal everything with a new key", store_rotate_command)
      ->add_option("--to", options.file, "where the new key is put (default: in the place of the old one)");
  commands.add(store, "keep", "how long replaced values, plans and decisions are kept from now on", store_keep_command)
      ->add_option("--days", options.keep_days, "30 unless it was set")
      ->required()
      ->check(CLI::Range(1U, 3650U));
  commands.add(store, "expire", "drop what was kept long enough, as `dovetail work` does every hour",
               store_expire_command);
  commands.add(store, "migrate", "bring an older store's tables up to date (any use of it does)",
               store_migrate_command);
}

void add_connection_commands(CLI::App& app, StoreCommands& commands, StoreOptions& options) {
  CLI::App& connection = *app.add_subcommand("connection", "what is connected with what");
  connection.require_subcommand(1);
  CLI::App* add = commands.add(connection, "add", "connect a provider's company; asks who answers, and stores it",
                               connection_add_command);
  add->add_option("NAME", options.connection, "letters, digits, - and _")->required();
  add->add_option("--map", options.map, "the rule file, or the name of one that came with dovetail")->required();
  add->add_option("--hub", options.hub, "huma:URL (huma: alone is the real system)")->required();
  add->add_option("--provider", options.provider, "netvisor:URL, poweroffice_go:URL, finago:URL")->required();
  add->add_option("--tenant", options.tenant, "whose it is; its secrets are bound to that name");
  add->add_option("--company", options.company, "the provider's company id that is meant; then nothing is asked");
  add_connection_options(*add, options);
  add_credentials(*add, options);
  add_yes(*add, options);
  add_format(*commands.add(connection, "list", "all of them, with their states", connection_list_command), options);

  const auto named = [&](const char* name, const char* what, int (*command)(const StoreOptions&)) {
    CLI::App* made = commands.add(connection, name, what, command);
    made->add_option("NAME", options.connection)->required();
    return made;
  };
  add_format(*named("show", "what it is, and how it is", connection_show_command), options);
  add_network(*named("check", "ask both systems who answers, and what is not allowed", connection_check_command),
              options);
  named("pause", "stop pushes until it is resumed", connection_pause_command)
      ->add_option("--reason", options.why, "shown wherever the connection is");
  named("resume", "let pushes go on", connection_resume_command);
  CLI::App* set = named("set", "change settings, scope, systems' addresses or keys", connection_set_command);
  set->add_option("--map", options.map, "another rule file of the same two systems");
  set->add_option("--hub", options.hub, "another address of the hub");
  set->add_option("--provider", options.provider, "another address of the provider");
  set->add_option("--name", options.rename, "another name");
  set->add_option("--keys-of", options.credentials_of, "hub or provider: other keys of the same company")
      ->check(CLI::IsMember({"hub", "provider"}));
  add_connection_options(*set, options);
  add_credentials(*set, options);
  add_yes(*named("remove", "forget it with all that is remembered of it", connection_remove_command), options);
}

void add_people_commands(CLI::App& app, StoreCommands& commands, StoreOptions& options) {
  const auto name = [&](CLI::App* command) { command->add_option("NAME", options.connection, "the connection"); };
  const auto person = [&](CLI::App* command) {
    return command->add_option("PERSON", options.person, "the hub's id of the person");
  };
  CLI::App* log = commands.add(app, "log", "what went wrong, what needs you, what is tried again", log_command);
  name(log);
  log->add_option("--person", options.person, "only this person, by an id");
  log->add_option("--field", options.field, "only this field, by its label");
  log->add_flag("--solved", options.solved, "also what is over");
  log->add_option("--most", options.most, "only the newest so many");
  log->add_option("--color", options.color, "auto, always or never")->check(CLI::IsMember({"auto", "always", "never"}));
  add_format(*log, options);
  log->footer("\nExit codes: 0 nothing needs you; 1 something does; 2 could not run.");

  CLI::App* retry = commands.add(app, "retry", "try again at once what waits, also what was given up", retry_command);
  retry->add_option("NAME", options.connection, "the connection")->required();
  person(retry);

  CLI::App& links = *app.add_subcommand("links", "who is linked to whom");
  links.require_subcommand(1);
  CLI::App* list = commands.add(links, "list", "all links of a connection, or of one person", links_list_command);
  list->add_option("NAME", options.connection, "the connection")->required();
  person(list);
  add_format(*list, options);
  for (const auto& [verb, what, command] :
       {std::tuple{"cut", "these two are not one person; neither record is touched", &links_cut_command},
        {"make", "these two are one person", &links_make_command},
        {"forget", "forget the link and what was agreed; the next run matches anew", &links_forget_command}}) {
    CLI::App* made = commands.add(links, verb, what, command);
    made->add_option("NAME", options.connection, "the connection")->required();
    person(made)->required();
    if (verb == std::string("make")) made->add_option("RECORD", options.record, "the provider's id")->required();
    if (verb == std::string("forget")) add_yes(*made, options);
  }

  CLI::App* exclude =
      commands.add(app, "exclude", "leave a person, or one field of one, out everywhere", exclude_command);
  exclude->add_option("NAME", options.connection, "the connection")->required();
  person(exclude)->required();
  exclude->add_option("--field", options.field, "only this field, by its label");
  exclude->add_option("--reason", options.why, "why; shown wherever the person is");
  exclude->add_flag("--undo", options.undo, "take it in again");

  CLI::App& people = *app.add_subcommand("person", "what is remembered of a person");
  people.require_subcommand(1);
  CLI::App* exported = commands.add(people, "export", "all of it, as JSON", person_export_command);
  CLI::App* erase = commands.add(people, "erase", "forget all but a keyed hash of the id", person_erase_command);
  for (CLI::App* each : {exported, erase}) {
    person(each)->required();
    each->add_option("--connection", options.connection, "only there (default: every connection of the store)");
  }
  add_yes(*erase, options);
}

void add_rules_commands(CLI::App& app, StoreCommands& commands, StoreOptions& options) {
  CLI::App& rules = *app.add_subcommand("rules", "what changed rules would do, and saying yes to what they weaken");
  rules.require_subcommand(1);
  CLI::App* impact = commands.add(rules, "impact", "what the new rules weaken, and what a run now would find by both",
                                  rules_impact_command);
  CLI::App* approve = commands.add(rules, "approve", "the same, and say yes: until then the old rules are gone on with",
                                   rules_approve_command);
  for (CLI::App* each : {impact, approve}) {
    each->add_option("NAME", options.connection, "the connection (default: every one of the store)");
    each->add_flag("--all")->description("every connection of the store, as without a name");
  }
  add_yes(*approve, options);
}

void add_mail_commands(CLI::App& app, StoreCommands& commands, StoreOptions& options) {
  CLI::App& mail = *app.add_subcommand("mail", "who is told by mail of finished runs, held-off connections and guards");
  mail.require_subcommand(1);
  CLI::App* set = commands.add(mail, "set", "by which server, from whom, to whom", mail_set_command);
  set->add_option("--server", options.mail_server, "smtp://HOST:PORT (TLS by STARTTLS) or smtps://HOST")->required();
  set->add_option("--from", options.mail_from, "the sender's address")->required();
  set->add_option("--to", options.mail_to, "who is told; several times for several")->required();
  set->add_option("--user", options.mail_user, "if the server wants a login");
  set->add_option("--password-file", options.password_file, "its password, on the first line of this file");
  set->add_option("--link", options.mail_link, "what mails link to; {connection} stands for the connection's name");
  set->add_option("--ca-file", options.ca_file, "certificates to believe (default: the machine's)");
  set->add_flag("--plain", options.mail_plain, "without TLS: only for a server on this machine");
  commands.add(mail, "off", "nobody is told by mail", mail_off_command);
  commands.add(mail, "show", "the settings, and what waits to be told", mail_show_command);
  commands.add(mail, "test", "send a mail that says only that it arrives", mail_test_command);
  commands.add(mail, "send", "send what waits now, as `dovetail work` does by itself", mail_send_command);
}

// Commands about a connection's runs, events and workers.
class RunCommands {
 public:
  RunCommands(Options& options, StoreOptions& store, RunOptions& run, int& result)
      : options_(options), store_(store), run_(run), result_(result) {}

  // plan and sync: of a connection, or of two exports or systems that are named.
  void add_to(CLI::App& command) {
    command.add_option("NAME", run_.connection,
                       "a connection of the store; else --map, --hub and --provider are given");
    command.add_option("--run", run_.run, "of a connection: a run that was started before (dovetail runs)")
        ->check(is_number());
    command.add_option("--wait", run_.wait, "of a connection: seconds, for whoever is writing now");
    add_place(command);
  }

  void run_either(int (*of_connection)(const RunOptions&, const StoreOptions&, const Options&),
                  int (*of_files)(const Options&)) {
    const bool named = !options_.map.empty() || !options_.hub.empty() || !options_.provider.empty();
    const bool all = !options_.map.empty() && !options_.hub.empty() && !options_.provider.empty();
    if (run_.connection.empty() && !all) {
      fmt::print(stderr, "dovetail: name a connection, or give --map, --hub and --provider\n");
      result_ = could_not_run;
    } else if (const std::string of = run_.connection.empty() ? std::string() : of_exports(); !of.empty()) {
      fmt::print(stderr,
                 "dovetail: {} is not for a connection, which has its own{}: leave it out; `dovetail connection "
                 "set {}` changes what a connection has\n",
                 of, named ? " rules and systems" : "", run_.connection);
      result_ = could_not_run;
    } else {
      store_.key_file = options_.key_file;
      store_.ca_file = options_.ca_file;
      store_.proxy = options_.proxy;
      result_ = run_.connection.empty() ? of_files(options_) : of_connection(run_, store_, options_);
    }
  }

  // The first option given that only says something about exports.
  std::string of_exports() const {
    const auto given = {std::pair{"--map", !options_.map.empty()},  {"--hub", !options_.hub.empty()},
                        {"--provider", !options_.provider.empty()}, {"--base", !options_.base.empty()},
                        {"--today", !options_.today.empty()},       {"--setting", !options_.settings.empty()},
                        {"--test-system", options_.test_system},    {"--credentials", !options_.credentials.empty()},
                        {"--out-hub", !options_.out_hub.empty()},   {"--out-provider", !options_.out_provider.empty()}};
    const auto found = std::ranges::find(given, true, [](const auto& one) { return one.second; });
    return found == given.end() ? std::string() : found->first;
  }

  void add_commands(CLI::App& app) {
    CLI::App* runs = add(app, "runs", "the manual runs of a connection, newest first");
    add_format(*runs, store_);
    runs->callback([this] { result_ = runs_command(run_, store_); });

    CLI::App* undo = add(app, "undo", "put values back that a run, or one write, replaced; without either, list them");
    undo->add_option("--run", run_.run, "of this run (dovetail runs)")->check(is_number());
    undo->add_option("--write", run_.intent, "only of this write")->check(is_number());
    undo->add_option("--wait", run_.wait, "seconds, for whoever is writing now");
    add_format(*undo, store_);
    undo->callback([this] { result_ = undo_command(run_, store_, options_); });

    CLI::App* event = add(app, "event", "somebody in the hub may have changed", false);
    event->add_option("PERSON", run_.person, "the hub's id of the person");
    event
        ->add_option("--what,--kind", run_.what,
                     "changed, added, deactivated or removed: a hint, the hub is read in any case")
        ->check(CLI::IsMember({"changed", "added", "deactivated", "removed"}));
    event->add_option("--id", run_.event_id, "the event's own id: the same id again is the same event");
    event->add_option(
        "--from", run_.from,
        "a file of events, or - for standard input: {\"connection\": …, \"person\": …, \"what\": …} on each line");
    add_most_waiting(*event);
    event->callback([this] { result_ = event_command(run_, store_); });

    CLI::App* work =
        app.add_subcommand("work", "act on events: push changes to the providers, until stopped (SIGTERM)");
    add_place(*work);
    work->add_option("--threads", run_.threads, "people at once; each connection has its own limit, too")
        ->check(CLI::Range(1U, 64U));
    add_most_waiting(*work);
    work->add_flag("--until-idle", run_.until_idle, "end when nothing is left to do");
    work->add_option("--sweep", run_.sweep_hours, "hours between full reads of each hub; 0: never");
    work->add_option("--name", run_.name, "of this worker (default: host and process)");
    work->add_option("--log", run_.log, "text, json or none")->check(CLI::IsMember({"text", "json", "none"}));
    work->add_option("--metrics-file", run_.metrics_file, "counters in Prometheus' text form, every five seconds");
    work->callback([this] { result_ = work_command(run_, store_); });
  }

 private:
  void add_most_waiting(CLI::App& command) {
    command.add_option("--most-waiting", store_.most_waiting,
                       "events of a connection that may wait (100000); more are not taken in; 0: any number");
  }
  static CLI::Range is_number() { return {std::int64_t{1}, std::int64_t{1'000'000'000'000}}; }
  CLI::App* add(CLI::App& app, const char* name, const char* what, bool required = true) {
    CLI::App* made = app.add_subcommand(name, what);
    made->add_option("NAME", run_.connection, "the connection")->required(required);
    add_place(*made);
    return made;
  }
  void add_place(CLI::App& command) {
    command.add_option("--store", store_.store,
                       "sqlite:PATH or postgresql:CONNINFO (default: DOVETAIL_STORE, else sqlite:dovetail.db)");
    if (command.get_option_no_throw("--key-file") == nullptr) {
      command.add_option("--key-file", store_.key_file,
                         "the store's key (default: DOVETAIL_KEY, DOVETAIL_KEY_FILE, else PATH.key)");
    }
  }

  Options& options_;
  StoreOptions& store_;
  RunOptions& run_;
  int& result_;
};

// What stands in the place of a command, or of one of its own, and is none; nullopt: all of them are known.
std::optional<std::string> unknown_word(const CLI::App& app, std::span<char*> words) {
  const CLI::App* within = &app;
  std::string called = "dovetail";
  for (std::size_t i = 1; i < words.size() && !within->get_subcommands({}).empty(); ++i) {
    const std::string word = words[i];
    const std::string shown = dovetail::printable(word);
    if (word.size() > 1 && word.starts_with('-')) {
      const std::string name = word.substr(0, word.find('='));
      if (name == "-h" || name == "--help" || within->get_option_no_throw(name) != nullptr) return std::nullopt;
      return fmt::format("there is no option `{}` of {}; {} --help lists them", shown, called, called);
    }
    const auto commands = within->get_subcommands({});
    const auto known = std::ranges::find_if(commands, [&](const CLI::App* one) { return one->check_name(word); });
    if (known == commands.end()) {
      const std::string whole = within == &app ? shown : called.substr(std::string("dovetail ").size()) + " " + shown;
      return fmt::format("there is no command `{}`; {} --help lists them", whole, called);
    }
    within = *known;
    called += " " + shown;
  }
  return std::nullopt;
}

// Everywhere in the code, an empty text is an option that was not given; on the command line, one is a variable without
// a value, and going on as if the option were not there may write somewhere else.
void refuse_empty(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0 || option->check_lname("reason")) continue;
    option->check(CLI::Validator(
        [](std::string& value) {
          return value.empty() ? std::string("its value is empty: name something, or leave it out") : std::string();
        },
        ""));
  }
  for (CLI::App* command : app.get_subcommands({})) refuse_empty(*command);
}

// `--base=` without a value, for which the library would take the next argument.
bool refuse_bare_equals(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (i == 1 && word == "sandbox") return false;  // reads its own
    if (word == "--") return false;
    if (!word.starts_with("--") || word.find('=') != word.size() - 1 || word == "--reason=") continue;
    fmt::print(stderr, "{}: its value is empty: name something, or leave it out\n",
               dovetail::printable(word.substr(0, word.size() - 1)));
    return true;
  }
  return false;
}

int run(int argc, char** argv) {
  CLI::App app{"dovetail shows what differs between two systems' exports, and makes them agree by a rule file",
               "dovetail"};
  app.require_subcommand(1);
  app.footer(exit_codes);
  app.set_version_flag("--version", "dovetail " DOVETAIL_VERSION);
  Options options;
  StoreOptions store_options;
  RunOptions run_options;
  int result = could_not_run;

  CLI::App* plan = app.add_subcommand("plan", "list what differs, and what would be written; writes nothing");
  RunCommands runs(options, store_options, run_options, result);
  add_inputs(*plan, options, false);
  runs.add_to(*plan);
  add_decisions(*plan, options);
  add_filter(*plan, options, "list and decide only findings");
  plan->add_flag("--all", options.all, "list standing differences, too");
  plan->add_option("--out-hub", options.out_hub)->group("");  // refused in words: plan writes nothing
  plan->add_option("--out-provider", options.out_provider)->group("");
  plan->footer(exit_codes);
  plan->callback([&] { runs.run_either(plan_run_command, plan_command); });

  CLI::App* sync = app.add_subcommand("sync", "carry out the plan: write what was decided, and remember it");
  add_inputs(*sync, options, false);
  runs.add_to(*sync);
  add_decisions(*sync, options);
  add_filter(*sync, options, "decide and write only findings");
  sync->add_flag(
      "--ask", options.ask,
      "ask on the terminal about what is not decided: q stops asking and carries out what was answered, the end "
      "of the input (Ctrl-D) writes nothing");
  sync->add_option("--out-hub", options.out_hub, "write the hub's export here, and leave the one that was read");
  sync->add_option("--out-provider", options.out_provider,
                   "write the provider's export here (a folder, if it was one). No output may be a file that the run "
                   "reads for something else, nor another output; devices and pipes are refused");
  sync->footer(exit_codes);
  sync->callback([&] { runs.run_either(sync_run_command, sync_command); });

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

  StoreCommands store_commands(store_options, result);
  add_store_commands(app, store_commands, store_options);
  add_connection_commands(app, store_commands, store_options);
  add_people_commands(app, store_commands, store_options);
  add_mail_commands(app, store_commands, store_options);
  add_rules_commands(app, store_commands, store_options);
  runs.add_commands(app);

  if (const std::optional<std::string> unknown = unknown_word(app, std::span(argv, static_cast<std::size_t>(argc)))) {
    fmt::print(stderr, "dovetail: {}\n", *unknown);
    return could_not_run;
  }
  refuse_empty(app);
  if (refuse_bare_equals(argc, argv)) return could_not_run;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? clean : could_not_run;
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may grow no further is an error of writing it
  if (!has_output()) return could_not_run;
  int result = could_not_run;
  try {
    result = run(argc, argv);
  } catch (const std::exception& failure) {
    // A full output is told of below.
    const std::string what =
        fmt::format("dovetail: {}\n",
                    dovetail::what_is_lacking(failure).value_or(std::string("internal error: ") + failure.what()));
    if (std::ferror(stdout) == 0) std::fputs(what.c_str(), stderr);
  }
  return finish_output(result);
}
