#include "providers/toolkit/http/mask.hpp"

#include <catch2/catch.hpp>

#include "providers/toolkit/http/mac.hpp"
#include "providers/toolkit/http/message.hpp"

using namespace dovetail::providers;

TEST_CASE("a trace shows the shape of a JSON body and none of its values") {
  CHECK(masked_body(
            R"({"FirstName":"Kari","Number":12345,"Active":true,"MailAddress":{"City":"Oslo"},"x":[1,"a"],"e":""})") ==
        R"({"FirstName":"…","Number":…,"Active":true,"MailAddress":{"City":"…"},"x":[…,"…"],"e":""})");
  CHECK(masked_body(R"([{"op":"replace","path":"/JobTitle","value":"Lead \"x\" analyst"}])") ==
        R"([{"op":"replace","path":"/JobTitle","value":"…"}])");
  CHECK(masked_body(
            R"j({"title":"Employee validation error(s)","detail":"'kari@example.com' is used on Id = 123456789."})j") ==
        R"j({"title":"Employee validation error(s)","detail":"'…' is used on Id = …"})j");
}

TEST_CASE("a trace shows the elements of an XML body, the system's words, and no values or attributes") {
  CHECK(masked_body("<root><employee a=\"Kari\"><firstname>Aino</firstname><city/></employee></root>") ==
        "<root><employee><firstname>…</firstname><city/></employee></root>");
  CHECK(masked_body("<Root><Status>FAILED</Status><Status>INVALID_DATA :: no 010190-900P</Status></Root>") ==
        "<Root><Status>FAILED</Status><Status>INVALID_DATA :: no …</Status></Root>");
  CHECK(masked_words("phone +47 900 12 345 and account 1234 56 78903 of row 12") == "phone … and account … of row 12");
  CHECK(masked_words("line 3 column 14, 2 of 10 tried, 45 6x 7") == "line 3 column 14, 2 of 10 tried, 45 6x 7");
}

TEST_CASE("a trace shows no token, key or id of a form or address") {
  CHECK(masked_body("grant_type=client_credentials&client_id=abc&client_secret=def") ==
        "grant_type=client_credentials&client_id=…&client_secret=…");
  CHECK(masked_target("/auth?token=very-secret") == "/auth?token=…");
  CHECK(masked_target("/users/4d0f6f9e-1111-4000-8000-000000000000?limit=50") == "/users/…?limit=50");
  CHECK(masked_body("an unhandled \x01 page") == "(19 bytes)");
}

TEST_CASE("masking survives any truncated text") {
  const std::string json = R"({"a":"b\"c","d":[1.5e3,null],"status":"x"})";
  const std::string xml = "<a b=\"c\"><d>e</d><f/></a>";
  for (std::size_t size = 0; size <= json.size(); ++size)
    CHECK(masked_body(json.substr(0, size)).find("b\\\"c") == std::string::npos);
  for (std::size_t size = 0; size <= xml.size(); ++size) CHECK(masked_body(xml.substr(0, size)).size() < 100);
}

TEST_CASE("codes and encodings agree with published examples") {
  // RFC 4231, case 2; RFC 4648, section 10.
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(same_secret("abc", "abc"));
  CHECK_FALSE(same_secret("abc", "abd"));
  CHECK_FALSE(same_secret("abc", "ab"));
  CHECK(random_uuid() != random_uuid());
  CHECK(random_uuid()[14] == '4');
}

TEST_CASE("values in addresses are escaped byte by byte") {
  CHECK(percent_encoded("a b&c/ä") == "a%20b%26c%2F%C3%A4");
  CHECK(form_encoded({{"a", "1"}, {"b", "x y"}}) == "a=1&b=x%20y");
}
