#include "dsl/check/paths.hpp"

#include <algorithm>

#include "dsl/check/literals.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::no_member;
using SelectorKind = ast::Selector::Kind;

class PathCheck {
 public:
  PathCheck(const MapDraft& draft, const PathPlace& place, const ast::Path& path, Report& report)
      : draft_(draft), place_(place), path_(path), report_(report), vocabulary_(*draft.vocabulary(place.side)) {}

  std::optional<FoundPath> run() {
    MemberId at = place_.element;
    for (std::size_t i = 0; i < path_.segments.size(); ++i) {
      const MemberId next = vocabulary_.child(at, path_.segments[i].name.text);
      if (next == no_member) return refuse_unknown(at, i);
      at = next;
      if (!take_selector(at, i)) return std::nullopt;
    }
    if (at == place_.element || vocabulary_.uncertain[at]) return std::nullopt;
    if (place_.to_list && !ends_at_list(at)) return std::nullopt;
    warn_if_deprecated(at);
    found_.path.member = at;
    return found_;
  }

 private:
  const ir::Member& member(MemberId id) const { return vocabulary_.member(id); }

  std::optional<FoundPath> refuse_unknown(MemberId parent, std::size_t index) {
    if (parent != no_member && member(parent).kind == ir::MemberKind::scalar) {
      if (!vocabulary_.uncertain[parent]) refuse_inner(parent, index);
      return std::nullopt;
    }
    if (!vocabulary_.is_complete(parent) || is_next_item(index)) return std::nullopt;
    const ast::Name& name = path_.segments[index].name;
    const bool foreign = std::ranges::any_of(name.text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (foreign) return std::nullopt;  // the parser has said that it is no name
    const std::string alias(draft_.alias(place_.side));
    const std::string container = parent == no_member ? alias : alias + "." + plain_path(member(parent));
    const bool in_element = parent != no_member && member(parent).kind == ir::MemberKind::list;
    Diagnostic found =
        Diagnostic::of(DiagnosticId::unknown_path, draft_.file(), name.span,
                       in_element ? "the elements of " + quoted(container) + " have no member " + quoted(name.text)
                                  : quoted(container) + " has no member " + quoted(name.text));
    if (explain_elsewhere(found, parent, index)) {
      report_.add(std::move(found));
    } else {
      suggest(std::move(found), parent, index);
    }
    return std::nullopt;
  }

  // An arrow without its right end takes the keyword of the next line for a path; the parser has said so.
  bool is_next_item(std::size_t index) const {
    static constexpr std::string_view keywords[] = {"field",  "each",    "group", "fill",
                                                    "values", "section", "test",  "on"};
    return draft_.unit->tree.broken && index == 0 && path_.segments.size() == 1 &&
           std::ranges::find(keywords, path_.segments.front().name.text) != std::end(keywords);
  }

  void refuse_inner(MemberId parent, std::size_t index) {
    const Span rest{path_.segments[index].name.span.begin, path_.span.end};
    report_.add(
        Diagnostic::of(DiagnosticId::unknown_path, draft_.file(), rest,
                       quoted(plain_path(member(parent))) + " has no members: it is " + described_type(member(parent)))
            .with(vocabulary_.label(parent, "defined here")));
  }

  // Whether the whole path can be followed from `at` on the given side.
  bool exists(const Vocabulary* vocabulary, MemberId at, std::size_t from) const {
    if (vocabulary == nullptr) return false;
    for (std::size_t i = from; i < path_.segments.size(); ++i) {
      at = vocabulary->child(at, path_.segments[i].name.text);
      if (at == no_member) return false;
    }
    return true;
  }

  // Mistakes of place rather than of spelling.
  bool explain_elsewhere(Diagnostic& found, MemberId parent, std::size_t index) const {
    if (index != 0) return false;
    const ir::Side opposite = other(place_.side);
    if (place_.element == no_member && exists(draft_.vocabulary(opposite), no_member, 0)) {
      found.help = "it is a member of " + quoted(draft_.alias(opposite)) + ": the paths of " +
                   quoted(draft_.alias(ir::Side::hub)) + " stand left of the arrow, those of " +
                   quoted(draft_.alias(ir::Side::provider)) + " right of it";
      if (place_.in_test) found.help = "it is a member of " + quoted(draft_.alias(opposite));
      return true;
    }
    if (parent != no_member && path_.segments.front().name.text == member(place_.element).name &&
        exists(&vocabulary_, place_.element, 1) && path_.segments.size() > 1) {
      found.help = "inside `each`, paths start in the element: leave out " + quoted(member(place_.element).name);
      return true;
    }
    if (parent != no_member && exists(&vocabulary_, no_member, 0)) {
      found.help = "inside `each`, paths start in the element, not in the record";
      return true;
    }
    const std::string_view first = path_.segments.front().name.text;
    if (!place_.in_test && (first == draft_.alias(ir::Side::hub) || first == draft_.alias(ir::Side::provider)) &&
        path_.segments.size() > 1) {
      found.help = "in a pair the side is known by the arrow: leave out " + quoted(std::string(first) + ".");
      return true;
    }
    return false;
  }

  // Members beside it by their names; else whatever in the schema is called alike.
  void suggest(Diagnostic&& found, MemberId parent, std::size_t index) {
    const ast::Name& name = path_.segments[index].name;
    std::vector<std::string> paths;
    report_.add_with_similar(std::move(found), name.span, name.text, [&] {
      std::vector<std::string_view> names;
      for (const MemberId id : vocabulary_.children(parent)) names.push_back(member(id).name);
      if (find_similar(name.text, names) || (parent != no_member && names.size() <= 12)) return names;
      const std::size_t most = 2000;
      paths.reserve(most);
      for (MemberId id = 0; id < vocabulary_.schema.members.size() && paths.size() < most; ++id) {
        const bool elsewhere = member(id).list != place_.element || member(id).kind == ir::MemberKind::list;
        if (member(id).parent == parent || elsewhere) continue;
        paths.push_back(relative(id));
        names.push_back(paths.back());
      }
      return names;
    });
  }

  // The path as it is written where this one stands.
  std::string relative(MemberId id) const {
    std::string path = plain_path(member(id));
    if (place_.element == no_member) return path;
    const std::string list = plain_path(member(place_.element)) + ".";
    return path.starts_with(list) ? path.substr(list.size()) : path;
  }

  bool take_selector(MemberId at, std::size_t index) {
    const ast::Selector& selector = path_.segments[index].selector;
    const bool is_list = member(at).kind == ir::MemberKind::list;
    if (!is_list) return selector.kind == SelectorKind::none || refuse_selector(at, selector);
    if (found_.path.selector.kind != ir::Selector::Kind::none || found_.index || place_.element != no_member) {
      return refuse_nested(at, path_.segments[index]);
    }
    switch (selector.kind) {
      case SelectorKind::none:
        return may_end_at_list(index) || refuse_missing(at, index);
      case SelectorKind::index:
        return take_index(at, selector);
      case SelectorKind::where:
        return take_where(at, selector);
      default:
        return take_ordered(at, selector);
    }
  }

  bool ends_at_list(MemberId at) {
    const bool selects = found_.path.selector.kind != ir::Selector::Kind::none;
    if (member(at).kind == ir::MemberKind::list && !selects) return true;
    Diagnostic found =
        selects ? Diagnostic::of(DiagnosticId::unexpected_token, draft_.file(), path_.segments.back().selector.span,
                                 "`each` goes over all elements, and a selector chooses one")
                      .helped("leave out the selector, or write the fields outside of `each`")
                : Diagnostic::of(DiagnosticId::shape_mismatch, draft_.file(), path_.span,
                                 quoted(std::string(draft_.alias(place_.side)) + "." + plain_path(member(at))) +
                                     " is " + described_type(member(at)) + ", and `each` goes over lists")
                      .with(vocabulary_.label(at, "defined here"));
    report_.add(std::move(found));
    return false;
  }

  bool may_end_at_list(std::size_t index) const {
    return index + 1 == path_.segments.size() && (place_.in_test || place_.to_list);
  }

  bool refuse_selector(MemberId at, const ast::Selector& selector) {
    if (vocabulary_.uncertain[at]) return false;
    report_.add(Diagnostic::of(DiagnosticId::selector_on_scalar, draft_.file(), selector.span,
                               "an element is selected from " + quoted(plain_path(member(at))) + ", which is " +
                                   described_type(member(at)))
                    .with(vocabulary_.label(at, "defined here"))
                    .helped("leave out " + quoted(draft_.file().text(selector.span)))
                    .fixed({{selector.span, ""}}));
    return false;
  }

  bool refuse_nested(MemberId at, const ast::Segment& segment) {
    report_.add(Diagnostic::of(DiagnosticId::nesting_too_deep, draft_.file(), segment.name.span,
                               quoted(plain_path(member(at))) + " is a list inside the elements of a list")
                    .helped("a rule can address the elements of one list at a time"));
    return false;
  }

  bool refuse_missing(MemberId at, std::size_t index) {
    const ast::Name& name = path_.segments[index].name;
    Diagnostic found =
        Diagnostic::of(DiagnosticId::missing_selector, draft_.file(), name.span,
                       quoted(plain_path(member(at))) + " is a list, and the path does not say which element")
            .with(vocabulary_.label(at, "a list"));
    if (place_.in_test) {
      found.help = "count them from 0, as in " + quoted(std::string(name.text) + "[0]");
    } else if (member(at).ordered_by != no_member) {
      found.help = "choose one, as in " + quoted(std::string(name.text) + "[current]") +
                   " (or `earliest`, `latest`, `member = value`), or map all elements by `each`";
      found.fixed({{{name.span.end, name.span.end}, "[current]"}});
    } else {
      found.help = "choose one by its members, as in " +
                   quoted(std::string(name.text) + "[" + example_condition(at) + "]") +
                   ", or map all elements by `each`";
    }
    report_.add(std::move(found));
    return false;
  }

  std::string example_condition(MemberId list) const {
    for (const MemberId id : vocabulary_.children(list)) {
      if (member(id).words.empty()) continue;
      return member(id).name + " = " + member(id).words.front().word;
    }
    return "member = value";
  }

  bool take_index(MemberId at, const ast::Selector& selector) {
    if (place_.in_test) {
      found_.index = selector.index;
      return true;
    }
    report_.add(Diagnostic::of(DiagnosticId::missing_selector, draft_.file(), selector.span,
                               "an element of " + quoted(plain_path(member(at))) + " is chosen by its number")
                    .helped("elements have no fixed order: choose one by `earliest`, `latest`, `current` or by its "
                            "members"));
    return false;
  }

  bool take_ordered(MemberId at, const ast::Selector& selector) {
    const bool needs_end = selector.kind == SelectorKind::current;
    const ir::Member& list = member(at);
    found_.path.selector.kind = selector.kind == SelectorKind::earliest ? ir::Selector::Kind::earliest
                                : selector.kind == SelectorKind::latest ? ir::Selector::Kind::latest
                                                                        : ir::Selector::Kind::current;
    if (list.ordered_by != no_member && (!needs_end || list.until != no_member)) return true;
    if (vocabulary_.written[at]->broken) return false;
    const bool has_order = list.ordered_by != no_member;
    report_.add(Diagnostic::of(DiagnosticId::unordered_list, draft_.file(), selector.span,
                               has_order
                                   ? "the elements of " + quoted(plain_path(list)) + " have no end: none is current"
                                   : "the elements of " + quoted(plain_path(list)) + " have no order")
                    .with(vocabulary_.label(at, has_order ? "a list without `until`" : "a list without `ordered by`"))
                    .helped(std::string("choose by members, or state the order in the schema: ") +
                            (has_order ? "`until MEMBER`" : "`ordered by MEMBER until MEMBER`")));
    return false;
  }

  bool take_where(MemberId at, const ast::Selector& selector) {
    found_.path.selector.kind = ir::Selector::Kind::where;
    bool sound = true;
    for (const ast::Condition& condition : selector.where) sound &= take_condition(at, condition);
    return sound;
  }

  bool take_condition(MemberId list, const ast::Condition& condition) {
    const MemberId id = vocabulary_.child(list, condition.member.text);
    if (id == no_member) {
      if (!vocabulary_.is_complete(list)) return false;
      report_.add_with_similar(
          Diagnostic::of(DiagnosticId::unknown_path, draft_.file(), condition.member.span,
                         "the elements of " +
                             quoted(std::string(draft_.alias(place_.side)) + "." + plain_path(member(list))) +
                             " have no member " + quoted(condition.member.text)),
          condition.member.span, condition.member.text, [&] {
            std::vector<std::string_view> names;
            for (const MemberId one : vocabulary_.children(list)) names.push_back(member(one).name);
            return names;
          });
      return false;
    }
    for (const auto& [known, value] : found_.path.selector.where) {
      if (known != id) continue;
      report_.add(Diagnostic::of(DiagnosticId::duplicate_field, draft_.file(), condition.member.span,
                                 quoted(condition.member.text) + " is asked for twice in one selector")
                      .helped("a member has one value: keep one of the two"));
      return false;
    }
    const auto value =
        literal_value(vocabulary_, id, condition.value, draft_.file(), {false, draft_.reference_tables}, report_);
    if (!value) return false;
    found_.path.selector.where.emplace_back(id, value->text);
    return true;
  }

  void warn_if_deprecated(MemberId at) {
    const ir::Member& last = member(at);
    if (last.deprecated_use.empty() || place_.in_test) return;
    report_.add(Diagnostic::of(DiagnosticId::deprecated_path, draft_.file(), path_.span,
                               "the schema calls " + quoted(plain_path(last)) + " deprecated")
                    .with(vocabulary_.label(at, "here"))
                    .helped("use " + quoted(last.deprecated_use))
                    .fixed({{path_.span, last.deprecated_use}}));
  }

  const MapDraft& draft_;
  const PathPlace& place_;
  const ast::Path& path_;
  Report& report_;
  const Vocabulary& vocabulary_;
  FoundPath found_;
};

}  // namespace

bool path_exists(const MapDraft& draft, ir::Side side, ir::MemberId element, const ast::Path& path) {
  const Vocabulary* vocabulary = draft.vocabulary(side);
  if (vocabulary == nullptr || path.segments.empty()) return false;
  ir::MemberId at = element;
  for (const ast::Segment& segment : path.segments) {
    at = vocabulary->child(at, segment.name.text);
    if (at == ir::no_member) return false;
  }
  return true;
}

std::optional<FoundPath> find_path(const MapDraft& draft, const PathPlace& place, const ast::Path& path,
                                   Report& report) {
  if (draft.vocabulary(place.side) == nullptr || path.segments.empty()) return std::nullopt;
  return PathCheck(draft, place, path, report).run();
}

}  // namespace dovetail::dsl
