#include <nlohmann/json.hpp>

#include "tests/samples/generator/writers.hpp"

namespace dovetail::samples {

std::string truth(const People& people, std::string_view system, unsigned long seed) {
  using Json = nlohmann::ordered_json;
  const auto pair = [](const Pair& of) { return Json{{"hub", of.hub}, {"provider", of.provider}}; };
  Json seeded = Json::array();
  std::size_t hub = 0, provider = 0;
  for (const Person& person : people) {
    hub += person.hub.present ? 1 : 0;
    provider += person.provider.present ? 1 : 0;
    for (const Seed& of : person.seeds) {
      seeded.push_back(
          {{"hub_id", person.hub.present ? Json(person.hub.id) : Json()},
           {"provider_id", person.provider.present ? Json(person.provider.id) : Json()},
           {"field", of.field},
           {"kind", of.kind},
           {"finding", of.finding},
           {"now", pair(of.now)},
           {"after", {{"hub", pair(of.after[0])}, {"provider", pair(of.after[1])}, {"leave", pair(of.after[2])}}}});
    }
  }
  const Json document = {
      {"system", system}, {"seed", seed}, {"hub_records", hub}, {"provider_records", provider}, {"seeded", seeded}};
  return document.dump(1) + "\n";
}

}  // namespace dovetail::samples
