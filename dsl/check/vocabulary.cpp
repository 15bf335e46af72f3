#include "dsl/check/vocabulary.hpp"

#include <algorithm>

namespace dovetail::dsl {

ir::MemberId Vocabulary::child(ir::MemberId parent, std::string_view name) const {
  const auto found = by_name.find({parent, name});
  return found == by_name.end() ? ir::no_member : found->second;
}

bool Vocabulary::is_complete(ir::MemberId parent) const {
  return parent == ir::no_member ? !incomplete : !written[parent]->broken;
}

std::vector<ir::MemberId> Vocabulary::children(ir::MemberId parent) const {
  std::vector<ir::MemberId> found;
  for (ir::MemberId id = parent == ir::no_member ? 0 : parent + 1; id < schema.members.size(); ++id) {
    if (schema.members[id].parent == parent) found.push_back(id);
  }
  return found;
}

Label Vocabulary::label(ir::MemberId id, std::string text) const {
  return {unit->source.get(), written[id]->name.span, std::move(text)};
}

std::string plain_path(const ir::Member& member) {
  std::string out;
  for (std::size_t i = 0; i < member.path.size(); ++i) {
    if (member.path[i] == '[') {
      ++i;  // and its `]`
    } else {
      out.push_back(member.path[i]);
    }
  }
  return out;
}

std::string described_type(const ir::Member& member) {
  if (member.kind == ir::MemberKind::object) return "an object";
  if (member.kind == ir::MemberKind::list) return "a list";
  if (!member.words.empty() || member.type == nullptr) {
    std::vector<std::string_view> words;
    for (const ir::EnumWord& word : member.words) words.push_back(word.word);
    return "an enum of " + listed(words);
  }
  const std::string_view name = member.type->name;
  if (name == "text") return "text";
  const bool vowel = std::string_view("aeio").find(name.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + quoted(name);
}

}  // namespace dovetail::dsl
