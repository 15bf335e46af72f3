// Finago Payday (24SevenOffice payroll), simulated: a token exchange, employees and their employments, all values as
// text.
#pragma once

#include <array>
#include <map>

#include "tools/sandbox/core/system.hpp"
#include "tools/sandbox/people/person.hpp"

namespace dovetail::sandbox::finago {

std::vector<Knob> knobs();

class Finago : public System {
 public:
  explicit Finago(Population population = {});

  std::string name() const override { return "finago"; }
  Answer answer(const Call& call) override;
  Answer failure(int status, const Call& call) override;
  bool expire_tokens() override;
  bool revoke_tokens() override;
  RowShape shape(const std::string& table) const override;
  void edited(const std::string& table, const std::string& id, const Json& before, const Json& after) override;
  std::string new_id(const std::string& table) override;
  Json credentials() const override;

  // An error in the form that the knob asks for.
  Answer error(int status, const std::string& text) const;

 private:
  struct Token {
    std::string secret;  // the access token it was exchanged for
    Moment expires;
  };
  Answer exchange(const Call& call);
  bool is_authorized(const Call& call);
  bool is_too_fast();

  std::map<std::string, Token> tokens_;
  std::vector<Moment> recent_;  // calls of the last second
};

// `id`: of the path, "" where it has none.
Answer answer_employees(Finago& system, const Call& call, const std::string& id);
Answer answer_employments(Finago& system, const Call& call, const std::string& id);

// Members that hold a number as text.
inline constexpr std::array decimals = {"salary",
                                        "employment_rate",
                                        "hours_per_week",
                                        "vacation_percent",
                                        "percentage_tax_main_employer",
                                        "percentage_tax_bi_employer"};

Json blank_employee();  // every member of the answer, unset
// A scalar as the service keeps it: text.
std::string as_text(const Json& value);

}  // namespace dovetail::sandbox::finago
