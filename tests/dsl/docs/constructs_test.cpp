#include <catch2/catch.hpp>

#include <vector>

#include "dsl/docs/describe.hpp"
#include "tests/dsl/rule_files.hpp"

using namespace dovetail;
using namespace dovetail::test;

namespace {

constexpr const char* hub_schema = R"(schema people version 1 syntax 1
adapter file
identity id
member id      text  read only  wire "id"
member mail    email  unique    wire "mail"
member name    text             wire "name"
member note    text             wire "note"
member badge   text             wire "badge"
member colour  open enum(red = "R", blue = "B")  wire "colour"
member left    date             wire "left"
list jobs key id ordered by start until end wire "jobs" {
    member id     text  read only  wire "id"
    member start  date  wire "start"
    member end    date  wire "end"
    member title  text  wire "title"
}
)";

constexpr const char* provider_schema = R"(schema pay version 1 syntax 1
adapter file
identity key
member key     text  read only  wire "key"
member mail    email  unique    wire "mail"
member name    text             wire "name"
member note    text             wire "note"
member badge   text             wire "badge"
member hue     enum(rot = "1", blau = "2", grau = "3")  wire "hue"
member office  text  required on create  wire "office"
member reason  text             wire "reason"
member left    date             wire "left"
list terms key id wire "terms" {
    member id     text  read only  wire "id"
    member start  date  wire "start"
    member title  text  wire "title"
}
)";

constexpr const char* every_construct = R"(## Shows every construct.
map main version 3 syntax 1  deprecated replaced by newer

hub people "People" from "people.schema.map"
provider pay "Pay & Co" from "pay.schema.map"

setup {
    step "Open the <menu>."
    credential user "User" required
    credential key "Key" secret
    support "Ask *them*."
}
setting office "Office" text required
setting notes "Send notes" boolean default on
setting limit "Limit" integer default 5

match by "Mail"
conflict prefer people

## The colour.
values colours {
    red        <->  rot
    blue       <->  blau
    otherwise   ->  grau
    keep       <-   grau
}

field "Mail"    required  mail    <->  mail   { unique in both }
field "Name"    name              <->  name   { hold, min length 2 in pay, max length 40 in both }
field "Note"    note               ->  note   when setting notes
field "Badge"   badge             <->  badge via pad(6) { conflict prefer pay }
field "Colour"  colour            <->  hue using colours
field "Left"    left              <-   left

group "Work" when setting notes {
    each jobs <-> terms {
        match by "Start"
        add missing in pay
        field "Start"  start <-> start { cannot unset in pay }
        field "Title"  title <-> title
    }
}

fill pay.office  with setting office  on create
fill pay.reason  with "moved" whenever pay.left is written

on add        in people { create in pay }
on deactivate in people { stay in pay }
guard overwrites 30 or 10 %
guard bank_accounts 5

section "Good to know" "First line.\nSecond line."
section "Is it safe?" "Yes | no."
)";

// Every element that is opened is closed, in order.
bool is_balanced(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find_first_of(" >", at);
    const std::string tag = html.substr(at + 1, end - at - 1);
    if (tag == "!doctype" || tag == "meta" || tag == "br") continue;
    if (!tag.starts_with('/')) {
      open.push_back(tag);
    } else if (open.empty() || open.back() != tag.substr(1)) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

}  // namespace

TEST_CASE("every construct of a map has its place in the documentation", "[docs]") {
  const auto map = compile_files(
      {{"main.map", every_construct}, {"people.schema.map", hub_schema}, {"pay.schema.map", provider_schema}});
  for (const dsl::Diagnostic& found : map->compiled.diagnostics) {
    if (found.severity == dsl::Severity::error) FAIL_CHECK(dsl::name(found.id) << ": " << found.message);
  }
  REQUIRE(map->compiled.rules.has_value());
  const dsl::Document document = dsl::describe(map->rules());
  compare_golden("docs/constructs.md", dsl::to_markdown(document));
  CHECK(is_balanced(dsl::to_html(document)));
}

TEST_CASE("the pages of all integrations are well formed", "[docs][rules]") {
  const std::string name = GENERATE(from_range(all_maps));
  const auto map = compile_map(name);
  REQUIRE(map->compiled.rules.has_value());
  CHECK(is_balanced(dsl::to_html(dsl::describe(map->rules()))));
}
