// Named, total, built-in conversions that a pair may use (`via a then b`), each declared invertible or one-way.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/values/type.hpp"

namespace dovetail {

// Some transforms join several members into one value, or split one into several (se_clearing).
using Texts = std::vector<std::string>;

struct Transform {
  std::string_view name;
  std::string_view summary;  // one line for people
  std::size_t hub_arity;     // how many values the hub end of the pair has
  std::size_t provider_arity;
  std::size_t arguments;  // as in pad(10): how many literals it takes
  bool invertible;        // false: only usable towards the provider

  // Hub values to provider values, or back. False: the values have no image there (out is unspecified).
  // An empty value stands for an unset member, given or made; at least one value given is not empty.
  // `arguments` are the literals as text, as many as `arguments` above says.
  bool (*forward)(std::span<const std::string_view> in, std::span<const std::string> arguments, const CheckContext&,
                  Texts& out);
  bool (*backward)(std::span<const std::string_view> in, std::span<const std::string> arguments, const CheckContext&,
                   Texts& out);  // nullptr: one-way

  // What the values are on either side: the name of a type ("integer", "se_bank_account"); empty: any text. The checker
  // refuses the transform between members whose types don't go with these. Of several values: the joined side's.
  std::string_view hub_type = {};
  std::string_view provider_type = {};
};

std::span<const Transform> transforms();
const Transform* find_transform(std::string_view name);  // nullptr: there is none

}  // namespace dovetail
