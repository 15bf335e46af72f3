#include "engine/runtime/telemetry.hpp"

#include <catch2/catch.hpp>

using namespace dovetail;

TEST_CASE("what stands now is told only of connections that there are") {
  Telemetry telemetry;
  telemetry.waiting("norway", 3);
  telemetry.waiting("finland", 4);
  telemetry.quarantine("finland", true);
  telemetry.event("finland", "changed", false);
  telemetry.only({"norway"});
  const std::string shown = telemetry.metrics();
  CHECK_THAT(shown, Catch::Contains("dovetail_events_waiting{connection=\"norway\"} 3"));
  CHECK_THAT(shown, !Catch::Contains("dovetail_events_waiting{connection=\"finland\"}") &&
                        !Catch::Contains("dovetail_quarantined{connection=\"finland\"}"));
  CHECK_THAT(shown, Catch::Contains("dovetail_events_total{connection=\"finland\""));  // it did happen
  telemetry.waiting("finland", 5);
  CHECK_THAT(telemetry.metrics(), Catch::Contains("dovetail_events_waiting{connection=\"finland\"} 5"));
}
