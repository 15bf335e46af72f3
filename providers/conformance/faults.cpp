#include "providers/conformance/faults.hpp"

namespace dovetail::providers::conformance {
namespace {

NotAnswered lost(bool sent) {
  return {.error = {.kind = Error::Kind::transient, .what = "the connection broke"}, .sent = sent};
}

}  // namespace

class FaultyTransport : public Transport {
 public:
  FaultyTransport(std::unique_ptr<Transport> transport, Faults& faults)
      : transport_(std::move(transport)), faults_(faults) {}

  const std::string& base() const override { return transport_->base(); }

  std::expected<Response, NotAnswered> send(const Request& request) override {
    const std::optional<Fault> fault = faults_.strike(request);
    if (!fault) return transport_->send(request);
    if (fault->kind == Fault::Kind::lost_request) return std::unexpected(lost(false));
    if (fault->kind == Fault::Kind::status)
      return Response{.status = fault->status, .headers = fault->headers, .body = {}};
    if (fault->kind == Fault::Kind::foreign_page) {
      return Response{.status = 200,
                      .headers = {{"Content-Type", "text/html"}},
                      .body = "<html><body>Please sign in</body></html>"};
    }
    std::expected<Response, NotAnswered> answer = transport_->send(request);
    if (fault->kind == Fault::Kind::lost_answer) return std::unexpected(lost(true));
    if (answer) answer->body.resize(answer->body.size() / 2);
    return answer;
  }

 private:
  std::unique_ptr<Transport> transport_;
  Faults& faults_;
};

std::unique_ptr<Transport> Faults::between(std::unique_ptr<Transport> transport) {
  return std::make_unique<FaultyTransport>(std::move(transport), *this);
}

void Faults::order(Fault fault) {
  const std::lock_guard lock(mutex_);
  ordered_.push_back(std::move(fault));
}

void Faults::clear() {
  const std::lock_guard lock(mutex_);
  ordered_.clear();
}

std::optional<Fault> Faults::strike(const Request& request) {
  const std::lock_guard lock(mutex_);
  if (request.operation == "token" || request.operation == "auth") {
    saw_token_call_ = true;
    return std::nullopt;
  }
  for (Fault& fault : ordered_) {
    if (fault.times == 0 || (fault.writes_only && request.method == "GET")) continue;
    const Fault struck = fault;
    if (fault.times > 0) --fault.times;
    return struck;
  }
  return std::nullopt;
}

}  // namespace dovetail::providers::conformance
