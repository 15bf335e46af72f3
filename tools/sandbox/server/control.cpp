#include "tools/sandbox/server/control.hpp"

#include <fmt/format.h>

namespace dovetail::sandbox {

namespace {

Answer wrong(int status, const std::string& text) { return json_answer(status, {{"error", text}}); }
Answer done() { return json_answer(200, {{"ok", true}}); }

Answer no_such(const Call& call) {
  return wrong(404, fmt::format("the control endpoint has no {} {}; GET {} lists what there is", call.method, call.path,
                                control_prefix));
}

Answer index(Running& running) {
  Json tables = Json::object();
  for (const auto& [name, rows] : running.system.store.tables()) tables[name] = rows.size();
  return json_answer(200,
                     {{"system", running.system.name()},
                      {"url", running.system.base},
                      {"credentials", running.system.credentials()},
                      {"now", to_instant(running.system.clock.now())},
                      {"tables", tables},
                      {"control",
                       {"GET, PUT knobs", "GET, POST, DELETE faults[/id]", "GET, DELETE calls", "GET counts",
                        "GET, PUT, PATCH, POST, DELETE state[/table[/id]]", "GET, POST clock", "POST actions/name"}}});
}

Answer answer_knobs(Running& running, const Call& call) {
  Knobs& knobs = running.system.knobs;
  if (call.method == "PUT" || call.method == "PATCH") {
    const auto wanted = parse_json(call.body);
    if (!wanted || !wanted->is_object()) return wrong(400, "knobs are set by an object of names and positions");
    Knobs changed = knobs;
    for (const auto& [name, value] : wanted->items()) {
      const std::string position = value.is_boolean() ? (value.get<bool>() ? "on" : "off") : text_member(*wanted, name);
      if (const auto problem = changed.set(name, position)) return wrong(400, *problem);
    }
    knobs = changed;
  } else if (call.method != "GET") {
    return no_such(call);
  }
  Json list = Json::array();
  for (const Knob& knob : knobs.all()) {
    list.push_back({{"name", knob.name},
                    {"value", knob.value},
                    {"positions", knob.positions},
                    {"mark", knob.mark},
                    {"meaning", knob.meaning}});
  }
  return json_answer(200, list);
}

Answer answer_faults(Running& running, const Call& call, const std::string& id) {
  if (call.method == "DELETE") {
    if (id.empty()) {
      running.faults.clear();
      return done();
    }
    const auto number = to_number(id);
    return number && running.faults.remove(static_cast<int>(*number)) ? done()
                                                                      : wrong(404, "no fault " + id + " is in force");
  }
  if (call.method == "POST") {
    const auto description = parse_json(call.body);
    if (!description) return wrong(400, "the body is no JSON");
    auto fault = fault_from_json(*description);
    if (!fault) return wrong(400, fault.error());
    return json_answer(200, {{"id", running.faults.add(std::move(*fault))}});
  }
  if (call.method != "GET") return no_such(call);
  Json list = Json::array();
  for (const Fault& fault : running.faults.all()) list.push_back(to_json(fault));
  return json_answer(200, list);
}

Answer answer_calls(Running& running, const Call& call) {
  if (call.method == "DELETE") {
    running.recorder.forget();
    return done();
  }
  if (call.method != "GET") return no_such(call);
  const auto since = to_number(call.param("since").value_or("0"));
  const auto limit = to_number(call.param("limit").value_or("1000"));
  if (!since || !limit) return wrong(400, "`since` and `limit` are whole numbers");
  Json list = Json::array();
  for (const RecordedCall& recorded : running.recorder.calls()) {
    if (recorded.number > *since && static_cast<long long>(list.size()) < *limit) list.push_back(to_json(recorded));
  }
  return json_answer(200, {{"dropped", running.recorder.dropped()}, {"calls", list}});
}

Answer answer_counts(Running& running) {
  Json counts = Json::object();
  for (const auto& [route, count] : running.recorder.counts()) counts[route] = count;
  return json_answer(200, counts);
}

Json to_json(const Rows& rows) {
  Json json = Json::object();
  for (const auto& [id, row] : rows) json.push_back({id, row});
  return json;
}

Answer read_state(Running& running, const std::string& table, const std::string& id) {
  const auto& tables = running.system.store.tables();
  if (table.empty()) {
    Json all = Json::object();
    for (const auto& [name, rows] : tables) all[name] = to_json(rows);
    return json_answer(200, all);
  }
  if (!tables.contains(table)) return wrong(404, "there is no table `" + table + "`");
  if (id.empty()) return json_answer(200, to_json(tables.at(table)));
  const Json* row = running.system.store.find(table, id);
  return row == nullptr ? wrong(404, fmt::format("table `{}` has no row `{}`", table, id)) : json_answer(200, *row);
}

Answer put_row(Running& running, const Call& call, const std::string& table, std::string id) {
  auto body = parse_json(call.body);
  if (!body || !body->is_object()) return wrong(400, "a row is a JSON object");
  System& system = running.system;
  if (id.empty()) id = system.new_id(table);
  if (id.empty()) return wrong(400, fmt::format("a new row of `{}` needs an id in the path", table));
  const Json* present = system.store.find(table, id);
  const Json before = present == nullptr ? Json() : *present;
  if (call.method == "PATCH" && before.is_null())
    return wrong(404, fmt::format("table `{}` has no row `{}`", table, id));
  if (call.method == "POST" && !before.is_null())
    return wrong(400, fmt::format("table `{}` has a row `{}`", table, id));
  Json row = call.method == "PATCH" ? before : *body;
  if (call.method == "PATCH") {
    for (const auto& [name, value] : body->items()) row[name] = value;
  }
  if (const auto wanted = misfit(system.shape(table), id, row)) {
    return wrong(400, fmt::format("this is no row of `{}`: {}", table, *wanted));
  }
  system.store.rows(table)[id] = row;
  system.edited(table, id, before, row);
  return json_answer(200, {{"id", id}, {"row", *system.store.find(table, id)}});
}

Answer answer_state(Running& running, const Call& call, const std::string& table, const std::string& id) {
  if (call.method == "GET") return read_state(running, table, id);
  if (table.empty()) return no_such(call);
  if (!running.system.store.tables().contains(table)) return wrong(404, "there is no table `" + table + "`");
  if (call.method != "DELETE") return put_row(running, call, table, id);
  Rows& rows = running.system.store.rows(table);
  if (running.system.shape(table).stays) return wrong(400, fmt::format("rows of `{}` cannot be removed", table));
  if (id.empty()) {
    const Rows gone = std::exchange(rows, {});
    for (const auto& [each, row] : gone) running.system.edited(table, each, row, Json());
    return done();
  }
  const auto found = rows.find(id);
  if (found == rows.end()) return wrong(404, fmt::format("table `{}` has no row `{}`", table, id));
  const Json before = std::move(found->second);
  rows.erase(found);
  running.system.edited(table, id, before, Json());
  return done();
}

Answer answer_clock(Running& running, const Call& call) {
  if (call.method == "POST") {
    const auto body = parse_json(call.body);
    const Json& step = body ? member(*body, "advance_ms") : Json();
    if (!step.is_number_integer()) return wrong(400, "the clock is moved by {\"advance_ms\": number}");
    constexpr long long century = 100LL * 366 * 86'400'000;
    const bool is_far = step > century || step < -century;
    const auto target = is_far ? running.system.clock.now()
                               : running.system.clock.now() + std::chrono::milliseconds(step.get<long long>());
    if (is_far || target < Moment() || target > Moment() + std::chrono::milliseconds(2 * century)) {
      return wrong(400, "`advance_ms` leads too far: the clock goes from 1970 to 2170");
    }
    running.system.clock.advance(std::chrono::milliseconds(step.get<long long>()));
  }
  return json_answer(200, {{"now", to_instant(running.system.clock.now())}});
}

}  // namespace

namespace {

Answer answer_known(Running& running, const Call& call) {
  std::vector<std::string> parts = split(std::string_view(call.path).substr(control_prefix.size()), '/');
  parts.resize(std::max<std::size_t>(parts.size(), 4));
  const std::string& what = parts[1];
  if (what.empty()) return index(running);
  if (what == "knobs") return answer_knobs(running, call);
  if (what == "faults") return answer_faults(running, call, parts[2]);
  if (what == "calls") return answer_calls(running, call);
  if (what == "counts" && call.method == "GET") return answer_counts(running);
  if (what == "state") return answer_state(running, call, parts[2], parts[3]);
  if (what == "clock") return answer_clock(running, call);
  if (what == "actions" && call.method == "POST") {
    const auto details = call.body.empty() ? Json::object() : parse_json(call.body).value_or(Json());
    if (!details.is_object()) return wrong(400, "the details of an action are a JSON object");
    const auto answer = running.system.act(parts[2], details);
    return answer ? *answer : wrong(404, fmt::format("{} knows no action `{}`", running.system.name(), parts[2]));
  }
  return no_such(call);
}

}  // namespace

Answer answer_control(Running& running, const Call& call) {
  try {
    return answer_known(running, call);
  } catch (const Json::exception& misread) {
    return wrong(400, fmt::format("{} {} cannot be answered: {}", call.method, call.path, misread.what()));
  }
}

}  // namespace dovetail::sandbox
