#include "tests/soak/office.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "tools/sandbox/systems.hpp"

namespace dovetail::soak {
namespace {

using sandbox::Json;

const std::vector<std::string> hub_fields = {"given name", "family name", "street", "phone", "e-mail"};
const std::vector<std::string> provider_fields = {"given name", "family name", "street"};

std::unique_ptr<sandbox::Sandbox> simulate(const std::string& system, int people, sandbox::Country country) {
  auto started = sandbox::Sandbox::start(sandbox::make_system(system, {.count = people, .countries = {country}}));
  if (!started) throw std::runtime_error(started.error());
  return std::move(*started);
}

const Json& pick(const Json& from, Chance& chance) { return from[chance() % from.size()]; }

// What a sandbox can be told to do wrong; HTTP's own troubles are the proxy's.
const Json faults = Json::parse(R"([
  {"kind": "latency", "milliseconds": 300, "times": 5},
  {"kind": "status", "status": 503, "times": 3},
  {"kind": "status", "status": 500, "times": 1},
  {"kind": "status", "status": 502, "after": true, "times": 1},
  {"kind": "status", "status": 429, "retry_after": "1", "times": 2},
  {"kind": "status", "status": 429, "times": 2},
  {"kind": "content_type", "times": 1},
  {"kind": "redirect", "times": 1},
  {"kind": "cut_body", "times": 1},
  {"kind": "expire_tokens", "times": 1}
])");

test::Trouble trouble(Chance& chance) {
  using test::TroubleKind;
  const std::vector<TroubleKind> kinds = {TroubleKind::reset_before_commit, TroubleKind::reset_after_commit,
                                          TroubleKind::closed_after_commit, TroubleKind::truncated,
                                          TroubleKind::reset_within_answer, TroubleKind::slow};
  const TroubleKind kind = kinds[chance() % kinds.size()];
  return {.kind = kind,
          .skip = static_cast<int>(chance() % 5),
          .times = 1,
          .bytes = kind == TroubleKind::slow ? 400U : 40U,
          .pause = std::chrono::milliseconds(20)};
}

}  // namespace

Office::Office(std::string name, std::string provider, int people, const std::string& rules)
    : name_(std::move(name)), provider_name_(std::move(provider)), rules_(rules) {
  const auto country = provider_name_ == "netvisor" ? sandbox::Country::finland : sandbox::Country::norway;
  hub_ = simulate("huma", people, country);
  provider_ = simulate(provider_name_, people, country);
  hub_proxy_ = std::make_unique<test::Proxy>(hub_->port());
  provider_proxy_ = std::make_unique<test::Proxy>(provider_->port());
  pair_people();
}

void Office::pair_people() {
  std::map<std::string, std::string> by_email;
  const Json rows = provider_->rows("employees");
  for (const auto& [key, row] : rows.items()) by_email[values_in_provider(row, provider_name_)["e-mail"]] = key;
  const Json people = hub_->rows("users");
  for (const auto& [id, row] : people.items()) {
    const auto found = by_email.find(values_in_hub(row, provider_name_)["e-mail"]);
    if (found == by_email.end()) throw std::runtime_error(name_ + ": " + id + " is not in the provider");
    provider_of_[id] = found->second;
    ids_.push_back(id);
  }
}

std::size_t Office::people() const { return ids_.size(); }

void Office::connect(const Programs& programs) const {
  const Json hub = hub_->credentials(), provider = provider_->credentials();
  Json given = {{"huma", hub}, {provider_name_, provider}};
  given["huma"]["groups"] = hub_->rows("groups").begin().key();
  if (provider_name_ == "netvisor") {
    given[provider_name_] = {{"user_id", provider["customer_id"]},
                             {"key", provider["customer_key"]},
                             {"partner_id", provider["partner_id"]},
                             {"partner_key", provider["partner_key"]},
                             {"business_id", provider["organisation_id"]}};
  } else if (provider_name_ == "finago") {
    given[provider_name_] = {{"api_key", provider["access_token"]}};
  }
  const std::string keys = programs.folder() + "/" + name_ + ".json";
  std::ofstream(keys) << given.dump();
  std::vector<std::string> add = {
      "connection",
      "add",
      name_,
      "--map",
      rules_ + "/" + provider_name_ + ".map",
      "--hub",
      "huma:" + hub_proxy_->url(),
      "--provider",
      provider_name_ + ":" + provider_proxy_->url() + (provider_name_ == "finago" ? "/api" : ""),
      "--credentials",
      keys,
      "--test-system",
      "on",
      "--yes"};
  if (provider_name_ == "poweroffice_go") add.insert(add.end(), {"--setting", "create_on_add=true"});
  if (const Ended added = programs.run(add); added.exit != 0) throw std::runtime_error(name_ + ": " + added.out);
  const Ended ran = programs.run({"sync", name_, "--decide", "leave", "--create", "none"});
  if (ran.exit == 2) throw std::runtime_error(name_ + ": " + ran.out);
}

std::string Office::new_value(const std::string& what) {
  const int number = ++number_;
  if (what == "phone") {
    return provider_name_ == "netvisor" ? fmt::format("+35850{:07}", 2000000 + number)
                                        : fmt::format("+479{:07}", 2000000 + number);
  }
  if (what == "e-mail") return fmt::format("person{}.{}@example.com", number, name_);
  if (what == "street") return fmt::format("Storgata {}", number);
  return fmt::format("{} {}", what == "given name" ? "Kari" : "Berg", number);
}

std::optional<std::string> Office::edit_hub(const std::string& id, const std::string& what) {
  const Json row = hub_->row("users", id);
  Last& last = last_[{id, what}];
  last.in_hub = new_value(what);
  last.hub_was_last = true;
  const Json changed = change_in_hub(row, what, *last.in_hub);
  Json members = Json::object();
  for (const auto& [key, value] : changed.items()) {
    if (row[key] != value) members[key] = value;
  }
  hub_->patch_row("users", id, members);
  return id;
}

void Office::edit_provider(const std::string& id, const std::string& what) {
  const Json row = provider_->row("employees", provider_of_.at(id));
  Last& last = last_[{id, what}];
  last.in_provider = new_value(what);
  last.hub_was_last = false;
  const Json changed = change_in_provider(row, provider_name_, what, *last.in_provider);
  Json members = Json::object();
  for (const auto& [key, value] : changed.items()) {
    if (row[key] != value) members[key] = value;
  }
  provider_->patch_row("employees", provider_of_.at(id), members);
}

std::optional<std::string> Office::edit(Chance& chance) {
  const std::string& id = ids_[chance() % ids_.size()];
  if (chance() % 4 != 0 || !provider_of_.contains(id)) return edit_hub(id, hub_fields[chance() % hub_fields.size()]);
  edit_provider(id, provider_fields[chance() % provider_fields.size()]);
  return std::nullopt;
}

std::optional<std::string> Office::add_person() {
  if (provider_name_ != "poweroffice_go") return std::nullopt;
  const std::string id = fmt::format("5a5a5a5a-0000-4000-8000-{:012}", ++number_);
  Json made = hub_->row("users", ids_.front());
  made["id"] = id;
  made["email"] = fmt::format("new{}.{}@example.com", number_, name_);
  made["givenName"] = fmt::format("Ny {}", number_);  // nobody who might be meant is there yet
  made["birthDate"] = fmt::format("1990-{:02}-{:02}", 1 + number_ % 12, 1 + number_ % 28);
  made["phone"] = new_value("phone");
  made["employmentId"] = std::to_string(5'000'000 + number_);
  made["identifications"] = Json::array();
  made["bankAccount"] = Json::object();
  made["positions"] = Json::array();
  hub_->put_row("users", id, made);
  added_.push_back(id);
  return id;
}

void Office::misbehave(Chance& chance) {
  const bool is_hub = chance() % 3 == 0;
  if (chance() % 2 == 0) {
    (is_hub ? hub_proxy_ : provider_proxy_)->order(trouble(chance));
    return;
  }
  Json fault = pick(faults, chance);
  fault["skip"] = chance() % 5;
  (is_hub ? hub_ : provider_)->add_fault(fault);
}

void Office::behave() {
  hub_->clear_faults();
  provider_->clear_faults();
}

void Office::compare(const std::string& id, const Json& hub_row, const Json& provider_row,
                     std::vector<std::string>& found) const {
  const Values hub = values_in_hub(hub_row, provider_name_),
               provider = values_in_provider(provider_row, provider_name_);
  for (const auto& [what, value] : hub) {
    if (provider.at(what) != value) {
      found.push_back(fmt::format("{}: {}: {} is `{}` in the hub and `{}` in the provider", name_, id, what, value,
                                  provider.at(what)));
    }
    const auto known = last_.find({id, what});
    if (known == last_.end()) continue;
    const Last& last = known->second;
    std::string in_hub = last.in_hub.value_or(""), in_provider = last.in_provider.value_or("");
    if (what == "phone") in_hub = in_hub.substr(1);
    const bool was_there = !last.in_hub && !last.hub_was_last && value != in_provider;  // the hub's first value won
    if (value == in_hub || was_there || (!last.hub_was_last && value == in_provider)) continue;
    found.push_back(fmt::format("{}: {}: {} is `{}`, but was last `{}` in the hub and `{}` in the provider{}", name_,
                                id, what, value, in_hub, in_provider,
                                last.hub_was_last ? ", the hub's being later" : ""));
  }
}

std::vector<std::string> Office::faults_found() const {
  std::vector<std::string> found;
  const Json people = hub_->rows("users"), employees = provider_->rows("employees");
  if (employees.size() != provider_of_.size() + added_.size()) {
    found.push_back(fmt::format("{}: {} people are in the provider, and {} should be", name_, employees.size(),
                                provider_of_.size() + added_.size()));
  }
  std::map<std::string, std::string> by_email;
  for (const auto& [key, row] : employees.items()) {
    const std::string email = values_in_provider(row, provider_name_)["e-mail"];
    if (!by_email.emplace(email, key).second) found.push_back(fmt::format("{}: {} is there twice", name_, email));
  }
  for (const auto& [id, key] : provider_of_) compare(id, people[id], employees[key], found);
  for (const std::string& id : added_) {
    const auto key = by_email.find(values_in_hub(people[id], provider_name_)["e-mail"]);
    if (key == by_email.end()) {
      found.push_back(fmt::format("{}: {} was added in the hub, and is not in the provider", name_, id));
    } else {
      compare(id, people[id], employees[key->second], found);
    }
  }
  return found;
}

}  // namespace dovetail::soak
