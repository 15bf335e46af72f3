#include "dsl/ir_text/rules_tree.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

constexpr std::string_view arrows[] = {"<->", "->", "<-"};
constexpr std::string_view clause_names[] = {"unique", "cannot unset",    "cannot unset or update",
                                             "hold",   "max length",      "min length",
                                             "valid",  "all parts filled"};
constexpr std::string_view setting_types[] = {"text", "boolean", "integer", "date"};
constexpr std::string_view conflict_rules[] = {"ask", "prefer hub", "prefer provider"};
constexpr std::string_view events[] = {"add", "deactivate", "delete"};
constexpr std::string_view guards[] = {"overwrites", "clears", "bank_accounts", "national_ids", "emails"};

template <typename Enum, std::size_t Count>
std::string_view word(Enum value, const std::string_view (&words)[Count]) {
  return words[static_cast<std::size_t>(value)];
}

class Writer {
 public:
  explicit Writer(const ir::RuleSet& rules) : rules_(rules) {}

  Tree run() const {
    Tree tree;
    tree.add("map", rules_.name);
    tree.add("version", Tree::of_number(rules_.version));
    tree.add("syntax", Tree::of_number(rules_.syntax));
    tree.add("deprecated, replaced by", rules_.deprecated_by);
    tree.add("hub", system(Side::hub));
    tree.add("provider", system(Side::provider));
    tree.add("credentials", all(rules_.credentials, [](const ir::Credential& one) { return credential(one); }));
    tree.add("settings", all(rules_.settings, [](const ir::Setting& one) { return setting(one); }));
    if (rules_.match) tree.add("match", match(*rules_.match));
    tree.add("conflict", word(rules_.conflict, conflict_rules));
    tree.add("groups", all(rules_.groups, [this](const ir::Group& one) { return group(one); }));
    tree.add("lists", all(rules_.lists, [this](const ir::ListRule& one) { return list_rule(one); }));
    tree.add("fields", all(rules_.fields, [this](const ir::Field& one) { return field(one); }));
    tree.add("fills", all(rules_.fills, [this](const ir::Fill& one) { return fill(one); }));
    tree.add("tables", all(rules_.tables, [this](const ir::ValuesTable& one) { return table(one); }));
    tree.add("life cycle", all(rules_.life_cycle, [this](const ir::LifeCycle& one) { return life_cycle(one); }));
    tree.add("guards", all(rules_.guards, [](const ir::Guard& one) { return guard(one); }));
    tree.add("sections", all(rules_.sections, [](const ir::Section& one) { return Tree::of(one.title); }));
    return tree;
  }

 private:
  template <typename Item, typename Make>
  static Tree all(const std::vector<Item>& items, Make make) {
    Tree list = Tree::list();
    for (const Item& item : items) list.items.push_back(make(item));
    return list;
  }

  static std::string line(const ir::Origin& origin) { return origin.file + ":" + std::to_string(origin.line); }

  Tree system(Side side) const {
    Tree tree;
    tree.add("name", rules_.alias(side));
    tree.add("title", rules_.title(side));
    tree.add("schema", rules_.schema(side).name);
    tree.add("schema version", Tree::of_number(rules_.schema(side).version));
    return tree;
  }

  static Tree credential(const ir::Credential& one) {
    Tree tree;
    tree.add("name", one.name);
    tree.add("label", one.label);
    tree.add("secret", Tree::of_truth(one.secret));
    tree.add("required", Tree::of_truth(one.required));
    return tree;
  }

  static Tree setting(const ir::Setting& one) {
    Tree tree;
    tree.add("name", one.name);
    tree.add("label", one.label);
    tree.add("type", word(one.type, setting_types));
    tree.add("required", Tree::of_truth(one.required));
    if (one.default_value) tree.add("default", *one.default_value);
    return tree;
  }

  std::string setting_name(const std::optional<std::uint32_t>& setting) const {
    return setting ? rules_.settings[*setting].name : "";
  }

  Tree match(const ir::Match& one) const {
    Tree tree;
    if (one.field) tree.add("by", rules_.fields[*one.field].label);
    if (one.pair) tree.add("by pair", pair(*one.pair));
    Tree proposals = Tree::list();
    for (const std::vector<std::uint32_t>& fields : one.proposals) {
      Tree labels = Tree::list();
      for (const std::uint32_t index : fields) labels.items.push_back(Tree::of(rules_.fields[index].label));
      Tree proposal;
      proposal.add("by", std::move(labels));
      proposals.items.push_back(std::move(proposal));
    }
    tree.add("else propose", std::move(proposals));
    return tree;
  }

  Tree group(const ir::Group& one) const {
    Tree tree;
    tree.add("title", one.title);
    tree.add("direction", word(one.direction, arrows));
    tree.add("only changes after activation", Tree::of_truth(one.only_after_activation));
    tree.add("when setting", setting_name(one.setting));
    tree.add("at", line(one.origin));
    return tree;
  }

  Tree list_rule(const ir::ListRule& one) const {
    Tree tree;
    for (const Side side : {Side::hub, Side::provider}) {
      tree.add(rules_.alias(side), rules_.schema(side).members[one.lists[static_cast<std::size_t>(side)]].path);
    }
    tree.add("match by", rules_.fields[one.match].label);
    if (one.add_missing) tree.add("add missing in", sides(*one.add_missing));
    tree.add("never remove", Tree::of_truth(one.never_remove));
    tree.add("group", one.group ? rules_.groups[*one.group].title : "");
    tree.add("when setting", setting_name(one.setting));
    tree.add("at", line(one.origin));
    return tree;
  }

  std::string sides(ir::Sides which) const {
    if (which == ir::Sides::both) return "both";
    return rules_.alias(which == ir::Sides::hub ? Side::hub : Side::provider);
  }

  Tree field(const ir::Field& one) const {
    Tree tree;
    tree.add("label", one.label);
    tree.add("required", Tree::of_truth(one.required));
    if (one.has_shapes()) {
      tree.add("shapes", all(one.shapes, [this](const ir::Shape& shape) { return shape_tree(shape); }));
    } else {
      tree.add("pairs", all(one.shapes.front().pairs, [this](const ir::Pair& each) { return pair(each); }));
    }
    tree.add("clauses", clauses(one.clauses));
    if (one.conflict) tree.add("conflict", word(*one.conflict, conflict_rules));
    if (one.each) {
      const ir::ListRule& list = rules_.lists[*one.each];
      tree.add("element of", rules_.schema(Side::hub).members[list.lists[0]].path + " <-> " +
                                 rules_.schema(Side::provider).members[list.lists[1]].path);
    }
    tree.add("group", one.group ? rules_.groups[*one.group].title : "");
    tree.add("when setting", setting_name(one.setting));
    tree.add("at", line(one.origin));
    return tree;
  }

  Tree shape_tree(const ir::Shape& shape) const {
    Tree tree;
    tree.add("name", shape.name);
    tree.add("pairs", all(shape.pairs, [this](const ir::Pair& each) { return pair(each); }));
    return tree;
  }

  Tree pair(const ir::Pair& one) const {
    Tree tree;
    tree.add(rules_.alias(Side::hub), end(Side::hub, one.end(Side::hub)));
    tree.add("direction", word(one.direction, arrows));
    tree.add(rules_.alias(Side::provider), end(Side::provider, one.end(Side::provider)));
    Tree transforms = Tree::list();
    for (const ir::TransformUse& use : one.transforms) transforms.items.push_back(Tree::of(transform(use)));
    tree.add("via", std::move(transforms));
    tree.add("using", one.table ? rules_.tables[*one.table].name : "");
    tree.add("clauses", clauses(one.clauses));
    return tree;
  }

  static std::string transform(const ir::TransformUse& use) {
    std::string text(use.transform->name);
    if (use.arguments.empty()) return text;
    text += "(";
    for (std::size_t i = 0; i < use.arguments.size(); ++i) text += (i == 0 ? "" : ", ") + use.arguments[i];
    return text + ")";
  }

  std::string end(Side side, const ir::End& one) const {
    if (one.literal) return one.literal->state == State::unset ? "unset" : "\"" + one.literal->text + "\"";
    std::string text;
    for (const ir::Path& each : one.paths) text += (text.empty() ? "" : ", ") + path(side, each);
    return one.paths.size() == 1 ? text : "(" + text + ")";
  }

  std::string path(Side side, const ir::Path& one) const {
    const ir::Schema& schema = rules_.schema(side);
    std::string text = schema.members[one.member].path;
    const std::size_t brackets = text.find("[]");
    if (brackets == std::string::npos || one.selector.kind == ir::Selector::Kind::none) return text;
    return text.replace(brackets, 2, "[" + selector(schema, one.selector) + "]");
  }

  static std::string selector(const ir::Schema& schema, const ir::Selector& one) {
    switch (one.kind) {
      case ir::Selector::Kind::earliest:
        return "earliest";
      case ir::Selector::Kind::latest:
        return "latest";
      case ir::Selector::Kind::current:
        return "current";
      default:
        break;
    }
    std::string text;
    for (const auto& [member, value] : one.where) {
      text += (text.empty() ? "" : ", ") + schema.members[member].name + " = " + value;
    }
    return text;
  }

  Tree clauses(const std::vector<ir::Clause>& all_clauses) const {
    Tree list = Tree::list();
    for (const ir::Clause& clause : all_clauses) list.items.push_back(Tree::of(clause_text(clause)));
    return list;
  }

  std::string clause_text(const ir::Clause& clause) const {
    std::string text(word(clause.kind, clause_names));
    if (clause.kind == ir::Clause::Kind::hold) return text;
    const bool has_length = clause.kind == ir::Clause::Kind::max_length || clause.kind == ir::Clause::Kind::min_length;
    if (has_length) text += " " + std::to_string(clause.length);
    if (clause.type != nullptr) text += " " + std::string(clause.type->name);
    return text + " in " + sides(clause.sides);
  }

  Tree fill(const ir::Fill& one) const {
    Tree tree;
    tree.add("target", rules_.alias(one.side) + "." + path(one.side, one.target));
    tree.add("with", all(one.sources, [this](const ir::FillSource& source) { return fill_source(source); }));
    tree.add("when", one.on_create ? "on create" : "whenever " + path(one.side, one.trigger) + " is written");
    tree.add("at", line(one.origin));
    return tree;
  }

  Tree fill_source(const ir::FillSource& source) const {
    Tree tree;
    if (const auto* literal = std::get_if<ir::FillSource::Literal>(&source.from))
      tree.add("literal", literal->value.text);
    if (const auto* from = std::get_if<ir::FillSource::FromSetting>(&source.from)) {
      tree.add("setting", rules_.settings[from->setting].name);
    }
    if (const auto* member = std::get_if<ir::FillSource::FromMember>(&source.from)) {
      tree.add("member", rules_.alias(member->side) + "." + path(member->side, member->path));
      tree.add("using", member->table ? rules_.tables[*member->table].name : "");
    }
    if (const auto* ask = std::get_if<ir::FillSource::Ask>(&source.from)) {
      tree.add("ask", ask->question);
      tree.add("suggest setting", setting_name(ask->suggest_setting));
      if (ask->suggest_literal) tree.add("suggest", *ask->suggest_literal);
    }
    return tree;
  }

  Tree table(const ir::ValuesTable& one) const {
    Tree tree;
    tree.add("name", one.name);
    Tree rows = Tree::list();
    for (const ir::ValueRow& row : one.rows) {
      rows.items.push_back(Tree::of(cell(row.hub, row.hub_word) + " " + std::string(word(row.direction, arrows)) + " " +
                                    cell(row.provider, row.provider_word)));
    }
    tree.add("rows", std::move(rows));
    return tree;
  }

  static std::string cell(ir::ValueRow::Cell kind, const std::string& text) {
    static constexpr std::string_view words[] = {"", "otherwise", "keep", "unset"};
    return kind == ir::ValueRow::Cell::word ? text : std::string(word(kind, words));
  }

  Tree life_cycle(const ir::LifeCycle& one) const {
    Tree tree;
    tree.add("on", std::string(word(one.event, events)) + " in " + rules_.alias(one.side));
    tree.add("create", Tree::of_truth(one.create));
    tree.add("create when setting", setting_name(one.create_setting));
    tree.add("stay", Tree::of_truth(one.stay));
    tree.add("lock", Tree::of_truth(one.lock));
    tree.add("refuse if changed", Tree::of_truth(one.refuse_if_changed));
    tree.add("at", line(one.origin));
    return tree;
  }

  static Tree guard(const ir::Guard& one) {
    Tree tree;
    tree.add("what", word(one.kind, guards));
    tree.add("count", Tree::of_number(one.count));
    tree.add("percent", Tree::of_number(one.percent));
    return tree;
  }

  const ir::RuleSet& rules_;
};

}  // namespace

Tree rules_tree(const ir::RuleSet& rules) { return Writer(rules).run(); }

}  // namespace dovetail::dsl
