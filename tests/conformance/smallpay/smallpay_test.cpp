// A fourth provider, added step by step as docs/providers.md says: a schema, a map, an adapter.
#include <httplib.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "dsl/compile.hpp"
#include "dsl/load.hpp"
#include "providers/conformance/kit.hpp"
#include "tests/conformance/bench.hpp"
#include "tests/conformance/smallpay/smallpay.hpp"
#include "tests/golden.hpp"
#include "tests/places.hpp"

using namespace dovetail;
namespace conformance = dovetail::providers::conformance;

namespace {

constexpr const char* schema_text = R"(schema smallpay version 1 syntax 1

adapter smallpay
identity id
omitted is unset

member id     text   read only                                    wire "id"
member email  email  unique  required on create  not nullable     wire "mail"
member first  text   required on create  not nullable             wire "name/first"
member last   text   required on create  not nullable             wire "name/last"
member town   text                                                wire "town"
)";

constexpr const char* map_text = R"(map smallpay version 1 syntax 1

hub      huma      "Huma"       from "schemas/huma.schema.map"
provider smallpay  "Small Pay"  from "schemas/smallpay.schema.map"

setup {
    step "Copy the key."
    credential key  "Key"  secret
}

match by "Email address"
conflict ask

field "Email address"  email       <->  email { unique in huma }
field "Given name"     givenName   <->  first
field "Family name"    familyName  <->  last

on deactivate in huma { stay in smallpay, lock }
on delete     in huma { stay in smallpay }
)";

Result<std::string> read(const std::string& path) {
  if (path == "smallpay.map") return map_text;
  if (path == "schemas/smallpay.schema.map") return schema_text;
  return test::read_text(std::filesystem::path(DOVETAIL_SOURCE_DIR) / "rules" / path);
}

dsl::CompileResult compiled(const std::string& path) {
  std::vector<dsl::Diagnostic> found;
  const Result<dsl::Loaded> loaded = dsl::load(path, read, found);
  REQUIRE(loaded.has_value());
  dsl::CompileResult result = dsl::compile(*loaded, std::move(found), {.tables = test::shipped_context().tables});
  result.diagnostics.clear();  // they look into what was loaded
  return result;
}

// The made-up company's server.
class Company {
 public:
  Company() {
    people_["p1"] = {
        {"id", "p1"}, {"mail", "kari@example.com"}, {"name", {{"first", "Kari"}, {"last", "Berg"}}}, {"town", "Oslo"}};
    server_.set_pre_routing_handler([](const httplib::Request& asked, httplib::Response& answer) {
      if (asked.get_header_value("X-Key") == "k") return httplib::Server::HandlerResponse::Unhandled;
      answer.status = 401;
      return httplib::Server::HandlerResponse::Handled;
    });
    server_.Get("/company", [](const auto&, auto& answer) { say(answer, {{"id", "1"}, {"name", "Small Pay Ltd"}}); });
    server_.Get("/people", [this](const auto&, auto& answer) {
      nlohmann::json all = nlohmann::json::array();
      for (const auto& [id, person] : people_) all.push_back(person);
      say(answer, all);
    });
    server_.Post("/people", [this](const auto& asked, auto& answer) {
      nlohmann::json person = nlohmann::json::parse(asked.body);
      for (const auto& [id, other] : people_) {
        if (other["mail"] != person["mail"]) continue;
        answer.status = 409;
        return;
      }
      person["id"] = "p" + std::to_string(people_.size() + 1);
      people_[person["id"]] = person;
      say(answer, person);
    });
    const auto one = [this](const httplib::Request& asked, httplib::Response& answer) {
      const auto found = people_.find(asked.matches[1]);
      if (found == people_.end()) {
        say(answer, {{"error", "unknown person"}});
        answer.status = 404;
        return;
      }
      if (asked.method == "PATCH") found->second.merge_patch(nlohmann::json::parse(asked.body));
      say(answer, found->second);
    };
    server_.Get("/people/(.+)", one);
    server_.Patch("/people/(.+)", one);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~Company() {
    server_.stop();
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  static void say(httplib::Response& answer, const nlohmann::json& body) {
    answer.set_content(body.dump(), "application/json");
  }
  std::map<std::string, nlohmann::json> people_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a provider that was added by the page's steps has rules that check, and passes the conformance kit") {
  CHECK(compiled("smallpay.map").rules.has_value());
  const dsl::CompileResult schema = compiled("schemas/smallpay.schema.map");
  REQUIRE(schema.schema.has_value());
  Company company;
  test::SandboxClock clock;
  providers::Budgets budgets;
  conformance::Faults faults;
  const Result<std::unique_ptr<System>> system = test::SmallPay::open(
      {.endpoint = {.base = company.url()},
       .credentials = {{"key", "k"}},
       .schema = *schema.schema,
       .context = test::shipped_context(),
       .around = {.clock = clock, .budgets = budgets},
       .between = [&faults](std::unique_ptr<providers::Transport> below) { return faults.between(std::move(below)); }});
  REQUIRE(system.has_value());
  const auto findings =
      conformance::run({.schema = *schema.schema, .system = **system, .faults = faults, .clock = clock}, true);
  INFO(conformance::to_text(findings));
  for (const conformance::Finding& finding : findings)
    CHECK(finding.verdict.kind != conformance::Verdict::Kind::broken);
}
