// dovetail::Runtime over the C interface, so that no C++ crosses the border of the shared library.
#include <dovetail/runtime.hpp>

#include <array>
#include <nlohmann/json.hpp>

#include "engine/api/dovetail.h"

namespace dovetail {
inline namespace host {
namespace {

using Json = nlohmann::ordered_json;

struct Free {
  void operator()(char* text) const { dovetail_free(text); }
};
using Text = std::unique_ptr<char, Free>;

std::string text(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_number() ? found->get<std::uint64_t>() : 0;
}

bool truth(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_boolean() && found->get<bool>();
}

const Json& part(const Json& json, const char* member) {
  static const Json nothing = Json::object();
  const auto found = json.find(member);
  return found != json.end() ? *found : nothing;
}

std::vector<std::string> texts(const Json& json, const char* member) {
  std::vector<std::string> all;
  for (const Json& one : part(json, member)) {
    if (one.is_string()) all.push_back(one.get<std::string>());
  }
  return all;
}

Json object(const Texts& pairs) {
  Json json = Json::object();
  for (const auto& [name, value] : pairs) json[name] = value;
  return json;
}

Result<std::string> dump(const Json& json) {
  try {
    return json.dump();
  } catch (const Json::type_error&) {
    return std::unexpected(Error{"input", "a text is not UTF-8", {}});
  }
}

Error error_of(const char* answer) {
  const Json json = Json::parse(answer == nullptr ? "" : answer, nullptr, false);
  const Json& error = json.is_object() ? part(json, "error") : json;
  if (!error.is_object() || text(error, "kind").empty()) return {"transient", "the library has no memory left", {}};
  Error found{text(error, "kind"), text(error, "what"), std::nullopt};
  if (error.contains("retry_after_ms")) found.retry_after = std::chrono::milliseconds(number(error, "retry_after_ms"));
  return found;
}

Company company_of(const Json& json) {
  return {text(json, "id"), text(json, "name"), texts(json, "missing_privileges")};
}

Companies companies_of(const Json& json) { return {company_of(part(json, "hub")), company_of(part(json, "provider"))}; }

Connection connection_of(const Json& json) {
  Connection found{.name = text(json, "name"),
                   .tenant = text(json, "tenant"),
                   .map = text(json, "map"),
                   .hub = text(json, "hub"),
                   .provider = text(json, "provider"),
                   .state = text(json, "state"),
                   .why = text(json, "why"),
                   .company = company_of(part(json, "company")),
                   .observe_only = truth(json, "observe_only"),
                   .test_system = truth(json, "test_system"),
                   .settings = {},
                   .scope = std::nullopt};
  for (const auto& [name, value] : part(json, "settings").items()) found.settings[name] = value.get<std::string>();
  if (part(json, "scope").is_array()) found.scope = texts(json, "scope");
  return found;
}

Run run_of(const Json& json, bool needs_person) {
  return {.number = static_cast<std::int64_t>(number(json, "run")),
          .state = text(json, "state"),
          .by = text(json, "by"),
          .plan = json.contains("plan") ? json["plan"].dump() : std::string(),
          .needs_person = needs_person};
}

Problem problem_of(const Json& json) {
  const Json& person = part(json, "person");
  return {.hub_id = text(person, "hub"),
          .provider_id = text(person, "provider"),
          .field = text(json, "field"),
          .reason = text(json, "reason"),
          .what = text(json, "what"),
          .times = number(json, "times"),
          .needs_you = truth(json, "needs_you"),
          .solved = truth(json, "solved")};
}

Link link_of(const Json& json) {
  return {text(json, "hub"), text(json, "provider"), text(json, "state"), text(json, "evidence"), text(json, "note")};
}

Json request_of(const char* call, const Wanted& wanted) {
  Json json = {{"call", call},
               {"name", wanted.name},
               {"map", wanted.map},
               {"hub", wanted.hub},
               {"provider", wanted.provider},
               {"hub_credentials", object(wanted.hub_credentials)},
               {"provider_credentials", object(wanted.provider_credentials)},
               {"observe_only", wanted.observe_only},
               {"test_system", wanted.test_system}};
  if (!wanted.tenant.empty()) json["tenant"] = wanted.tenant;
  if (!wanted.settings.empty()) json["settings"] = object(wanted.settings);
  if (wanted.scope) json["scope"] = *wanted.scope;
  return json;
}

}  // namespace

struct Runtime::Handle {
  dovetail_runtime* runtime = nullptr;

  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { dovetail_close(runtime); }

  struct Said {
    Json json;
    bool needs_person = false;
  };
  Result<Answer> ask_text(const std::string& request) const {
    if (runtime == nullptr) {
      return std::unexpected(Error{
          "input", "nothing was done: this Runtime was moved from, so it has none; call the one it was moved to", {}});
    }
    if (request.find('\0') != request.npos) return std::unexpected(Error{"input", "the request has a NUL in it", {}});
    char* answer = nullptr;
    const int done = dovetail_call(runtime, request.c_str(), &answer);
    const Text owned(answer);
    if (done == DOVETAIL_FAILED || answer == nullptr) return std::unexpected(error_of(answer));
    return Answer{done == DOVETAIL_NEEDS_PERSON, answer};
  }
  Result<Said> ask(const Json& request) const {
    const Result<std::string> asked = dump(request);
    if (!asked) return std::unexpected(asked.error());
    const Result<Answer> answer = ask_text(*asked);
    if (!answer) return std::unexpected(answer.error());
    return Said{Json::parse(answer->json, nullptr, false), answer->needs_person};
  }

  // Asks, and reads the answer.
  template <typename Read>
  auto ask(const Json& request, Read read) const -> Result<decltype(read(Json()))> {
    const Result<Said> said = ask(request);
    if (!said) return std::unexpected(said.error());
    return read(said->json);
  }
  Result<void> tell(const Json& request) const {
    const Result<Said> said = ask(request);
    if (!said) return std::unexpected(said.error());
    return {};
  }
  // The same for each of a list.
  template <typename Read>
  auto ask_all(const Json& request, const char* member, Read read) const
      -> Result<std::vector<decltype(read(Json()))>> {
    return ask(request, [&](const Json& json) {
      std::vector<decltype(read(Json()))> all;
      for (const Json& one : part(json, member)) all.push_back(read(one));
      return all;
    });
  }
  Result<Run> ask_run(const Json& request) const {
    const Result<std::string> asked = dump(request);
    if (!asked) return std::unexpected(asked.error());
    return ask_run_text(*asked);
  }
  Result<Run> ask_run_text(const std::string& request) const {
    const Result<Answer> answer = ask_text(request);
    if (!answer) return std::unexpected(answer.error());
    return run_of(Json::parse(answer->json, nullptr, false), answer->needs_person);
  }
};

Runtime::Runtime(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Runtime::Runtime(Runtime&& other) noexcept = default;
Runtime& Runtime::operator=(Runtime&& other) noexcept = default;
Runtime::~Runtime() = default;

// Of a runtime that was moved from: every call is refused.
const Runtime::Handle& Runtime::handle() const {
  static const Handle none;
  return handle_ ? *handle_ : none;
}

Result<Runtime> Runtime::open(const Options& options) {
  Json json = {{"store", options.store}, {"key", options.key}, {"create", options.create}};
  if (!options.log.empty()) json["log"] = options.log;
  if (options.most_waiting) json["most_waiting"] = *options.most_waiting;
  if (!options.ca_file.empty()) json["ca_file"] = options.ca_file;
  if (!options.proxy.empty()) json["proxy"] = options.proxy;
  const Result<std::string> asked = dump(json);
  if (!asked) return std::unexpected(asked.error());
  auto handle = std::make_unique<Handle>();
  char* answer = nullptr;
  const int done = dovetail_open(asked->c_str(), &handle->runtime, &answer);
  const Text owned(answer);
  if (done == DOVETAIL_FAILED) return std::unexpected(error_of(answer));
  return Runtime(std::move(handle));
}

Result<Companies> Runtime::introduce(const Wanted& wanted) {
  return handle().ask(request_of("connection.introduce", wanted), companies_of);
}

Result<Connection> Runtime::add(const Wanted& wanted, const std::string& company) {
  Json request = request_of("connection.add", wanted);
  request["company"] = company;
  return handle().ask(request, connection_of);
}

Result<std::vector<Connection>> Runtime::connections() {
  return handle().ask_all({{"call", "connection.list"}}, "connections", connection_of);
}

Result<Connection> Runtime::connection(const std::string& name) {
  return handle().ask({{"call", "connection.show"}, {"name", name}}, connection_of);
}

Result<Companies> Runtime::check(const std::string& name) {
  return handle().ask({{"call", "connection.check"}, {"name", name}}, companies_of);
}

Result<Connection> Runtime::set(const std::string& name, const Changes& changes) {
  Json request = {{"call", "connection.set"}, {"name", name}};
  if (changes.settings) request["settings"] = object(*changes.settings);
  if (changes.scope) request["scope"] = *changes.scope;
  if (changes.whole_hub) request["whole_hub"] = true;
  if (changes.observe_only) request["observe_only"] = *changes.observe_only;
  if (changes.test_system) request["test_system"] = *changes.test_system;
  return handle().ask(request, connection_of);
}

Result<Connection> Runtime::set_credentials(const std::string& name, const std::string& of, const Texts& credentials) {
  return handle().ask(
      {{"call", "connection.set_credentials"}, {"name", name}, {"of", of}, {"credentials", object(credentials)}},
      connection_of);
}

Result<Connection> Runtime::pause(const std::string& name, const std::string& why) {
  return handle().ask({{"call", "connection.pause"}, {"name", name}, {"why", why}}, connection_of);
}

Result<Connection> Runtime::resume(const std::string& name) {
  return handle().ask({{"call", "connection.resume"}, {"name", name}}, connection_of);
}

Result<void> Runtime::remove(const std::string& name) {
  return handle().tell({{"call", "connection.remove"}, {"name", name}});
}

Result<bool> Runtime::event(const std::string& connection, const std::string& person, const std::string& what,
                            const std::string& id) {
  Json request = {{"call", "event"}, {"connection", connection}, {"person", person}, {"what", what}};
  if (!id.empty()) request["id"] = id;
  return handle().ask(request, [](const Json& json) { return truth(json, "new"); });
}

Result<std::uint64_t> Runtime::webhook(const std::string& connection, const Texts& headers, const std::string& body) {
  return handle().ask({{"call", "webhook"}, {"connection", connection}, {"headers", object(headers)}, {"body", body}},
                      [](const Json& json) { return number(json, "people"); });
}

Result<Run> Runtime::start_run(const std::string& connection, const std::string& by) {
  return handle().ask_run({{"call", "run.start"}, {"connection", connection}, {"by", by}});
}

Result<Run> Runtime::run(const std::string& connection, std::int64_t number) {
  return handle().ask_run({{"call", "run.show"}, {"connection", connection}, {"run", number}});
}

Result<Run> Runtime::decide(const std::string& connection, std::int64_t number, const std::string& decisions) {
  const std::size_t first = decisions.find_first_not_of(" \t\r\n");
  if (first == decisions.npos || decisions[first] != '{' || !Json::accept(decisions)) {
    return std::unexpected(Error{"input", "the decisions must be a JSON object", {}});
  }
  const Result<std::string> asked = dump({{"call", "run.decide"}, {"connection", connection}, {"run", number}});
  if (!asked) return std::unexpected(asked.error());
  // As they are: what the library reads of them is its own to judge.
  return handle().ask_run_text(asked->substr(0, asked->size() - 1) + ",\"decisions\":" + decisions + "}");
}

Result<RunReport> Runtime::apply(const std::string& connection, std::int64_t number,
                                 std::chrono::milliseconds patience) {
  return handle().ask(
      {{"call", "run.apply"}, {"connection", connection}, {"run", number}, {"patience_ms", patience.count()}},
      [](const Json& json) {
        RunReport report{.outcomes = {},
                         .finished = truth(json, "finished"),
                         .activated = truth(json, "activated"),
                         .complete = truth(json, "complete")};
        for (const auto& [name, count] : part(json, "outcomes").items()) {
          report.outcomes[name] = count.get<std::uint64_t>();
        }
        return report;
      });
}

Result<std::vector<Run>> Runtime::runs(const std::string& connection) {
  return handle().ask_all({{"call", "run.list"}, {"connection", connection}}, "runs",
                          [](const Json& json) { return run_of(json, false); });
}

Result<void> Runtime::start_working(unsigned threads) {
  return handle().tell({{"call", "work.start"}, {"threads", threads}});
}

Result<void> Runtime::stop_working() { return handle().tell({{"call", "work.stop"}}); }

Result<void> Runtime::work_until_idle(unsigned threads) {
  return handle().tell({{"call", "work.until_idle"}, {"threads", threads}});
}

Result<Swept> Runtime::sweep(const std::string& connection) {
  return handle().ask({{"call", "sweep"}, {"connection", connection}}, [](const Json& json) {
    return Swept{number(json, "people"), number(json, "changed"), number(json, "added"), number(json, "removed")};
  });
}

Result<Status> Runtime::status(const std::string& connection) {
  return handle().ask({{"call", "status"}, {"connection", connection}, {"most", 0}}, [](const Json& json) {
    return Status{.state = text(json, "state"),
                  .links = number(json, "links"),
                  .waiting = number(json, "waiting"),
                  .problems = number(json, "problems"),
                  .needs_you = number(json, "needs_you"),
                  .waits_until = text(json, "waits_until")};
  });
}

Result<std::vector<Problem>> Runtime::problems(const std::string& connection, bool also_solved) {
  return handle().ask_all({{"call", "log"}, {"connection", connection}, {"solved", also_solved}}, "problems",
                          problem_of);
}

Result<std::vector<Link>> Runtime::links(const std::string& connection) {
  return handle().ask_all({{"call", "links"}, {"connection", connection}}, "links", link_of);
}

Result<void> Runtime::retry(const std::string& connection, const std::string& person) {
  Json request = {{"call", "retry"}, {"connection", connection}};
  if (!person.empty()) request["person"] = person;
  return handle().tell(request);
}

Result<bool> Runtime::erase(const std::string& connection, const std::string& person) {
  return handle().ask({{"call", "person.erase"}, {"connection", connection}, {"person", person}},
                      [](const Json& json) { return truth(json, "was_remembered"); });
}

Result<std::vector<Notification>> Runtime::notifications(unsigned most, std::chrono::milliseconds hold) {
  return handle().ask_all({{"call", "notifications.poll"}, {"most", most}, {"hold_ms", hold.count()}}, "notifications",
                          [](const Json& json) {
                            return Notification{static_cast<std::int64_t>(number(json, "id")), text(json, "connection"),
                                                text(json, "kind"), text(json, "text")};
                          });
}

Result<bool> Runtime::told(std::int64_t notification) {
  return handle().ask({{"call", "notifications.told"}, {"id", notification}},
                      [](const Json& json) { return truth(json, "found"); });
}

Result<std::string> Runtime::metrics() {
  return handle().ask({{"call", "metrics"}}, [](const Json& json) { return text(json, "prometheus"); });
}

Result<Answer> Runtime::call(const std::string& request) { return handle().ask_text(request); }

std::string version() { return dovetail_version(); }

}  // namespace host
}  // namespace dovetail
