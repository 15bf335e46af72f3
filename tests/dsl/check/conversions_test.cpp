// Which members a conversion fits.
#include "tests/dsl/check/checked_files.hpp"
#include "tests/places.hpp"

using namespace dovetail;

namespace {

const std::filesystem::path root = std::filesystem::path(DOVETAIL_SOURCE_DIR) / "tests" / "golden" / "check";

// What is found in a map with this one conversion between members of the types.
std::string found(const std::string& hub_type, const std::string& conversion, const std::string& provider_type,
                  const std::string& arrow = "<->") {
  const auto schema = [](const std::string& name, const std::string& type) {
    return "schema " + name + " version 1 syntax 1\nadapter memory\nidentity id\ndocument json records \"people\"\n" +
           "member id text read only wire \"id\"\nmember mail email unique wire \"mail\"\nmember value " + type +
           " wire \"value\"\n";
  };
  const std::map<std::string, std::string> files = {
      {"one.map",
       "map one version 1 syntax 1\nhub h \"H\" from \"h.schema.map\"\nprovider p \"P\" from \"p.schema.map\"\n"
       "match by \"Mail\"\non deactivate in h { stay in p, lock }\n"
       "field \"Mail\" required mail <-> mail { unique in both }\n"
       "field \"Value\" value " +
           arrow + " value via " + conversion + "\n"},
      {"h.schema.map", schema("h", hub_type)},
      {"p.schema.map", schema("p", provider_type)}};
  std::vector<dsl::Diagnostic> diagnostics;
  const auto read = [&](const std::string& wanted) -> Result<std::string> { return files.at(wanted); };
  auto loaded = dsl::load("one.map", read, diagnostics);
  REQUIRE(loaded.has_value());
  std::string text;
  for (const dsl::Diagnostic& one : dsl::compile(*loaded, std::move(diagnostics), {}).diagnostics) {
    if (one.id == dsl::DiagnosticId::transform_type_mismatch) text += one.message + "\n" + one.help + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a conversion whose result the member's own type would undo is refused") {
  for (const char* conversion : {"phone_national", "phone_double_zero", "phone_digits"}) {
    INFO(conversion);
    CHECK(found("phone", conversion, "text").empty());
    CHECK(found("text", conversion, "text").empty());
    CHECK_THAT(
        found("phone", conversion, "phone"),
        Catch::Contains("gives a text, and `p.value`, which is a `phone`, is sent in the form of its own type") &&
            Catch::Contains("leave the conversion out, or say in the schema of `p` that `p.value` is a `text`"));
  }
  CHECK_FALSE(found("phone", "digits", "phone", "->").empty());
  CHECK(found("text", "digits", "text", "->").empty());
  CHECK_FALSE(found("postal_code", "postal_spaced", "postal_code").empty());
  CHECK(found("postal_code", "postal_spaced", "postal_text").empty());
  CHECK_FALSE(found("date", "date_dotted", "date").empty());
  CHECK_FALSE(found("date", "date_dotted", "email").empty());
  CHECK_THAT(found("date", "date_dotted", "enum(a, b)"), Catch::Contains("knows only its own words"));
}

TEST_CASE("a conversion can't go on from a text that another made of its own type") {
  CHECK_THAT(found("phone", "phone_double_zero then phone_digits", "text"),
             Catch::Contains("`phone_digits` can't go on from what `phone_double_zero` gives"));
  CHECK(found("phone", "phone_double_zero then prefix(\"tel \")", "text").empty());
  CHECK(found("text", "prefix(\"+47\") then phone_double_zero", "text").empty());
}
