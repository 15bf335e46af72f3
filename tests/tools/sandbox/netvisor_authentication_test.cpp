#include "tests/tools/sandbox/netvisor_client.hpp"
#include "tools/sandbox/netvisor/authentication.hpp"

using namespace dovetail::sandbox;
using namespace dovetail::sandbox::test;
using Catch::Contains;

namespace {

const std::string bad_keys =
    "AUTHENTICATION_FAILED :: Integration keys are not valid. Please check the keys specific to the user and partner.";

}  // namespace

TEST_CASE("netvisor's message codes are those of the wire reference's test vector") {
  Call call = make_call("GET", "/getemployee.nv?netvisorkey=17&employmentperiods=1");
  const std::string prefix = "X-Netvisor-Authentication-";
  call.headers = {{prefix + "Sender", "Huma sandbox"},
                  {prefix + "CustomerId", "cust-1"},
                  {prefix + "Timestamp", "2025-06-01 09:08:07.123"},
                  {prefix + "TimestampUnix", "1748768887"},
                  {prefix + "TransactionId", "2f9c1d5e-0000-4000-8000-000000000001"},
                  {"X-Netvisor-Interface-Language", "EN"},
                  {"X-Netvisor-Organisation-ID", "1234567-8"}};
  const std::string uri = "https://isvapi.netvisor.fi" + call.target;
  const netvisor::Keys keys{"custkey", "partnerkey"};
  CHECK(message_code(call, uri, keys, netvisor::Algorithm::hmac_sha256) ==
        "18448d69578d8b17925d5925a69e52fea263f39892c5c89d4a9e7892c7b2d32c");
  CHECK(message_code(call, uri, keys, netvisor::Algorithm::sha256) ==
        "65169704bbe8b9a231fd4485b665ff614da2be36ce09de4f78ae138dc3c3bcd0");
  CHECK(message_code(call, uri, keys, netvisor::Algorithm::md5) == "f706fc0e04521b8886a10d1a0118fc36");
}

TEST_CASE("netvisor lets a signed call in and refuses each wrong part") {
  const auto sandbox = start("netvisor", 2);
  NetvisorClient client(*sandbox);
  const std::string target = "/getemployees.nv?includeendedemployments=1";
  CHECK(status_text(client.get(target)) == "OK");
  const auto refused = [&](const std::map<std::string, std::string>& changes) {
    const auto answer = call(client.http, "GET", target, client.sign(target, changes));
    CHECK(answer.status == 401);
    return status_text(answer);
  };
  CHECK(refused({{"Key", "another"}}) == bad_keys);
  CHECK(refused({{"CustomerId", "nobody"}}) == bad_keys);
  CHECK(refused({{"Organisation", "7654321-8"}}) == bad_keys);
  CHECK(refused({{"Language", "DE"}}) == bad_keys);
  CHECK_THAT(refused({{"PartnerId", "nobody"}}), Contains("partner not found"));
  CHECK_THAT(refused({{"PartnerId", "nobody"}, {"Language", "FI"}}),
             Contains("Integraatiokumppania ei löydy, katso dokumentaatio"));
  CHECK_THAT(refused({{"Timestamp", "2025-06-01 09:08:07"}}), Contains("Timestamp"));
  CHECK_THAT(refused({{"TimestampUnix", "1748768887"}}), Contains("Timestamp"));
}

TEST_CASE("netvisor signs the query as it was sent") {
  const auto sandbox = start("netvisor", 1);
  NetvisorClient client(*sandbox);
  const auto headers = client.sign("/getemployees.nv?includeendedemployments=1");
  CHECK(call(client.http, "GET", "/getemployees.nv?includeendedemployments=%31", headers).status == 401);
  const std::string escaped = "/getemployee.nv?netvisorkey=%31";
  CHECK(status_text(client.get(escaped)) == "OK");
}

TEST_CASE("netvisor's timestamps have a window and its transaction ids serve once") {
  const auto sandbox = start("netvisor", 1);
  NetvisorClient client(*sandbox);
  const std::string target = "/getemployees.nv";
  const auto headers = client.sign(target);
  CHECK(status_text(call(client.http, "GET", target, headers)) == "OK");
  const auto again = call(client.http, "GET", target, headers);
  CHECK(again.status == 400);
  CHECK_THAT(status_text(again), Contains("REQUEST_NOT_UNIQUE :: "));
  client.ahead = std::chrono::seconds(-310);
  CHECK(client.get(target).status == 401);
  client.ahead = std::chrono::seconds(-290);
  CHECK(client.get(target).status == 200);
  client.ahead = std::chrono::seconds(310);
  CHECK(client.get(target).status == 401);
  sandbox->set_knob("timestamp_window_s", "400");
  CHECK(client.get(target).status == 200);
}

TEST_CASE("netvisor answers 200 to everything unless real codes are asked for") {
  const auto sandbox = start("netvisor");
  NetvisorClient client(*sandbox);
  client.real_codes = false;
  const std::string target = "/getemployees.nv";
  const auto wrong = [&] { return call(client.http, "GET", target, client.sign(target, {{"Key", "another"}})); };
  CHECK(wrong().status == 200);
  CHECK(status_text(wrong()) == bad_keys);
  sandbox->set_knob("http_codes_default", "on");
  CHECK(wrong().status == 401);
  CHECK(client.get("/getemployeees.nv").status == 404);
}

TEST_CASE("netvisor's hint on a wrong code is no well-formed XML") {
  const auto sandbox = start("netvisor");
  sandbox->set_knob("mac_hint", "on");
  NetvisorClient client(*sandbox);
  const std::string target = "/getemployee.nv?netvisorkey=1&employmentperiods=1";
  const auto answer = call(client.http, "GET", target, client.sign(target, {{"Key", "another"}}));
  CHECK_THAT(answer.body, Contains("&YOUR_PRIVATE_KEY_HERE :: "));
  CHECK_THAT(answer.body, Contains("netvisorkey=1&employmentperiods=1&Test&cust-1&"));
}

TEST_CASE("netvisor's resources are allowed one by one, to a user with the role") {
  const auto sandbox = start("netvisor", 1);
  NetvisorClient client(*sandbox);
  sandbox->patch_row("customers", "cust-1", {{"resources", {"getemployees.nv"}}});
  CHECK(client.get("/getemployees.nv").status == 200);
  const auto answer = client.get("/getemployee.nv?netvisorkey=1");
  CHECK(answer.status == 403);
  CHECK_THAT(status_text(answer), Contains("SERVICE_ACCESS_ERROR :: "));
  sandbox->patch_row("customers", "cust-1", {{"payroll_role", false}});
  CHECK(client.get("/getemployees.nv").status == 403);
  sandbox->patch_row("customers", "cust-1", {{"active", false}});
  CHECK(client.get("/getemployees.nv").status == 401);
}

TEST_CASE("netvisor refuses a second call of a company while the first is answered") {
  const auto sandbox = start("netvisor", 1);
  NetvisorClient first(*sandbox), second(*sandbox);
  sandbox->add_fault({{"kind", "latency"}, {"milliseconds", 400}});
  std::thread slow([&] { CHECK(first.get("/getemployees.nv").status == 200); });
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  const auto answer = second.get("/getemployees.nv");
  slow.join();
  CHECK(answer.status == 500);
  CHECK_THAT(status_text(answer), Contains("TECHNICAL_ERROR :: "));
  CHECK(second.get("/getemployees.nv").status == 200);
}

TEST_CASE("netvisor's old codes are accepted only where the knob says so") {
  const auto sandbox = start("netvisor", 1);
  NetvisorClient client(*sandbox);
  auto headers = client.sign("/getemployees.nv");
  headers.erase("X-Netvisor-Authentication-MACHashCalculationAlgorithm");
  CHECK(call(client.http, "GET", "/getemployees.nv", headers).status == 401);
  sandbox->set_knob("legacy_mac", "on");
  Call signed_call = make_call("GET", "/getemployees.nv");
  for (const auto& [name, value] : headers) signed_call.headers.emplace_back(name, value);
  headers.erase("X-Netvisor-Authentication-MAC");
  headers.emplace("X-Netvisor-Authentication-MAC", message_code(signed_call, sandbox->url() + "/getemployees.nv",
                                                                {"custkey", "partnerkey"}, netvisor::Algorithm::md5));
  CHECK(call(client.http, "GET", "/getemployees.nv", headers).status == 200);
}
