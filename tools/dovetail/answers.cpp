#include "tools/dovetail/answers.hpp"

#include <fmt/format.h>

#include "engine/api/calls.hpp"
#include "tools/dovetail/options.hpp"
#include "tools/dovetail/output.hpp"

namespace dovetail::tools {

int print_answer(Runtime& runtime, std::string_view kind, const Json& request) {
  const Answered answered = answer(runtime, request.dump());
  const Json told = Json::parse(answered.json);
  if (answered.kind == Answered::Kind::failed) {
    print_error(told["error"]["what"].get<std::string>());
    return could_not_run;
  }
  Json document = {{"dovetail", kind}, {"version", 1}};
  document.update(told);
  fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
  return answered.kind == Answered::Kind::needs_person ? needs_person : clean;
}

}  // namespace dovetail::tools
