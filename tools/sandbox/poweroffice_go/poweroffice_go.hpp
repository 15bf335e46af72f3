// PowerOffice Go's API v2, simulated: a gateway with subscription keys and a rate limit, tokens, employees, bank
// accounts.
#pragma once

#include <deque>
#include <expected>
#include <map>
#include <set>

#include "tools/sandbox/core/system.hpp"
#include "tools/sandbox/people/person.hpp"
#include "tools/sandbox/poweroffice_go/json_patch.hpp"

namespace dovetail::sandbox::poweroffice_go {

std::vector<Knob> knobs();

// What a token was given for; privileges are those of that moment.
struct Token {
  std::string client;  // the client key
  std::set<std::string> privileges;
  bool shows_ids = false;  // national ids and gender unmasked
  Moment expires;
};

class PowerOfficeGo : public System {
 public:
  explicit PowerOfficeGo(Population population = {});

  std::string name() const override { return "poweroffice_go"; }
  Answer answer(const Call& call) override;
  Answer failure(int status, const Call& call) override;
  bool expire_tokens() override;
  bool revoke_tokens() override;
  RowShape shape(const std::string& table) const override;
  void edited(const std::string& table, const std::string& id, const Json& before, const Json& after) override;
  std::string new_id(const std::string& table) override;
  Json credentials() const override;

  // Always later than the one before.
  std::string stamp();
  // Writes and removals go through these, so that a lagging replica shows what was before.
  void commit(const std::string& table, const std::string& id, Json row);
  void remove(const std::string& table, const std::string& id);

 private:
  std::optional<Answer> stopped_by_gateway(const Call& call);
  Answer give_token(const Call& call, bool demo);
  Answer answer_call(const Call& call);
  Answer answer_api(const Call& call, const std::string& path);
  Answer answer_onboarding(const Call& call, const std::string& path);

  std::map<std::string, Token> tokens_;
  std::map<std::string, std::deque<Moment>> recent_;  // calls of the last second by subscription key
  std::map<std::string, std::string> onboarding_;     // token, client key
  Moment last_stamp_{};
};

struct Request {
  PowerOfficeGo& system;
  const Call& call;
  const Token& token;
  std::vector<std::string> parts;  // of the path behind /v2/, as sent

  const Knobs& knobs() const { return system.knobs; }
  PatchManner patch_manner() const {
    return {.lenient = knobs().is("patch_conversion", "lenient"),
            .creates_objects = knobs().is("patch_null_address", "created")};
  }
  bool may(std::initializer_list<const char*> any_of) const;
  bool owns(const Json& row) const { return text_member(row, "_client") == token.client; }
  Answer forbidden(const char* privilege) const;
};

std::optional<Answer> answer_employees(const Request& request);  // nullopt: no such route
std::optional<Answer> answer_bank_accounts(const Request& request);
std::optional<Answer> answer_registers(const Request& request);  // series, departments, groups, integration

}  // namespace dovetail::sandbox::poweroffice_go
