#include "engine/match/match_key.hpp"

namespace dovetail {
namespace {

using ir::at;

void append_key(const ir::Part& part, std::string_view text, bool folded, const CheckContext& context,
                std::string& key) {
  static const CheckedType* const names = find_type("name_equal");
  if (folded && names != nullptr && part.type != nullptr && part.type->name == "text") {
    // The type judges pairs; a name beside itself gives its key.
    if (std::string made; names->check(std::string(text) + "|" + std::string(text), {}, made) == Fault::none) {
      key += made;
      return;
    }
  }
  append_key(part, text, context, key);
}

}  // namespace

MatchKeys::MatchKeys(const PlanInput& input, ir::Side side)
    : input_(input), side_(side), view_(input.program, side, side == ir::Side::hub ? input.hub : input.provider) {}

std::optional<std::string> MatchKeys::key(const ir::FieldProgram& field, RecordIndex record) {
  std::string key;
  return append(field, record, false, key) ? std::optional(std::move(key)) : std::nullopt;
}

bool MatchKeys::append(const ir::FieldProgram& field, RecordIndex record, bool folded, std::string& key) {
  view_.move_to(record, input_.today);
  const CheckContext context{input_.tables, input_.today, view_.region(), input_.test_system};
  look(field, side_, view_, no_element, context, sight_);
  if (sight_.state != State::value || sight_.shape < 0) return false;
  const std::vector<ir::Part>& parts = field.parts[at(ir::Side::provider)];
  if (side_ == ir::Side::hub) {
    make_image(input_.program, field, side_, sight_, context, image_);
    if (image_.verdict != Image::Verdict::value) return false;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].compared) continue;
    const Observation seen = side_ == ir::Side::hub ? Observation(image_.parts[i]) : sight_.parts[i];
    if (seen.state == State::value) append_key(parts[i], seen.text, folded, context, key);
    key += '\x1f';
  }
  return true;
}

std::optional<std::string> MatchKeys::key(std::span<const std::uint32_t> fields, RecordIndex record) {
  std::string whole;
  for (const std::uint32_t field : fields) {
    if (!append(input_.program.fields[field], record, true, whole)) return std::nullopt;
    whole += '\x1e';
  }
  return whole;
}

std::optional<std::string> MatchKeys::key_of_text(const ir::FieldProgram& field, std::string_view text) const {
  const std::vector<ir::Part>& parts = field.parts[at(ir::Side::provider)];
  if (parts.size() != 1) return std::nullopt;
  std::string sent(text);
  const CheckContext context{input_.tables, input_.today, {}, input_.test_system};
  if (parts.front().type != nullptr) {
    sent.clear();
    if (parts.front().type->check(text, context, sent) != Fault::none) return std::nullopt;
  }
  std::string key;
  append_key(parts.front(), sent, false, context, key);
  return key + '\x1f';
}

}  // namespace dovetail
