#include "engine/runtime/telemetry.hpp"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <map>
#include <mutex>

namespace dovetail {
namespace {

void append_json(std::string_view text, std::string& into) {
  into += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      into += '\\';
      into += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      into += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      into += c;
    }
  }
  into += '"';
}

spdlog::level::level_enum level_of(Telemetry::Level level) {
  switch (level) {
    case Telemetry::Level::debug:
      return spdlog::level::debug;
    case Telemetry::Level::warning:
      return spdlog::level::warn;
    case Telemetry::Level::error:
      return spdlog::level::err;
    case Telemetry::Level::info:
      break;
  }
  return spdlog::level::info;
}

const prometheus::Histogram::BucketBoundaries seconds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                                         2.5,   5,    10,    30,   60,  300,  3600};

double in_seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

}  // namespace

struct Telemetry::Inside {
  Format format;
  spdlog::logger logger{"dovetail", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& lanes =
      prometheus::BuildCounter().Name("dovetail_lanes_total").Help("Lanes worked on, by outcome").Register(registry);
  prometheus::Family<prometheus::Histogram>& lag = prometheus::BuildHistogram()
                                                       .Name("dovetail_lag_seconds")
                                                       .Help("From when an event was due to when its lane was done")
                                                       .Register(registry);
  prometheus::Family<prometheus::Counter>& writes =
      prometheus::BuildCounter().Name("dovetail_writes_total").Help("Writes of records, by outcome").Register(registry);
  prometheus::Family<prometheus::Histogram>& write_time =
      prometheus::BuildHistogram().Name("dovetail_write_seconds").Help("How long a write took").Register(registry);
  prometheus::Family<prometheus::Counter>& events =
      prometheus::BuildCounter().Name("dovetail_events_total").Help("Events taken in").Register(registry);
  prometheus::Family<prometheus::Gauge>& waiting =
      prometheus::BuildGauge().Name("dovetail_events_waiting").Help("Events not finished").Register(registry);
  prometheus::Family<prometheus::Gauge>& quarantined =
      prometheus::BuildGauge().Name("dovetail_quarantined").Help("1: the connection is held off").Register(registry);

  void show(prometheus::Family<prometheus::Gauge>& family, const std::string& connection, double value);
  std::mutex mutex;  // of what is shown
  std::map<std::pair<prometheus::Family<prometheus::Gauge>*, std::string>, prometheus::Gauge*> shown;
};

Telemetry::Telemetry(Format format, Level least) : inside_(std::make_unique<Inside>()) {
  inside_->format = format;
  inside_->logger.set_level(format == Format::none ? spdlog::level::off : level_of(least));
  inside_->logger.set_pattern(format == Format::json ? R"({"at":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})"
                                                     : "%Y-%m-%d %H:%M:%S.%e %-7l %v");
  inside_->logger.flush_on(spdlog::level::info);
}

Telemetry::~Telemetry() = default;

void Telemetry::log(Level level, std::string_view what, std::initializer_list<Field> fields) {
  if (!inside_->logger.should_log(level_of(level))) return;
  std::string line;
  if (inside_->format == Format::json) {
    line = "\"what\":";
    append_json(what, line);
    for (const auto& [name, value] : fields) {
      line += ',';
      append_json(name, line);
      line += ':';
      append_json(value, line);
    }
  } else {
    line = what;
    for (const auto& [name, value] : fields) {
      line += fmt::format(" {}=", name);
      if (value.find_first_of(" \"\n") == value.npos && !value.empty()) {
        line += value;
      } else {
        append_json(value, line);
      }
    }
  }
  inside_->logger.log(level_of(level), "{}", line);
}

void Telemetry::lane(const std::string& connection, const std::string& outcome, std::chrono::milliseconds lag) {
  inside_->lanes.Add({{"connection", connection}, {"outcome", outcome}}).Increment();
  inside_->lag.Add({{"connection", connection}}, seconds).Observe(in_seconds(lag));
}

void Telemetry::write(const std::string& connection, const std::string& outcome, std::chrono::milliseconds took) {
  inside_->writes.Add({{"connection", connection}, {"outcome", outcome}}).Increment();
  inside_->write_time.Add({{"connection", connection}}, seconds).Observe(in_seconds(took));
}

void Telemetry::event(const std::string& connection, const std::string& kind, bool doubled) {
  inside_->events.Add({{"connection", connection}, {"kind", kind}, {"doubled", doubled ? "yes" : "no"}}).Increment();
}

void Telemetry::Inside::show(prometheus::Family<prometheus::Gauge>& family, const std::string& connection,
                             double value) {
  const std::lock_guard lock(mutex);
  prometheus::Gauge& gauge = family.Add({{"connection", connection}});
  gauge.Set(value);
  shown[{&family, connection}] = &gauge;
}

void Telemetry::waiting(const std::string& connection, std::size_t events) {
  inside_->show(inside_->waiting, connection, static_cast<double>(events));
}

void Telemetry::quarantine(const std::string& connection, bool on) {
  inside_->show(inside_->quarantined, connection, on ? 1 : 0);
}

void Telemetry::only(const std::set<std::string, std::less<>>& connections) {
  const std::lock_guard lock(inside_->mutex);
  std::erase_if(inside_->shown, [&](const auto& one) {
    const auto& [family, connection] = one.first;
    if (connections.contains(connection)) return false;
    family->Remove(one.second);
    return true;
  });
}

std::string Telemetry::metrics() const { return prometheus::TextSerializer().Serialize(inside_->registry.Collect()); }

}  // namespace dovetail
