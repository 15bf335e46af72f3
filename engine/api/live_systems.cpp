#include "engine/api/live_systems.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace dovetail {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// A call that is out.
class OnTheWire {
 public:
  explicit OnTheWire(std::atomic<int>& count) : count_(count) { ++count_; }
  ~OnTheWire() { --count_; }
  OnTheWire(const OnTheWire&) = delete;
  OnTheWire& operator=(const OnTheWire&) = delete;

 private:
  std::atomic<int>& count_;
};

// The last thing before the wire: waits for turns, tokens and pauses are over here.
class Permitted : public providers::Transport {
 public:
  Permitted(std::unique_ptr<providers::Transport> below, std::shared_ptr<const Permit> permit,
            std::atomic<int>& on_the_wire)
      : below_(std::move(below)), permit_(std::move(permit)), on_the_wire_(on_the_wire) {}

  std::expected<providers::Response, providers::NotAnswered> send(const providers::Request& request) override {
    if (permit_->ask) {
      if (const Result<void> may = permit_->ask(); !may) {
        return std::unexpected(providers::NotAnswered{.error = may.error(), .sent = false});
      }
    }
    const OnTheWire counted(on_the_wire_);
    return below_->send(request);
  }
  const std::string& base() const override { return below_->base(); }

 private:
  std::unique_ptr<providers::Transport> below_;
  std::shared_ptr<const Permit> permit_;
  std::atomic<int>& on_the_wire_;
};

}  // namespace

std::optional<LiveSpec> find_live_spec(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0) return std::nullopt;
  const std::string adapter = text.substr(0, colon), rest = text.substr(colon + 1);
  if (adapter.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != adapter.npos) return std::nullopt;
  const bool url = rest.empty() || rest.find("://") != rest.npos || providers::find_adapter(adapter) != nullptr;
  return url ? std::optional(LiveSpec{adapter, rest}) : std::nullopt;
}

std::vector<std::string> credential_names(std::string_view adapter) {
  const providers::AdapterEntry* entry = providers::find_adapter(adapter);
  if (entry == nullptr) return {};
  return {entry->credentials.begin(), entry->credentials.end()};
}

std::vector<std::string> optional_credential_names(std::string_view adapter) {
  const providers::AdapterEntry* entry = providers::find_adapter(adapter);
  if (entry == nullptr) return {};
  return {entry->optional.begin(), entry->optional.end()};
}

Result<providers::Credentials> check_credential_names(std::string_view adapter, providers::Credentials given) {
  const providers::AdapterEntry* entry = providers::find_adapter(adapter);
  if (entry == nullptr) return given;  // which is refused, and said, when it is opened
  std::erase_if(given, [&](const auto& one) { return std::ranges::count(entry->beside, one.first) != 0; });
  for (const auto& [name, secret] : given) {
    if (std::ranges::count(entry->credentials, name) + std::ranges::count(entry->optional, name) != 0) continue;
    std::string text =
        fmt::format("{} has no credential `{}`; it has: {}", adapter, name, fmt::join(entry->credentials, ", "));
    if (!entry->optional.empty())
      text += fmt::format(", and, where they are wanted, {}", fmt::join(entry->optional, ", "));
    return fail(std::move(text));
  }
  return given;
}

Result<std::unique_ptr<System>> LiveSystems::open(const LiveSpec& spec, const Network& network,
                                                  providers::Credentials credentials, const ir::Schema& schema,
                                                  const CheckContext& context, providers::conformance::Faults* faults,
                                                  std::shared_ptr<const Permit> permit) {
  if (spec.adapter != schema.adapter) {
    return fail(fmt::format("{}: the rules speak of {} here", spec.adapter, schema.adapter));
  }
  std::erase_if(credentials, [](const auto& one) { return one.second.empty(); });
  for (const std::string& name : credential_names(spec.adapter)) {
    if (!credentials.contains(name)) return fail(fmt::format("{} needs the credential `{}`", spec.adapter, name));
  }
  Calls& calls = [&]() -> Calls& {
    const std::lock_guard lock(counting_);
    return calls_[spec.adapter];
  }();
  providers::AdapterSetup setup{.endpoint = {.base = spec.url, .ca_file = network.ca_file, .proxy = network.proxy},
                                .credentials = std::move(credentials),
                                .schema = schema,
                                .context = context,
                                .around = {.clock = clock_,
                                           .budgets = budgets_,
                                           .trace =
                                               [this, &calls](const providers::Trace& trace) {
                                                 const std::lock_guard lock(counting_);
                                                 ++calls.by_operation[trace.operation];
                                                 if (trace.attempt > 1) ++calls.repeated;
                                               },
                                           .patience = {},
                                           .gives_up = {}}};
  if (permit) setup.around.gives_up = [permit] { return permit->gives_up && permit->gives_up(); };
  if (faults != nullptr || permit) {
    setup.between = [this, faults, permit](std::unique_ptr<providers::Transport> below) {
      if (permit) below = std::make_unique<Permitted>(std::move(below), permit, on_the_wire_);
      return faults == nullptr ? std::move(below) : faults->between(std::move(below));
    };
  }
  return providers::open_system(std::move(setup));
}

std::size_t LiveSystems::calls() const {
  const std::lock_guard lock(counting_);
  std::size_t total = 0;
  for (const auto& [adapter, calls] : calls_) {
    for (const auto& [operation, count] : calls.by_operation) total += static_cast<std::size_t>(count);
  }
  return total;
}

std::string LiveSystems::counts() const {
  const std::lock_guard lock(counting_);
  std::string text;
  for (const auto& [adapter, calls] : calls_) {
    int total = 0;
    std::string parts;
    for (const auto& [operation, count] : calls.by_operation) {
      total += count;
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", operation, count);
    }
    text +=
        fmt::format("{}: {} call{}{}", adapter, total, total == 1 ? "" : "s", parts.empty() ? "" : " (" + parts + ")");
    if (calls.repeated > 0) text += fmt::format(", {} of them tried again", calls.repeated);
    text += '\n';
  }
  return text;
}

Result<std::string> introduce(const std::string& adapter, System& system) {
  Result<Identity> identity = system.check();
  if (!identity) {
    identity.error().what = fmt::format("{}: {}", adapter, identity.error().what);
    return std::unexpected(identity.error());
  }
  std::string text = fmt::format("{}: {}", adapter, identity->company_name);
  if (!identity->company_id.empty())
    text += fmt::format("{}({})", identity->company_name.empty() ? "" : " ", identity->company_id);
  for (const std::string& missing : identity->missing_privileges) text += "; missing privilege: " + missing;
  return text;
}

}  // namespace dovetail
