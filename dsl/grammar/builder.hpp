// Puts the tree together while the grammar reads: one register for each kind of node that is in the making.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "dsl/grammar/state.hpp"

namespace dovetail::dsl::grammar {

class Builder : public State {
 public:
  using State::State;

  Span span(std::string_view matched) const { return span(matched.data(), matched.data() + matched.size()); }
  Span span(const char* from, const char* to) const { return {offset(from), offset(to)}; }
  Span last_token() const { return span(token_begin, last_end); }
  // From the start of the innermost item to its last token.
  Span item_span(Offset item) const { return {item, offset(last_end)}; }
  ast::Name name() const { return {name_text, span(name_begin, name_end)}; }
  ast::Text text() const { return {text_value, last_token()}; }
  ast::Number number() const { return {number_value, last_token()}; }
  ast::Arrow arrow() const { return {arrow_kind, last_token()}; }

  // Starts an item in its register: its place, its `##`, and where its mistakes are noted.
  template <typename Node>
  void start(Node& node, const char* at) {
    node = {};
    node.span.begin = offset(at);
    if constexpr (requires { node.doc; }) node.doc = layout.take_doc(at);
    broken = &node.broken;
  }

  // Ends the item: puts it into `items`, unless it is about to be read again.
  template <typename Node, typename Items>
  void finish(Node& node, Items& items) {
    node.span.end = offset(last_end);
    if constexpr (!std::is_same_v<Node, ast::Shape>) check_end_of_item();  // another may follow in the item
    if (!retry) items.emplace_back(std::move(node));
  }
  template <typename Node>
  void finish(Node& node) {
    finish(node, file.items);
  }
  // Of nodes that stand in the group or each that is open, or in the file.
  template <typename Node>
  void finish_nested(Node& node) {
    if constexpr (!std::is_same_v<Node, ast::Each>) {
      if (in_each) return finish(node, each.items);
    }
    if (in_group) return finish(node, group.items);
    finish(node);
  }

  ast::Literal literal(ast::Literal::Kind kind, std::string_view written) const {
    return {kind, written, last_token()};
  }
  void start_pair(const char* at);
  // True if nothing is wrong with the item that was read last, and nothing stands behind it.
  bool whole() {
    check_end_of_item();
    return !panic && !retry;
  }
  void finish_pair();
  void finish_clause(ast::Clause::Kind kind, const char* at);
  void finish_modifier(ast::Modifier::Kind kind, const char* at);
  void start_member(ast::Member::Kind kind);
  void finish_member();
  void read_word_literal();
  void check_alias();
  void check_first_word();
  void report_reserved(ast::Name found);
  ast::When take_when() { return std::exchange(when, {}); }

  // Registers of parts.
  ast::Literal last_literal;
  ast::Arrow last_arrow;
  ast::Selector selector;
  ast::Condition condition;
  ast::Path path;
  ast::SidePath side_path;
  ast::Tuple tuple;
  ast::End end_node;
  std::vector<ast::TransformUse> via;
  std::optional<ast::Name> table;
  ast::Pair pair;
  ast::When when;
  ast::Clause clause;
  ast::Name sides;  // of the last `in …`
  ast::Proposal proposal;
  std::optional<ast::Name> preferred;

  // Registers of items.
  ast::Header header;
  ast::Import import;
  ast::Setup setup;
  ast::Credential credential;
  ast::Setting setting;
  ast::Match match;
  ast::ConflictRule conflict;
  ast::Field field;
  ast::Shape shape;
  ast::Each each;
  ast::Group group;
  ast::GroupDirection direction;
  ast::Fill fill;
  ast::FillSource source;
  ast::FillSource::Ask question;
  ast::Values values;
  ast::ValueRow row;
  ast::Cell cell;
  ast::LifeCycle life_cycle;
  ast::LifeCycleAction action;
  ast::Guard guard;
  ast::Section section;
  ast::Test test;
  ast::Given given;
  ast::Assignment assignment;
  ast::Activated activated;
  ast::Name run_side;
  ast::Expect expect;
  ast::Deprecated deprecated;
  ast::Adapter adapter;
  ast::Identity identity;
  ast::Active active;
  ast::Region region;
  ast::Document document;
  ast::OmittedIsUnset omitted;
  ast::Modifier modifier;
  std::vector<ast::Member> members;  // in the making, from the outermost
  bool pair_understood = true;
  bool in_each = false, in_group = false, in_shape = false, in_setup = false;
};

}  // namespace dovetail::dsl::grammar
