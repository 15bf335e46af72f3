// The grammar of maps and libraries.
#pragma once

#include "dsl/grammar/paths.hpp"
#include "dsl/grammar/tests.hpp"

// NOLINTBEGIN(readability-identifier-naming): rules are named as in docs/grammar.ebnf.
namespace dovetail::dsl::grammar {

// True where what stands before the block is broken, and has been reported: then nothing more is demanded.
struct was_broken {
  using rule_t = was_broken;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input&, State& state) {
    return state.panic || *state.broken;
  }
};
// True if a block's brace stands here, or alone on the next line.
struct at_block {
  using rule_t = at_block;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    return !state.panic && (state.block_follows(in.current()) || state.brace_missing(in.current(), Context::field));
  }
};
template <typename Block>
struct body : p::sor<Block, was_broken> {};

// ---- Imports, set-up
// -------------------------------------------------------------------------------------------------

struct import_alias : name {};
struct import_title : text {};
struct import_path : text {};
// hub = "hub" word text "from" text
struct hub : after<starts<hub, "hub">, import_alias, import_title, need<"from">, import_path> {};
// provider = "provider" word text "from" text
struct provider : after<starts<provider, "provider">, import_alias, import_title, need<"from">, import_path> {};
// library = "library" word "from" text
struct library : after<starts<library, "library">, import_alias, need<"from">, import_path> {};

struct step_text : text {};
// step = "step" text
struct step : after<kw<"step">, step_text> {};
struct support_text : text {};
// support = "support" text
struct support : after<kw<"support">, support_text> {};
struct secret : kw<"secret"> {};
struct required : kw<"required"> {};
struct asked_name : name {};
struct asked_label : text {};
// credential = "credential" word text { "secret" | "required" }
struct credential
    : p::seq<after<starts<credential, "credential">, asked_name, asked_label>, p::star<p::sor<secret, required>>> {};
// setup_item = step | credential | support
struct setup_item : p::sor<step, credential, support> {};
// setup = "setup" "{" { setup_item } "}"
struct setup : after<starts<setup, "setup">, body<block<Context::setup, setup_item>>> {};

struct setting_type : name {};
struct default_literal : literal {};
struct default_value : after<kw<"default">, default_literal> {};
// setting_word = "secret" | "required" | "default" literal
struct setting_word : p::sor<secret, required, default_value> {};
// setting = "setting" word text [ word ] { setting_word }
struct setting : p::seq<after<starts<setting, "setting">, asked_name, asked_label>,
                        p::opt<p::not_at<p::sor<kw<"secret">, kw<"required">, kw<"default">>>, setting_type>,
                        p::star<setting_word>> {};

// ---- Matching, conflicts

struct match_label : text {};
struct match_by : after<open_kw<"by">, match_label> {};
struct match_pair : pair {};
struct proposal_label : text {};
struct close_proposal : closing<')'> {};
// labels = text | "(" text { "," text } ")"
struct labels : p::sor<proposal_label,
                       after<opening<'('>, proposal_label, p::star<after<comma, proposal_label>>, close_proposal>> {};
// proposal = "else" "propose" "by" labels
struct proposal : after<kw<"else">, need<"propose">, need<"by">, labels> {};
struct match_what : p::sor<match_by, match_pair> {};
// match_rule = "match" ( "by" text | pair ) { proposal }
struct match_rule : p::seq<after<starts<match_rule, "match">, match_what>, p::star<proposal>> {};
// conflict_rule = "conflict" ( "ask" | "prefer" side )
struct conflict_rule : after<starts<conflict_rule, "conflict">, p::sor<ask, prefer>> {};

// ---- Fields

struct inner_pair : pair {};
// part = pair [ clauses ]
struct part : p::seq<inner_pair, mended_head, p::opt<clauses>> {};
// shape_item = clause | part
struct shape_item : p::sor<clause, part> {};
struct shape_name : text {};
struct shape_block : block<Context::shape, shape_item> {};
struct either : p::seq<after<starts<either, "either">, shape_name>, mended_head, p::must<body<shape_block>>> {};
struct or_shape : p::seq<after<starts<or_shape, "or">, shape_name>, mended_head, p::must<body<shape_block>>> {};
// shapes = "either" text "{" { shape_item } "}" { "or" text "{" { shape_item } "}" }
struct shapes : p::seq<p::at<open_kw<"either">>, either, p::star<or_shape>> {};
// Where something stands between two shapes, the second is read all the same.
struct lone_shape : p::seq<p::at<open_kw<"or">>, or_shape> {};
// A text before a block: a shape whose `either` or `or` is missing.
struct at_unled_shape {
  using rule_t = at_unled_shape;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input& in, State& state) {
    if (state.panic || in.empty() || *in.current() != '"') return false;
    const char* after = state.layout.blanks(state.skip_text(in.current()));
    return after < in.end() && *after == '{';
  }
};
struct unled : p::success {};
struct unled_shape : p::seq<at_unled_shape, unled, shape_name, mended_head, p::must<body<shape_block>>> {};
struct unled_shapes : p::seq<unled_shape, p::star<or_shape>> {};
// field_item = shapes | clause | part
struct field_item : p::sor<shapes, lone_shape, unled_shapes, clause, part> {};
struct field_block : block<Context::field, field_item> {};

// True if the field's pair stands before its braces, and nothing is wrong with it.
struct has_pair_in_line {
  using rule_t = has_pair_in_line;
  using subs_t = p::empty_list;

  template <p::apply_mode, p::rewind_mode, template <typename...> class, template <typename...> class, typename Input,
            typename State>
  [[nodiscard]] static bool match(Input&, State& state) {
    return state.pair_in_line && !*state.broken;
  }
};

struct field_label : text {};
struct field_required : p::seq<open_kw<"required">, doubled<"required", true>> {};
struct field_pair : pair {};
struct field_when : when {};
struct field_line : p::sor<at_block, p::at<kw<"when">>, field_pair> {};
struct field_body : p::sor<p::seq<has_pair_in_line, p::opt<clauses>>, p::must<body<field_block>>> {};
// field = "field" text [ "required" ]
//         ( pair [ when ] [ clauses ] | [ when ] "{" { field_item } "}" )
struct field : p::seq<after<starts<field, "field">, field_label, p::opt<field_required>, field_line>,
                      p::opt<field_when>, mended_head, field_body> {};

// ---- Fills

struct fill_target : side_path {};
struct fill_literal : fixed {};
struct from_setting_name : name {};
struct from_setting : after<open_kw<"setting">, from_setting_name> {};
struct question : text {};
struct suggest_setting_name : name {};
struct suggest_setting : after<open_kw<"setting">, suggest_setting_name> {};
struct suggest_literal : literal {};
// suggestion = "suggest" ( "setting" word | literal )
struct suggestion : after<kw<"suggest">, p::sor<suggest_setting, suggest_literal>> {};
struct from_question : p::seq<after<open_kw<"ask">, question>, p::opt<suggestion>> {};
struct from_path : side_or_path {};
struct from_member : p::seq<from_path, p::opt<conversion>> {};
// source = fixed | "setting" word | "ask" text [ suggestion ] | side_path [ conversion ] | word
struct source : p::seq<p::not_at<letters<"on">, p::plus<p::blank>, letters<"create">>,
                       p::sor<fill_literal, from_setting, from_question, from_member>> {};
struct fill_source : source {};
struct else_source : source {};
struct on_create : after<kw<"on">, need<"create">> {};
struct trigger : side_path {};
struct whenever : after<kw<"whenever">, trigger, need<"is">, need<"written">> {};
struct fill_occasion : p::sor<on_create, whenever> {};
// fill = "fill" side_path "with" source { "else" source } ( "on" "create" | "whenever" side_path "is" "written" )
struct fill : after<starts<fill, "fill">, fill_target, need<"with">, fill_source,
                    p::star<after<kw<"else">, else_source>>, fill_occasion> {};

// ---- Lists, groups

struct each_match_label : text {};
struct each_match : after<kw<"match">, need<"by">, each_match_label> {};
struct add_missing : p::seq<after<kw<"add">, need<"missing">>, p::opt<in_sides>> {};
struct never_remove : after<kw<"never">, need<"remove">> {};
// each_item = "match" "by" text | "add" "missing" [ in_sides ] | "never" "remove" | field | fill
struct each_item : p::sor<field, each_match, add_missing, never_remove, fill> {};
struct each_left : path {};
struct each_right : path {};
struct each_when : when {};
struct each_block : block<Context::each, each_item> {};
// each = "each" path arrow path [ when ] "{" { each_item } "}"
struct each : p::seq<after<starts<each, "each">, each_left, arrow, each_right>, p::opt<each_when>, mended_head,
                     p::must<body<each_block>>> {};

struct direction_left : name {};
struct direction_right : name {};
struct direction : after<kw<"direction">, direction_left, arrow, direction_right> {};
struct only_changes : after<kw<"only">, need<"changes">, need<"after">, need<"activation">> {};
// group_item = "direction" side arrow side | "only" "changes" "after" "activation" | field | each | fill
struct group_item : p::sor<field, direction, only_changes, each, fill> {};
struct group_title : text {};
struct group_when : when {};
struct group_block : block<Context::group, group_item> {};
// group = "group" text [ when ] "{" { group_item } "}"
struct group
    : p::seq<after<starts<group, "group">, group_title>, p::opt<group_when>, mended_head, p::must<body<group_block>>> {
};

// ---- Tables, life cycle, limits, documentation

struct literal_cell : literal {};
template <Word W>
struct cell_word : p::seq<p::at<letters<W>>, p::not_at<p::identifier, p::one<'.'>>, kw<W>> {};
struct otherwise_word : cell_word<"otherwise"> {};
struct keep_word : cell_word<"keep"> {};
struct unset_word : cell_word<"unset"> {};
// cell = "otherwise" | "keep" | "unset" | literal
struct cell : p::sor<otherwise_word, keep_word, unset_word, literal_cell> {};
struct left_cell : cell {};
struct right_cell : cell {};
// row = cell arrow cell
struct row : p::seq<left_cell, p::must<arrow, right_cell>> {};
struct values_name : name {};
struct values_block : block<Context::values, row> {};
// values = "values" word "{" { row } "}"
struct values : p::seq<after<starts<values, "values">, values_name>, mended_head, p::must<body<values_block>>> {};

struct action_side : name {};
struct action_when : when {};
struct create_action : p::seq<after<kw<"create">, need<"in">, action_side>, p::opt<action_when>> {};
struct stay_action : after<kw<"stay">, need<"in">, action_side> {};
struct lock_action : kw<"lock"> {};
struct refuse_action : after<kw<"refuse">, need<"if">, need<"changed">, need<"in">, action_side> {};
// life_cycle_action = "create" "in" side [ when ] | "stay" "in" side | "lock" | "refuse" "if" "changed" "in" side
struct life_cycle_action : p::sor<create_action, stay_action, lock_action, refuse_action> {};
struct on_add : kw<"add"> {};
struct on_deactivate : kw<"deactivate"> {};
struct on_delete : kw<"delete"> {};
struct event : p::sor<on_add, on_deactivate, on_delete> {};
struct event_side : name {};
struct life_cycle_block : block<Context::life_cycle, life_cycle_action> {};
// life_cycle = "on" ( "add" | "deactivate" | "delete" ) "in" side "{" { life_cycle_action } "}"
struct life_cycle : p::seq<after<starts<life_cycle, "on">, event, need<"in">, event_side>, mended_head,
                           p::must<body<life_cycle_block>>> {};

struct guard_what : name {};
struct guard_count : number {};
struct guard_percent : number {};
struct or_percent : after<kw<"or">, guard_percent, sym<'%'>> {};
// guard = "guard" word number [ "or" number "%" ]
struct guard : p::seq<after<starts<guard, "guard">, guard_what, guard_count>, p::opt<or_percent>> {};

struct section_title : text {};
struct section_text : text {};
// section = "section" text text
struct section : after<starts<section, "section">, section_title, section_text> {};

struct replacement : name {};
// deprecated = "deprecated" "replaced" "by" word
struct deprecated : after<starts<deprecated, "deprecated">, need<"replaced">, need<"by">, replacement> {};

// map_item = hub | provider | library | setup | setting | match_rule | conflict_rule | field | each | group
//          | fill | values | life_cycle | guard | section | test | deprecated
struct map_item : p::sor<field, hub, provider, library, setup, setting, match_rule, conflict_rule, each, group, fill,
                         values, life_cycle, guard, section, test, deprecated> {};
// library_item = values | deprecated
struct library_item : p::sor<values, deprecated> {};

}  // namespace dovetail::dsl::grammar
// NOLINTEND(readability-identifier-naming)
