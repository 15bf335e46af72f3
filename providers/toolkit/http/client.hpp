// Calls to one system: waits for its turn, signs each attempt, judges the answer, tries again where that is safe.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "engine/clock.hpp"
#include "providers/toolkit/http/budget.hpp"
#include "providers/toolkit/http/trace.hpp"
#include "providers/toolkit/http/transport.hpp"

namespace dovetail::providers {

// Why an answer is none. Whether the call had an effect decides if it may be repeated.
struct Refusal {
  Error error;
  bool had_no_effect = true;
};

// Looks into what the dialect takes for an answer. An Error (kind transient): it is none, and whether the call had an
// effect is not known. So bodies that are cut off, or of something else, are asked for again like lost ones.
using Accept = std::function<Result<void>(Response&)>;

// What an adapter says about its system's use of HTTP.
class Dialect {
 public:
  virtual ~Dialect() = default;

  // Adds credentials and constant headers to one attempt, which goes over that connection.
  virtual Result<void> sign(Request& attempt, Transport& over) = 0;

  // After a 401 to that attempt: drops what was cached. false: there is nothing that could be renewed.
  virtual bool renew(const Request&) { return false; }

  // nullopt: it is an answer; sets `absent` where the system documents that this means "there is no such record".
  // The default: by status, and 404 is a failure.
  virtual std::optional<Refusal> judge(Response& response) const;
};

struct Patience {
  unsigned attempts = 4;
  std::chrono::milliseconds first{500};       // doubles with each attempt, less up to half by chance
  std::chrono::milliseconds longest{20'000};  // a system that asks for more gets it from the caller: Error::retry_after
};

// Everything around a system that is not the system's own.
struct Surroundings {
  Clock& clock;
  Budgets& budgets;
  TraceSink trace = {};
  Patience patience = {};
  // true: whoever waits for a turn, or to try again, gives up. Empty: nobody does. From any thread.
  std::function<bool()> gives_up = {};
};

class Client {
 public:
  // All must outlive the client, and the transport belongs to it while it calls.
  Client(Transport& transport, Dialect& dialect, Limit limit, const Surroundings& surroundings);

  // The answer; `absent` only where the request allows it. An unsafe call is repeated only if it surely had no effect;
  // where that is unknown, the Error's kind is in_doubt. Not for two threads at once.
  Result<Response> send(const Request& request, const Accept& accept = {});

 private:
  struct Attempt {
    Request request;     // as it was signed
    std::string answer;  // its body as a trace shows it, where there is one
    std::optional<Response> response;
    std::optional<Refusal> refusal;
  };
  Attempt once(const Request& request, const Accept& accept, unsigned number);
  std::chrono::milliseconds pause_before(unsigned next, const Error& error);
  void report(unsigned number, std::chrono::milliseconds took, const Attempt& attempt) const;

  Transport& transport_;
  Dialect& dialect_;
  Limit limit_;
  Surroundings around_;
  std::minstd_rand chance_;
};

// The kind that a status means by itself: 401 and 403 auth, 429 rate, 423 deferred, other 4xx data, all else transient.
Error::Kind kind_of_status(int status);

// Seconds, or a date of HTTP, and no more than a day: a system that means longer is asked once a day, so that one which
// says so by mistake is not given up for years. nullopt: no such header, or not readable.
std::optional<std::chrono::milliseconds> retry_after(const Response& response, Clock& clock);

// The same for people: "it asked us to wait until …", and what is made of more than a day. Empty: it asked for nothing.
std::string said_wait(const Response& response, Clock& clock);

}  // namespace dovetail::providers
