#include "engine/plan/fills.hpp"

#include <algorithm>
#include <variant>

#include "engine/values/code_points.hpp"

namespace dovetail {

using ir::at;

namespace {

// The word that a table makes of `text` on the fill's side; nullopt: none, or leave it.
std::optional<std::string> look_up(const ir::Program& program, std::uint32_t table, ir::Side target,
                                   std::string_view text) {
  const ir::TableProgram& rows = program.tables[table][at(target)];
  const auto found = std::ranges::find(rows.rows, text, &ir::TableProgram::Row::from);
  const ir::TableProgram::Row* row = found != rows.rows.end() ? &*found : rows.otherwise ? &*rows.otherwise : nullptr;
  if (row == nullptr || row->result != ir::TableProgram::Result::word) return std::nullopt;
  return row->to;
}

// In the target's sent form; nullopt: not of its type, or longer than it takes.
std::optional<Value> checked(const PlanInput& input, const ir::Fill& fill, std::string_view text,
                             const RecordView& view) {
  const ir::Member& member = input.program.rules->schema(fill.side).members[fill.target.member];
  if (text.empty()) return std::nullopt;
  if (member.type == nullptr) {
    const bool known =
        member.open_enum || std::ranges::find(member.words, text, &ir::EnumWord::word) != member.words.end();
    if (!known) return std::nullopt;
    return Value{State::value, std::string(text)};
  }
  Value value{State::value, {}};
  const CheckContext context{input.tables, input.today, view.region(), input.test_system};
  if (member.type->check(text, context, value.text) != Fault::none) return std::nullopt;
  if (code_points(value.text) > member.max_length.value_or(UINT32_MAX)) return std::nullopt;
  return value;
}

// One making of one fill.
struct Resolver {
  const PlanInput& input;
  const Chooser& chooser;
  const Person& person;
  const ir::FillProgram& fill;
  const Place& place;
  Filled result{};

  // True: this source settles it.
  bool take(const std::optional<Value>& value) {
    if (value) result.value = value;
    return value.has_value();
  }
  const RecordView& view() const { return place.view(fill.rule->side); }

  bool operator()(const ir::FillSource::Literal& literal) { return take(literal.value); }
  bool operator()(const ir::FillSource::FromSetting& from) {
    const std::optional<std::string> text = setting_value(input, from.setting);
    return text && take(checked(input, *fill.rule, *text, view()));
  }
  bool operator()(const ir::FillSource::Ask& ask) {
    if (const std::string* answer = chooser.answer(person, ask.question)) {
      if (take(checked(input, *fill.rule, *answer, view()))) return true;
    }
    result.ask = &ask;
    if (ask.suggest_literal) result.suggestion = *ask.suggest_literal;
    if (ask.suggest_setting) result.suggestion = setting_value(input, *ask.suggest_setting).value_or("");
    return true;
  }
  bool operator()(const ir::FillSource::FromMember&) const { return false; }  // from_member takes these
  bool from_member(const ir::FillSource::FromMember& from, const ir::Part& part) {
    const Observation seen = place.view(from.side).observe(part, place.element(from.side));
    if (seen.state != State::value) return false;
    if (!from.table) return take(checked(input, *fill.rule, seen.text, view()));
    const std::optional<std::string> word = look_up(input.program, *from.table, fill.rule->side, seen.text);
    return word && take(checked(input, *fill.rule, *word, view()));
  }
};

bool is_written(const std::vector<Write>& writes, ir::MemberId member) {
  return std::ranges::any_of(writes,
                             [&](const Write& w) { return w.member == member && w.after.state == State::value; });
}

// Whether what stands beside a value that is removed or replaced goes with it: nothing takes its place, and every
// source was read.
bool goes_with(const ir::FillProgram& fill, const Place& place, const Write& trigger) {
  const ir::Member& member = *fill.target_part.schema;
  if (trigger.before.state != State::value || member.read_only || member.set_once || member.not_nullable) return false;
  if (trigger.after.state == State::unset) return true;
  for (std::size_t i = 0; i < fill.rule->sources.size(); ++i) {
    const auto* from = std::get_if<ir::FillSource::FromMember>(&fill.rule->sources[i].from);
    if (from == nullptr) return false;
    if (place.view(from->side).observe(fill.from[i], place.element(from->side)).state != State::unset) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> setting_value(const PlanInput& input, std::uint32_t setting) {
  if (setting < input.settings.size() && input.settings[setting]) return input.settings[setting];
  return input.program.rules->settings[setting].default_value;
}

bool is_on(const PlanInput& input, std::uint32_t setting) { return setting_value(input, setting) == "true"; }

bool all_on(const PlanInput& input, const std::vector<std::uint32_t>& settings) {
  return std::ranges::all_of(settings, [&](std::uint32_t setting) { return is_on(input, setting); });
}

Filled resolve_fill(const PlanInput& input, const Chooser& chooser, const Person& person, const ir::FillProgram& fill,
                    const Place& place) {
  Resolver resolver{input, chooser, person, fill, place};
  for (std::size_t i = 0; i < fill.rule->sources.size(); ++i) {
    const auto& from = fill.rule->sources[i].from;
    const auto* member = std::get_if<ir::FillSource::FromMember>(&from);
    const bool settled = member != nullptr ? resolver.from_member(*member, fill.from[i])
                                           : std::visit([&](const auto& source) { return resolver(source); }, from);
    if (settled) break;
  }
  return std::move(resolver.result);
}

void add_fills(const PlanInput& input, const Chooser& chooser, const Person& person, const Place& place,
               ir::Side target, std::optional<std::uint32_t> each, bool on_create, std::vector<Write>& writes,
               std::vector<Question>& open) {
  for (const ir::FillProgram& fill : input.program.fills) {
    if (fill.rule->side != target || fill.rule->on_create != on_create) continue;
    const auto trigger = std::ranges::find(writes, fill.trigger_member, &Write::member);
    if (on_create ? fill.rule->each != each : trigger == writes.end()) continue;
    const bool removed = !on_create && trigger->after.state == State::unset;
    const auto own = std::ranges::find(writes, fill.rule->target.member, &Write::member);
    if (is_written(writes, fill.rule->target.member) || (removed && own != writes.end())) continue;
    std::string element = on_create ? (each && !writes.empty() ? writes.front().element : "") : trigger->element;
    Value before;
    if (!on_create) before = Value::of(place.view(target).observe(fill.target_part, place.element(target)));
    const Filled filled = removed ? Filled{} : resolve_fill(input, chooser, person, fill, place);
    if (filled.value && (before.state != State::value || before.text != filled.value->text)) {
      Write write{.member = fill.rule->target.member, .element = std::move(element)};
      write.before = std::move(before);
      write.after = *filled.value;
      write.fill = true;
      writes.push_back(std::move(write));
    } else if (!filled.value && filled.ask != nullptr) {  // what stands there belongs to another value
      Question question;
      question.text = filled.ask->question;
      question.suggestion = filled.suggestion;
      question.side = target;
      question.member = fill.rule->target.member;
      question.rule = fill.rule->origin;
      open.push_back(std::move(question));
    } else if (!filled.value && before.state == State::value && trigger != writes.end() &&
               goes_with(fill, place, *trigger)) {
      Write write{.member = fill.rule->target.member, .element = std::move(element)};
      write.before = std::move(before);
      write.after = {State::unset, {}};
      write.fill = true;
      writes.push_back(std::move(write));
    }
  }
}

}  // namespace dovetail
