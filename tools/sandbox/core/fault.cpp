#include "tools/sandbox/core/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dovetail::sandbox {

namespace {

constexpr std::array kinds = {
    std::pair{"latency", FaultKind::latency},
    std::pair{"status", FaultKind::status},
    std::pair{"content_type", FaultKind::content_type},
    std::pair{"redirect", FaultKind::redirect},
    std::pair{"short_page", FaultKind::short_page},
    std::pair{"empty_list", FaultKind::empty_list},
    std::pair{"cut_body", FaultKind::cut_body},
    std::pair{"expire_tokens", FaultKind::expire_tokens},
    std::pair{"revoke_tokens", FaultKind::revoke_tokens},
};

// Reads one member into `place`; false when it has another type.
template <typename T>
bool read(const Json& value, T& place) {
  if constexpr (std::is_same_v<T, std::optional<std::string>>) {
    if (value.is_number_integer()) {
      place = value.dump();
      return true;
    }
    if (!value.is_string()) return false;
    place = value.get<std::string>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!value.is_string()) return false;
    place = value.get<std::string>();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_boolean()) return false;
    place = value.get<bool>();
  } else {
    if (!value.is_number_integer()) return false;
    const auto number = value.get<long long>();
    if (number < (std::is_signed_v<T> ? -1 : 0) || number > 86'400'000) return false;
    place = static_cast<T>(number);
  }
  return true;
}

std::optional<std::string> read_kind(const Json& value, FaultKind& kind) {
  std::string names;
  for (const auto& [name, each] : kinds) {
    if (value == name) {
      kind = each;
      return std::nullopt;
    }
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
  }
  return fmt::format("no fault is of kind {}; there are: {}", to_text(value), names);
}

}  // namespace

std::expected<Fault, std::string> fault_from_json(const Json& description) {
  if (!description.is_object() || !description.contains("kind"))
    return std::unexpected("a fault is an object with a `kind`");
  Fault fault;
  if (auto wrong = read_kind(description["kind"], fault.kind)) return std::unexpected(*wrong);
  if (fault.kind == FaultKind::redirect) fault.status = 302;
  for (const auto& [name, value] : description.items()) {
    bool read_well = true;
    if (name == "kind") continue;
    if (name == "method")
      read_well = read(value, fault.method);
    else if (name == "path")
      read_well = read(value, fault.path);
    else if (name == "skip")
      read_well = read(value, fault.skip);
    else if (name == "times")
      read_well = read(value, fault.times);
    else if (name == "after")
      read_well = read(value, fault.after);
    else if (name == "status")
      read_well = read(value, fault.status) && fault.status >= 200 && fault.status <= 599;
    else if (name == "milliseconds")
      read_well = read(value, fault.milliseconds);
    else if (name == "rows")
      read_well = read(value, fault.rows);
    else if (name == "says_more")
      read_well = read(value, fault.says_more);
    else if (name == "bytes")
      read_well = read(value, fault.bytes);
    else if (name == "retry_after")
      read_well = read(value, fault.retry_after);
    else if (name == "body")
      read_well = read(value, fault.body);
    else if (name == "content_type")
      read_well = read(value, fault.content_type);
    else if (name == "location")
      read_well = read(value, fault.location);
    else
      return std::unexpected(fmt::format("a fault has no member `{}`", name));
    if (!read_well) return std::unexpected(fmt::format("a fault's `{}` can't be {}", name, to_text(value)));
  }
  return fault;
}

Json to_json(const Fault& fault) {
  const auto kind = std::ranges::find(kinds, fault.kind, [](const auto& each) { return each.second; });
  Json json = {{"id", fault.id},     {"kind", kind->first}, {"method", fault.method},
               {"path", fault.path}, {"skip", fault.skip},  {"times", fault.times}};
  switch (fault.kind) {
    case FaultKind::latency:
      json["milliseconds"] = fault.milliseconds;
      break;
    case FaultKind::status:
      json["status"] = fault.status;
      json["after"] = fault.after;
      if (fault.retry_after) json["retry_after"] = *fault.retry_after;
      break;
    case FaultKind::content_type:
      json["content_type"] = fault.content_type;
      break;
    case FaultKind::redirect:
      json["location"] = fault.location;
      break;
    case FaultKind::short_page:
      json["rows"] = fault.rows;
      json["says_more"] = fault.says_more;
      break;
    case FaultKind::cut_body:
      json["bytes"] = fault.bytes;
      break;
    default:
      break;
  }
  return json;
}

int Faults::add(Fault fault) {
  fault.id = ++last_;
  faults_.push_back(std::move(fault));
  return last_;
}

bool Faults::remove(int id) {
  return std::erase_if(faults_, [&](const Fault& each) { return each.id == id; }) > 0;
}

std::vector<Fault> Faults::strike(const Call& call) {
  std::vector<Fault> struck;
  for (Fault& fault : faults_) {
    if (!fault.method.empty() && !equal_fold(fault.method, call.method)) continue;
    if (!has_fold(call.target, fault.path)) continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    if (fault.times == 0) continue;
    if (fault.times > 0) --fault.times;
    struck.push_back(fault);
  }
  std::erase_if(faults_, [](const Fault& each) { return each.times == 0; });
  return struck;
}

}  // namespace dovetail::sandbox
