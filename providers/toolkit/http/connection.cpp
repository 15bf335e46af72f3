// The only file that includes the HTTP library.
#include "providers/toolkit/http/connection.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <poll.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "providers/toolkit/http/reach.hpp"

namespace dovetail::providers {
namespace {

using Milliseconds = std::chrono::milliseconds;

struct Url {
  std::string scheme, user, password, host;  // host without the brackets of an IPv6 address
  int port = 0;
  std::string path;  // without a slash at its end
};

std::optional<Url> split(std::string_view text) {
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == text.npos) return std::nullopt;
  url.scheme = text.substr(0, colon);
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  text.remove_prefix(colon + 3);
  const std::size_t slash = std::min(text.find('/'), text.size());
  std::string_view authority = text.substr(0, slash);
  url.path = text.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  if (const std::size_t at = authority.rfind('@'); at != authority.npos) {
    const std::string_view who = authority.substr(0, at);
    url.user = who.substr(0, who.find(':'));
    if (const std::size_t mark = who.find(':'); mark != who.npos) url.password = who.substr(mark + 1);
    authority.remove_prefix(at + 1);
  }
  url.port = url.scheme == "https" ? 443 : 80;
  const std::size_t bracket = authority.find(']');
  const std::size_t mark = authority.find(':', bracket == authority.npos ? 0 : bracket);
  if (mark != authority.npos) {
    const std::string digits(authority.substr(mark + 1));
    if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != digits.npos)
      return std::nullopt;
    url.port = std::stoi(digits);
    if (url.port < 1 || url.port > 65535) return std::nullopt;
  }
  url.host = authority.substr(0, mark);
  if (url.host.starts_with('[') && url.host.ends_with(']')) url.host = url.host.substr(1, url.host.size() - 2);
  const bool clean = std::ranges::all_of(text, [](char c) { return c > ' ' && c != 0x7f; });
  if (url.host.empty() || !clean || url.path.find_first_of("?#") != url.path.npos) return std::nullopt;
  return url;
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// Ends a call that takes too long as a whole: a timeout by phase does not, where bytes keep dripping in.
class Watch {
 public:
  explicit Watch(httplib::Client& client)
      : thread_([this, &client](const std::stop_token& stop) { run(stop, client); }) {}

  void begin(Milliseconds time) {
    const std::lock_guard lock(mutex_);
    deadline_ = std::chrono::steady_clock::now() + time;
    rang_ = false;
    changed_.notify_all();
  }
  // true: the time was over before.
  bool end() {
    const std::lock_guard lock(mutex_);
    deadline_.reset();
    return rang_;
  }

 private:
  void run(const std::stop_token& stop, httplib::Client& client) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      changed_.wait(lock, stop, [this] { return deadline_.has_value(); });
      if (!deadline_) continue;
      const auto until = *deadline_;
      changed_.wait_until(lock, stop, until, [this, until] { return deadline_ != until; });
      if (stop.stop_requested() || deadline_ != until) continue;
      deadline_.reset();
      rang_ = true;
      client.stop();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  bool rang_ = false;
  std::jthread thread_;  // last: it uses the others
};

class Connection : public Transport {
 public:
  Connection(const Endpoint& endpoint, const Url& url);
  Result<void> configure(const std::optional<Url>& proxy);
  std::expected<Response, NotAnswered> send(const Request& request) override;
  const std::string& base() const override { return base_; }

 private:
  void leave_spoilt_connection();
  NotAnswered why(httplib::Error error, bool late, bool too_large) const;
  std::string out_of_reach() const;

  Endpoint endpoint_;
  std::string base_, origin_, path_;
  std::pair<std::string, int> first_stop_;  // what is connected to: the host, or the proxy
  httplib::Client client_;
  Watch watch_;
};

std::string origin_of(const Url& url) {
  const bool six = url.host.find(':') != url.host.npos;
  return fmt::format("{}://{}{}{}:{}", url.scheme, six ? "[" : "", url.host, six ? "]" : "", url.port);
}

Connection::Connection(const Endpoint& endpoint, const Url& url)
    : endpoint_(endpoint),
      base_(endpoint.base),
      origin_(origin_of(url)),
      path_(url.path),
      first_stop_(url.host, url.port),
      client_(origin_),
      watch_(client_) {
  while (base_.ends_with('/')) base_.pop_back();
}

Result<void> Connection::configure(const std::optional<Url>& proxy) {
  if (!client_.is_valid()) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = fmt::format("{}: not a usable address", origin_)});
  }
  client_.set_keep_alive(true);
  client_.set_tcp_nodelay(true);  // else every small POST waits for an acknowledgement: 23 a second instead of 46,000
  client_.set_follow_location(false);
  client_.set_url_encode(false);  // what is signed is what is sent
  client_.set_connection_timeout(endpoint_.connect_timeout);
  client_.set_write_timeout(endpoint_.write_timeout);
  client_.set_read_timeout(endpoint_.read_timeout);
  client_.enable_server_certificate_verification(true);
  if (!endpoint_.ca_file.empty()) client_.set_ca_cert_path(endpoint_.ca_file);
  if (!proxy) return {};
  first_stop_ = {proxy->host, proxy->port};
  client_.set_proxy(proxy->host, proxy->port);
  if (!proxy->user.empty()) client_.set_proxy_basic_auth(proxy->user, proxy->password);
  return {};
}

// Bytes that wait on an idle connection are nobody's answer: a second one to the last request, what was longer than
// announced, or the end. The next answer must not be read from them.
void Connection::leave_spoilt_connection() {
  const socket_t socket = client_.socket();
  if (socket == INVALID_SOCKET) return;
  pollfd idle{.fd = socket, .events = POLLIN, .revents = 0};
  if (::poll(&idle, 1, 0) != 0) client_.stop();
}

std::expected<Response, NotAnswered> Connection::send(const Request& request) {
  leave_spoilt_connection();
  httplib::Request asked;
  asked.method = request.method;
  asked.path = path_ + request.target;
  asked.body = request.body;
  for (const Header& header : request.headers) asked.headers.emplace(header.name, header.value);
  if (!request.content_type.empty()) asked.headers.emplace("Content-Type", request.content_type);
  asked.headers.emplace("Accept-Encoding", "gzip");
  asked.headers.emplace("User-Agent", "Dovetail/0.1");
  Response response;
  bool too_large = false;
  asked.content_receiver = [&](const char* bytes, std::size_t size, std::uint64_t, std::uint64_t) {
    too_large = response.body.size() + size > endpoint_.largest_answer;
    if (!too_large) response.body.append(bytes, size);
    return !too_large;
  };
  // The library takes some provisional answers for the last one: its body would be all that comes after, and what is
  // behind it the next call's answer.
  bool provisional = false;
  asked.response_handler = [&](const httplib::Response& head) { return !(provisional = head.status < 200); };
  httplib::Response answer;
  httplib::Error error = httplib::Error::Success;
  watch_.begin(endpoint_.whole_timeout);
  const bool answered = client_.send(asked, answer, error);
  const bool late = watch_.end();
  if (provisional) {
    client_.stop();
    error = httplib::Error::Read;
  }
  if (!answered || late) return std::unexpected(why(error, late, too_large));
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.headers.push_back({name, value});
  return response;
}

std::string Connection::out_of_reach() const {
  std::string text = "cannot be reached";
  if (!endpoint_.proxy.empty()) text += " through the proxy";
  const std::string why = why_out_of_reach(first_stop_.first, first_stop_.second);
  return why.empty() ? text : text + ": " + why;
}

NotAnswered Connection::why(httplib::Error error, bool late, bool too_large) const {
  const auto failed = [this](Error::Kind kind, bool sent, std::string_view why) {
    return NotAnswered{.error = {.kind = kind, .what = fmt::format("{}: {}", origin_, why)}, .sent = sent};
  };
  using enum httplib::Error;
  if (too_large) {
    return failed(Error::Kind::data, true, fmt::format("the answer is larger than {} bytes", endpoint_.largest_answer));
  }
  if (late)
    return failed(Error::Kind::transient, true,
                  fmt::format("no complete answer within {} ms", endpoint_.whole_timeout.count()));
  switch (error) {
    case Connection:
      return failed(Error::Kind::transient, false, out_of_reach());
    case ConnectionTimeout:
      return failed(Error::Kind::transient, false,
                    fmt::format("no connection within {} ms", endpoint_.connect_timeout.count()));
    case SSLConnection:
      return failed(Error::Kind::transient, false, "no TLS connection could be made");
    case SSLServerVerification:
      return failed(Error::Kind::auth, false, "the server's certificate is not trusted, or is not for this host");
    case SSLLoadingCerts:
      return failed(Error::Kind::input, false,
                    fmt::format("the authorities to trust cannot be read: {}", endpoint_.ca_file));
    case Write:
      return failed(Error::Kind::transient, true,
                    fmt::format("the connection broke while sending, or nothing more was taken for {} ms",
                                endpoint_.write_timeout.count()));
    case Read:
      return failed(Error::Kind::transient, true, "the connection ended, or fell silent, before the whole answer");
    default:
      return failed(Error::Kind::transient, true, "no usable answer: " + httplib::to_string(error));
  }
}

}  // namespace

Result<void> check_proxy(const std::string& proxy) {
  const std::optional<Url> url = split(proxy);
  if (proxy.empty() || (url && url->scheme == "http" && url->path.empty())) return {};
  return std::unexpected(
      Error{.kind = Error::Kind::input, .what = "the proxy must be given as http://[user:password@]host:port"});
}

Result<std::unique_ptr<Transport>> connect(const Endpoint& endpoint) {
  const auto refuse = [](std::string what) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
  };
  const std::optional<Url> url = split(endpoint.base);
  if (!url || !url->user.empty()) {
    return refuse(fmt::format("`{}` is not a base URL: write https://host[:port][/path]",
                              url ? "(with credentials)" : endpoint.base));
  }
  if (url->scheme == "http" && !is_this_machine(url->host)) {
    return refuse(fmt::format("{}: plain http would show credentials to the network; use https", endpoint.base));
  }
  if (const Result<void> usable = check_proxy(endpoint.proxy); !usable) return std::unexpected(usable.error());
  const std::optional<Url> proxy = endpoint.proxy.empty() ? std::nullopt : split(endpoint.proxy);
  std::error_code error;
  if (!endpoint.ca_file.empty() && !std::filesystem::is_regular_file(endpoint.ca_file, error)) {
    return refuse(fmt::format("{}: no such file of certificate authorities", endpoint.ca_file));
  }
  auto connection = std::make_unique<Connection>(endpoint, *url);
  if (const Result<void> ready = connection->configure(proxy); !ready) return std::unexpected(ready.error());
  return connection;
}

}  // namespace dovetail::providers
