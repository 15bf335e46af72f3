#include "dsl/docs/features.hpp"

#include <algorithm>

#include "dsl/docs/wording.hpp"

namespace dovetail::dsl {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

// "**Title:** text"
Line titled(const std::string& title, const std::string& text) { return {strong(title + ":"), plain(" " + text)}; }

std::string quoted(const std::string& text) { return "“" + text + "”"; }

// "a", "a and b", "a, b and c"
std::string enumeration(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i != 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string labels(const ir::RuleSet& rules, const std::vector<std::uint32_t>& fields) {
  std::vector<std::string> words;
  words.reserve(fields.size());
  for (const std::uint32_t field : fields) words.push_back(quoted(rules.fields[field].label));
  return enumeration(words);
}

Line match_sentence(const ir::RuleSet& rules) {
  Line line = {strong("Matching:"), plain(" ")};
  if (rules.match->field) {
    line.push_back(plain("people are linked by " + quoted(rules.fields[*rules.match->field].label) +
                         ", which must be the same on both sides."));
  } else {
    const ir::Pair& pair = *rules.match->pair;
    line.insert(
        line.end(),
        {plain("people are linked by "), code(end_text(rules, ir::Side::hub, pair.end(ir::Side::hub))), plain(" and "),
         code(end_text(rules, ir::Side::provider, pair.end(ir::Side::provider))), plain(", which must be the same.")});
  }
  std::vector<std::string> others;
  for (const auto& proposal : rules.match->proposals) others.push_back(labels(rules, proposal));
  if (others.empty()) return line;
  std::string text = " Where that finds nobody, a link is proposed by ";
  for (std::size_t i = 0; i < others.size(); ++i) text += (i == 0 ? "" : ", else by ") + others[i];
  line.push_back(plain(text + "; a person confirms it."));
  return line;
}

bool flows(const ir::Field& field, ir::Side target) {
  return std::ranges::any_of(field.shapes, [&](const ir::Shape& shape) {
    return std::ranges::any_of(shape.pairs, [&](const ir::Pair& pair) { return ir::flows_to(pair.direction, target); });
  });
}

// Which fields go to a side: "every supported field", or their names.
std::string fields_to(const ir::RuleSet& rules, ir::Side target) {
  std::vector<std::string> words;
  for (const ir::Field& field : rules.fields)
    if (flows(field, target)) words.push_back(quoted(field.label));
  if (words.size() == rules.fields.size()) return "every supported field";
  return words.empty() ? "no field" : enumeration(words);
}

void append_directions(const ir::RuleSet& rules, std::vector<Line>& lines) {
  const std::string& hub = rules.title(ir::Side::hub);
  const std::string& provider = rules.title(ir::Side::provider);
  lines.push_back(
      titled("From " + hub + " to " + provider, "in real time, " + fields_to(rules, ir::Side::provider) + "."));
  lines.push_back(titled("From " + provider + " to " + hub,
                         "only when somebody presses “Synchronize users”, " + fields_to(rules, ir::Side::hub) + "."));
  const ir::Side preferred = rules.conflict == ir::ConflictRule::prefer_hub ? ir::Side::hub : ir::Side::provider;
  const std::string conflict =
      rules.conflict == ir::ConflictRule::ask
          ? "the person who synchronises decides whose value wins."
          : "the value of " + rules.title(preferred) + " is suggested to the person who synchronises.";
  lines.push_back(titled("Conflicts between " + hub + " and " + provider, conflict));
}

Line added_sentence(const ir::RuleSet& rules, const ir::LifeCycle* rule) {
  const std::string& hub = rules.title(ir::Side::hub);
  const std::string& provider = rules.title(ir::Side::provider);
  std::string text = "they are added to " + provider + " only by a synchronisation, by a person's decision.";
  if (rule != nullptr && rule->create && !rule->create_setting) text = "they are created in " + provider + " at once.";
  if (rule != nullptr && rule->create && rule->create_setting) {
    const ir::Setting& setting = rules.settings[*rule->create_setting];
    text = "they are created in " + provider + " at once while " + quoted(setting.label) + " is on (at first it is " +
           (setting.default_value == "true" ? "on" : "off") +
           "; people who were added before it was switched on are not), else only by a synchronisation.";
  }
  return titled("People added to " + hub, text);
}

Line left_sentence(const ir::RuleSet& rules, ir::LifeCycle::Event event, const ir::LifeCycle* rule) {
  const bool deactivated = event == ir::LifeCycle::Event::deactivate;
  const std::string& hub = rules.title(ir::Side::hub);
  const std::string& provider = rules.title(ir::Side::provider);
  // Without a rule of its own a map has the engine's: they stay, and are locked when deactivated.
  const bool stay = rule == nullptr || rule->stay;
  const bool lock = rule == nullptr ? deactivated : rule->lock;
  std::string text = stay ? "they stay in " + provider + "." : "nothing is done in " + provider + ".";
  if (lock)
    text += " The last state from before goes there once; after that they are locked, and nothing is updated any more.";
  if (!deactivated) text += " A synchronisation lists them as people who exist only in " + provider + ".";
  if (rule != nullptr && rule->refuse_if_changed)
    text += " Adding them again is refused where their record in " + provider +
            " has changed since; you are shown what changed.";
  return titled("People " + std::string(deactivated ? "deactivated" : "deleted") + " in " + hub, text);
}

constexpr const char* guard_title(ir::Guard::Kind kind) {
  switch (kind) {
    case ir::Guard::Kind::overwrites:
      return "overwritten values";
    case ir::Guard::Kind::clears:
      return "emptied values";
    case ir::Guard::Kind::bank_accounts:
      return "bank accounts";
    case ir::Guard::Kind::national_ids:
      return "national identity numbers";
    case ir::Guard::Kind::emails:
      return "e-mail addresses";
  }
  return "";
}

Line guard_sentence(const ir::Guard& guard) {
  std::string text = "changes of more than " + std::to_string(guard.count) + " people";
  if (guard.percent != 0) text += " or " + std::to_string(guard.percent) + " % of them, whichever is more,";
  return titled("Mass changes (" + std::string(guard_title(guard.kind)) + ")",
                text + " within a day wait for a person's approval.");
}

Line source_sentence(const ir::RuleSet& rules, const ir::FillSource& source) {
  return std::visit(
      Overloaded{[&](const ir::FillSource::Literal& literal) -> Line {
                   return {plain("set to " + quoted(literal.value.text))};
                 },
                 [&](const ir::FillSource::FromSetting& from) -> Line {
                   return {plain("taken from the setting " + quoted(rules.settings[from.setting].label))};
                 },
                 [&](const ir::FillSource::FromMember& from) -> Line {
                   Line line = {plain("taken from "), code(path_text(rules, from.side, from.path)),
                                plain(" in " + rules.title(from.side))};
                   if (from.table)
                     line.insert(line.end(), {plain(" by the table "), code(rules.tables[*from.table].name)});
                   return line;
                 },
                 [&](const ir::FillSource::Ask& ask) -> Line {
                   std::string text = "you are asked: " + quoted(ask.question);
                   if (ask.suggest_setting)
                     text += " (suggested: the setting " + quoted(rules.settings[*ask.suggest_setting].label) + ")";
                   if (ask.suggest_literal) text += " (suggested: " + quoted(*ask.suggest_literal) + ")";
                   return {plain(text)};
                 }},
      source.from);
}

Line fill_sentence(const ir::RuleSet& rules, const ir::Fill& fill) {
  Line line = {code(path_text(rules, fill.side, fill.target)), plain(" in " + rules.title(fill.side))};
  if (fill.on_create) {
    line.push_back(
        plain(fill.each ? ", for every element that is added there: " : ", for every person who is created there: "));
  } else {
    line.insert(line.end(),
                {plain(", whenever "), code(path_text(rules, fill.side, fill.trigger)), plain(" is written: ")});
  }
  for (std::size_t i = 0; i < fill.sources.size(); ++i) {
    if (i != 0) line.push_back(plain("; where that gives nothing, "));
    const Line source = source_sentence(rules, fill.sources[i]);
    line.insert(line.end(), source.begin(), source.end());
  }
  line.push_back(plain("."));
  return line;
}

const ir::LifeCycle* rule_for(const ir::RuleSet& rules, ir::LifeCycle::Event event) {
  const auto found = std::ranges::find_if(
      rules.life_cycle, [&](const ir::LifeCycle& rule) { return rule.event == event && rule.side == ir::Side::hub; });
  return found == rules.life_cycle.end() ? nullptr : &*found;
}

}  // namespace

std::vector<Line> feature_sentences(const ir::RuleSet& rules) {
  std::vector<Line> lines;
  if (rules.match) lines.push_back(match_sentence(rules));
  append_directions(rules, lines);
  using Event = ir::LifeCycle::Event;
  lines.push_back(added_sentence(rules, rule_for(rules, Event::add)));
  for (const Event event : {Event::deactivate, Event::remove})
    lines.push_back(left_sentence(rules, event, rule_for(rules, event)));
  for (const ir::Guard& guard : rules.guards) lines.push_back(guard_sentence(guard));
  return lines;
}

std::vector<Line> fill_sentences(const ir::RuleSet& rules) {
  std::vector<Line> lines;
  lines.reserve(rules.fills.size());
  for (const ir::Fill& fill : rules.fills) lines.push_back(fill_sentence(rules, fill));
  return lines;
}

Line list_sentence(const ir::RuleSet& rules, const ir::ListRule& list) {
  Line line = {code(rules.schema(ir::Side::hub).members[list.lists[0]].path), plain(" and "),
               code(rules.schema(ir::Side::provider).members[list.lists[1]].path),
               plain(": an element finds its partner by " + quoted(rules.fields[list.match].label) +
                     " once, and is held by its id after that.")};
  if (list.add_missing)
    line.push_back(plain(" What is missing in " + side_titles(rules, *list.add_missing) + " is added."));
  if (list.never_remove) line.push_back(plain(" None is ever removed."));
  if (list.setting) line.push_back(plain(" Only while " + quoted(rules.settings[*list.setting].label) + " is on."));
  if (!list.doc.empty()) line.push_back(plain(" " + list.doc));
  return line;
}

Line group_sentence(const ir::RuleSet& rules, const ir::Group& group) {
  const std::string& hub = rules.title(ir::Side::hub);
  const std::string& provider = rules.title(ir::Side::provider);
  std::string text = group.direction == ir::Direction::to_provider ? "From " + hub + " to " + provider + " only."
                     : group.direction == ir::Direction::to_hub    ? "From " + provider + " to " + hub + " only."
                                                                   : "In both directions.";
  if (group.only_after_activation) text += " Only what changes after the connection was activated is sent.";
  if (group.setting) text += " Only while " + quoted(rules.settings[*group.setting].label) + " is on.";
  return {plain(text)};
}

}  // namespace dovetail::dsl
