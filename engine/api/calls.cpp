#include "engine/api/calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/api/call_table.hpp"
#include "engine/error_names.hpp"

namespace dovetail {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// Texts of other systems need not be UTF-8.
std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::array<std::span<const Call>, 5> all_calls() {
  return {connection_calls(), people_calls(), run_calls(), undo_calls(), work_calls()};
}

Result<Reply> list_calls(Runtime&, Arguments& arguments) {
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  Json names = Json::array();
  names.push_back("calls");
  for (const std::span<const Call> calls : all_calls()) {
    for (const Call& call : calls) names.push_back(call.name);
  }
  return Reply{{{"calls", std::move(names)}}};
}

const Call* find_call(std::string_view name) {
  static constexpr Call calls{"calls", list_calls};
  if (name == calls.name) return &calls;
  for (const std::span<const Call> table : all_calls()) {
    const auto found = std::ranges::find(table, name, &Call::name);
    if (found != table.end()) return &*found;
  }
  return nullptr;
}

Result<Json> read_object(std::string_view text, std::string_view what) {
  Result<Json> json = parse_json(text);
  if (!json) return fail(fmt::format("{} must be a JSON object: {}", what, json.error().what));
  if (!json->is_object()) return fail(fmt::format("{} must be a JSON object", what));
  return json;
}

Result<Reply> reply(Runtime& runtime, std::string_view request) {
  const Result<Json> object = read_object(request, "the request");
  if (!object) return std::unexpected(object.error());
  Arguments arguments(*object);
  const std::string name = arguments.text("call");
  if (name.empty())
    return fail("there is no call without a name: `call` must be a text; {\"call\": \"calls\"} lists them");
  const Call* call = find_call(name);
  if (call == nullptr) return fail(fmt::format("there is no call `{}`: {{\"call\": \"calls\"}} lists them", name));
  Result<Reply> done = call->answer(runtime, arguments);
  if (!done && done.error().kind == Error::Kind::input) done.error().what = name + ": " + done.error().what;
  return done;
}

}  // namespace

std::string error_json(const Error& error) {
  Json json = {{"kind", name(error.kind)}, {"what", error.what}};
  if (!error.field.empty()) json["field"] = error.field;
  if (error.retry_after) json["retry_after_ms"] = error.retry_after->count();
  return dump({{"error", std::move(json)}});
}

Answered answer(Runtime& runtime, std::string_view request) {
  const Result<Reply> done = reply(runtime, request);
  if (!done) return {Answered::Kind::failed, error_json(done.error())};
  return {done->needs_person ? Answered::Kind::needs_person : Answered::Kind::done, dump(done->json)};
}

Result<RuntimeOptions> read_options(std::string_view json) {
  const Result<Json> object = read_object(json, "the options");
  if (!object) return std::unexpected(object.error());
  Arguments arguments(*object);
  RuntimeOptions options;
  options.store = arguments.text("store");
  options.key = arguments.text("key");
  options.create = arguments.truth("create").value_or(false);
  options.network = {.ca_file = arguments.given_text("ca_file"), .proxy = arguments.given_text("proxy")};
  if (const auto most = arguments.number("most_waiting")) {
    if (*most < 0) arguments.refuse("`most_waiting` must be 0 or more");
    options.most_waiting = static_cast<std::size_t>(*most);
  }
  const std::string log = arguments.given_text("log");
  if (log == "json") options.log = Telemetry::Format::json;
  if (log == "text") options.log = Telemetry::Format::text;
  if (!log.empty() && log != "json" && log != "text" && log != "none") {
    arguments.refuse("`log` must be json, text or none");
  }
  if (const Result<void> read = arguments.finish(); !read) return std::unexpected(read.error());
  return options;
}

}  // namespace dovetail
