// Huma's register of job titles: positions hold a title's id, people know its name.
#pragma once

#include <map>
#include <string>

#include "providers/toolkit/calls.hpp"

namespace dovetail::providers::huma {

class JobTitles {
 public:
  // The id of the title of that name, ignoring case. Where there is none it is added if that was planned, else refused
  // (kind data).
  Result<std::string> id_of(Calls& calls, const std::string& name, bool may_add);

 private:
  std::map<std::string, std::string> known_;  // id by the key of the name
};

}  // namespace dovetail::providers::huma
