#include "tests/lives/life.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <set>

#include "engine/durable/link_text.hpp"
#include "engine/explain/explain.hpp"
#include "engine/match/contradiction.hpp"
#include "engine/plan/in_threads.hpp"
#include "engine/runtime/write/shares.hpp"
#include "tests/lives/drawn_people.hpp"

namespace dovetail::test {
namespace {

// Everything a plan says, as one text.
std::string to_text(const Plan& plan) {
  std::string text;
  const auto add = [&](std::string_view part) { text.append(part).append("|"); };
  for (const Person& person : plan.people) add(person.hub_id + " " + person.provider_id);
  for (const Reason reason : plan.reasons) add(name(reason));
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Entry& entry = plan.entries[i];
    add(std::to_string(plan.entries.person(i)) + ":" + std::to_string(entry.field));
    for (const std::string_view part : {name(entry.kind), name(entry.reason), name(entry.action)}) add(part);
    for (const std::string part : {entry.hub_element, entry.provider_element, entry.why}) add(part);
    add(name(entry.preselected));
  }
  for (const Operation& operation : plan.operations) {
    add(std::to_string(operation.entry));
    for (const Write& write : operation.writes) {
      add(std::to_string(write.member) + write.element + write.before.text + "->" + write.after.text);
    }
  }
  for (const Question& question : plan.questions) add(std::to_string(question.person) + question.text);
  for (const Notice& notice : plan.notices) add(notice.text);
  return text;
}

// What links become, whatever the order in which it is said.
std::vector<std::string> in_any_order(const LinkChange& change) {
  std::vector<std::string> lines;
  for (const StoredLink& put : change.put) {
    std::string line = std::to_string(put.id) + "/" + std::to_string(put.version) + " " + put.link.hub_id + " " +
                       put.link.provider_id + " " + std::string(name(put.link.state)) + (put.link.left ? " left" : "");
    std::map<std::string_view, std::uint64_t> words;
    line += pack_link(put.link, [&](std::string_view word) {
      line += "|" + std::string(word);
      return words.emplace(word, words.size()).first->second;
    });
    lines.push_back(std::move(line));
  }
  for (const LinkId removed : change.removed) lines.push_back("removed " + std::to_string(removed));
  std::ranges::sort(lines);
  return lines;
}

class Life {
 public:
  Life(const ir::RuleSet& rules, const ReferenceTables& tables, Draw& draw)
      : rules_(rules),
        draw_(draw),
        world_(rules),
        people_{DrawnPeople(rules.schemas[0], hub, tables), DrawnPeople(rules.schemas[1], provider, tables)} {
    world_.tables = &tables;
    world_.settings.resize(rules.settings.size());
    for (std::size_t i = 0; i < rules.settings.size(); ++i) {
      if (rules.settings[i].type == ir::SettingType::boolean) world_.settings[i] = draw.one_in(2) ? "true" : "false";
    }
  }

  std::string compare_plans(std::size_t people) {
    populate(people);
    for (const Mode mode : {Mode::manual, Mode::push}) {
      world_.decisions = {};
      world_.decisions.bulk = draw_.one_in(2) ? Choice::hub : Choice::provider;
      world_.decisions.create_in = {true, true};
      const Snapshot hubs = world_.hub_system.snapshot(), providers = world_.provider_system.snapshot();
      const PlanInput input = world_.input(mode, hubs, providers);
      const Plan made = plan(input);
      for (const std::size_t threads : {1U, 2U, 3U, 7U}) {
        demand(to_text(plan(input, threads)) == to_text(made), std::to_string(threads) + " threads make another plan");
      }
      judge(made);
      for (int round = 0; round < 3; ++round) {
        shuffle();
        demand(to_text(world_.look(mode)) == to_text(made), "another order of the input makes another plan");
      }
      judge_shares(mode);
      world_.run(Mode::manual);
      for (std::size_t edits = people; edits > 0; --edits) edit();
    }
    return broken_;
  }

  std::string live() {
    populate(1 + draw_.below(5));
    for (std::size_t round = 1 + draw_.below(4); round > 0 && broken_.empty(); --round) {
      play();
      for (std::size_t edits = draw_.below(6); edits > 0; --edits) edit();
    }
    return broken_;
  }

 private:
  void populate(std::size_t count) {
    constexpr std::size_t given = 1'000;  // from there on the systems number whom they are asked to add
    for (std::size_t n = 0; n < count; ++n) {
      const std::size_t number = n < given ? n : n + 1'000 * given;
      for (const ir::Side side : {hub, provider}) {
        if (!draw_.one_in(8)) records(side).push_back(people_[ir::at(side)].person(number, draw_));
      }
    }
  }

  template <typename T>
  void shuffle(std::vector<T>& all) {
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[draw_.below(i)]);
  }

  // Records, elements and what is remembered of them, each in another order.
  void shuffle() {
    for (const ir::Side side : {hub, provider}) {
      shuffle(records(side));
      for (Record& record : records(side)) {
        for (auto& [path, elements] : record.lists) shuffle(elements);
      }
    }
    shuffle(world_.base.links);
  }

  std::vector<Record>& records(ir::Side side) {
    return side == hub ? world_.hub_system.records : world_.provider_system.records;
  }

  void edit() {
    const ir::Side side = draw_.one_in(2) ? hub : provider;
    if (records(side).empty()) return;
    const std::size_t which = draw_.below(records(side).size());
    if (draw_.one_in(16)) {
      hide_lists(side, which);
    } else if (draw_.one_in(24)) {
      records(side).erase(records(side).begin() + static_cast<std::ptrdiff_t>(which));
    } else {
      people_[ir::at(side)].edit(records(side)[which], which, draw_);
    }
  }

  // Lists that are not read any more, or are again.
  void hide_lists(ir::Side side, std::size_t which) {
    std::set<std::string>& unread = records(side)[which].unread_lists;
    if (!unread.empty()) return unread.clear();
    for (const ir::Member& member : rules_.schema(side).members) {
      if (member.kind == ir::MemberKind::list) unread.insert(member.path);
    }
  }

  // Which did not hold, at the first place where it did not.
  void demand(bool holds, const std::string& what) {
    if (!holds && broken_.empty()) broken_ = rules_.name + ": " + what;
  }

  void decide(const Plan& looked) {
    constexpr std::array choices = {Choice::undecided, Choice::hub, Choice::provider, Choice::leave};
    Decisions& decisions = world_.decisions;
    decisions = {};
    decisions.bulk = choices[draw_.below(4)];
    decisions.accept_preselected = draw_.one_in(2);
    for (const ir::Side side : {hub, provider}) {
      if (draw_.one_in(3)) decisions.create_in[ir::at(side)] = draw_.one_in(2);
    }
    for (std::size_t i = 0; i < looked.entries.size(); ++i) {
      if (!draw_.one_in(4)) continue;
      const Entry& entry = looked.entries[i];
      const Person& person = looked.people[looked.entries.person(i)];
      Decision decision{person.hub_id, person.provider_id, "", "", choices[draw_.below(4)], "somebody"};
      if (entry.kind == Kind::link) decision.choice = Choice::link;
      if (entry.field != no_field) decision.field = rules_.fields[entry.field].label;
      decision.hub_element = entry.hub_element;
      decision.provider_element = entry.provider_element;
      decisions.exact.push_back(std::move(decision));
    }
    for (const Question& question : looked.questions) {
      const std::vector<ir::EnumWord>& words = rules_.schema(question.side).members[question.member].words;
      const std::string answer = words.empty() ? question.suggestion : words[draw_.below(words.size())].word;
      if (!answer.empty() && draw_.one_in(2)) decisions.answers.push_back({question.text, "", "", answer});
    }
  }

  // Linked people whose records seem to be somebody else's: nothing that is done to others settles that.
  std::set<std::string> disputed(Mode mode) {
    std::set<std::string> ids;
    for (const Person& person : world_.look(mode).people) {
      if (person.is_linked && person.reason == Reason::disputed) ids.insert(person.hub_id);
    }
    return ids;
  }

  void play() {
    world_.decisions = {};
    const Mode mode = draw_.one_in(3) ? Mode::push : Mode::manual;
    const std::set<std::string> disputed_before = disputed(mode);
    run_to_rest(mode);
    world_.decisions = {};
    demand(std::ranges::includes(disputed(mode), disputed_before), "a dispute is gone that nobody has settled");
  }

  void run_to_rest(Mode mode) {
    const Plan looked = world_.look(mode);
    judge(looked);
    judge_order(looked, mode);
    if (mode == Mode::manual) judge_preview(looked);
    decide(looked);
    judge_order(world_.look(mode), mode);
    if (mode == Mode::manual) judge_explanations();
    // A member that feeds two rules, or a person who is created, takes a round more each; then nothing is left to do.
    for (int round = 0; round < 6 && broken_.empty(); ++round) {
      judge(world_.look(mode));
      judge_shares(mode);
      const Plan done = world_.run(mode);
      demand(world_.applied.count(Outcome::Kind::done) == done.operations.size(), "an operation was not done");
      demand(!find_contradiction(world_.base),
             "what is remembered says something against itself: " + find_contradiction(world_.base).value_or(""));
      if (done.operations.empty()) return;
      last_ = done.operations.empty() ? "" : done.entries[done.operations.front().entry].why;
    }
    demand(false, "it never comes to rest: " + last_);
  }

  void judge(const Plan& plan) {
    const Totals& totals = plan.totals;
    demand(plan.reasons.size() == plan.people.size() * rules_.fields.size(), "not one reason for every field");
    demand(std::ranges::all_of(plan.reasons, [](Reason r) { return static_cast<std::size_t>(r) < reason_count; }),
           "a reason that is none");
    const auto sum = [](const auto& counts) {
      std::size_t all = 0;
      for (const std::uint32_t count : counts) all += count;
      return all;
    };
    demand(totals.people == plan.people.size() && sum(totals.persons) == totals.people, "people do not add up");
    demand(totals.pairs + totals.hub_only + totals.provider_only == totals.people, "pairs do not add up");
    demand(sum(totals.fields) == plan.reasons.size(), "fields do not add up");
    demand(sum(totals.entries) == plan.entries.size(), "entries do not add up");
    demand(sum(totals.element_reasons) == totals.element_fields, "list elements do not add up");
    for (const ir::Side side : {hub, provider}) {
      for (const Record& record : records(side)) {
        const std::string& id = record.members.at(rules_.schema(side).members[rules_.schema(side).identity].path).text;
        const auto is_it = [&](const Person& p) { return (side == hub ? p.hub_id : p.provider_id) == id; };
        demand(std::ranges::any_of(plan.people, is_it), "somebody is in no plan: " + id);
      }
    }
    for (const Entry& entry : plan.entries) {
      demand(!entry.why.empty() || entry.reason == Reason::adopted, "a finding without words");
      const bool choosable = entry.preselected == Choice::hub        ? entry.offered(provider)
                             : entry.preselected == Choice::provider ? entry.offered(hub)
                                                                     : true;
      demand(!entry.open() || choosable, "what is preselected is not on offer: " + entry.why);
    }
    for (const Operation& operation : plan.operations) {
      for (const Write& write : operation.writes) {
        demand(write.after.state == State::value || write.after.state == State::unset, "what is written is no value");
        demand(write.after.text != "?", "an invalid value is written");
      }
    }
  }

  // What is remembered of many at once is what is remembered of one after the other, whatever went.
  void judge_shares(Mode mode) {
    const Snapshot hub_snapshot = world_.hub_system.snapshot(), provider_snapshot = world_.provider_system.snapshot();
    const PlanInput input = world_.input(mode, hub_snapshot, provider_snapshot);
    const Plan made = plan(input);
    std::vector<StoredLink> known;
    for (const Link& link : world_.base.links) {
      const auto number = static_cast<LinkId>(known.size()) + 1;
      known.push_back({number, number + 10, link});
    }
    Applied applied = all_done(made);
    for (std::size_t i = 3; i < applied.outcomes.size(); i += 4) applied.outcomes[i].kind = Outcome::Kind::refused;
    const Shares shares(made, input, known);
    std::vector<PersonIndex> all(made.people.size());
    std::iota(all.begin(), all.end(), PersonIndex{0});
    LinkChange one_by_one;
    for (const PersonIndex person : all) {
      LinkChange own = shares.remembered(person, applied);
      std::ranges::move(own.put, std::back_inserter(one_by_one.put));
      std::ranges::move(own.removed, std::back_inserter(one_by_one.removed));
    }
    demand(in_any_order(shares.remembered(all, applied)) == in_any_order(one_by_one),
           "together something else is remembered than one by one");
  }

  // Every field of everybody, and of every element, is explained by the reason that the totals count it under.
  void judge_explanations() {
    const Snapshot hub_snapshot = world_.hub_system.snapshot(), provider_snapshot = world_.provider_system.snapshot();
    const PlanInput input = world_.input(Mode::manual, hub_snapshot, provider_snapshot);
    const Plan made = plan(input);
    std::array<std::uint32_t, reason_count> of_elements{};
    for (PersonIndex i = 0; i < made.people.size(); ++i) {
      const bool compared = made.people[i].reason == Reason::no_change;
      for (const FieldExplanation& field : explain(made, input, i).fields) {
        const bool element = !field.hub_element.empty() || !field.provider_element.empty();
        if (element && compared && field.reason != Reason::switched_off) {
          ++of_elements[static_cast<std::size_t>(field.reason)];
        } else {
          demand(field.reason == made.reason(i, field.field), "explained by another reason: " + field.why);
        }
      }
    }
    for (std::size_t reason = 0; reason < reason_count; ++reason) {
      demand(of_elements[reason] == made.totals.element_reasons[reason] ||
                 reason == static_cast<std::size_t>(Reason::switched_off),
             "elements are not explained as the totals count them: " + std::string(name(static_cast<Reason>(reason))));
    }
  }

  // Any order of records, elements and links gives the same plan.
  void judge_order(const Plan& plan, Mode mode) {
    for (const ir::Side side : {hub, provider}) {
      std::ranges::reverse(records(side));
      for (Record& record : records(side)) {
        for (auto& [path, elements] : record.lists) std::ranges::reverse(elements);
      }
    }
    std::ranges::reverse(world_.base.links);
    const std::string before = to_text(plan), after = to_text(world_.look(mode));
    const auto differs = static_cast<std::size_t>(std::ranges::mismatch(before, after).in1 - before.begin());
    const std::size_t from = differs < 200 ? 0 : differs - 200;
    demand(before == after, "the order of the input changes the plan: " + before.substr(from, 500) + " /// " +
                                after.substr(std::min(from, after.size()), 500));
    std::ranges::reverse(world_.base.links);
    for (const ir::Side side : {hub, provider}) {
      std::ranges::reverse(records(side));
      for (Record& record : records(side)) {
        for (auto& [path, elements] : record.lists) std::ranges::reverse(elements);
      }
    }
  }

  // What is preselected goes when it is decided so, and nothing else does.
  void judge_preview(const Plan& looked) {
    world_.decisions.accept_preselected = true;
    const Plan decided = world_.look(Mode::manual);
    world_.decisions = {};
    demand(decided.entries.size() == looked.entries.size(), "deciding adds or drops a finding");
    for (std::size_t i = 0; i < std::min(looked.entries.size(), decided.entries.size()); ++i) {
      const Entry &before = looked.entries[i], &after = decided.entries[i];
      if (!before.open()) continue;
      const bool chosen = before.preselected == Choice::hub || before.preselected == Choice::provider;
      const bool asks = std::ranges::any_of(looked.questions, [&](const Question& q) { return q.entry == i; });
      if (chosen && !asks) demand(after.action != Action::hold && !after.open(), "a preview lies: " + after.why);
      // What may be taken or not by what others decide, is settled once they have.
      const bool depends = after.reason == Reason::uniqueness && before.why.find("must be unique") != before.why.npos;
      if (before.preselected == Choice::undecided) demand(after.open() || depends, "nobody decided: " + after.why);
    }
  }

  const ir::RuleSet& rules_;
  Draw& draw_;
  World world_;
  std::array<DrawnPeople, 2> people_;
  std::string broken_, last_;
};

}  // namespace

std::string live(const ir::RuleSet& rules, const ReferenceTables& tables, Draw& draw) {
  return Life(rules, tables, draw).live();
}

std::string differing_plan(const ir::RuleSet& rules, const ReferenceTables& tables, Draw& draw, std::size_t people) {
  return Life(rules, tables, draw).compare_plans(people);
}

}  // namespace dovetail::test
