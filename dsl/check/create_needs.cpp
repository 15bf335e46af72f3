// Members that a system demands on creation: does a rule give each?
#include <set>

#include "dsl/check/checks.hpp"
#include "dsl/check/pairs.hpp"

namespace dovetail::dsl {
namespace {

using ir::MemberId;
using ir::no_member;
using ir::Side;

// Who gives a member its value.
struct Giver {
  const FieldDraft* field = nullptr;  // the only one so far; nullptr with `given`: a fill, a condition or the match
  bool surely = false;                // whatever the person's data are
};

class CreateNeeds {
 public:
  CreateNeeds(const MapDraft& draft, Side side, Report& report)
      : draft_(draft), side_(side), at_(static_cast<std::size_t>(side)), report_(report) {}

  void run() {
    if (draft_.vocabulary(side_) == nullptr || !collect() || !is_written_) return;
    const Vocabulary& vocabulary = *draft_.vocabulary(side_);
    for (MemberId id = 0; id < vocabulary.schema.members.size(); ++id) {
      const ir::Member& member = vocabulary.member(id);
      if (!member.required_on_create || vocabulary.uncertain[id]) continue;
      if (member.list == no_member) {
        if (is_ever_created(id)) check(id, givers_, draft_.side(side_).written->alias.span, "");
      } else {
        check_element(id, member.list);
      }
    }
  }

 private:
  using Givers = std::unordered_map<MemberId, Giver>;

  // False if something that may write is not understood: then nothing is proven.
  bool collect() {
    if (draft_.unit->tree.broken) return false;
    for (const FieldDraft& field : draft_.fields) {
      if (field.written->broken) return false;
      for (const ShapeDraft& shape : field.shapes) {
        for (const PairDraft& pair : shape.pairs) {
          if (!pair.known[at_]) return false;
          if (ir::flows_to(pair.rule.direction, side_)) collect(pair, field);
        }
      }
    }
    for (const FillDraft& fill : draft_.fills) {
      if (!fill.sound) return false;
      if (fill.rule.side == side_) givers_[fill.rule.target.member] = {nullptr, true};
    }
    if (draft_.match != nullptr && std::holds_alternative<ast::Pair>(draft_.match->by)) {
      if (!draft_.match_pair) return false;
      for (const ir::Path& path : draft_.match_pair->rule.ends[at_].paths) givers_[path.member] = {nullptr, true};
    }
    return true;
  }

  void collect(const PairDraft& pair, const FieldDraft& field) {
    is_written_ = true;
    const bool surely = field.rule.required && !field.rule.setting && !is_switched(field) && !field.has_shapes();
    for (const ir::Path& path : pair.rule.ends[at_].paths) {
      note_written_objects(path.member);
      const bool selects = path.selector.kind == ir::Selector::Kind::where;
      if (selects) selected_[draft_.vocabulary(side_)->member(path.member).list].push_back({&pair, &path});
      if (path.selector.kind != ir::Selector::Kind::none) continue;
      const auto [giver, is_new] = givers_.emplace(path.member, Giver{&field, surely});
      if (!is_new) giver->second.surely |= surely;
    }
  }

  // Of a list whose elements nobody adds while it is off, a field is not.
  bool is_switched(const FieldDraft& field) const {
    return !field.rule.each && field.rule.group && draft_.rules.groups[*field.rule.group].setting.has_value();
  }

  void note_written_objects(MemberId member) {
    for (MemberId up = draft_.vocabulary(side_)->member(member).parent; up != no_member;
         up = draft_.vocabulary(side_)->member(up).parent) {
      written_objects_.insert(up);
    }
  }

  // False inside an optional object that no rule writes.
  bool is_ever_created(MemberId id) const {
    const Vocabulary& vocabulary = *draft_.vocabulary(side_);
    for (MemberId up = vocabulary.member(id).parent; up != no_member; up = vocabulary.member(up).parent) {
      if (vocabulary.member(up).optional && !written_objects_.contains(up)) return false;
    }
    return true;
  }

  void check_element(MemberId id, MemberId list) {
    for (const EachDraft& each : draft_.lists) {
      if (each.rule.lists[at_] != list || !each.rule.add_missing || !ir::includes(*each.rule.add_missing, side_))
        continue;
      if (each.written->broken) return;
      return check(id, givers_, add_missing_span(*each.written), " of an element");
    }
    const auto selected = selected_.find(list);
    if (selected == selected_.end()) return;
    std::set<std::string> seen;
    for (const Selected& one : selected->second) check_selected(id, one, selected->second, seen);
  }

  static Span add_missing_span(const ast::Each& each) {
    for (const auto& item : each.items) {
      if (const auto* add = std::get_if<ast::AddMissing>(&item)) return add->span;
    }
    return each.span;
  }

  struct Selected {
    const PairDraft* pair = nullptr;
    const ir::Path* path = nullptr;
  };

  // An element that is not there is made with the members that its selector and its pairs name.
  void check_selected(MemberId id, const Selected& one, const std::vector<Selected>& all, std::set<std::string>& seen) {
    Givers given;
    std::string key;
    for (const auto& [member, value] : one.path->selector.where) {
      given[member] = {nullptr, true};
      key += std::to_string(member) + "=" + value + ";";
    }
    if (!seen.insert(key).second) return;
    for (const Selected& other : all) {
      if (other.path->selector == one.path->selector) given[other.path->member] = {nullptr, true};
    }
    check(id, given, span_of(end_at(*one.pair->written, side_)), " of an element");
  }

  void check(MemberId id, const Givers& givers, Span place, const std::string& of_what) {
    const Vocabulary& vocabulary = *draft_.vocabulary(side_);
    const ir::Member& member = vocabulary.member(id);
    const std::string path = quoted(std::string(draft_.alias(side_)) + "." + plain_path(member));
    const auto giver = givers.find(id);
    if (giver == givers.end()) {
      report_.add(Diagnostic::of(DiagnosticId::create_needs, draft_.file(), place,
                                 quoted(draft_.alias(side_)) + " demands " + path + " on creation" + of_what +
                                     ", and no rule gives it")
                      .with(vocabulary.label(id, "required on create"))
                      .helped("add a field for it, or `fill " + std::string(draft_.alias(side_)) + "." +
                              fill_path(member) + " with … on create`"));
      return;
    }
    if (giver->second.surely || giver->second.field == nullptr) return;
    Diagnostic found =
        Diagnostic::of(DiagnosticId::create_needs, draft_.file(), giver->second.field->written->label.span,
                       quoted(draft_.alias(side_)) + " demands " + path + " on creation" + of_what + ", and field \"" +
                           giver->second.field->rule.label + "\" may have no value")
            .with(vocabulary.label(id, "required on create"))
            .noted("a creation " + filling(id) + "without it is held, and people who already exist are not affected");
    found.severity = Severity::note;
    report_.add(std::move(found));
  }

  // What is in an optional object is demanded only with the rest of it.
  std::string filling(MemberId id) const {
    const Vocabulary& vocabulary = *draft_.vocabulary(side_);
    const MemberId around = vocabulary.member(id).parent;
    if (around == ir::no_member || !vocabulary.member(around).optional) return {};
    return "that fills " + quoted(plain_path(vocabulary.member(around))) + " ";
  }

  // Inside `each`, paths are the element's.
  std::string fill_path(const ir::Member& member) const {
    if (member.list == no_member) return plain_path(member);
    return plain_path(member).substr(plain_path(draft_.vocabulary(side_)->member(member.list)).size() + 1);
  }

  const MapDraft& draft_;
  Side side_;
  std::size_t at_;
  Report& report_;
  bool is_written_ = false;
  Givers givers_;
  std::unordered_map<MemberId, std::vector<Selected>> selected_;
  std::set<MemberId> written_objects_;
};

}  // namespace

void check_create_needs(const MapDraft& draft, Report& report) {
  for (const Side side : {Side::hub, Side::provider}) CreateNeeds(draft, side, report).run();
}

}  // namespace dovetail::dsl
