#include "providers/netvisor/envelope.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace dovetail::providers::netvisor {
namespace {

std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string out;
  while (!text.empty()) {
    const auto entity =
        std::ranges::find_if(entities, [text](const auto& each) { return text.starts_with(each.first); });
    out += entity == entities.end() ? text.front() : entity->second;
    text.remove_prefix(entity == entities.end() ? 1 : entity->first.size());
  }
  return out;
}

// The texts of all Status elements. By search and not by parsing: it must work on what no parser accepts.
std::vector<std::string> statuses(std::string_view body) {
  constexpr std::string_view open = "<Status>", close = "</Status>";
  std::vector<std::string> found;
  for (std::size_t at = body.find(open); at != body.npos; at = body.find(open, at)) {
    at += open.size();
    const std::size_t end = std::min(body.find(close, at), body.size());
    found.push_back(unescaped(body.substr(at, end - at)));
  }
  return found;
}

}  // namespace

Envelope read_envelope(std::string_view body) {
  const std::vector<std::string> found = statuses(body);
  Envelope envelope{.found = !found.empty(), .ok = false, .code = {}, .text = {}};
  if (found.empty()) return envelope;
  envelope.ok = found.size() == 1 && found.front() == "OK";
  if (envelope.ok) return envelope;
  envelope.text = found.back();
  envelope.code = envelope.text.substr(0, envelope.text.find(" ::"));
  return envelope;
}

bool says_no_such_employee(const Envelope& envelope) {
  const auto says = [&envelope](std::string_view words) { return envelope.text.find(words) != std::string::npos; };
  return envelope.code == "INVALID_DATA" &&
         (says("Employee not found") || says("Työntekijää ei löydy") || says("Anställd hittades inte"));
}

}  // namespace dovetail::providers::netvisor
