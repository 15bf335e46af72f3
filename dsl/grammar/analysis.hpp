// What PEGTL's analyze() must know of the rules that are our own. For the grammar's test.
#pragma once

#include <tao/pegtl/contrib/analyze.hpp>

#include "dsl/grammar/schemas.hpp"

namespace tao::pegtl {

template <typename Name, typename Rule>
struct analyze_traits<Name, dovetail::dsl::grammar::token<Rule>> : analyze_traits<Name, typename Rule::rule_t> {};
template <typename Name, dovetail::dsl::grammar::Word W>
struct analyze_traits<Name, dovetail::dsl::grammar::letters<W>> : analyze_any_traits<> {};
template <typename Name, dovetail::dsl::grammar::Word W>
struct analyze_traits<Name, dovetail::dsl::grammar::misspelt<W>> : analyze_any_traits<> {};
template <typename Name, dovetail::dsl::grammar::Word W, bool Always>
struct analyze_traits<Name, dovetail::dsl::grammar::doubled<W, Always>> : analyze_opt_traits<> {};
template <typename Name, char C>
struct analyze_traits<Name, dovetail::dsl::grammar::character<C>> : analyze_any_traits<> {};
template <typename Name, char C>
struct analyze_traits<Name, dovetail::dsl::grammar::opening<C>> : analyze_any_traits<> {};
template <typename Name, char C>
struct analyze_traits<Name, dovetail::dsl::grammar::closing<C>> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::mended_head> : analyze_opt_traits<> {};
template <typename Name, dovetail::dsl::grammar::Context C, typename Item>
struct analyze_traits<Name, dovetail::dsl::grammar::items<C, Item>> : analyze_opt_traits<Item> {};
template <typename Name, dovetail::dsl::grammar::Context C, typename Item>
struct analyze_traits<Name, dovetail::dsl::grammar::block<C, Item>>
    : analyze_any_traits<dovetail::dsl::grammar::items<C, Item>> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::word> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::dotted> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::quoted> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::digits> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::figures> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::arrow_sign> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::arrow> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::was_broken> : analyze_opt_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::at_unled_shape> : analyze_opt_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::at_block> : analyze_opt_traits<> {};
template <typename Name>
struct analyze_traits<Name, dovetail::dsl::grammar::has_pair_in_line> : analyze_opt_traits<> {};

}  // namespace tao::pegtl
