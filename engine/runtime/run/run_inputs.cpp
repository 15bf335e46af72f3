#include "engine/runtime/run/run_inputs.hpp"

#include <map>

#include "engine/durable/link_text.hpp"
#include "engine/durable/packed.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

constexpr std::uint64_t version = 2;                  // of decisions
constexpr std::uint64_t decisions_without_sides = 1;  // an element by an id that may be of either side
constexpr std::uint64_t inputs_version = 3;
constexpr std::uint64_t inputs_with_list_of_words = 2;  // the words of all links stand before them
constexpr std::uint64_t inputs_without_notes = 1;       // what a listing left aside was not kept either

std::unexpected<Error> unreadable() {
  return std::unexpected(Error{.kind = Error::Kind::data, .what = "what was kept of the run cannot be read"});
}

std::uint64_t number_of(Instant time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }
Instant instant_of(std::uint64_t number) {
  return Instant(std::chrono::milliseconds(static_cast<std::int64_t>(number)));
}

void put(Observation seen, Packer& to) {
  to.number(static_cast<std::uint64_t>(seen.state));
  if (seen.state == State::value || seen.state == State::invalid) to.text(seen.text);
}

Observation take(Unpacker& from) {
  const std::uint64_t state = from.number();
  if (state > static_cast<std::uint64_t>(State::invalid)) from.bad();
  const auto known = static_cast<State>(state);
  return {known, known == State::value || known == State::invalid ? from.text() : std::string_view()};
}

void put(const std::optional<std::string>& text, Packer& to) {
  to.number(text ? 1 : 0);
  if (text) to.text(*text);
}

std::optional<std::string> take_optional(Unpacker& from) {
  if (from.number() == 0) return std::nullopt;
  return std::string(from.text());
}

void put(const Snapshot& snapshot, Packer& to) {
  const ir::Layout& layout = snapshot.layout();
  to.number(snapshot.completeness().complete ? 1 : 0);
  to.text(snapshot.completeness().reason);
  to.number(snapshot.completeness().notes.size());
  for (const std::string& note : snapshot.completeness().notes) to.text(note);
  to.number(snapshot.size());
  for (RecordIndex record = 0; record < snapshot.size(); ++record) {
    for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) put(snapshot.at(record, slot), to);
    for (std::size_t list = 0; list < layout.lists.size(); ++list) {
      const Snapshot::List there = snapshot.list(record, list);
      to.number(there.state == State::absent ? 0 : there.count + 1);
      for (ElementIndex element = there.first; element < there.first + there.count; ++element) {
        for (ir::SlotId slot = 0; slot < layout.lists[list].slots.size(); ++slot) {
          put(snapshot.element(list, element, slot), to);
        }
      }
    }
  }
}

void take(Unpacker& from, Snapshot& into, bool has_notes) {
  const ir::Layout& layout = into.layout();
  Completeness completeness{from.number() != 0, {}};
  completeness.reason = from.text();
  const std::size_t notes = has_notes ? from.count() : 0;
  for (std::size_t note = 0; note < notes && from.is_good(); ++note) completeness.notes.emplace_back(from.text());
  into.set_completeness(std::move(completeness));
  const std::size_t records = from.count();
  for (std::size_t record = 0; record < records && from.is_good(); ++record) {
    into.add_record();
    for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) {
      const Observation seen = take(from);
      if (seen.state != State::absent) into.set(slot, seen.state, seen.text);
    }
    for (std::size_t list = 0; list < layout.lists.size(); ++list) {
      const std::uint64_t count = from.number();
      if (count == 0) continue;
      into.begin_list(list);
      for (std::uint64_t element = 1; element < count && from.is_good(); ++element) {
        into.add_element(list);
        for (ir::SlotId slot = 0; slot < layout.lists[list].slots.size(); ++slot) {
          const Observation seen = take(from);
          if (seen.state != State::absent) into.set_element(list, slot, seen.state, seen.text);
        }
      }
    }
  }
}

// Words of links are numbered as they come, and stand before the link that they come with.
void put(const std::vector<StoredLink>& links, Packer& to) {
  std::map<std::string, std::uint64_t, std::less<>> numbers;
  std::vector<std::string_view> fresh;
  const WordNumber number = [&](std::string_view word) {
    if (const auto found = numbers.find(word); found != numbers.end()) return found->second;
    const auto added = numbers.emplace(word, numbers.size()).first;
    fresh.push_back(added->first);
    return added->second;
  };
  to.number(links.size());
  for (const StoredLink& link : links) {
    const std::string packed = pack_link(link.link, number);
    to.number(fresh.size());
    for (const std::string_view word : fresh) to.text(word);
    fresh.clear();
    to.number(static_cast<std::uint64_t>(link.id));
    to.number(static_cast<std::uint64_t>(link.version));
    to.text(link.link.hub_id);
    to.text(link.link.provider_id);
    to.text(packed);
  }
}

void take(Unpacker& from, std::vector<StoredLink>& links, bool words_come_first) {
  std::vector<std::string> words;
  const auto take_words = [&] {
    const std::size_t count = from.count();
    for (std::size_t i = 0; i < count && from.is_good(); ++i) words.emplace_back(from.text());
  };
  if (words_come_first) take_words();
  const WordOf word_of = [&](std::uint64_t number) -> std::optional<std::string_view> {
    if (number >= words.size()) return std::nullopt;
    return words[number];
  };
  BasePool pool;
  const std::size_t count = from.count();
  for (std::size_t i = 0; i < count && from.is_good(); ++i) {
    if (!words_come_first) take_words();
    StoredLink link;
    link.id = static_cast<LinkId>(from.number());
    link.version = static_cast<std::int64_t>(from.number());
    const std::string hub_id(from.text()), provider_id(from.text());
    std::optional<Link> unpacked = unpack_link(from.text(), word_of, &pool);
    if (!unpacked) {
      from.bad();
      return;
    }
    link.link = std::move(*unpacked);
    link.link.hub_id = hub_id;
    link.link.provider_id = provider_id;
    links.push_back(std::move(link));
  }
}

}  // namespace

PlanInput RunInputs::input(const Opened& opened, const Decisions* decisions, const SecretHasher& hasher,
                           std::string run) const {
  return {.program = opened.program(),
          .hub = snapshots[at(Side::hub)],
          .provider = snapshots[at(Side::provider)],
          .base = base,
          .today = today,
          .mode = Mode::manual,
          .event = Event::changed,
          .decisions = decisions,
          .settings = settings,
          .only = {},
          .scope = scope ? &*scope : nullptr,
          .tables = opened.tables,
          .hasher = &hasher,
          .test_system = test_system,
          .rules_hash = rules_hash,
          .run = std::move(run),
          .taken = {taken[0], taken[1]}};
}

void pack_inputs(const RunInputs& inputs, const Transaction::PassOn& pass_on) {
  Packer to(pass_on);
  to.number(inputs_version);
  to.text(inputs.rules_hash);
  to.text(to_text(inputs.today));
  to.number(inputs.activated ? 1 : 0);
  to.number(inputs.test_system ? 1 : 0);
  to.number(inputs.settings.size());
  for (const auto& setting : inputs.settings) put(setting, to);
  to.number(inputs.scope ? inputs.scope->size() + 1 : 0);
  if (inputs.scope) {
    for (const std::string& id : *inputs.scope) to.text(id);
  }
  for (const Side side : {Side::hub, Side::provider}) {
    to.number(number_of(inputs.taken[at(side)]));
    put(inputs.snapshots[at(side)], to);
  }
  put(inputs.known, to);
  to.finish();
}

Result<RunInputs> unpack_inputs(const Transaction::NextPiece& next, const Opened& opened) {
  Unpacker from(next);
  const std::uint64_t written_as = from.number();
  if (written_as == 0 || written_as > inputs_version) return unreadable();
  RunInputs inputs;
  inputs.rules_hash = from.text();
  if (from.is_good() && inputs.rules_hash != opened.rules_hash) {
    return std::unexpected(
        Error{.kind = Error::Kind::input, .what = "the rules have changed since this run was read; start another one"});
  }
  const std::optional<CivilDay> day = parse_day(from.text());
  if (!day) return unreadable();
  inputs.today = *day;
  inputs.activated = from.number() != 0;
  inputs.test_system = from.number() != 0;
  const std::size_t settings = from.count();
  for (std::size_t i = 0; i < settings && from.is_good(); ++i) inputs.settings.push_back(take_optional(from));
  if (const std::uint64_t count = from.number(); count > 0) {
    inputs.scope.emplace();
    for (std::uint64_t i = 1; i < count && from.is_good(); ++i) inputs.scope->emplace_back(from.text());
  }
  for (const Side side : {Side::hub, Side::provider}) {
    inputs.taken[at(side)] = instant_of(from.number());
    inputs.snapshots.emplace_back(opened.program().layouts[at(side)]);
    take(from, inputs.snapshots.back(), written_as != inputs_without_notes);
  }
  take(from, inputs.known, written_as <= inputs_with_list_of_words);
  if (!from.is_good() || !from.is_at_end()) return unreadable();
  inputs.base.activated = inputs.activated;
  inputs.base.links.reserve(inputs.known.size());
  for (const StoredLink& link : inputs.known) inputs.base.links.push_back(link.link);
  return inputs;
}

std::string pack_decisions(const Decisions& decisions) {
  Packer to;
  to.number(version);
  to.number(static_cast<std::uint64_t>(decisions.bulk));
  for (const std::optional<bool>& create : decisions.create_in) to.number(create ? (*create ? 2 : 1) : 0);
  to.number(decisions.accept_preselected ? 1 : 0);
  to.number(decisions.exact.size());
  for (const Decision& one : decisions.exact) {
    to.text(one.hub_id);
    to.text(one.provider_id);
    to.text(one.field);
    to.text(one.element);
    to.text(one.hub_element);
    to.text(one.provider_element);
    to.number(static_cast<std::uint64_t>(one.choice));
    to.text(one.by);
  }
  to.number(decisions.answers.size());
  for (const Answer& one : decisions.answers) {
    to.text(one.question);
    to.text(one.hub_id);
    to.text(one.provider_id);
    to.text(one.value);
  }
  return to.take();
}

Result<Decisions> unpack_decisions(std::string_view bytes) {
  Unpacker from(bytes);
  const std::uint64_t written_as = from.number();
  if (written_as != version && written_as != decisions_without_sides) return unreadable();
  const auto choice = [&] {
    const std::uint64_t number = from.number();
    if (number > static_cast<std::uint64_t>(Choice::link)) from.bad();
    return static_cast<Choice>(number);
  };
  Decisions decisions;
  decisions.bulk = choice();
  for (std::optional<bool>& create : decisions.create_in) {
    const std::uint64_t number = from.number();
    if (number > 0) create = number == 2;
  }
  decisions.accept_preselected = from.number() != 0;
  const std::size_t exact = from.count();
  for (std::size_t i = 0; i < exact && from.is_good(); ++i) {
    Decision& one = decisions.exact.emplace_back();
    one.hub_id = from.text();
    one.provider_id = from.text();
    one.field = from.text();
    one.element = from.text();
    if (written_as != decisions_without_sides) {
      one.hub_element = from.text();
      one.provider_element = from.text();
    }
    one.choice = choice();
    one.by = from.text();
  }
  const std::size_t answers = from.count();
  for (std::size_t i = 0; i < answers && from.is_good(); ++i) {
    Answer& one = decisions.answers.emplace_back();
    one.question = from.text();
    one.hub_id = from.text();
    one.provider_id = from.text();
    one.value = from.text();
  }
  if (!from.is_good() || !from.is_at_end()) return unreadable();
  return decisions;
}

}  // namespace dovetail
