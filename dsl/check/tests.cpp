#include "dsl/check/tests.hpp"

#include <algorithm>

#include "dsl/check/literals.hpp"
#include "dsl/check/paths.hpp"
#include "engine/plan/reason.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

class TestCheck {
 public:
  TestCheck(MapDraft& draft, const ast::Test& written, Report& report)
      : draft_(draft), written_(written), report_(report) {
    made_.name = written.name.text;
    made_.origin = draft.origin(written.name.span);
  }

  // nullopt: something in it is wrong.
  std::optional<TestCase> run() {
    for (const auto& item : written_.items) std::visit([this](const auto& one) { take(one); }, item);
    const bool complete = !written_.broken;
    if (complete && !expects_) {
      report_.add(Diagnostic::of(DiagnosticId::test_without_expect, draft_.file(), written_.name.span,
                                 "test \"" + made_.name + "\" expects nothing")
                      .helped("add `expect` and what should come of it"));
    } else if (complete && !acts_) {
      report_.add(Diagnostic::of(DiagnosticId::missing_item, draft_.file(), written_.name.span,
                                 "nothing happens in test \"" + made_.name + "\"")
                      .helped("add `push`, `synchronise`, `create in SIDE`, `deactivate` or `delete`"));
    }
    if (!sound_ || !expects_ || !acts_) return std::nullopt;
    return std::move(made_);
  }

 private:
  void wrong(Diagnostic&& found) {
    sound_ = false;
    report_.add(std::move(found));
  }

  // ---- paths and values ----

  std::optional<TestPath> find(Side side, const ast::Path& path) {
    const auto found = find_path(draft_, {side, ir::no_member, true}, path, report_);
    if (!found) {
      sound_ = false;
      return std::nullopt;
    }
    TestPath made;
    made.side = side;
    made.member = found->path.member;
    made.selector = found->path.selector;
    made.index = found->index;
    made.text = std::string(draft_.alias(side)) + "." + written_text(draft_.file(), path.span);
    return made;
  }

  std::optional<Value> value_of(const TestPath& path, const ast::Literal& literal) {
    auto value = literal_value(*draft_.vocabulary(path.side), path.member, literal, draft_.file(),
                               {true, draft_.reference_tables}, report_);
    if (!value) sound_ = false;
    return value;
  }

  std::optional<TestValue> given_value(Side side, const ast::Path& path, const ast::Assignment& assignment) {
    const auto found = find(side, path);
    if (!found) return std::nullopt;
    const auto value = value_of(*found, assignment.value);
    if (!value) return std::nullopt;
    return TestValue{*found, *value, draft_.origin(assignment.span)};
  }

  // `huma.birthDate = …`: the first segment names the side.
  std::optional<TestValue> sided_value(const ast::Assignment& assignment) {
    if (assignment.path.segments.empty()) return std::nullopt;
    const auto side = find_side(draft_, assignment.path.segments.front().name, report_);
    if (!side) {
      sound_ = false;
      return std::nullopt;
    }
    ast::Path rest = assignment.path;
    rest.segments.erase(rest.segments.begin());
    if (rest.segments.empty()) {
      wrong(Diagnostic::of(
          DiagnosticId::unknown_path, draft_.file(), assignment.path.span,
          quoted(written_text(draft_.file(), assignment.path.span)) + " names a system and no member of it"));
      return std::nullopt;
    }
    rest.span.begin = rest.segments.front().name.span.begin;
    return given_value(*side, rest, assignment);
  }

  // ---- given ----

  void take(const ast::Given& given) {
    switch (given.kind) {
      case ast::Given::Kind::side:
        return take_record(given);
      case ast::Given::Kind::setting:
        return take_settings(given);
      case ast::Given::Kind::base:
        if (!made_.base) made_.base.emplace();
        return take_sided(given, *made_.base);
      case ast::Given::Kind::others:
        made_.others.emplace_back();
        return take_sided(given, made_.others.back().values);
    }
  }

  // One member has one value. `where`: whose.
  void check_twice(const std::string& where, const ast::Assignment& assignment) {
    if (assignment.path.segments.empty()) return;
    const std::string path = written_text(draft_.file(), assignment.path.span);
    const auto [first, is_new] = given_.emplace(where + " " + path, assignment.path.span);
    if (is_new) return;
    wrong(Diagnostic::of(DiagnosticId::duplicate_field, draft_.file(), assignment.path.span,
                         quoted(path) + " is given twice")
              .labelled("second value")
              .with(draft_.label(first->second, "first value"))
              .helped("keep one of the two"));
  }

  void take_sided(const ast::Given& given, std::vector<TestValue>& into) {
    const std::string where = given.kind == ast::Given::Kind::base ? "base" : std::to_string(made_.others.size());
    for (const ast::Assignment& assignment : given.assignments) {
      check_twice(where, assignment);
      if (auto value = sided_value(assignment)) into.push_back(std::move(*value));
    }
  }

  void take_record(const ast::Given& given) {
    const auto side = find_side(draft_, given.subject, report_);
    if (!side) {
      sound_ = false;
      return;
    }
    if (given.absent) made_.record_absent[static_cast<std::size_t>(*side)] = true;
    for (const ast::Assignment& assignment : given.assignments) {
      check_twice(*side == Side::hub ? "hub" : "provider", assignment);
      auto value = given_value(*side, assignment.path, assignment);
      if (value) made_.given[static_cast<std::size_t>(*side)].push_back(std::move(*value));
    }
  }

  void take_settings(const ast::Given& given) {
    for (const ast::Assignment& assignment : given.assignments) {
      if (assignment.path.segments.size() != 1) {
        if (!assignment.path.segments.empty()) {
          wrong(Diagnostic::of(DiagnosticId::unknown_setting, draft_.file(), assignment.path.span,
                               quoted(written_text(draft_.file(), assignment.path.span)) + " is no name of a setting"));
        }
        continue;
      }
      check_twice("setting", assignment);
      take_setting(assignment);
    }
  }

  void take_setting(const ast::Assignment& assignment) {
    const ast::Name& name = assignment.path.segments.front().name;
    const auto found = draft_.setting_by_name.find(name.text);  // a test alone does not make a setting used
    const auto setting =
        found != draft_.setting_by_name.end() ? std::optional(found->second) : find_setting(draft_, name, report_);
    if (!setting) {
      sound_ = false;
      return;
    }
    const ast::Literal& value = assignment.value;
    using Kind = ast::Literal::Kind;
    const ir::SettingType type = draft_.rules.settings[*setting].type;
    const bool right = type == ir::SettingType::boolean   ? value.kind == Kind::boolean
                       : type == ir::SettingType::integer ? value.kind == Kind::number
                       : type == ir::SettingType::date    ? value.kind == Kind::date
                                                          : value.kind == Kind::text;
    if (!right) {
      return wrong(
          Diagnostic::of(DiagnosticId::type_mismatch, draft_.file(), value.span,
                         quoted(draft_.file().text(value.span)) + " is no value of setting " + quoted(name.text))
              .with(draft_.label(draft_.settings[*setting].written->name.span, "the setting")));
    }
    std::string text(value.text);
    if (value.kind == Kind::boolean) text = value.is_on() ? "true" : "false";
    made_.settings.emplace_back(*setting, std::move(text));
  }

  std::optional<CivilDay> day_of(const ast::Literal& literal) {
    const auto day = parse_day(literal.text);
    if (!day && !literal.text.empty()) {
      wrong(Diagnostic::of(DiagnosticId::type_mismatch, draft_.file(), literal.span,
                           quoted(draft_.file().text(literal.span)) + " is no day of the calendar")
                .helped("write a day as in 2026-03-31"));
    }
    return day;
  }

  void take(const ast::Today& today) {
    if (today_) {
      wrong(Diagnostic::of(DiagnosticId::duplicate_field, draft_.file(), today.span, "`today` is stated twice")
                .labelled("second day")
                .with(draft_.label(*today_, "first day"))
                .helped("a test is about one day: keep one of the two"));
    }
    today_ = today.span;
    made_.today = day_of(today.date);
  }
  void take(const ast::Activated& activated) {
    made_.activated = true;
    if (activated.date) made_.activated_on = day_of(*activated.date);
  }

  // ---- what happens, and what is expected ----

  void take(const ast::Action& action) {
    acts_ = true;
    TestAction made;
    made.kind = static_cast<TestActionKind>(action.kind);
    made.origin = draft_.origin(action.span);
    if (!action.side.text.empty()) {
      made.side = find_side(draft_, action.side, report_);
      sound_ &= made.side.has_value();
    }
    made_.actions.push_back(made);
  }

  void take(const ast::Expect& expect) {
    if (!acts_ && !expects_) check_order(expect);
    expects_ = true;
    Expectation made;
    made.kind = static_cast<Expectation::Kind>(expect.kind);
    made.origin = draft_.origin(expect.span);
    if (expect.because) made.because = expect.because->text;
    if (!take_path(expect, made)) {
      sound_ = false;
      return;
    }
    if (expect.kind == ast::Expect::Kind::value && made.path) {
      const auto value = value_of(*made.path, expect.value);
      if (!value) return;
      made.value = *value;
    }
    if (expect.kind == ast::Expect::Kind::held && !take_reason(expect.reason, made)) return;
    made_.expectations.push_back(std::move(made));
  }

  // What is expected is looked at in the end, so it stands there.
  void check_order(const ast::Expect& expect) {
    const auto acts = [](const auto& item) { return std::holds_alternative<ast::Action>(item); };
    if (std::ranges::none_of(written_.items, acts)) return;
    wrong(Diagnostic::of(DiagnosticId::unexpected_token, draft_.file(), expect.span,
                         "`expect` stands before what happens in this test")
              .helped("put it behind `push`, `synchronise`, `create`, `deactivate` or `delete`"));
  }

  bool take_path(const ast::Expect& expect, Expectation& made) {
    if (expect.path.side.text.empty()) return true;
    made.side = find_side(draft_, expect.path.side, report_);
    if (!made.side) return false;
    if (expect.path.path.segments.empty()) return true;
    made.path = find(*made.side, expect.path.path);
    return made.path.has_value();
  }

  bool take_reason(const ast::Name& reason, Expectation& made) {
    if (reason.text.empty()) return sound_ = false;
    made.reason = reason.text;
    std::ranges::replace(made.reason, '_', '-');
    if (find_reason(made.reason)) return true;
    sound_ = false;
    std::vector<std::string> names;  // as identifiers, which have no hyphen
    for (std::size_t i = 0; i < reason_count; ++i) {
      std::ranges::replace(names.emplace_back(name(static_cast<Reason>(i))), '-', '_');
    }
    report_.add_with_similar(Diagnostic::of(DiagnosticId::unknown_keyword, draft_.file(), reason.span,
                                            "there is no reason " + quoted(reason.text)),
                             reason.span, reason.text,
                             [&] { return std::vector<std::string_view>(names.begin(), names.end()); });
    return false;
  }

  MapDraft& draft_;
  const ast::Test& written_;
  Report& report_;
  TestCase made_;
  std::unordered_map<std::string, Span> given_;  // what has a value: whose, and the path
  std::optional<Span> today_;
  bool sound_ = true;
  bool acts_ = false;
  bool expects_ = false;
};

}  // namespace

std::vector<TestCase> take_tests(MapDraft& draft, Report& report) {
  std::vector<TestCase> tests;
  for (const ast::Item& item : draft.unit->tree.items) {
    const auto* test = std::get_if<ast::Test>(&item);
    if (test == nullptr) continue;
    if (auto made = TestCheck(draft, *test, report).run()) tests.push_back(std::move(*made));
  }
  return tests;
}

}  // namespace dovetail::dsl
