#include "engine/runtime/push/push.hpp"

namespace dovetail {

bool Pushed::of_connection() const {
  return trouble && (trouble->kind == Error::Kind::auth || trouble->kind == Error::Kind::input);
}

std::string said_openly(const Error& error) {
  return error.kind == Error::Kind::data ? std::string(name(Reason::provider_refused)) : error.what;
}

std::string_view name(Pushed::Kind kind) {
  switch (kind) {
    case Pushed::Kind::finished:
      return "finished";
    case Pushed::Kind::again:
      return "again";
    case Pushed::Kind::parked:
      return "parked";
    case Pushed::Kind::lost:
      break;
  }
  return "lost";
}

}  // namespace dovetail
