// Civil dates stay what they are, wherever the machine stands.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;

namespace {

// What a synchronisation writes into both exports, on that day and in that zone.
std::string written(const std::string& system, const std::string& file, const std::string& day,
                    const std::string& zone) {
  const Folder folder;
  for (const std::string& name : {std::string("huma.json"), file}) {
    folder.write(name, read_text(DOVETAIL_SOURCE_DIR "/tests/samples/" + system + "/" + name));
  }
  const Ran ran = run(fmt::format(
      "TZ='{}' dovetail sync --map {} --hub '{}' --provider '{}' --base '{}' --test-system --today {} --decide hub",
      zone, system, folder.file("huma.json"), folder.file(file), folder.file("base.json"), day));
  CHECK(ran.exit != 2);
  return folder.read("huma.json") + folder.read(file);
}

}  // namespace

TEST_CASE("in whatever zone the machine stands, and on whatever day clocks change, the same is written") {
  const auto [system, file] = GENERATE(
      table<std::string, std::string>({{"netvisor", "netvisor.xml"}, {"poweroffice_go", "poweroffice_go.json"}}));
  const std::string day = GENERATE(values<std::string>({"2026-03-29", "2026-10-25"}));
  INFO(system << ", " << day);
  const std::string here = written(system, file, day, "UTC0");
  for (const char* zone : {"KIR-14", "PAGO11", "EET-2EEST,M3.5.0/3,M10.5.0/4", "CST5CDT,M3.2.0/0,M11.1.0/1"}) {
    INFO(zone);
    CHECK(written(system, file, day, zone) == here);
  }
}
