// Whatever people, edits and decisions the bytes stand for, what must hold of every plan does.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "dsl/compile.hpp"
#include "tests/engine/values/reference_tables.hpp"
#include "tests/lives/life.hpp"
#include "tests/places.hpp"

using namespace dovetail;

namespace {

std::vector<ir::RuleSet> rule_sets() {
  std::vector<ir::RuleSet> result;
  const auto read = [](const std::string& path) -> Result<std::string> {
    return test::read_text(std::string(DOVETAIL_SOURCE_DIR "/rules/") + path);
  };
  for (const char* name : {"netvisor", "finago", "twentyfoursevenoffice", "poweroffice_go", "poweroffice"}) {
    std::vector<dsl::Diagnostic> found;
    auto loaded = dsl::load(std::string(name) + ".map", read, found);
    if (!loaded) throw std::runtime_error("can't load the maps");
    auto compiled = dsl::compile(*loaded, std::move(found), {.tables = &test::tables()});
    result.push_back(std::move(compiled.rules.value()));
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::vector<ir::RuleSet> rules = rule_sets();
  test::DrawnFromBytes draw({bytes, size});
  const std::string broken = test::live(rules[draw.below(rules.size())], test::tables(), draw);
  if (!broken.empty()) {
    std::fprintf(stderr, "%s\n", broken.c_str());
    std::abort();
  }
  return 0;
}
