#include "engine/compare/pair_texts.hpp"

#include <algorithm>

namespace dovetail {

using ir::at;

bool carry(const ir::PairProgram& pair, ir::Side from, std::span<const Observation> parts, const CheckContext& context,
           Texts& out) {
  Texts texts;
  for (const std::uint32_t part : pair.parts[at(from)]) texts.emplace_back(parts[part].text);
  return carry(pair, from, std::move(texts), context, out);
}

bool carry(const ir::PairProgram& pair, ir::Side from, Texts texts, const CheckContext& context, Texts& out) {
  const auto step = [&](const ir::TransformUse& use) {
    const std::vector<std::string_view> in(texts.begin(), texts.end());
    Texts made;
    const auto run = from == ir::Side::hub ? use.transform->forward : use.transform->backward;
    if (run == nullptr || !run(in, use.arguments, context, made)) return false;
    texts = std::move(made);
    return true;
  };
  const std::vector<ir::TransformUse>& uses = *pair.transforms;
  const bool carried =
      from == ir::Side::hub ? std::ranges::all_of(uses, step) : std::all_of(uses.rbegin(), uses.rend(), step);
  if (carried) out = std::move(texts);
  return carried;
}

std::optional<std::string> whole_text(const ir::PairProgram& pair, ir::Side side, std::span<const Observation> parts,
                                      const CheckContext& context) {
  const std::vector<std::uint32_t>& members = pair.parts[at(side)];
  const bool any = std::ranges::any_of(members, [&](std::uint32_t part) { return parts[part].state == State::value; });
  if (!any) return std::nullopt;
  if (members.size() == 1) return std::string(parts[members.front()].text);
  Texts carried;
  if (!carry(pair, side, parts, context, carried) || carried.size() != 1) return std::nullopt;
  return carried.front();
}

}  // namespace dovetail
