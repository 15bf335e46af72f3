// What people and their monitoring see of what runs: structured logs, counters and histograms. Nothing in here holds
// personal values: people are named by the hub's ids.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace dovetail {

class Telemetry {
 public:
  enum class Format : std::uint8_t { none, text, json };
  enum class Level : std::uint8_t { debug, info, warning, error };
  using Field = std::pair<std::string_view, std::string>;

  // Logs go to standard error, one line each.
  explicit Telemetry(Format format = Format::none, Level least = Level::info);
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  // All of these are for any number of threads.
  void log(Level level, std::string_view what, std::initializer_list<Field> fields = {});
  // A lane was worked on: "finished", "again", "parked", "lost"; and how long its oldest event had been due.
  void lane(const std::string& connection, const std::string& outcome, std::chrono::milliseconds lag);
  // A write of a record: "done", "refused", "failed", "unknown", "moved", …; and how long the call took.
  void write(const std::string& connection, const std::string& outcome, std::chrono::milliseconds took);
  void event(const std::string& connection, const std::string& kind, bool doubled);
  void waiting(const std::string& connection, std::size_t events);
  void quarantine(const std::string& connection, bool on);
  // The connections that there are: of others nothing is told as it stands now. What was counted stays counted.
  void only(const std::set<std::string, std::less<>>& connections);

  // In Prometheus' text form.
  std::string metrics() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace dovetail
