#include "providers/toolkit/calls.hpp"

#include <fmt/format.h>

#include <atomic>
#include <thread>

namespace dovetail::providers {
namespace {

constexpr std::size_t fetched_ahead = 256;  // documents that are held before they are decoded
constexpr int failures_in_a_row = 3;        // that end a listing

Result<void> fits(const JsonNode& root, const Expected& expected, const std::string& operation) {
  using Kind = Expected::Kind;
  const bool list = root.kind == JsonNode::Kind::array, object = root.kind == JsonNode::Kind::object;
  const bool kind = (list && expected.kind == Kind::list) || (object && expected.kind == Kind::object) ||
                    ((list || object) && expected.kind == Kind::either);
  const std::string_view text = expected.member.empty() ? "" : text_member(root, expected.member);
  const bool member = expected.member.empty() || (expected.text.empty() ? !text.empty() : text == expected.text);
  if (kind && member) return {};
  return std::unexpected(Error{
      .kind = Error::Kind::transient,
      .what = fmt::format("{}: the answer {}", operation,
                          kind && !expected.text.empty() ? "is about another record" : "is not what was asked for")});
}

}  // namespace

Result<std::unique_ptr<Calls>> Calls::open(const AdapterSetup& setup, Dialect& dialect, const Limit& limit,
                                           unsigned at_once) {
  auto calls = std::make_unique<Calls>();
  Surroundings around = setup.around;
  if (around.trace) {
    around.trace = [self = calls.get(), trace = setup.around.trace](const Trace& each) {
      const std::lock_guard lock(self->trace_mutex_);
      trace(each);
    };
  }
  for (unsigned i = 0; i < at_once; ++i) {
    Result<std::unique_ptr<Transport>> transport = connect(setup);
    if (!transport) return std::unexpected(transport.error());
    Transport& over = **transport;
    calls->lanes_.push_back({.transport = std::move(*transport), .client = Client(over, dialect, limit, around)});
  }
  // The first is taken first: where calls follow each other, one connection serves them all.
  for (auto lane = calls->lanes_.rbegin(); lane != calls->lanes_.rend(); ++lane) calls->free_.push_back(&*lane);
  return calls;
}

Calls::Lane& Calls::take() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return !free_.empty(); });
  Lane* lane = free_.back();
  free_.pop_back();
  return *lane;
}

void Calls::give_back(Lane& lane) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(&lane);
  }
  freed_.notify_one();
}

Result<Response> Calls::send(const Request& request, const Accept& accept) {
  Lane& lane = take();
  Result<Response> answer = lane.client.send(request, accept);
  give_back(lane);
  return answer;
}

Result<std::unique_ptr<JsonAnswer>> Calls::json(const Request& request, const Expected& expected) {
  std::unique_ptr<JsonAnswer> parsed;
  const Result<Response> answer = send(request, [&](Response& response) -> Result<void> {
    std::string body = expected.no_content_is_empty && response.status == 204 ? "[]" : std::move(response.body);
    if (expected.kind == Expected::Kind::nothing) body = "{}";
    Result<std::unique_ptr<JsonAnswer>> read = JsonAnswer::read(request.operation, std::move(body));
    if (!read) return std::unexpected(std::move(read.error()));
    if (expected.kind != Expected::Kind::nothing) {
      if (Result<void> fitting = fits((*read)->root(), expected, request.operation); !fitting) return fitting;
    }
    (*read)->headers = response.headers;
    parsed = std::move(*read);
    return {};
  });
  if (!answer) return std::unexpected(answer.error());
  return parsed;
}

Result<Completeness> read_each(std::size_t count, unsigned at_once,
                               const std::function<Result<Document>(std::size_t)>& fetch,
                               const std::function<void(std::size_t, const Result<Document>&)>& take) {
  std::vector<std::optional<Result<Document>>> window;
  for (std::size_t first = 0; first < count; first += window.size()) {
    window.assign(std::min(fetched_ahead, count - first), std::nullopt);
    std::atomic<std::size_t> next{0};
    std::atomic<int> failed{0};
    const auto work = [&] {
      for (std::size_t i = next++; i < window.size() && failed < failures_in_a_row; i = next++) {
        window[i] = fetch(first + i);
        if (*window[i])
          failed = 0;
        else if ((*window[i]).error().kind == Error::Kind::auth)
          failed = failures_in_a_row;
        else
          ++failed;
      }
    };
    if (at_once < 2) {
      work();
    } else {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < std::min<std::size_t>(at_once, window.size()); ++i) threads.emplace_back(work);
    }
    std::size_t read = 0;
    std::optional<Error> last;
    for (std::size_t i = 0; i < window.size(); ++i) {
      if (!window[i]) continue;
      if (!*window[i] && window[i]->error().kind == Error::Kind::auth) return std::unexpected(window[i]->error());
      if (!*window[i]) last = window[i]->error();
      take(first + i, *window[i]);
      ++read;
    }
    if (failed >= failures_in_a_row) {
      return Completeness{
          .complete = false,
          .reason = fmt::format("{} of {} people were read, then: {}", first + read, count, last ? last->what : "")};
    }
  }
  return Completeness{.complete = true, .reason = {}};
}

Request json_request(std::string operation, std::string method, std::string target, std::string body, Repeat repeat) {
  return {.operation = std::move(operation),
          .method = std::move(method),
          .target = std::move(target),
          .content_type = "application/json",
          .body = std::move(body),
          .repeat = repeat};
}

Result<Completeness> read_records(
    const ir::Schema& schema, const std::vector<std::string>& ids, unsigned at_once,
    const std::function<Result<Document>(std::size_t)>& fetch,
    const std::function<Result<void>(const std::string&, std::vector<std::string>&)>& decode, Snapshot& into) {
  std::vector<std::string> notes;
  Result<Completeness> whole = read_each(ids.size(), at_once, fetch, [&](std::size_t i, const Result<Document>& got) {
    std::vector<std::string> unread;
    const Result<void> read = !got   ? std::unexpected(got.error())
                              : *got ? decode(**got, unread)
                                     : std::unexpected(listed_but_not_found());
    if (!read) return add_unread(schema, ids[i], read.error(), into, notes);
    add_unread_lists(ids[i], unread, notes);
  });
  if (whole) whole->notes = std::move(notes);
  return whole;
}

}  // namespace dovetail::providers
