// Certificates are verified: by the authority given, and for the host asked.
#include <httplib.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "providers/toolkit/http/connection.hpp"

using namespace dovetail;
using namespace dovetail::providers;

namespace {

struct Certified {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_RSA_gen(2048), EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), X509_free};
};

// Signed by itself, for that name.
Certified certified(const std::string& name) {
  Certified made;
  X509* const x = made.certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -60);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_set_pubkey(x, made.key.get());
  X509_NAME* const subject = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(x, subject);
  X509_EXTENSION* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
  X509_add_ext(x, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(x, made.key.get(), EVP_sha256());
  return made;
}

struct Server {
  explicit Server(const std::string& name)
      : identity(certified(name)), https(identity.certificate.get(), identity.key.get()) {
    https.Get("/",
              [](const httplib::Request&, httplib::Response& answer) { answer.set_content("safe", "text/plain"); });
    port = https.bind_to_any_port("127.0.0.1");
    thread = std::thread([this] { https.listen_after_bind(); });
    while (!https.is_running()) std::this_thread::yield();
    authority = std::filesystem::temp_directory_path() / ("dovetail-tls-" + std::to_string(port) + ".pem");
    BIO* const out = BIO_new_file(authority.c_str(), "w");
    PEM_write_bio_X509(out, identity.certificate.get());
    BIO_free(out);
  }
  ~Server() {
    https.stop();
    thread.join();
    std::filesystem::remove(authority);
  }
  std::expected<Response, NotAnswered> ask(bool trusted) const {
    const auto transport = connect(
        Endpoint{.base = "https://localhost:" + std::to_string(port), .ca_file = trusted ? authority.string() : ""});
    REQUIRE(transport.has_value());
    return (*transport)->send({.operation = "read", .target = "/"});
  }

  Certified identity;
  httplib::SSLServer https;
  int port = 0;
  std::thread thread;
  std::filesystem::path authority;
};

}  // namespace

TEST_CASE("a server is believed only with a certificate of a known authority, for its own name") {
  const Server server("localhost");
  const auto answer = server.ask(true);
  REQUIRE(answer.has_value());
  CHECK(answer->body == "safe");
  const auto unknown = server.ask(false);
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().error.kind == Error::Kind::auth);
  CHECK_FALSE(unknown.error().sent);
  const Server other("other.example");
  const auto foreign = other.ask(true);
  REQUIRE_FALSE(foreign.has_value());
  CHECK_THAT(foreign.error().error.what,
             Catch::EndsWith("the server's certificate is not trusted, or is not for this host"));
}
