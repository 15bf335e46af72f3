#include "tests/lives/round_trips.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "tests/lives/drawn_people.hpp"

namespace dovetail::test {
namespace {

using Crossed = std::set<std::pair<FieldIndex, std::string>>;  // with the hub's element, in a list

class Traveller {
 public:
  Traveller(const ir::RuleSet& rules, const ReferenceTables& tables, Draw& draw)
      : rules_(rules),
        draw_(draw),
        world_(rules),
        people_{DrawnPeople(rules.schemas[0], hub, tables), DrawnPeople(rules.schemas[1], provider, tables)} {
    world_.tables = &tables;
    for (const ir::Setting& setting : rules.settings) {
      world_.settings.push_back(setting.type == ir::SettingType::boolean ? std::optional<std::string>("true")
                                                                         : std::nullopt);
    }
  }

  RoundTrips travel(std::size_t edits) {
    for (std::size_t i = 0; i < edits && made_.broken.empty(); ++i) {
      if (i % 25 == 0) begin_anew();
      const ir::Side from = draw_.one_in(2) ? hub : provider;
      people_[ir::at(from)].edit(record(from), 0, draw_);
      be_active(from);
      from == hub ? push_then_read() : read_then_push();
    }
    return std::move(made_);
  }

 private:
  Record& record(ir::Side side) { return (side == hub ? world_.hub_system : world_.provider_system).records.front(); }

  void be_active(ir::Side side) {
    const ir::Schema& schema = rules_.schema(side);
    if (schema.active != ir::no_member)
      record(side).members[schema.members[schema.active].path] = value(schema.active_value);
  }

  // Two records that are linked, and agree as far as they can.
  void begin_anew() {
    world_.base = {};
    world_.hub_system.records = {people_[0].person(0, draw_)};
    world_.provider_system.records = {people_[1].person(0, draw_)};
    for (const ir::Side side : {hub, provider}) be_active(side);
    Link link;
    link.hub_id = "h0";
    link.provider_id = "p0";
    world_.base.links = {link};
    for (int round = 0; round < 4; ++round) decide(Choice::hub), world_.run(Mode::manual);
    for (int round = 0; round < 4; ++round) decide(Choice::provider), world_.run(Mode::manual);
    rest(Mode::push);
  }

  // Every finding for one side, and every question with an answer that its member takes.
  void decide(Choice choice) {
    world_.decisions = {};
    world_.decisions.bulk = choice;
    for (const Question& question : world_.look(Mode::manual).questions) {
      const std::vector<ir::EnumWord>& words = rules_.schema(question.side).members[question.member].words;
      world_.decisions.answers.push_back({question.text, "", "",
                                          !words.empty()                ? words.front().word
                                          : question.suggestion.empty() ? "Clerk"
                                                                        : question.suggestion});
    }
  }

  void rest(Mode mode) {
    for (int round = 0; round < 6 && !world_.run(mode).operations.empty(); ++round) {
    }
  }

  // What went to that side, and arrived; an element that is new there is not known by its id yet.
  Crossed carried(const Plan& plan, ir::Side to) {
    Crossed fields;
    for (const Operation& operation : plan.operations) {
      const Entry& entry = plan.entries[operation.entry];
      if (operation.target != to || entry.field == no_field || entry.is_element) continue;
      fields.emplace(entry.field, std::string(entry.hub_element));
      ++made_.crossed[rules_.fields[entry.field].label][ir::at(to)];
    }
    return fields;
  }

  void push_then_read() {
    world_.decisions = {};
    const Crossed fields = carried(world_.run(Mode::push), provider);
    const Plan read = world_.look(Mode::manual);
    for (const Entry& entry : read.entries) {
      if (fields.contains({entry.field, std::string(entry.hub_element)}) && entry.open()) {
        made_.broken = rules_.name + ": pushed, and then found as " + std::string(name(entry.kind)) + ": " +
                       std::string(entry.why);
      }
    }
    rest(Mode::push);
  }

  void read_then_push() {
    decide(Choice::provider);
    const Crossed fields = carried(world_.run(Mode::manual), hub);
    const Plan push = world_.look(Mode::push);
    for (const Operation& operation : push.operations) {
      const Entry& entry = push.entries[operation.entry];
      if (fields.contains({entry.field, std::string(entry.hub_element)})) {
        made_.broken = rules_.name + ": read, and then pushed back: " + std::string(entry.why);
      }
    }
    rest(Mode::push);
  }

  const ir::RuleSet& rules_;
  Draw& draw_;
  World world_;
  std::array<DrawnPeople, 2> people_;
  RoundTrips made_;
};

}  // namespace

RoundTrips make_round_trips(const ir::RuleSet& rules, const ReferenceTables& tables, Draw& draw, std::size_t edits) {
  return Traveller(rules, tables, draw).travel(edits);
}

}  // namespace dovetail::test
