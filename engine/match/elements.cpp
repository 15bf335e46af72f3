#include "engine/match/elements.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

struct Element {
  ElementIndex index = no_element;
  std::string id{};
  std::string key{};  // in the provider's terms; empty: none
  bool paired = false;
  bool was_linked = false;  // to an element that is gone
};

std::string key_text(const ir::Part& part, Observation seen, const CheckContext& context) {
  std::string key;
  if (seen.state == State::value) append_key(part, seen.text, context, key);
  return key;
}

// The elements of one side's list, with what they are known and found by.
std::vector<Element> elements_of(const PlanInput& input, const ir::ListProgram& list, Side side, const Place& place,
                                 Comparer& seen) {
  std::vector<Element> result;
  const RecordView& view = place.view(side);
  const ir::FieldProgram& match = input.program.fields[list.rule->match];
  const Snapshot::List there = view.snapshot().list(view.record(), list.lists[at(side)]);
  for (ElementIndex index = there.first; index < there.first + there.count; ++index) {
    Place one{.hub = place.hub, .provider = place.provider};
    (side == Side::hub ? one.hub_element : one.provider_element) = index;
    seen.see(match, one);
    Element element{.index = index};
    element.id = view.element_id(list.lists[at(side)], list.key[at(side)], index);
    const ir::Part& part = match.parts[at(Side::provider)].front();
    const bool imaged = seen.image(Side::provider).verdict == Image::Verdict::value;
    if (side == Side::provider) element.key = key_text(part, seen.sight(side).parts.front(), seen.context(view));
    if (side == Side::hub && imaged) {
      element.key = key_text(part, seen.image(Side::provider).parts.front(), seen.context(view));
    }
    if (element.id.empty() && !match.parts[at(side)].empty()) element.id = seen.sight(side).parts.front().text;
    result.push_back(std::move(element));
  }
  std::ranges::stable_sort(result, {}, [](const Element& e) { return std::tie(e.id, e.key); });
  return result;
}

// One pairing of two lists.
class Pairing {
 public:
  Pairing(std::vector<Element> hub, std::vector<Element> provider) : elements_{std::move(hub), std::move(provider)} {}

  void by_ids(const Few<ElementLink>& links, const std::string& hub_list) {
    for (const ElementLink& link : links) {
      if (link.hub_list != hub_list || link.hub_element.empty() || link.provider_element.empty()) continue;
      if (is_added(link)) continue;
      Element* hub = find(Side::hub, link.hub_element);
      Element* provider = find(Side::provider, link.provider_element);
      if (hub != nullptr && provider != nullptr) {
        add(hub, provider, true, false);
      } else if (Element* widowed = hub != nullptr ? hub : provider; widowed != nullptr) {
        widowed->was_linked = true;  // its partner may have been entered again under another id
      }
    }
  }

  // An element that an earlier run has added is found by what it was made of, whatever its partner has become since.
  // `key_of` tells what two were matched by then, in the provider's terms; empty: not known.
  template <typename KeyOf>
  void by_addition(const Few<ElementLink>& links, const std::string& hub_list, const KeyOf& key_of) {
    for (const ElementLink& link : links) {
      if (link.hub_list != hub_list || !is_added(link)) continue;
      const Side added_to = is_unnamed(link.hub_element) ? Side::hub : Side::provider;
      Element* partner = find(other(added_to), added_to == Side::hub ? link.provider_element : link.hub_element);
      Element* added = find_only(added_to, key_of(link));
      if (partner == nullptr || added == nullptr) continue;
      add(added_to == Side::hub ? added : partner, added_to == Side::hub ? partner : added, true, false);
      if (added_to == Side::hub) pairs_.back().agreed_as = link.hub_element;
    }
  }

  void by_key(bool is_added_to_hub) {
    std::map<std::string, std::array<std::vector<Element*>, 2>> holders;
    for (const Side side : {Side::hub, Side::provider}) {
      for (Element& element : elements_[at(side)]) {
        if (!element.paired && !element.key.empty()) holders[element.key][at(side)].push_back(&element);
      }
    }
    for (auto& [key, sides] : holders) {
      if (sides[0].size() == 1 && sides[1].size() == 1) {
        add(sides[0].front(), sides[1].front(), false, false);
        continue;
      }
      // Several with one key are ambiguous only where there is a partner to choose, or would be once they were added.
      const bool ambiguous = !sides[0].empty() && !sides[1].empty();
      for (Element* hub : sides[0]) add(hub, nullptr, false, ambiguous || sides[0].size() > 1);
      for (Element* provider : sides[1]) {
        add(nullptr, provider, false, ambiguous || (is_added_to_hub && sides[1].size() > 1));
      }
    }
  }

  // Elements that stay alone because somebody said so.
  void mark_left(const Few<ElementLink>& links, const std::string& hub_list) {
    for (ElementPair& pair : pairs_) {
      if (pair.hub_id.empty() == pair.provider_id.empty()) continue;
      pair.left = std::ranges::any_of(links, [&](const ElementLink& link) {
        return link.hub_list == hub_list && link.hub_element == pair.hub_id &&
               link.provider_element == pair.provider_id;
      });
    }
  }

  std::vector<ElementPair> take(const Few<ElementLink>& links, const std::string& hub_list) {
    for (Element& hub : elements_[0]) {
      if (!hub.paired) add(&hub, nullptr, false, false);
    }
    for (Element& provider : elements_[1]) {
      if (!provider.paired) add(nullptr, &provider, false, false);
    }
    mark_left(links, hub_list);
    std::ranges::stable_sort(pairs_, {}, [](const ElementPair& pair) {
      return std::tuple(pair.hub == no_element, pair.hub_id, pair.provider_id);
    });
    return std::move(pairs_);
  }

 private:
  Element* find(Side side, const std::string& id) {
    const auto found =
        std::ranges::find_if(elements_[at(side)], [&](const Element& e) { return !e.paired && e.id == id; });
    return found == elements_[at(side)].end() ? nullptr : &*found;
  }

  // nullptr: none has this key, or several have.
  Element* find_only(Side side, const std::string& key) {
    Element* found = nullptr;
    for (Element& element : elements_[at(side)]) {
      if (key.empty() || element.paired || element.key != key) continue;
      if (found != nullptr) return nullptr;
      found = &element;
    }
    return found;
  }

  void add(Element* hub, Element* provider, bool linked, bool ambiguous) {
    ElementPair pair;
    pair.was_linked = linked || (hub == nullptr && provider->was_linked) || (provider == nullptr && hub->was_linked);
    pair.ambiguous = ambiguous;
    if (hub != nullptr) {
      hub->paired = true;
      pair.hub = hub->index;
      pair.hub_id = hub->id;
    }
    if (provider != nullptr) {
      provider->paired = true;
      pair.provider = provider->index;
      pair.provider_id = provider->id;
    }
    pairs_.push_back(std::move(pair));
  }

  std::array<std::vector<Element>, 2> elements_;
  std::vector<ElementPair> pairs_;
};

}  // namespace

bool is_unnamed(std::string_view element_id) { return element_id.starts_with('+'); }
bool is_added(const ElementLink& partners) {
  return is_unnamed(partners.hub_element) || is_unnamed(partners.provider_element);
}

const FieldBase* base_of_pair(const Link* link, const std::string& label, const ElementPair& pair,
                              std::size_t& cursor) {
  if (!pair.was_linked) return nullptr;
  return find_base(link, label, pair.agreed_as.empty() ? pair.hub_id : pair.agreed_as, cursor);
}

PairedElements pair_elements(const PlanInput& input, const ir::ListProgram& list, const Place& place, const Link* link,
                             Comparer& seen) {
  PairedElements result;
  std::array<std::vector<Element>, 2> elements;
  for (const Side side : {Side::hub, Side::provider}) {
    const RecordView& view = place.view(side);
    if (!view.exists()) {
      result.read[at(side)] = true;
      continue;
    }
    result.read[at(side)] = view.snapshot().list(view.record(), list.lists[at(side)]).state == State::value;
    elements[at(side)] = elements_of(input, list, side, place, seen);
  }
  Pairing pairing(std::move(elements[0]), std::move(elements[1]));
  static const Few<ElementLink> none;
  const Few<ElementLink>& links = link == nullptr ? none : link->elements;
  const std::string& hub_list = input.program.rules->schema(Side::hub).members[list.rule->lists[0]].path;
  pairing.by_ids(links, hub_list);
  pairing.by_addition(links, hub_list, [&](const ElementLink& one) {
    const ir::FieldProgram& match = input.program.fields[list.rule->match];
    std::size_t cursor = 0;
    const FieldBase* base = find_base(link, match.rule->label, one.hub_element, cursor);
    const ir::Part& part = match.parts[at(Side::provider)].front();
    const BaseValue* agreed = base == nullptr ? nullptr : find_base(base->provider, 0, part.path);
    if (agreed == nullptr || agreed->hashed) return std::string();
    return key_text(part, {agreed->state, agreed->text}, seen.context(place.view(Side::provider)));
  });
  pairing.by_key(list.rule->add_missing && includes(*list.rule->add_missing, Side::hub));
  result.pairs = pairing.take(links, hub_list);
  return result;
}

}  // namespace dovetail
