// Huma's Open API, simulated: tokens, users with their positions and identifications, job titles, groups, webhooks.
#pragma once

#include <expected>
#include <map>

#include "tools/sandbox/core/system.hpp"
#include "tools/sandbox/huma/webhook.hpp"
#include "tools/sandbox/people/person.hpp"

namespace dovetail::sandbox::huma {

std::vector<Knob> knobs();

class Huma : public System {
 public:
  explicit Huma(Population population = {});

  std::string name() const override { return "huma"; }
  Answer answer(const Call& call) override;
  Answer failure(int status, const Call& call) override;
  bool expire_tokens() override;
  bool revoke_tokens() override;
  RowShape shape(const std::string& table) const override;
  void edited(const std::string& table, const std::string& id, const Json& before, const Json& after) override;
  std::string new_id(const std::string& table) override;
  std::optional<Answer> act(const std::string& action, const Json& details) override;
  Json credentials() const override;

  // Tells every registered webhook; `changed` holds the changed members of the user.
  void announce(const std::string& topic, const Json& user, const Json& changed);
  void deliver(const std::string& topic, const Json& users);  // to every webhook

 private:
  struct Token {
    std::string key;
    Moment expires;
  };
  Answer give_token(const Call& call);
  Answer revoke_token(const Call& call);
  std::optional<Answer> stopped(const Call& call);
  std::optional<Answer> answer_route(const Call& call, const std::vector<std::string>& parts);

  std::map<std::string, Token> tokens_;
  std::vector<Moment> recent_;
  Webhooks webhooks_;
};

struct Request {
  Huma& system;
  const Call& call;
  std::vector<std::string> parts;  // of the path

  const Knobs& knobs() const { return system.knobs; }
};

// nullopt: no such route.
std::optional<Answer> answer_users(const Request& request);
Answer answer_positions(const Request& request, Json& user);
Answer answer_identifications(const Request& request, Json& user);
std::optional<Answer> answer_job_titles(const Request& request);
std::optional<Answer> answer_groups(const Request& request);

// Refusals in Huma's words.
Answer bad_field(const std::string& code, const std::string& message, const std::vector<std::string>& fields);
Answer not_found(const std::string& type, const std::string& id);

// A change to a user that the API carried out: stores it and tells the webhooks.
void commit_user(const Request& request, Json& present, Json changed);
// The page that `limit` and `offset` name, in {items, total}; or the refusal of a wrong number.
Answer page_answer(const Request& request, std::vector<Json> items);

}  // namespace dovetail::sandbox::huma
