#include "engine/plan/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

std::string rule_text(const ir::Origin& origin) {
  const std::string place = place_text(origin);
  return place.empty() ? std::string() : fmt::format(" ({})", place);
}

// What was found, in words; of a missing value, which side has one.
std::string found_text(const ir::RuleSet& rules, const Entry& entry) {
  if (entry.reason != Reason::first_run || entry.kind != Kind::missing) return std::string(sentence(entry.reason));
  const bool in_hub = std::ranges::any_of(entry.hub, [](const PartValue& part) {
    return part.value.state == State::value || part.value.state == State::masked;
  });
  return fmt::format("only {} has a value, and nothing was agreed on before",
                     rules.title(in_hub ? Side::hub : Side::provider));
}

bool is_empty(const Few<PartValue>& parts) {
  return std::ranges::all_of(parts, [](const PartValue& part) { return part.value.state == State::unset; });
}

// What to do, for reasons where a person can do something.
std::string advice(const ir::RuleSet& rules, const Entry& entry) {
  const std::string& hub = rules.title(Side::hub);
  const std::string& provider = rules.title(Side::provider);
  switch (entry.reason) {
    case Reason::source_invalid:
    case Reason::validation:
    case Reason::no_shape:
      return fmt::format("correct the value in {} or in {}, then synchronise again", hub, provider);
    case Reason::ambiguous:
      return "leave only one of the elements that fit";
    case Reason::conflict:
    case Reason::first_run:
      if (entry.kind == Kind::missing) return "decide in a manual synchronisation whether it is taken over";
      return fmt::format("decide in a manual synchronisation whether the value of {} or of {} is right", hub, provider);
    case Reason::drift:
      if (!entry.offered(Side::provider) && is_empty(entry.hub))
        return fmt::format(
            "decide whether to read it into {}; there is nothing to write from there, so that any other choice "
            "leaves both as they are",
            hub);
      return fmt::format("decide whether to read it into {}", hub);
    case Reason::incomplete_parts:
      return "fill in the missing parts";
    case Reason::required_missing:
      return fmt::format("fill it in in {}", hub);
    case Reason::target_masked:
      return fmt::format("write the value of {} once, or leave it; after that changes are recognised", hub);
    default:
      return {};
  }
}

}  // namespace

std::string place_text(const ir::Origin& origin) {
  return origin.line == 0 ? std::string() : fmt::format("{}:{}", origin.file, origin.line);
}

std::string reselecting_text(const ir::Program& program, const ir::FieldProgram& field, Side target) {
  return fmt::format(
      "{}: with this value the rule would choose another list element in {}{}; change the day in {} itself",
      field.rule->label, program.rules->title(target), rule_text(field.rule->origin), program.rules->title(target));
}

std::string blocked_text(const ir::Program& program, const ir::FieldProgram& field, Side target, const Block& block) {
  const ir::RuleSet& rules = *program.rules;
  const std::string_view verb = block.unset ? "removed" : "changed";
  std::string who;
  switch (block.limit) {
    case ir::Limit::clause:
      who = "the rule file does not allow it";
      break;
    case ir::Limit::required:
      who = "the field is required";
      break;
    default:
      who = fmt::format("{} does not allow it", rules.title(target));
      break;
  }
  return fmt::format("{}: `{}.{}` may not be {}: {}{}; change it in {} by hand, or leave it as it is",
                     field.rule->label, rules.alias(target), block.path, verb, who, rule_text(block.rule),
                     rules.title(target));
}

std::string unanswered_text(const ir::Program& program, const ir::FieldProgram& field, const Question& question) {
  const ir::RuleSet& rules = *program.rules;
  return fmt::format("{}: {} demands `{}` with it, and nothing gives that value{}; answer \"{}\"", field.rule->label,
                     rules.title(question.side), rules.schema(question.side).members[question.member].path,
                     rule_text(question.rule), question.text);
}

std::string lacking_text(const ir::Program& program, Side target, const Lacking& lacking) {
  const ir::Member& member = *lacking.member;
  if (lacking.partner != nullptr) {
    return fmt::format(
        "{} takes `{}` only together with `{}`, which has no value there, and no rule gives one; fill it "
        "in in {}",
        program.rules->title(target), lacking.partner->path, member.path, program.rules->title(target));
  }
  if (lacking.object != nullptr) {
    return fmt::format("{} takes no `{}` without `{}`, and there is no value for it; fill it in in {}",
                       program.rules->title(target), lacking.object->path, member.path,
                       program.rules->title(other(target)));
  }
  return fmt::format("{} demands `{}` of every element, and there is no value for it; fill it in in {}",
                     program.rules->title(target), member.path, program.rules->title(other(target)));
}

std::string entry_text(const ir::Program& program, const ir::FieldProgram& field, const Entry& entry,
                       const Comparer& seen) {
  const ir::RuleSet& rules = *program.rules;
  if (entry.reason == Reason::deferred) {
    return fmt::format(
        "{}: it has changed in {}, and {} did not tell what it has there, so nothing is written{}; it "
        "goes once {} is read with it",
        field.rule->label, rules.title(Side::hub), rules.title(Side::provider), rule_text(entry.rule),
        rules.title(Side::provider));
  }
  const bool by_row =
      entry.reason == Reason::cleared &&
      (entry.target == Side::provider ? seen.facts().clears_provider_by_row : seen.facts().clears_hub_by_row);
  std::string text = fmt::format(
      "{}: {}", field.rule->label,
      by_row ? "the value is removed, because a row of the rule's table says so" : found_text(rules, entry));
  std::string told;
  for (const Side target : {Side::provider, Side::hub}) {
    const Image& image = seen.image(target);
    const bool tells = image.verdict == Image::Verdict::held && image.reason == entry.reason;
    const bool is_news = !image.detail.empty() && image.detail != told && image.detail != sentence(image.reason);
    if (tells && is_news) text += fmt::format(" ({})", image.detail);
    if (tells) told = image.detail;
    if (!tells && image.verdict == Image::Verdict::held && entry.open()) {
      text += fmt::format("; the value of {} can't be taken: {}", rules.title(other(target)),
                          image.detail.empty() ? std::string(sentence(image.reason)) : image.detail);
    }
  }
  if (entry.reason == Reason::validation || entry.reason == Reason::source_invalid) {
    for (const Side side : {Side::hub, Side::provider}) {
      if (seen.sight(side).undecided) {
        text += fmt::format("; what tells which element is meant is not of its type in {}", rules.title(side));
      }
      if (seen.sight(side).state != State::invalid) continue;
      const ir::Clause* clause = seen.sight(side).refused;
      text += fmt::format("; the value in {} is not {}", rules.title(side),
                          clause != nullptr ? fmt::format("a valid {}", clause->type->name) : "of its type");
    }
  }
  text += rule_text(entry.rule);
  const std::string what_to_do = advice(rules, entry);
  if (!what_to_do.empty()) text += "; " + what_to_do;
  return text;
}

}  // namespace dovetail
