#include "dsl/ir_text/rules_tree.hpp"

namespace dovetail::dsl {
namespace {

constexpr std::string_view member_kinds[] = {"scalar", "object", "list"};
constexpr std::string_view empty_means[] = {"unset", "value", "invalid"};
constexpr std::string_view formats[] = {"", "json", "xml"};

std::string_view path_of(const ir::Schema& schema, ir::MemberId member) {
  return member == ir::no_member ? std::string_view() : std::string_view(schema.members[member].path);
}

Tree texts(const std::vector<std::string>& all) {
  Tree list = Tree::list();
  for (const std::string& one : all) list.items.push_back(Tree::of(one));
  return list;
}

std::string type_of(const ir::Member& member) {
  if (member.kind != ir::MemberKind::scalar) return {};
  if (member.type != nullptr) return std::string(member.type->name);
  return member.open_enum ? "open enum" : "enum";
}

void add_bits(const ir::Member& member, Tree& tree) {
  tree.add("read only", Tree::of_truth(member.read_only));
  tree.add("write only", Tree::of_truth(member.write_only));
  tree.add("set once", Tree::of_truth(member.set_once));
  tree.add("unique", Tree::of_truth(member.unique));
  tree.add("required on create", Tree::of_truth(member.required_on_create));
  tree.add("not nullable", Tree::of_truth(member.not_nullable));
  tree.add("secret", Tree::of_truth(member.secret));
  tree.add("optional", Tree::of_truth(member.optional));
}

Tree member_tree(const ir::Schema& schema, const ir::Member& member) {
  Tree tree;
  tree.add("path", member.path);
  if (member.kind != ir::MemberKind::scalar) tree.add("kind", member_kinds[static_cast<std::size_t>(member.kind)]);
  tree.add("type", type_of(member));
  Tree words;
  for (const ir::EnumWord& word : member.words) words.add(word.word, word.wire);
  tree.add("words", std::move(words));
  if (member.max_length) tree.add("max length", Tree::of_number(*member.max_length));
  add_bits(member, tree);
  tree.add("masked as", member.masked_as);
  if (member.empty != ir::EmptyMeans::unset) tree.add("empty is", empty_means[static_cast<std::size_t>(member.empty)]);
  tree.add("key", path_of(schema, member.key));
  tree.add("ordered by", path_of(schema, member.ordered_by));
  tree.add("until", path_of(schema, member.until));
  tree.add("derived from", path_of(schema, member.derived_from));
  tree.add("with", path_of(schema, member.written_with));
  tree.add("lookup", member.lookup_resource.empty() ? "" : member.lookup_resource + " by " + member.lookup_by);
  tree.add("deprecated use", member.deprecated_use);
  tree.add("read wire", member.read_wire);
  if (member.write_wires != std::vector<std::string>{member.read_wire})
    tree.add("write wire", texts(member.write_wires));
  Tree attributes;
  for (const ir::WireAttribute& attribute : member.attributes) attributes.add(attribute.name, attribute.value);
  tree.add("attributes", std::move(attributes));
  tree.add("resource", member.resource);
  return tree;
}

Tree part_tree(const ir::DocumentPart& part) {
  Tree tree;
  tree.add("document", formats[static_cast<std::size_t>(part.format)]);
  tree.add("records", part.records);
  tree.add("as", part.as);
  tree.add("key", part.key);
  std::string of;
  for (const std::string& name : part.of) of += (of.empty() ? "" : " or ") + name;
  tree.add("of", of);
  tree.add("chosen by", part.chosen_by);
  return tree;
}

}  // namespace

Tree schema_tree(const ir::Schema& schema) {
  Tree tree;
  tree.add("schema", schema.name);
  tree.add("version", Tree::of_number(schema.version));
  tree.add("adapter", schema.adapter);
  tree.add("identity", path_of(schema, schema.identity));
  if (schema.active != ir::no_member) {
    tree.add("active", std::string(path_of(schema, schema.active)) + " = " + schema.active_value);
  }
  tree.add("in force", path_of(schema, schema.active_list));
  tree.add("region", path_of(schema, schema.region));
  tree.add("document", formats[static_cast<std::size_t>(schema.document)]);
  tree.add("records", schema.records);
  Tree parts = Tree::list();
  for (const ir::DocumentPart& part : schema.parts) parts.items.push_back(part_tree(part));
  tree.add("parts", std::move(parts));
  tree.add("omitted is unset", Tree::of_truth(schema.omitted_is_unset));
  Tree members = Tree::list();
  for (const ir::Member& member : schema.members) members.items.push_back(member_tree(schema, member));
  tree.add("members", std::move(members));
  return tree;
}

}  // namespace dovetail::dsl
