#include "engine/runtime/push/rivals.hpp"

#include "engine/compare/comparer.hpp"
#include "engine/match/another_person.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// What two values that the rules take for the same have in common.
std::string key_of(const ir::Part& part, const BaseValue& value) {
  std::string key = part.path + (value.hashed ? "#" : "=");
  if (!value.hashed && part.type != nullptr) {
    append_key(*part.type, value.text, key);
  } else {
    key += value.text;
  }
  return key;
}

// Whose link is so still has the key that was agreed on; one that changed places with another's, too.
bool is_held(LinkState state) { return state == LinkState::linked || state == LinkState::disputed; }

}  // namespace

Result<std::optional<Rival>> Rivals::find(const Opened& opened, const Snapshot& hub, const std::string& hub_id) {
  const ir::FieldProgram* match = opened.program().match();
  if (match == nullptr) return std::nullopt;
  const std::lock_guard lock(mutex_);
  Index& index = indexes_[opened.connection.id];
  if (Result<void> made = refresh(opened, index); !made) return std::unexpected(made.error());
  RecordView view(opened.program(), Side::hub, hub);
  view.move_to(0, opened.today);
  const CheckContext context{opened.tables, opened.today, {}, opened.connection.test_system};
  for (const ir::Part& part : match->parts[at(Side::hub)]) {
    if (!part.compared) continue;
    const BaseValue mine = base_value(part, view.observe(part), context, &means_.store.hasher());
    if (mine.state != State::value) return std::nullopt;
    const auto found = index.by_key.find(key_of(part, mine));
    if (found != index.by_key.end() && found->second.hub_id != hub_id) return still_there(opened, found->second);
  }
  return std::nullopt;
}

Result<std::optional<Rival>> Rivals::find_holder(const PlanInput& input, const Opened& opened, const Link& own) {
  const ir::FieldProgram* match = opened.program().match();
  if (match == nullptr || input.hub.size() == 0 || input.provider.size() == 0) return std::nullopt;
  MatchKeys hub(input, Side::hub), provider(input, Side::provider);
  const CheckContext context{input.tables, input.today, {}, input.test_system};
  const std::optional<std::string> now = provider.key(*match, 0), agreed = agreed_key(*match, own, context);
  if (!now || !agreed || now == agreed || now == hub.key(*match, 0) || is_recognised(input, hub, 0, provider, 0))
    return std::nullopt;
  const std::lock_guard lock(mutex_);
  Index& index = indexes_[opened.connection.id];
  if (Result<void> made = refresh(opened, index); !made) return std::unexpected(made.error());
  const auto found = index.by_agreed.find(*now);
  if (found == index.by_agreed.end() || found->second.hub_id == own.hub_id) return std::nullopt;
  // Another key may have been agreed on since, or the person has left: then this one is free to be given away.
  const auto link = link_of(opened, found->second);
  if (!link) return std::unexpected(link.error());
  const bool holds = *link && is_held((*link)->state) && agreed_key(*match, **link, context) == now;
  return holds ? std::optional(found->second) : std::nullopt;
}

Result<void> Rivals::refresh(const Opened& opened, Index& index) {
  const auto time = means_.clock.now();
  if (index.rules == opened.rules && time - index.made < means_.limits.listing_age) return {};
  if (Result<void> made = make(opened, index); !made) return made;
  index.made = time;
  return {};
}

void Rivals::forget_old() {
  const auto time = means_.clock.now();
  const std::unique_lock lock(mutex_, std::try_to_lock);  // one is made at the moment: the next time
  if (!lock) return;
  std::erase_if(indexes_, [&](const auto& one) { return time - one.second.made >= means_.limits.listing_age; });
}

// The link may have been cut or forgotten since the index was made.
Result<std::optional<Rival>> Rivals::still_there(const Opened& opened, const Rival& rival) const {
  const auto link = link_of(opened, rival);
  if (!link) return std::unexpected(link.error());
  return *link ? std::optional(rival) : std::nullopt;
}

Result<std::optional<Link>> Rivals::link_of(const Opened& opened, const Rival& rival) const {
  std::optional<Link> there;
  const Result<void> read = means_.store.read([&](Transaction& transaction) -> Result<void> {
    there.reset();
    auto link = transaction.link_of_hub(opened.connection.id, rival.hub_id);
    if (!link) return std::unexpected(link.error());
    if (*link && (*link)->link.provider_id == rival.provider_id && !(*link)->link.left)
      there = std::move((*link)->link);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return there;
}

Result<void> Rivals::make(const Opened& opened, Index& index) {
  const ir::FieldProgram& match = *opened.program().match();
  return means_.store.read([&](Transaction& transaction) -> Result<void> {
    index.rules = nullptr;
    index.by_key.clear();
    index.by_agreed.clear();
    const CheckContext context{opened.tables, opened.today, {}, opened.connection.test_system};
    const auto links = transaction.links(opened.connection.id);
    if (!links) return std::unexpected(links.error());
    for (const auto& [id, version, link] : *links) {
      if (link.hub_id.empty() || link.provider_id.empty() || link.left) continue;
      std::size_t cursor = 0;
      const FieldBase* base = find_base(&link, match.rule->label, {}, cursor);
      if (base == nullptr) continue;
      if (auto agreed = agreed_key(match, link, context); agreed && is_held(link.state))
        index.by_agreed.try_emplace(*std::move(agreed), Rival{link.hub_id, link.provider_id});
      for (std::size_t i = 0; i < match.parts[at(Side::hub)].size(); ++i) {
        const ir::Part& part = match.parts[at(Side::hub)][i];
        const BaseValue* value = find_base(base->hub, i, part.path);
        if (value == nullptr || value->state != State::value) continue;
        index.by_key.try_emplace(key_of(part, *value), Rival{link.hub_id, link.provider_id});
      }
    }
    index.rules = opened.rules;
    return {};
  });
}

}  // namespace dovetail
