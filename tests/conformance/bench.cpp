#include "tests/conformance/bench.hpp"

#include <catch2/catch.hpp>
#include <mutex>

#include "tools/sandbox/systems.hpp"

namespace dovetail::test {
void SandboxClock::sleep(std::chrono::milliseconds time) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  ahead_ += time.count();
  slept += time;
  if (sandbox != nullptr) sandbox->advance_clock(time);
}

providers::Credentials Bench::credentials_of(const std::string& system, const sandbox::Json& shown) {
  // The sandboxes name credentials as the interfaces do, the rules as the pages do.
  static const std::map<std::string, std::string, std::less<>> other_names = {{"user_id", "customer_id"},
                                                                              {"key", "customer_key"},
                                                                              {"business_id", "organisation_id"},
                                                                              {"api_key", "access_token"}};
  providers::Credentials credentials;
  for (const std::string_view name : providers::find_adapter(system)->credentials) {
    const auto other = other_names.find(name);
    const std::string key = other == other_names.end() ? std::string(name) : other->second;
    INFO(system << " shows " << shown.dump());
    REQUIRE(shown.contains(key));
    credentials[std::string(name)] = shown[key].get<std::string>();
  }
  return credentials;
}

Bench::Bench(const std::string& name, int people) : schema(shipped_schema(name)) {
  auto started = sandbox::Sandbox::start(sandbox::make_system(name, {.count = people}));
  REQUIRE(started.has_value());
  sandbox = std::move(*started);
  clock.sandbox = sandbox.get();
  credentials = credentials_of(name, sandbox->credentials());
  if (name == "huma") credentials["groups"] = sandbox->rows("groups").begin().key();
  Result<std::unique_ptr<System>> opened = open(credentials);
  INFO((opened ? "" : opened.error().what));
  REQUIRE(opened.has_value());
  system = std::move(*opened);
}

Result<std::unique_ptr<System>> Bench::open(providers::Credentials with, const std::string& url) {
  return providers::open_system(
      {.endpoint = {.base = (url.empty() ? sandbox->url() : url) + (schema.name == "finago" ? "/api" : "")},
       .credentials = std::move(with),
       .schema = schema,
       .context = shipped_context(),
       .around = {.clock = clock,
                  .budgets = budgets,
                  .trace =
                      [this](const providers::Trace& trace) {
                        static std::mutex tracing;  // tokens are fetched by whichever thread needs one
                        const std::lock_guard lock(tracing);
                        traces.push_back(trace);
                      }},
       .between = [this](std::unique_ptr<providers::Transport> below) { return faults.between(std::move(below)); }});
}

Value Bench::value(const Snapshot& from, RecordIndex record, const std::string& path, std::size_t element) const {
  const ir::Member* member = schema.find(path);
  REQUIRE(member != nullptr);
  const ir::MemberId id = schema.id(*member);
  if (member->list == ir::no_member) return Value::of(from.at(record, from.layout().slot(id)));
  const auto list = static_cast<std::size_t>(from.layout().list(member->list));
  const Snapshot::List elements = from.list(record, list);
  if (element >= elements.count) return {};
  const std::vector<ir::MemberId>& slots = from.layout().lists[list].slots;
  const auto slot = static_cast<ir::SlotId>(std::ranges::find(slots, id) - slots.begin());
  return Value::of(from.element(list, elements.first + static_cast<ElementIndex>(element), slot));
}

Change Bench::set(const std::string& path, const std::string& value, const std::string& element) const {
  const ir::Member* member = schema.find(path);
  INFO(path);
  REQUIRE(member != nullptr);
  return {.member = schema.id(*member), .element = element, .clear = false, .value = value, .previous = {}};
}

Change Bench::clear(const std::string& path, const std::string& element) const {
  Change change = set(path, {}, element);
  change.clear = true;
  return change;
}

Snapshot Bench::list() {
  Snapshot all(ir::Layout::whole(schema));
  const Result<Completeness> listed = system->list(all);
  INFO((listed ? listed->reason : listed.error().what));
  REQUIRE(listed.has_value());
  CHECK(listed->complete);
  return all;
}

Snapshot Bench::get(const std::string& id) {
  Snapshot one(ir::Layout::whole(schema));
  const Result<bool> got = system->get(id, one);
  INFO((got ? "" : got.error().what));
  REQUIRE(got.has_value());
  REQUIRE(*got);
  return one;
}

std::map<std::string, int> Bench::count_calls() {
  std::map<std::string, int> counts;
  for (const providers::Trace& trace : traces) ++counts[trace.operation];
  traces.clear();
  return counts;
}

}  // namespace dovetail::test
