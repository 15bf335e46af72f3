// What a client can notice and no source settles: each such fact is a knob with a name, positions and a sentence.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dovetail::sandbox {

struct Knob {
  std::string name;
  std::string value;                   // its position; in a list of knobs, the default
  std::vector<std::string> positions;  // empty: a whole number from 0 up; {"*"}: any text
  std::string mark;                    // how sure the wire reference is: V verified, C seen in a client, I, U
  std::string meaning;                 // one sentence
};

class Knobs {
 public:
  explicit Knobs(std::vector<Knob> knobs) : knobs_(std::move(knobs)) {}

  // All three: the knob must exist, a wrong name is a bug of ours.
  const std::string& text(std::string_view name) const;
  bool is(std::string_view name, std::string_view position) const { return text(name) == position; }
  bool on(std::string_view name) const { return is(name, "on"); }
  long long number(std::string_view name) const;

  // What is wrong with the name or the position; nullopt when set.
  std::optional<std::string> set(std::string_view name, const std::string& position);
  const std::vector<Knob>& all() const { return knobs_; }

 private:
  std::vector<Knob> knobs_;
};

inline std::vector<std::string> on_off() { return {"on", "off"}; }

// `name | positions | default | mark | meaning` as rows of a Markdown table.
std::string to_markdown(const std::vector<Knob>& knobs);

}  // namespace dovetail::sandbox
