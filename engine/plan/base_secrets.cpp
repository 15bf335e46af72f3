#include "engine/plan/base_secrets.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/compare/comparer.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

constexpr std::array<std::pair<Side, Few<BasePart> FieldBase::*>, 6> lists_of_parts = {
    {{Side::hub, &FieldBase::hub},
     {Side::hub, &FieldBase::known_hub},
     {Side::hub, &FieldBase::pending_hub},
     {Side::provider, &FieldBase::provider},
     {Side::provider, &FieldBase::known_provider},
     {Side::provider, &FieldBase::pending_provider}}};

// Whether a part's path, which may select an element, leads to the member.
bool is_path_of(const ir::Member& member, std::string_view path) {
  const std::size_t open = path.find('['), close = path.rfind(']');
  if (open == path.npos || close == path.npos) return member.path == path;
  const std::string_view whole = member.path;
  const std::size_t brackets = whole.find("[]");
  return brackets == open && whole.substr(0, open) == path.substr(0, open) &&
         whole.substr(open + 2) == path.substr(close + 1);
}

class SecretsOfBase {
 public:
  explicit SecretsOfBase(const PlanInput& input) : input_(input) {
    for (const Side side : {Side::hub, Side::provider}) {
      for (const ir::Member& member : input.program.rules->schema(side).members) {
        if (member.secret) secrets_[at(side)].push_back(&member);
      }
    }
  }

  bool are_clear(const FieldBase& base) const {
    return std::ranges::any_of(lists_of_parts, [&](const auto& list) {
      return std::ranges::any_of(base.*list.second, [&](const BasePart& part) {
        return !part.value.hashed && std::ranges::any_of(secrets_[at(list.first)], [&](const ir::Member* member) {
          return is_path_of(*member, part.path);
        });
      });
    });
  }

  void hash(FieldBase& base) const {
    for (const auto& [side, parts] : lists_of_parts) {
      for (BasePart& part : base.*parts) {
        for (const ir::Member* member : secrets_[at(side)]) {
          if (is_path_of(*member, part.path)) hash_secret(*member, input_.hasher, part.value);
        }
      }
    }
  }

  void bury(FieldBase& base) const {
    static const ir::Member no_member;  // of a path that the rules no longer have
    for (const auto& [side, parts] : lists_of_parts) {
      for (BasePart& part : base.*parts) {
        const auto& members = input_.program.rules->schema(side).members;
        const auto of =
            std::ranges::find_if(members, [&](const ir::Member& member) { return is_path_of(member, part.path); });
        hash_value(of == members.end() ? no_member : *of, *input_.hasher, part.value);
      }
    }
  }

 private:
  const PlanInput& input_;
  std::array<std::vector<const ir::Member*>, 2> secrets_;  // by Side
};

}  // namespace

void hash_secrets(const PlanInput& input, Base& base) {
  if (input.hasher == nullptr) return;
  const SecretsOfBase secrets(input);
  for (Link& link : base.links) {
    if (link.state == LinkState::hub_deleted) {
      for (FieldBase& field : link.base) secrets.bury(field);
    }
    for (std::size_t i = 0; i < link.base.size();
         ++i) {  // what is shared with other links stays so unless it is hashed
      if (secrets.are_clear(std::as_const(link.base)[i])) secrets.hash(link.base[i]);
    }
  }
}

}  // namespace dovetail
