// What dovetail::Runtime takes and gives. Standard library only.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dovetail {
inline namespace host {

struct Error {
  // "input" (the request, a file or a key is wrong), "auth", "data", "rate", "deferred", "transient" (try again) or
  // "in-doubt".
  std::string kind;
  std::string what;                                      // a sentence for people
  std::optional<std::chrono::milliseconds> retry_after;  // where somebody said when to come again
};
template <typename T>
using Result = std::expected<T, Error>;

using Texts = std::map<std::string, std::string>;
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

struct Options {
  std::string store;    // "sqlite:PATH" (one process at a time) or "postgresql:CONNINFO" (any number)
  std::string key;      // 64 hexadecimal digits: what secrets are sealed and hashed with
  bool create = false;  // makes the store where there is none
  std::string log{};    // "json" or "text": what happens goes to standard error; else nothing does
  std::optional<std::uint64_t> most_waiting{};  // events of one connection; 0: any number. Else 100,000
  std::string ca_file{}, proxy{};               // how systems are reached; neither is needed as a rule
};

// A connection that is to be made. `map` is a rule file's path or the name of one that came with the product; `hub` and
// `provider` are "SYSTEM:URL", or "SYSTEM:" for the real system.
struct Wanted {
  std::string name, map, hub, provider;
  Texts hub_credentials{}, provider_credentials{};  // by name
  std::string tenant{};
  Texts settings{};
  std::optional<std::vector<std::string>> scope{};  // hub ids; nullopt: the whole hub
  bool observe_only = false, test_system = false;
};

// Who answers to a key.
struct Company {
  std::string id, name;
  std::vector<std::string> missing_privileges{};
};
struct Companies {
  Company hub, provider;
};

struct Connection {
  std::string name, tenant, map, hub, provider;
  std::string state;  // "fresh" (no manual run is finished yet), "active", "paused", "quarantined"
  std::string why;    // of a state that somebody, or trouble, brought about
  Company company;    // the provider's
  bool observe_only = false, test_system = false;
  Texts settings;
  std::optional<std::vector<std::string>> scope;  // nullopt: the whole hub
};

// What may be changed; nullopt: stays as it is.
struct Changes {
  std::optional<Texts> settings{};
  std::optional<std::vector<std::string>> scope{};  // hub ids
  bool whole_hub = false;                           // instead of a scope
  std::optional<bool> observe_only{}, test_system{};
};

struct Run {
  std::int64_t number = 0;
  std::string state, by;
  std::string plan;           // JSON, docs/formats.md; empty where many runs are listed
  bool needs_person = false;  // something of the plan is not decided
};

struct RunReport {
  std::map<std::string, std::uint64_t> outcomes;  // how many operations were "done", "refused", …
  bool finished = false;                          // nothing waits for a decision
  bool activated = false;                         // pushes go out from now on
  bool complete = false;                          // everybody could be read
};

struct Status {
  std::string state;
  std::uint64_t links = 0, waiting = 0, problems = 0, needs_you = 0;
  std::string waits_until{};  // "2026-01-31T12:00:00.000Z", as a system asked for; empty: nothing waits for that
};

struct Problem {
  std::string hub_id, provider_id;  // empty: it is about the connection, or about nobody there
  std::string field, reason;
  std::string what;  // for people: what, which rule, whose limit, what to do
  std::uint64_t times = 0;
  bool needs_you = false, solved = false;
};

struct Link {
  std::string hub_id, provider_id, state, evidence, note;
};

struct Swept {
  std::uint64_t people = 0, changed = 0, added = 0, removed = 0;
};

struct Notification {
  std::int64_t id = 0;
  std::string connection, kind, text;  // without personal values
};

struct Answer {
  bool needs_person = false;  // done as far as it goes without a person's decision
  std::string json;
};

}  // namespace host
}  // namespace dovetail
