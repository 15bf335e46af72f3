// All calls to one system: over as many kept connections as it may be asked at once, for any number of threads.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "providers/toolkit/adapter.hpp"
#include "providers/toolkit/http/client.hpp"
#include "providers/toolkit/json_answer.hpp"

namespace dovetail::providers {

// What a JSON answer must be to be one.
struct Expected {
  enum class Kind : std::uint8_t {
    object,
    list,
    either,
    nothing,  // whatever, also no body
  };
  Kind kind = Kind::object;
  std::string member = {};           // of the object: must have a text
  std::string text = {};             // and be this one; empty: any
  bool no_content_is_empty = false;  // HTTP status 204 is a list with nothing in it
};

class Calls {
 public:
  // `at_once` connections to the setup's endpoint. The dialect must outlive the calls.
  static Result<std::unique_ptr<Calls>> open(const AdapterSetup& setup, Dialect& dialect, const Limit& limit,
                                             unsigned at_once = 1);

  // As Client::send; waits for a connection that is free.
  Result<Response> send(const Request& request, const Accept& accept = {});

  // nullptr: the system says that there is no such record (only where the request allows it). An answer that is not
  // what was expected counts as none: it is asked for again, or, after an unsafe call, leaves it in doubt.
  Result<std::unique_ptr<JsonAnswer>> json(const Request& request, const Expected& expected);

  unsigned at_once() const { return static_cast<unsigned>(lanes_.size()); }

 private:
  struct Lane {
    std::unique_ptr<Transport> transport;
    Client client;
  };
  Lane& take();
  void give_back(Lane& lane);

  std::mutex mutex_, trace_mutex_;
  std::condition_variable freed_;
  std::list<Lane> lanes_;
  std::vector<Lane*> free_;
};

// A call that sends JSON.
Request json_request(std::string operation, std::string method, std::string target, std::string body,
                     Repeat repeat = Repeat::safe);

// The document of one record; nullopt: there is no such record any more.
using Document = std::optional<std::string>;

// Fetches 0 … count - 1 on up to `at_once` threads, and hands each to `take` on this one, in their order. Ends early,
// as a partial listing, where one record after the other fails: the rest would, too. An Error of kind auth is returned.
Result<Completeness> read_each(std::size_t count, unsigned at_once,
                               const std::function<Result<Document>(std::size_t)>& fetch,
                               const std::function<void(std::size_t, const Result<Document>&)>& take);

// Appends each of those records: `fetch` gives its document, `decode` appends that. One that cannot be read is appended
// with its id alone, and a note says why; so is one that is listed and not found. `decode` names the lists that it did
// not read. Errors and completeness as of read_each.
Result<Completeness> read_records(
    const ir::Schema& schema, const std::vector<std::string>& ids, unsigned at_once,
    const std::function<Result<Document>(std::size_t)>& fetch,
    const std::function<Result<void>(const std::string&, std::vector<std::string>&)>& decode, Snapshot& into);

}  // namespace dovetail::providers
