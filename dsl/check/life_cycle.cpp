// What happens when people come and go, and the limits of mass changes.
#include "dsl/check/map_items.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;
using Event = ast::LifeCycle::Event;
using ActionKind = ast::LifeCycleAction::Kind;

std::string event_text(Event event) {
  static constexpr std::string_view words[] = {"on add", "on deactivate", "on delete"};
  return std::string(words[static_cast<std::size_t>(event)]);
}

class LifeCycleCheck {
 public:
  LifeCycleCheck(MapDraft& draft, const ast::LifeCycle& written, Report& report)
      : draft_(draft), written_(written), report_(report) {}

  std::optional<ir::LifeCycle> run() {
    const auto side = find_side(draft_, written_.side, report_);
    if (!side) return std::nullopt;
    rule_.event = static_cast<ir::LifeCycle::Event>(written_.event);
    rule_.side = *side;
    rule_.origin = draft_.origin(written_.span);
    if (written_.actions.empty() && !written_.broken) {
      report_.add(
          Diagnostic::of(DiagnosticId::missing_item, draft_.file(), written_.span,
                         "nothing is said of what happens then")
              .helped(written_.event == Event::add
                          ? "add `create in " + std::string(draft_.alias(other(*side))) + "`"
                          : "add `stay in " + std::string(draft_.alias(other(*side))) + "`, or leave the item out"));
    }
    for (const ast::LifeCycleAction& action : written_.actions) take(action);
    return rule_;
  }

 private:
  void refuse(const ast::LifeCycleAction& action, std::string message, std::string help) {
    report_.add(Diagnostic::of(DiagnosticId::misplaced_action, draft_.file(), action.span, std::move(message))
                    .helped(std::move(help)));
  }

  // The side that an action names is the one where the person did not come or go.
  bool is_of_other_side(const ast::LifeCycleAction& action) {
    if (action.kind == ActionKind::lock || action.side.text.empty()) return true;
    const auto side = find_side(draft_, action.side, report_);
    if (!side) return false;
    if (*side != rule_.side) return true;
    refuse(action, quoted(written_text(draft_.file(), action.span)) + " names the system where it happens",
           "name the other one, " + quoted(draft_.alias(other(rule_.side))));
    return false;
  }

  void take(const ast::LifeCycleAction& action) {
    if (!is_of_other_side(action)) return;
    const bool is_for_add = action.kind == ActionKind::create;
    if (is_for_add != (written_.event == Event::add)) {
      refuse(
          action,
          quoted(written_text(draft_.file(), action.span)) + " makes no sense in `" + event_text(written_.event) + "`",
          is_for_add ? "`create in` belongs in `on add`" : "`on add` takes `create in` only");
      return;
    }
    switch (action.kind) {
      case ActionKind::create:
        set(rule_.create, action);
        if (action.when) take_setting(*action.when);
        break;
      case ActionKind::stay:
        set(rule_.stay, action);
        break;
      case ActionKind::lock:
        set(rule_.lock, action);
        break;
      case ActionKind::refuse_if_changed:
        set(rule_.refuse_if_changed, action);
        break;
    }
  }

  void set(bool& bit, const ast::LifeCycleAction& action) {
    if (bit) {
      report_.add(Diagnostic::of(DiagnosticId::repeated_constraint, draft_.file(), action.span,
                                 quoted(written_text(draft_.file(), action.span)) + " stands twice")
                      .helped("leave one out"));
    }
    bit = true;
  }

  void take_setting(const ast::When& when) {
    const auto setting = find_setting(draft_, when.setting, report_);
    if (!setting) return;
    if (draft_.rules.settings[*setting].type != ir::SettingType::boolean) {
      report_.add(Diagnostic::of(DiagnosticId::type_mismatch, draft_.file(), when.setting.span,
                                 "setting " + quoted(when.setting.text) + " can't be on or off")
                      .with(draft_.label(draft_.settings[*setting].written->name.span, "not `boolean`"))
                      .helped("`when setting` needs a setting of type `boolean`"));
      return;
    }
    rule_.create_setting = setting;
  }

  MapDraft& draft_;
  const ast::LifeCycle& written_;
  Report& report_;
  ir::LifeCycle rule_;
};

struct GuardName {
  std::string_view name;
  ir::Guard::Kind kind;
};
constexpr GuardName guard_names[] = {
    {"overwrites", ir::Guard::Kind::overwrites},
    {"clears", ir::Guard::Kind::clears},
    {"bank_accounts", ir::Guard::Kind::bank_accounts},
    {"national_ids", ir::Guard::Kind::national_ids},
    {"emails", ir::Guard::Kind::emails},
};

const GuardName* find_guard(const MapDraft& draft, const ast::Guard& written, Report& report) {
  for (const GuardName& guard : guard_names) {
    if (guard.name == written.what.text) return &guard;
  }
  if (written.what.text.empty()) return nullptr;
  report.add_with_similar(Diagnostic::of(DiagnosticId::unknown_keyword, draft.file(), written.what.span,
                                         "there is no guard of " + quoted(written.what.text)),
                          written.what.span, written.what.text, [] {
                            std::vector<std::string_view> names;
                            for (const GuardName& guard : guard_names) names.push_back(guard.name);
                            return names;
                          });
  return nullptr;
}

}  // namespace

void take_life_cycle(MapDraft& draft, Report& report) {
  std::unordered_map<int, Span> seen;
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* written = std::get_if<ast::LifeCycle>(&item);
    if (written == nullptr) continue;
    const auto rule = LifeCycleCheck(draft, *written, report).run();
    if (!rule) continue;
    const int key = static_cast<int>(rule->event) * 2 + static_cast<int>(rule->side);
    const auto [first, is_new] = seen.emplace(key, written->span);
    if (is_new) {
      draft.rules.life_cycle.push_back(*rule);
      continue;
    }
    report.add(Diagnostic::of(DiagnosticId::duplicate_field, draft.file(), written->span,
                              quoted(event_text(written->event) + " in " + std::string(draft.alias(rule->side))) +
                                  " is stated twice")
                   .labelled("second statement")
                   .with(draft.label(first->second, "first statement"))
                   .helped("join the two"));
  }
}

void take_guards(MapDraft& draft, Report& report) {
  std::unordered_map<int, Span> seen;
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* written = std::get_if<ast::Guard>(&item);
    if (written == nullptr) continue;
    const GuardName* found = find_guard(draft, *written, report);
    if (written->percent && written->percent->value > 100) {
      report.add(Diagnostic::of(DiagnosticId::type_mismatch, draft.file(), written->percent->span,
                                "more than 100 % of the people are no limit")
                     .helped("state at most 100 %"));
    }
    if (found == nullptr) continue;
    const auto [first, is_new] = seen.emplace(static_cast<int>(found->kind), written->span);
    if (!is_new) {
      report.add(Diagnostic::of(DiagnosticId::duplicate_field, draft.file(), written->span,
                                "the guard of " + quoted(found->name) + " is stated twice")
                     .labelled("second statement")
                     .with(draft.label(first->second, "first statement"))
                     .helped("keep one of the two"));
      continue;
    }
    draft.rules.guards.push_back({found->kind, written->count.value, written->percent ? written->percent->value : 0,
                                  draft.origin(written->span)});
  }
}

}  // namespace dovetail::dsl
