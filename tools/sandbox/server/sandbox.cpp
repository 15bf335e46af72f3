#include "tools/sandbox/server/sandbox.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <stdexcept>
#include <thread>

#include "tools/sandbox/server/control.hpp"

namespace dovetail::sandbox {

namespace {

Call to_call(const httplib::Request& request) {
  Call call = make_call(request.method, request.target);
  for (const auto& [name, value] : request.headers) {
    // What the library adds to the headers it received.
    if (name == "REMOTE_ADDR" || name == "REMOTE_PORT" || name == "LOCAL_ADDR" || name == "LOCAL_PORT") continue;
    call.headers.emplace_back(name, value);
  }
  call.body = request.body;
  return call;
}

void write(const Answer& answer, httplib::Response& response) {
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  if (answer.body.empty()) {
    if (!answer.content_type.empty() && answer.status != 204) response.set_header("Content-Type", answer.content_type);
    return;
  }
  // A provider, since the library would compress a plain body at its slowest setting.
  response.set_content_provider(answer.body.size(), answer.content_type,
                                [body = answer.body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
                                  return sink.write(body.data() + offset, length);
                                });
}

// What the faults leave of a call and of its answer.
struct Struck {
  std::vector<Fault> faults;

  const Fault* find(FaultKind kind) const {
    for (const Fault& fault : faults) {
      if (fault.kind == kind) return &fault;
    }
    return nullptr;
  }
  std::string names() const {
    std::string text;
    for (const Fault& fault : faults) {
      text += (text.empty() ? "" : " ") + to_json(fault)["kind"].get<std::string>();
    }
    return text;
  }
};

Answer in_place(const Fault& fault, System& system, const Call& call) {
  Answer answer = system.failure(fault.status, call);
  if (fault.body) {
    answer.body = *fault.body;
    answer.content_type = fault.content_type;
  }
  if (fault.retry_after) answer.headers.emplace_back("Retry-After", *fault.retry_after);
  return answer;
}

Answer redirect(const Fault& fault) {
  return {.status = fault.status,
          .content_type = "text/html",
          .body = "<html><body>Moved</body></html>",
          .headers = {{"Location", fault.location}}};
}

Answer answer_with(const Struck& struck, System& system, Call& call) {
  if (struck.find(FaultKind::expire_tokens) != nullptr) system.expire_tokens();
  if (struck.find(FaultKind::revoke_tokens) != nullptr) system.revoke_tokens();
  if (const Fault* fault = struck.find(FaultKind::redirect)) return redirect(*fault);
  const Fault* status = struck.find(FaultKind::status);
  if (status != nullptr && !status->after) return in_place(*status, system, call);
  if (struck.find(FaultKind::empty_list) != nullptr) call.cut = ListCut{};
  if (const Fault* cut = struck.find(FaultKind::short_page)) call.cut = ListCut{cut->rows, cut->says_more};
  Answer answer = system.answer(call);
  if (status != nullptr) return in_place(*status, system, call);
  if (const Fault* fault = struck.find(FaultKind::content_type)) answer.content_type = fault->content_type;
  if (const Fault* fault = struck.find(FaultKind::cut_body)) {
    answer.body.resize(std::min(answer.body.size(), fault->bytes));
  }
  return answer;
}

}  // namespace

struct Sandbox::Inside {
  explicit Inside(std::unique_ptr<System> simulated) : system(std::move(simulated)), running(*system) {}

  void answer(const httplib::Request& request, httplib::Response& response);
  Answer answer_system(Call call);
  bool enter(const std::string& lane);  // whether the lane was in use

  std::unique_ptr<System> system;
  Running running;
  httplib::Server server;
  std::thread listener;
  int port = 0;
  std::map<std::string, int> lanes;
};

bool Sandbox::Inside::enter(const std::string& lane) {
  const std::lock_guard guard(running.lock);
  return !lane.empty() && lanes[lane]++ > 0;
}

Answer Sandbox::Inside::answer_system(Call call) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string lane = system->lane(call);
  call.overlaps = enter(lane);
  Struck struck;
  long long wait = 0;
  {
    const std::lock_guard guard(running.lock);
    struck.faults = running.faults.strike(call);
    wait = system->knobs.number("latency_ms");
  }
  if (const Fault* latency = struck.find(FaultKind::latency)) wait += latency->milliseconds;
  std::this_thread::sleep_for(std::chrono::milliseconds(wait));
  const std::lock_guard guard(running.lock);
  Answer answer;
  try {
    answer = answer_with(struck, *system, call);
  } catch (const std::exception& bug) {
    answer = {.status = 500,
              .content_type = "text/plain",
              .body = fmt::format("a bug of the sandbox: {}", bug.what()),
              .headers = {}};
  }
  const auto spent = std::chrono::steady_clock::now() - begin;
  if (!lane.empty()) --lanes[lane];
  running.recorder.add({.number = 0,
                        .at = system->clock.now(),
                        .microseconds = std::chrono::duration_cast<std::chrono::microseconds>(spent).count(),
                        .call = std::move(call),
                        .answer = answer,
                        .faults = struck.names()});
  return answer;
}

void Sandbox::Inside::answer(const httplib::Request& request, httplib::Response& response) {
  Call call = to_call(request);
  if (call.path == control_prefix || call.path.starts_with(fmt::format("{}/", control_prefix))) {
    const std::lock_guard guard(running.lock);
    write(answer_control(running, call), response);
  } else {
    write(answer_system(std::move(call)), response);
  }
}

Sandbox::Sandbox(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

std::expected<std::unique_ptr<Sandbox>, std::string> Sandbox::start(std::unique_ptr<System> system,
                                                                    const ServerOptions& options) {
  auto inside = std::make_unique<Inside>(std::move(system));
  if (!options.record.empty()) {
    if (auto failed = inside->running.recorder.write_to(options.record)) return std::unexpected(*failed);
  }
  httplib::Server& server = inside->server;
  server.set_tcp_nodelay(true);
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };
  server.set_keep_alive_max_count(1'000'000);
  server.set_keep_alive_timeout(options.keep_alive_seconds);
  server.set_read_timeout(5);
  // Without SO_REUSEPORT: a second sandbox on the port is refused, not mixed in.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  Inside* const self = inside.get();
  const auto answer = [self](const httplib::Request& request, httplib::Response& response) {
    self->answer(request, response);
  };
  server.Get(".*", answer).Post(".*", answer).Put(".*", answer).Patch(".*", answer).Delete(".*", answer);
  // A POST without a length has no body; the library would wait for one.
  server.set_pre_routing_handler([answer](const httplib::Request& request, httplib::Response& response) {
    const bool has_body = request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
    if (has_body || request.method == "GET" || request.method == "HEAD" || request.method == "DELETE") {
      return httplib::Server::HandlerResponse::Unhandled;
    }
    answer(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
  const bool any = options.port == 0;
  inside->port = any ? server.bind_to_any_port("127.0.0.1") : options.port;
  if ((any && inside->port < 0) || (!any && !server.bind_to_port("127.0.0.1", options.port))) {
    return std::unexpected(fmt::format("can't listen on 127.0.0.1:{}: is the port taken?", options.port));
  }
  inside->system->base = fmt::format("http://127.0.0.1:{}", inside->port);
  inside->listener = std::thread([self] { self->server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return std::unique_ptr<Sandbox>(new Sandbox(std::move(inside)));
}

namespace {

// Idle connections would hold the server up until their time is over. Only their reading ends: an answer under way
// still goes out. The library shows no accepted sockets, so they are found by the port they are bound to.
void end_idle_connections(int port) {
  const auto most = sysconf(_SC_OPEN_MAX);
  for (int socket = 3; socket < std::min(most, 65'536L); ++socket) {
    sockaddr_in own{}, peer{};
    socklen_t own_size = sizeof own, peer_size = sizeof peer;
    const bool bound = getsockname(socket, reinterpret_cast<sockaddr*>(&own), &own_size) == 0 &&
                       own.sin_family == AF_INET && ntohs(own.sin_port) == port;
    if (bound && getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0) shutdown(socket, SHUT_RD);
  }
}

}  // namespace

Sandbox::~Sandbox() {
  inside_->server.stop();
  end_idle_connections(inside_->port);
  inside_->listener.join();
}

const std::string& Sandbox::url() const { return inside_->system->base; }
int Sandbox::port() const { return inside_->port; }
Json Sandbox::credentials() const { return inside_->system->credentials(); }

Answer Sandbox::control(const std::string& method, const std::string& path, const Json& body) const {
  Call call = make_call(method, std::string(control_prefix) + path);
  if (!body.is_null()) call.body = to_text(body);
  const std::lock_guard guard(inside_->running.lock);
  return answer_control(inside_->running, call);
}

namespace {

Json checked(const Answer& answer) {
  const Json body = parse_json(answer.body).value_or(Json());
  if (answer.status != 200) throw std::invalid_argument(text_member(body, "error"));
  return body;
}

}  // namespace

void Sandbox::set_knob(const std::string& name, const std::string& position) {
  checked(control("PUT", "/knobs", {{name, position}}));
}

int Sandbox::add_fault(const Json& description) { return checked(control("POST", "/faults", description))["id"]; }
void Sandbox::clear_faults() { checked(control("DELETE", "/faults")); }

Json Sandbox::row(const std::string& table, const std::string& id) const {
  const Answer answer = control("GET", "/state/" + url_encode(table) + '/' + url_encode(id));
  return answer.status == 404 ? Json() : checked(answer);
}

Json Sandbox::rows(const std::string& table) const { return checked(control("GET", "/state/" + url_encode(table))); }

void Sandbox::put_row(const std::string& table, const std::string& id, const Json& row) {
  checked(control("PUT", "/state/" + url_encode(table) + '/' + url_encode(id), row));
}

void Sandbox::patch_row(const std::string& table, const std::string& id, const Json& members) {
  checked(control("PATCH", "/state/" + url_encode(table) + '/' + url_encode(id), members));
}

void Sandbox::remove_row(const std::string& table, const std::string& id) {
  checked(control("DELETE", "/state/" + url_encode(table) + '/' + url_encode(id)));
}

void Sandbox::advance_clock(std::chrono::milliseconds step) {
  checked(control("POST", "/clock", {{"advance_ms", step.count()}}));
}

std::vector<RecordedCall> Sandbox::calls() const {
  const std::lock_guard guard(inside_->running.lock);
  const auto& calls = inside_->running.recorder.calls();
  return {calls.begin(), calls.end()};
}

void Sandbox::forget_calls() { checked(control("DELETE", "/calls")); }

}  // namespace dovetail::sandbox
