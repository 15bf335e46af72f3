#include "tools/sandbox/core/recorder.hpp"

#include <fmt/format.h>

namespace dovetail::sandbox {

namespace {

Json to_json(const Pairs& pairs) {
  Json list = Json::array();
  for (const auto& [name, value] : pairs) list.push_back({name, value});
  return list;
}

std::string route(const Call& call) {
  std::string text = call.method + ' ';
  const std::vector<std::string> parts = split(call.path, '/');
  for (std::size_t at = 0; at < parts.size(); ++at) {
    const bool uuid = parts[at].size() == 36 && parts[at][8] == '-' && parts[at][23] == '-';
    text += (at == 0 ? "" : "/") + (all_digits(parts[at]) || uuid ? "{id}" : parts[at]);
  }
  return text;
}

}  // namespace

Json to_json(const RecordedCall& recorded) {
  return {{"number", recorded.number},
          {"at", to_instant(recorded.at)},
          {"microseconds", recorded.microseconds},
          {"method", recorded.call.method},
          {"target", recorded.call.target},
          {"headers", to_json(recorded.call.headers)},
          {"body", recorded.call.body},
          {"status", recorded.answer.status},
          {"answer_headers", to_json(recorded.answer.headers)},
          {"answer_content_type", recorded.answer.content_type},
          {"answer_body", recorded.answer.body},
          {"faults", recorded.faults}};
}

std::optional<std::string> Recorder::write_to(const std::string& path) {
  file_.open(path, std::ios::app | std::ios::binary);
  if (!file_) return fmt::format("can't write to {}", path);
  return std::nullopt;
}

void Recorder::add(RecordedCall recorded) {
  recorded.number = ++last_;
  ++counts_[route(recorded.call)];
  if (file_.is_open()) file_ << to_text(to_json(recorded)) << std::endl;
  calls_.push_back(std::move(recorded));
  if (calls_.size() > most_kept) {
    calls_.pop_front();
    ++dropped_;
  }
}

void Recorder::forget() {
  calls_.clear();
  counts_.clear();
  dropped_ = 0;
}

}  // namespace dovetail::sandbox
