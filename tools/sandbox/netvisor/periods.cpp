#include "tools/sandbox/netvisor/periods.hpp"

#include "tools/sandbox/netvisor/schema.hpp"

namespace dovetail::sandbox::netvisor {

namespace {

std::optional<Refusal> check(const System& system, const Json& row, const Json& period) {
  const std::string start = text_member(period, "startdate"), end = text_member(period, "enddate");
  if (start.empty() || text_member(period, "profession").empty()) return form_incorrect();
  if (!end.empty() && end < start) return data_incorrect("Employment period ends before it begins");
  if (text_member(period, "employmentcontract") == "2" && end.empty()) {
    return data_incorrect("End date is mandatory when employment contract is temporary");
  }
  if (!text_member(period, "parttimepercent").empty() && text_member(period, "employmentform") != "2") {
    return data_incorrect("Part time percent is allowed only when employment form is part time");
  }
  if (system.knobs.is("overlapping_periods", "allowed")) return std::nullopt;
  for (const Json& other : member(row, "periods")) {
    if (member(other, "netvisorkey") == member(period, "netvisorkey")) continue;
    const std::string other_end = text_member(other, "enddate");
    const bool before = !end.empty() && end < text_member(other, "startdate");
    const bool after = !other_end.empty() && start > other_end;
    if (!before && !after) return data_incorrect("Employment periods overlap");
  }
  return std::nullopt;
}

// The row and the place of the period with this key, or nothing.
std::optional<std::pair<Json*, std::size_t>> find_period(const Request& request, const std::string& key) {
  for (auto& [id, row] : request.system.store.rows("employees")) {
    if (text_member(row, "organisation") != request.organisation) continue;
    for (std::size_t at = 0; at < row["periods"].size(); ++at) {
      if (text_member(row["periods"][at], "netvisorkey") == key) return std::pair{&row, at};
    }
  }
  return std::nullopt;
}

Refusal no_period(const std::string& key) {
  return data_incorrect("Employment period not found with Netvisor identifier: " + key);
}

Reading reading_of(const Knobs& knobs, bool adding) {
  return {.adding = adding,
          .empty_mandatory = false,
          .ansi_attribute = knobs.is("date_attribute", "required"),
          .too_long_is_size = knobs.is("length_code", "INVALID_DATA_SIZE")};
}

}  // namespace

std::optional<Refusal> add_period(System& system, Json& row, const Json& period) {
  Json added = {{"netvisorkey", std::to_string(system.store.next("periods"))}};
  added.update(period);
  if (auto wrong = check(system, row, added)) return wrong;
  row["periods"].push_back(std::move(added));
  return std::nullopt;
}

std::optional<Refusal> change_period(System& system, Json& row, std::size_t present, const Json& changes) {
  Json changed = row["periods"][present];
  for (const auto& [name, value] : changes.items()) {
    if (name == "enddate" && value == "" && !system.knobs.is("empty_clears", "cleared")) {
      if (system.knobs.is("empty_clears", "refused")) return form_incorrect();
      continue;
    }
    changed[name] = value;
  }
  if (auto wrong = check(system, row, changed)) return wrong;
  row["periods"][present] = std::move(changed);
  return std::nullopt;
}

Outcome add_job_period(const Request& request) {
  const std::string key = request.call.param("employeeidentifier").value_or("");
  Json* row = request.system.store.find("employees", key);
  if (row == nullptr || text_member(*row, "organisation") != request.organisation) {
    return std::unexpected(data_incorrect("Employee not found with Netvisor identifier: " + key,
                                          "Työntekijää ei löydy Netvisor-tunnisteella: " + key));
  }
  Element periods{.name = "employmentperiods", .kind = Kind::group, .children = {period_schema()}};
  periods.children[0].many = true;
  const auto body =
      read_body(request.call.body, {"employmentperiods"}, periods, reading_of(request.system.knobs, true));
  if (!body) return std::unexpected(body.error());
  if (member(*body, "employmentperiod").empty()) return std::unexpected(form_incorrect());
  Json changed = *row;
  XmlText text;
  text.open("Replies");
  for (const Json& period : member(*body, "employmentperiod")) {
    if (auto wrong = add_period(request.system, changed, period)) return std::unexpected(*wrong);
    text.leaf("InsertedDataIdentifier", text_member(changed["periods"].back(), "netvisorkey"));
  }
  text.close("Replies");
  *row = std::move(changed);
  return text.text();
}

Outcome edit_job_period(const Request& request) {
  const std::string key = request.call.param("netvisorkey").value_or("");
  const auto found = find_period(request, key);
  if (!found) return std::unexpected(no_period(key));
  const Reading reading = reading_of(request.system.knobs, false);
  // With or without the list around the one period.
  auto body = read_body(request.call.body, {"employmentperiods", "employmentperiod"}, period_schema(), reading);
  if (!body) body = read_body(request.call.body, {"employmentperiod"}, period_schema(), reading);
  if (!body) return std::unexpected(body.error());
  if (auto wrong = change_period(request.system, *found->first, found->second, *body)) return std::unexpected(*wrong);
  return "";
}

Outcome delete_job_period(const Request& request) {
  const std::string key = request.call.param("netvisorkey").value_or("");
  const auto found = find_period(request, key);
  if (!found) return std::unexpected(no_period(key));
  (*found->first)["periods"].erase(found->second);
  return "";
}

}  // namespace dovetail::sandbox::netvisor
