// Certificates are verified: by the authority given, and for the host asked.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <httplib.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "providers/toolkit/http/connection.hpp"

using namespace dovetail;
using namespace dovetail::providers;

namespace {

struct Certified {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_RSA_gen(2048), EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), X509_free};
};

// For that name, until so many seconds from now; signed by `issuer`, nullptr: by itself, as an authority is.
Certified certified(const std::string& name, const Certified* issuer, long seconds = 3600) {
  Certified made;
  X509* const x = made.certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -7200);
  X509_gmtime_adj(X509_getm_notAfter(x), seconds);
  X509_set_pubkey(x, made.key.get());
  X509_NAME* const subject = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(x, issuer == nullptr ? subject : X509_get_subject_name(issuer->certificate.get()));
  const auto extend = [x](int what, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend(NID_subject_alt_name, "DNS:" + name);
  X509_sign(x, issuer == nullptr ? made.key.get() : issuer->key.get(), EVP_sha256());
  return made;
}

// A file of authorities as --ca-file takes it.
struct Authority {
  explicit Authority(const std::string& name) : identity(certified(name, nullptr)) {
    static int number = 0;
    file = std::filesystem::temp_directory_path() / fmt::format("dovetail-tls-{}-{}.pem", ::getpid(), ++number);
    BIO* const out = BIO_new_file(file.c_str(), "w");
    PEM_write_bio_X509(out, identity.certificate.get());
    BIO_free(out);
  }
  ~Authority() { std::filesystem::remove(file); }
  Certified identity;
  std::filesystem::path file;
};

struct Server {
  explicit Server(Certified with) : identity(std::move(with)), https(identity.certificate.get(), identity.key.get()) {
    https.Get("/",
              [](const httplib::Request&, httplib::Response& answer) { answer.set_content("safe", "text/plain"); });
    port = https.bind_to_any_port("127.0.0.1");
    thread = std::thread([this] { https.listen_after_bind(); });
    while (!https.is_running()) std::this_thread::yield();
  }
  ~Server() {
    https.stop();
    thread.join();
  }
  std::expected<Response, NotAnswered> ask(const std::filesystem::path& ca_file, const std::string& proxy = {}) const {
    const auto transport = connect(
        Endpoint{.base = "https://localhost:" + std::to_string(port), .ca_file = ca_file.string(), .proxy = proxy});
    REQUIRE(transport.has_value());
    return (*transport)->send({.operation = "read", .target = "/"});
  }

  Certified identity;
  httplib::SSLServer https;
  int port = 0;
  std::thread thread;
};

// Between a client and whomever it asks to be connected with: passes bytes on, and reads none.
class Tunnel {
 public:
  Tunnel() {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in place = here(0);
    REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0);
    REQUIRE(::listen(listener_, 4) == 0);
    socklen_t size = sizeof place;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size);
    port = ntohs(place.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Tunnel() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  int port = 0;
  std::string asked;  // the head of the last request for a connection; read it after the answer

 private:
  static sockaddr_in here(int port) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    place.sin_port = htons(static_cast<std::uint16_t>(port));
    return place;
  }
  void serve() {
    while (true) {
      const int client = ::accept(listener_, nullptr, nullptr);
      if (client < 0) return;
      pass(client);
      ::close(client);
    }
  }
  void pass(int client) {
    asked.clear();
    char byte = 0;
    while (!asked.ends_with("\r\n\r\n") && ::recv(client, &byte, 1, 0) == 1) asked += byte;
    const std::size_t colon = asked.find(':');
    if (!asked.starts_with("CONNECT localhost:") || asked.find("Proxy-Authorization: Basic dTpw") == asked.npos) {
      const std::string_view no = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
      ::send(client, no.data(), no.size(), MSG_NOSIGNAL);
      return;
    }
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in place = here(std::stoi(asked.substr(colon + 1)));
    if (::connect(server, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0) {
      const std::string_view yes = "HTTP/1.1 200 Connection established\r\n\r\n";
      ::send(client, yes.data(), yes.size(), MSG_NOSIGNAL);
      std::thread back([=] { pump(server, client); });
      pump(client, server);
      back.join();
    }
    ::close(server);
  }
  static void pump(int from, int to) {
    std::array<char, 4096> bytes{};
    for (ssize_t count = 0; (count = ::recv(from, bytes.data(), bytes.size(), 0)) > 0;)
      ::send(to, bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL);
    ::shutdown(to, SHUT_WR);
  }

  int listener_ = -1;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a server is believed only with a certificate of a known authority, valid today, for its own name") {
  const Authority ours("Test authority"), another("Another authority");
  const Server server(certified("localhost", &ours.identity));
  const auto answer = server.ask(ours.file);
  REQUIRE(answer.has_value());
  CHECK(answer->body == "safe");
  const Server other(certified("other.example", &ours.identity)), expired(certified("localhost", &ours.identity, -60)),
      alone(certified("localhost", nullptr));
  const std::vector<std::pair<const Server*, std::filesystem::path>> refused = {
      {&server, ""}, {&server, another.file}, {&other, ours.file}, {&expired, ours.file}, {&alone, ours.file}};
  for (const auto& [asked, trusted] : refused) {
    const auto none = asked->ask(trusted);
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().error.kind == Error::Kind::auth);
    CHECK_FALSE(none.error().sent);
    CHECK_THAT(none.error().error.what,
               Catch::EndsWith("the server's certificate is not trusted, or is not for this host"));
  }
}

TEST_CASE("through a proxy the certificate is still the server's, and the proxy sees neither address nor answer") {
  const Authority ours("Test authority"), another("Another authority");
  const Server server(certified("localhost", &ours.identity));
  Tunnel tunnel;
  const std::string place = "@127.0.0.1:" + std::to_string(tunnel.port);
  const auto answer = server.ask(ours.file, "http://u:p" + place);
  REQUIRE(answer.has_value());
  CHECK(answer->body == "safe");
  CHECK(tunnel.asked.starts_with(fmt::format("CONNECT localhost:{} HTTP/1.1\r\n", server.port)));
  const auto distrusted = server.ask(another.file, "http://u:p" + place);
  REQUIRE_FALSE(distrusted.has_value());
  CHECK(distrusted.error().error.kind == Error::Kind::auth);
  const auto stranger = server.ask(ours.file, "http://u:wrong" + place);
  CHECK((!stranger.has_value() || stranger->status == 407));
}
