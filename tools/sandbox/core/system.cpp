#include "tools/sandbox/core/system.hpp"

namespace dovetail::sandbox {

namespace {

std::vector<Knob> with_shared(std::vector<Knob> own) {
  std::vector<Knob> all = shared_knobs();
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

System::System(std::vector<Knob> own_knobs) : knobs(with_shared(std::move(own_knobs))) {}

std::vector<Knob> shared_knobs() {
  return {
      {"latency_ms", "0", {}, "V", "every answer waits this many milliseconds (Finago is known to be slow)"},
      {"synthetic_ids", "on", on_off(), "I",
       "national ids that are never issued to people are valid (Finnish 900-999; Norwegian month + 40, 65, 80)"},
  };
}

}  // namespace dovetail::sandbox
