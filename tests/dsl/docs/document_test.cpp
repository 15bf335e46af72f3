#include <catch2/catch.hpp>

#include "dsl/docs/document.hpp"

using namespace dovetail::dsl;

TEST_CASE("text that looks like Markdown stays text", "[docs]") {
  const Document document{{Heading{1, "a*b"}, Paragraph{{plain("1 < 2 <b> <-> | `x` [y](z) _u_ \\")}}}};
  CHECK(to_markdown(document) == "# a\\*b\n\n1 < 2 \\<b> <-> \\| \\`x\\` \\[y\\](z) \\_u\\_ \\\\\n");
}

TEST_CASE("a cell separator inside a table cell does not end the cell", "[docs]") {
  const Document document{{Table{.columns = {"A", ""}, .rows = {{{{code("x|y")}, {plain("second")}}, {}}}}}};
  CHECK(to_markdown(document) == "| A | |\n| --- | --- |\n| `x\\|y`<br>second | |\n");
}

TEST_CASE("line breaks in a text don't break a heading or a row", "[docs]") {
  const Document document{{Heading{2, "two\nlines"}, Table{.columns = {"A"}, .rows = {{{{plain("two\nlines")}}}}}}};
  CHECK(to_markdown(document) == "## two lines\n\n| A |\n| --- |\n| two lines |\n");
}

TEST_CASE("HTML escapes every text, and needs nothing from elsewhere", "[docs]") {
  const std::string evil = "<script>alert('x')</script>\"&";
  const Document document{{Heading{1, evil}, Heading{2, evil}, Paragraph{{plain(evil)}}, Notice{{code(evil)}},
                           ListOfLines{true, {{strong(evil)}}}, Table{.columns = {evil}, .rows = {{{{plain(evil)}}}}}}};
  const std::string html = to_html(document);
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;") != std::string::npos);
  for (const char* forbidden : {"http:", "https:", "src=", "<link", "@import", "url("})
    CHECK(html.find(forbidden) == std::string::npos);
}
