#include "dsl/test/expectation.hpp"

#include <algorithm>

namespace dovetail::dsl {
namespace {

using Expected = Expectation::Kind;

// `inner` is `outer`, or something within it.
bool is_within(const ir::Schema& schema, ir::MemberId inner, ir::MemberId outer) {
  for (; inner != ir::no_member; inner = schema.members[inner].parent)
    if (inner == outer) return true;
  return false;
}

bool is_meant(const ir::RuleSet& rules, const Expectation& expectation, ir::Side side, ir::MemberId member) {
  if (expectation.path) {
    return expectation.path->side == side && is_within(rules.schema(side), member, expectation.path->member);
  }
  return !expectation.side || *expectation.side == side;
}

bool uses(const ir::RuleSet& rules, const Expectation& expectation, const ir::End& end, ir::Side side) {
  return std::ranges::any_of(end.paths,
                             [&](const ir::Path& path) { return is_meant(rules, expectation, side, path.member); });
}

// Whether the field is what the expectation speaks about.
bool is_about(const ir::RuleSet& rules, const Expectation& expectation, FieldIndex field) {
  if (!expectation.path) return true;
  if (field == no_field) return false;
  for (const ir::Shape& shape : rules.fields[field].shapes)
    for (const ir::Pair& pair : shape.pairs)
      for (const ir::Side side : {ir::Side::hub, ir::Side::provider})
        if (uses(rules, expectation, pair.end(side), side)) return true;
  return false;
}

// An entry about the person as such speaks about every field of the record that it would make.
bool is_about(const ir::RuleSet& rules, const Expectation& expectation, const Entry& entry) {
  if (entry.field != no_field) return is_about(rules, expectation, entry.field);
  return !expectation.path || (entry.kind != Kind::link && entry.target == expectation.path->side);
}

std::string collapsed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  return out;
}

bool is_reason(const Expectation& expectation, const ir::Origin& rule, const TestContext& context) {
  if (expectation.because.empty()) return true;
  if (!context.text_from) return false;
  const std::string wanted = collapsed(expectation.because);
  // No blank of ours is longer than the text itself: enough of the file to collapse.
  return collapsed(context.text_from(rule).substr(0, 4 * expectation.because.size() + 200)).starts_with(wanted);
}

// As a test writes it: `required_missing`.
std::string reason_text(std::string_view reason) {
  std::string text(reason);
  std::ranges::replace(text, '-', '_');
  return text;
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

std::string text_of(const Value& value) {
  return value.state == State::value ? "\"" + value.text + "\"" : std::string(name(value.state));
}

std::string expected_text(const ir::RuleSet& rules, const Expectation& expectation) {
  std::string path = expectation.path ? expectation.path->text : expectation.side ? rules.alias(*expectation.side) : "";
  const std::string because = expectation.because.empty() ? "" : " because `" + expectation.because + "`";
  switch (expectation.kind) {
    case Expected::value:
      return path + " = " + text_of(expectation.value) + because;
    case Expected::clear:
      return "clear " + path + because;
    case Expected::no_change:
      return "no change to " + path + because;
    case Expected::blocked_unset:
      return "blocked unset " + path + because;
    case Expected::blocked_update:
      return "blocked update " + path + because;
    case Expected::held:
      return "held " + reason_text(expectation.reason) + (path.empty() ? "" : " " + path) + because;
  }
  return path;
}

// "blocked (blocked-update) because `cannot unset or update in netvisor`", a part for each entry about the field.
std::string findings_text(const ir::RuleSet& rules, const Expectation& expectation, const Happened& happened,
                          const TestContext& context) {
  std::string text;
  for (const Happened::Step& step : happened.steps()) {
    for (const Entry& entry : step.plan->entries.of(step.person)) {
      if (!is_about(rules, expectation, entry)) continue;
      text += text.empty() ? "" : "; ";
      if (entry.field != no_field) text += rules.fields[entry.field].label + ": ";
      text += std::string(name(entry.action)) + " (" + reason_text(name(entry.reason)) + ")";
      if (context.text_from && entry.rule.line != 0)
        text += " because `" + first_line(context.text_from(entry.rule).substr(0, 100)) + "`";
    }
    if (!text.empty() || step.plan->reasons.empty()) continue;
    for (FieldIndex field = 0; field < step.plan->fields; ++field)
      if (is_about(rules, expectation, field) && expectation.path)
        text += (text.empty() ? "" : "; ") + rules.fields[field].label + ": " +
                reason_text(name(step.plan->reason(step.person, field)));
  }
  return text.empty() ? "nothing was found about it" : text;
}

// What the person's record holds there now; nullptr: no record, or no such element.
const Value* value_at(const ir::RuleSet& rules, const Scene& after, const TestPath& path) {
  static const Value unset{State::unset, {}};
  const SceneRecord* record = after.person(path.side);
  if (record == nullptr) return nullptr;
  const ir::Schema& schema = rules.schema(path.side);
  const ir::MemberId list = schema.members[path.member].list;
  if (list == ir::no_member) return &record->at(path.member);
  const auto elements = record->lists.find(list);
  if (elements == record->lists.end()) return nullptr;
  const MemberValues* element = nullptr;
  if (path.selector.kind == ir::Selector::Kind::where) {
    for (const MemberValues& one : elements->second) {
      const bool fits = std::ranges::all_of(path.selector.where, [&](const auto& wanted) {
        const auto found = one.find(wanted.first);
        return found != one.end() && found->second.text == wanted.second;
      });
      if (fits) element = &one;
    }
  } else if (path.index.value_or(0) < elements->second.size()) {
    element = &elements->second[path.index.value_or(0)];
  }
  if (element == nullptr) return nullptr;
  const auto found = element->find(path.member);
  return found == element->end() ? &unset : &found->second;
}

bool is_as_expected(const ir::RuleSet& rules, const Expectation& expectation, const Value* there) {
  if (there == nullptr) return false;
  if (there->state != expectation.value.state) return false;
  if (there->state != State::value || there->text == expectation.value.text) return true;
  const ir::Member& member = rules.schema(expectation.path->side).members[expectation.path->member];
  return member.type != nullptr && same_key(*member.type, there->text, expectation.value.text);
}

std::vector<const Write*> writes_to(const ir::RuleSet& rules, const Expectation& expectation,
                                    const Happened& happened) {
  std::vector<const Write*> writes;
  for (const Happened::Step& step : happened.steps())
    for (const Operation& operation : step.plan->operations) {
      if (operation.person != step.person) continue;
      for (const Write& write : operation.writes)
        if (is_meant(rules, expectation, operation.target, write.member)) writes.push_back(&write);
    }
  return writes;
}

// The line that a write comes of: the field's, or that of the fill which gives the value.
bool is_written_by(const ir::RuleSet& rules, const Expectation& expectation, ir::Side target, const Write& write,
                   const TestContext& context) {
  if (write.field != no_field) return is_reason(expectation, rules.fields[write.field].origin, context);
  return std::ranges::any_of(rules.fills, [&](const ir::Fill& fill) {
    return fill.side == target && fill.target.member == write.member && is_reason(expectation, fill.origin, context);
  });
}

// Whether the line that the expectation names is the reason for what it speaks about: that of an entry about it, or
// of a write to it.
bool has_reason(const ir::RuleSet& rules, const Expectation& expectation, const Happened& happened,
                const TestContext& context) {
  if (expectation.because.empty()) return true;
  for (const Happened::Step& step : happened.steps()) {
    for (const Entry& entry : step.plan->entries.of(step.person))
      if (is_about(rules, expectation, entry) && is_reason(expectation, entry.rule, context)) return true;
    for (const Operation& operation : step.plan->operations)
      for (const Write& write : operation.writes)
        if (operation.person == step.person && is_meant(rules, expectation, operation.target, write.member) &&
            is_written_by(rules, expectation, operation.target, write, context))
          return true;
  }
  return false;
}

bool is_blocked(const ir::RuleSet& rules, const Expectation& expectation, const Happened& happened,
                const TestContext& context) {
  const Reason wanted = expectation.kind == Expected::blocked_unset ? Reason::blocked_unset : Reason::blocked_update;
  for (const Happened::Step& step : happened.steps())
    for (const Entry& entry : step.plan->entries.of(step.person))
      if (entry.reason == wanted && is_about(rules, expectation, entry) &&
          (!expectation.side || entry.target == *expectation.side) && is_reason(expectation, entry.rule, context))
        return true;
  return false;
}

bool is_held(const ir::RuleSet& rules, const Expectation& expectation, const Happened& happened,
             const TestContext& context) {
  const auto wanted = find_reason(expectation.reason);
  if (!wanted) return false;
  for (const Happened::Step& step : happened.steps()) {
    for (const Entry& entry : step.plan->entries.of(step.person)) {
      const bool writes =
          entry.action == Action::create || entry.action == Action::set || entry.action == Action::clear;
      if (entry.reason == *wanted && !writes && is_about(rules, expectation, entry) &&
          is_reason(expectation, entry.rule, context))
        return true;
    }
    // What is quiet has a reason too, but no line that a test could name.
    if (!expectation.path || !expectation.because.empty() || step.plan->reasons.empty()) continue;
    for (FieldIndex field = 0; field < step.plan->fields; ++field)
      if (is_about(rules, expectation, field) && step.plan->reason(step.person, field) == *wanted) return true;
  }
  return false;
}

}  // namespace

void Happened::add(Plan plan, const Scene& scene) {
  std::optional<PersonIndex> ours;
  for (PersonIndex i = 0; i < plan.people.size(); ++i) {
    const Person& person = plan.people[i];
    const bool hub = !scene.id(ir::Side::hub).empty() && person.hub_id == scene.id(ir::Side::hub);
    const bool provider = !scene.id(ir::Side::provider).empty() && person.provider_id == scene.id(ir::Side::provider);
    if (hub || provider) ours = i;
  }
  plans_.push_back(std::move(plan));
  people_.push_back(ours);
}

std::vector<Happened::Step> Happened::steps() const {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < plans_.size(); ++i)
    if (people_[i]) steps.push_back({&plans_[i], *people_[i]});
  return steps;
}

std::optional<TestFailure> judge(const ir::RuleSet& rules, const Expectation& expectation, const Happened& happened,
                                 const Scene& after, const TestContext& context) {
  const auto failure = [&](std::string got) {
    return TestFailure{expectation.origin, expected_text(rules, expectation), std::move(got)};
  };
  const auto reasoned = [&] { return has_reason(rules, expectation, happened, context); };
  switch (expectation.kind) {
    case Expected::value: {
      const Value* there = value_at(rules, after, *expectation.path);
      if (is_as_expected(rules, expectation, there) && reasoned()) return std::nullopt;
      return failure((there == nullptr ? "no such record or element" : text_of(*there)) + "; " +
                     findings_text(rules, expectation, happened, context));
    }
    case Expected::clear: {
      const auto writes = writes_to(rules, expectation, happened);
      if (std::ranges::any_of(writes, [](const Write* write) { return write->after.state == State::unset; }) &&
          reasoned())
        return std::nullopt;
      return failure(findings_text(rules, expectation, happened, context));
    }
    case Expected::no_change: {
      const auto writes = writes_to(rules, expectation, happened);
      if (writes.empty() && reasoned()) return std::nullopt;
      if (writes.empty()) return failure("no change; " + findings_text(rules, expectation, happened, context));
      return failure(text_of(writes.front()->before) + " becomes " + text_of(writes.front()->after));
    }
    case Expected::blocked_unset:
    case Expected::blocked_update:
      if (is_blocked(rules, expectation, happened, context)) return std::nullopt;
      return failure(findings_text(rules, expectation, happened, context));
    case Expected::held:
      if (is_held(rules, expectation, happened, context)) return std::nullopt;
      return failure(findings_text(rules, expectation, happened, context));
  }
  return std::nullopt;
}

}  // namespace dovetail::dsl
