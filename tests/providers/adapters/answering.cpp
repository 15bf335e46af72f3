#include "tests/providers/adapters/answering.hpp"

#include <catch2/catch.hpp>

#include "tests/shipped_schemas.hpp"

namespace dovetail::test {
namespace {

class ByFunction : public providers::Transport {
 public:
  explicit ByFunction(std::function<providers::Response(const providers::Request&)> answer)
      : answer_(std::move(answer)) {}
  std::expected<providers::Response, providers::NotAnswered> send(const providers::Request& request) override {
    return answer_(request);
  }
  const std::string& base() const override { return base_; }

 private:
  std::function<providers::Response(const providers::Request&)> answer_;
  std::string base_ = "https://payroll.example";
};

}  // namespace

Answering::Answering(const std::string& name, Answer answer)
    : schema(shipped_schema(name)), answer_(std::move(answer)) {
  providers::Credentials credentials;
  for (const std::string_view each : providers::find_adapter(name)->credentials) credentials.emplace(each, "key");
  auto opened = providers::open_system({.endpoint = {.base = "https://payroll.example"},
                                        .credentials = credentials,
                                        .schema = schema,
                                        .context = shipped_context(),
                                        .around = {.clock = clock_, .budgets = budgets_},
                                        .between = [this](std::unique_ptr<providers::Transport>) {
                                          return std::make_unique<ByFunction>(
                                              [this](const providers::Request& each) { return reply(each); });
                                        }});
  INFO((opened ? "" : opened.error().what));
  REQUIRE(opened.has_value());
  system = std::move(*opened);
}

providers::Response Answering::reply(const providers::Request& request) {
  const std::lock_guard lock(mutex_);
  if (request.target.find("oken") != std::string::npos) {
    return {.status = 200,
            .body = R"({"access_token":"t","accessToken":"t","expires_in":3600,"organizationId":"o","expiresOn":""})"};
  }
  const std::string call = request.method + ' ' + request.target;
  asked.push_back(call + (request.body.empty() ? "" : ' ' + request.body));
  return answer_(call, request.body);
}

Value Answering::value(const Snapshot& from, const std::string& path, RecordIndex record, ElementIndex element) const {
  const ir::Member* member = schema.find(path);
  REQUIRE(member != nullptr);
  const ir::SlotId slot = from.layout().slot(schema.id(*member));
  if (member->list == ir::no_member) return Value::of(from.at(record, slot));
  const auto list = static_cast<std::size_t>(from.layout().list(member->list));
  return Value::of(from.element(list, from.list(record, list).first + element, slot));
}

Change Answering::set(const std::string& path, const std::string& value, const std::string& element) const {
  return {.member = schema.id(*schema.find(path)), .element = element, .value = value, .previous = {}};
}

Change Answering::clear(const std::string& path, const std::string& element) const {
  return {.member = schema.id(*schema.find(path)), .element = element, .clear = true, .value = {}, .previous = {}};
}

std::string netvisor_answer(const std::string& inside) {
  return "<Root><ResponseStatus><Status>OK</Status></ResponseStatus>" + inside + "</Root>";
}

}  // namespace dovetail::test
