#include "engine/runtime/work/probes.hpp"

#include <exception>

namespace dovetail {
namespace {

constexpr unsigned probes_at_once = 4;  // one system that hangs keeps no other from being found well

}  // namespace

void Probes::start() { queue_.start(probes_at_once); }

void Probes::plan(const Connection& connection) {
  if (!queue_.contains(connection.id) && troubles_.begins_probe(connection.id)) queue_.plan(connection);
}

void Probes::probe(const Connection& connection) {
  try {
    troubles_.probe(connection, [this] { return stops_ || queue_.has_ended(); });
  } catch (const std::exception&) {
    means_.telemetry.log(Telemetry::Level::error, "not probed",
                         {{"connection", connection.name}, {"why", std::string(own_mistake)}});
  }
}

}  // namespace dovetail
