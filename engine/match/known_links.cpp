// Who is linked already: by an earlier run, by hand, by a decision.
#include <algorithm>

#include "engine/match/matcher.hpp"

namespace dovetail {

using ir::at;
using ir::Side;

void Matcher::by_links() {
  if (input_.base.links.empty()) return;
  std::array<std::unordered_map<std::string_view, RecordIndex>, 2> by_id;
  for (const Side side : {Side::hub, Side::provider}) {
    by_id[at(side)].reserve(records(side).size());
    for (RecordIndex record = 0; record < records(side).size(); ++record) {
      if (const std::string_view id = id_of(side, record); !id.empty()) by_id[at(side)].emplace(id, record);
    }
  }
  for (std::size_t i = 0; i < input_.base.links.size(); ++i) {
    const Link& link = input_.base.links[i];
    if (is_exclusion(link)) exclusions_[link.hub_id] = static_cast<std::int64_t>(i);  // goes to whoever is found
    if (link.left && (link.hub_id.empty() || link.provider_id.empty())) {
      left_.insert((link.hub_id.empty() ? "p" + link.provider_id : "h" + link.hub_id));
      continue;  // a "no" to adding them; a partner who turns up is matched all the same
    }
    if (link.state == LinkState::pending_create && (link.hub_id.empty() || link.provider_id.empty())) {
      pending_[link.hub_id.empty() ? "p" + link.provider_id : "h" + link.hub_id] = static_cast<std::int64_t>(i);
      continue;  // the new record's id is not known yet: the match key finds it
    }
    if (is_exclusion(link)) continue;
    if (is_apart(link)) {
      not_the_same_.emplace(link.hub_id, link.provider_id);
      continue;
    }
    Found found;
    found.match.link = static_cast<std::int64_t>(i);
    found.match.state = link.state;
    const auto record = [&](Side side, const std::string& id) {
      const auto it = by_id[at(side)].find(id);
      if (id.empty() || it == by_id[at(side)].end() || taken_[at(side)][it->second]) return no_record;
      return it->second;
    };
    found.match.hub = record(Side::hub, link.hub_id);
    found.match.provider = record(Side::provider, link.provider_id);
    found.match.is_linked = !link.hub_id.empty() && !link.provider_id.empty();
    if (found.match.hub == no_record && found.match.provider == no_record && !found.match.is_linked) continue;
    judge_link(input_, link, sight_of(found.match), found.match);
    found.evidence = std::string(link.evidence);
    if (found.match.reason == Reason::excluded) {
      found.why = std::string(link.note);
      if (found.match.hub != no_record && link.provider_id.empty()) excluded_[found.match.hub] = found_.size();
    }
    if (is_widowed(found.match)) {
      const Side side = found.match.hub != no_record ? Side::hub : Side::provider;
      widowed_[at(side)][side == Side::hub ? found.match.hub : found.match.provider] = found_.size();
    }
    add(std::move(found));
  }
}

bool Matcher::is_widowed(const Match& person) {
  const bool gone = person.state == LinkState::missing_in_provider || person.state == LinkState::hub_deleted;
  return gone && person.is_linked && (person.hub == no_record) != (person.provider == no_record);
}

Match* Matcher::widowed(Side side, RecordIndex record) {
  const auto found = widowed_[at(side)].find(record);
  return found == widowed_[at(side)].end() ? nullptr : &found_[found->second];
}

LinkSight Matcher::sight_of(const Match& person) const {
  LinkSight sight;
  sight.hub_complete = complete_[at(Side::hub)];
  sight.provider_complete = complete_[at(Side::provider)];
  sight.hub_active = person.hub != no_record && active_[at(Side::hub)][person.hub];
  sight.in_scope = in_scope(hub_id(person));
  return sight;
}

RecordIndex Matcher::record_with(Side side, std::string_view id) const {
  for (RecordIndex record = 0; record < records(side).size(); ++record) {
    if (id_of(side, record) == id) return record;
  }
  return no_record;
}

void Matcher::by_decisions() {
  if (input_.decisions == nullptr) return;
  for (const Decision& decision : input_.decisions->exact) {
    if (decision.choice != Choice::link || decision.hub_id.empty() || decision.provider_id.empty()) continue;
    const RecordIndex hub_record = record_with(Side::hub, decision.hub_id);
    const RecordIndex provider_record = record_with(Side::provider, decision.provider_id);
    if (hub_record == no_record || provider_record == no_record) continue;
    if (relink(hub_record, provider_record, decision.hub_id)) continue;
    if (!is_free(Side::hub, hub_record) || !is_free(Side::provider, provider_record)) continue;
    Found found{pair_of(hub_record, provider_record), std::string(by_hand), {}};
    found.match.is_linked = in_scope(decision.hub_id);
    if (!found.match.is_linked) found.match.reason = Reason::out_of_scope;
    add(std::move(found));
  }
}

bool Matcher::relink(RecordIndex hub, RecordIndex provider, std::string_view hub_id) {
  Match* of_hub = widowed(Side::hub, hub);
  Match* of_provider = widowed(Side::provider, provider);
  if (of_hub == nullptr && of_provider == nullptr) return false;
  if (!is_free(Side::hub, hub) && of_hub == nullptr) return false;
  if (!is_free(Side::provider, provider) && of_provider == nullptr) return false;
  if (!in_scope(hub_id)) return false;
  Match& person = of_hub != nullptr ? *of_hub : *of_provider;
  if (of_hub != nullptr && of_provider != nullptr) of_provider->provider = no_record;
  person.hub = hub;
  person.provider = provider;
  person.state = LinkState::linked;
  person.reason = Reason::no_change;
  person.is_linked = person.relinked = true;
  person.evidence = number_of(std::string(by_hand));
  person.why = 0;
  taken_[at(Side::hub)][hub] = taken_[at(Side::provider)][provider] = true;
  widowed_[at(Side::hub)].erase(hub);
  widowed_[at(Side::provider)].erase(provider);
  return true;
}

bool Matcher::are_different(RecordIndex hub, RecordIndex provider) const {
  if (not_the_same_.empty()) return false;
  return not_the_same_.contains({std::string(id_of(Side::hub, hub)), std::string(id_of(Side::provider, provider))});
}

}  // namespace dovetail
