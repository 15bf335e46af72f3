#include "engine/match/contradiction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/ir/rules.hpp"
#include "engine/match/link_state.hpp"

namespace dovetail {
namespace {

using ir::Side;

struct Twice {
  std::size_t first = 0, second = 0;
};

// The first two of `count` things that have the same key; an empty key is none. There may be millions.
template <typename KeyOf>
std::optional<Twice> find_twice(std::size_t count, KeyOf key_of) {
  std::vector<std::pair<std::size_t, std::size_t>> hashes;
  for (std::size_t i = 0; i < count; ++i) {
    if (const std::string_view key = key_of(i); !key.empty())
      hashes.emplace_back(std::hash<std::string_view>{}(key), i);
  }
  std::ranges::sort(hashes);
  std::optional<Twice> found;
  for (std::size_t i = 1; i < hashes.size(); ++i) {
    const auto [hash, second] = hashes[i];
    for (std::size_t other = i; other-- > 0 && hashes[other].first == hash;) {
      const std::size_t first = hashes[other].second;
      if (key_of(first) == key_of(second) && (!found || second < found->second)) found = Twice{first, second};
    }
  }
  return found;
}

// The same for the short lists of one person.
template <typename List, typename KeyOf>
std::optional<Twice> find_twice_of_few(const List& list, KeyOf key_of) {
  for (std::size_t second = 1; second < list.size(); ++second) {
    const auto key = key_of(list[second]);
    for (std::size_t first = 0; key && first < second; ++first) {
      if (key_of(list[first]) == key) return Twice{first, second};
    }
  }
  return std::nullopt;
}

bool has_both(const Link& link) { return !link.hub_id.empty() && !link.provider_id.empty(); }

// Who is linked, waited for or taken out is so once. A "no" and what was taken out of somebody may stand beside a link.
bool takes_records(const Link& link) {
  if (is_apart(link) || is_exclusion(link)) return false;
  return has_both(link) || link.state == LinkState::excluded;
}

bool is_awaited(const Link& link) { return link.state == LinkState::pending_create && !has_both(link) && !link.left; }

std::string_view id_of(const Link& link, Side side) { return side == Side::hub ? link.hub_id : link.provider_id; }

class Search {
 public:
  explicit Search(const Base& base) : base_(base) {}

  std::optional<std::string> find() const {
    for (std::size_t i = 0; i < base_.links.size(); ++i) {
      if (auto found = of_link(base_.links[i]); !found.empty()) return fmt::format("/links/{}{}", i, found);
    }
    for (const Side side : {Side::hub, Side::provider}) {
      if (auto found = taken_twice(side, takes_records, "is linked in"); found) return found;
      if (auto found = taken_twice(side, is_awaited, "is waited for in"); found) return found;
    }
    return std::nullopt;
  }

 private:
  template <typename Counts>
  std::optional<std::string> taken_twice(Side side, Counts counts, std::string_view is) const {
    const auto twice = find_twice(base_.links.size(), [&](std::size_t i) {
      return counts(base_.links[i]) ? id_of(base_.links[i], side) : std::string_view();
    });
    if (!twice) return std::nullopt;
    const char* const member = side == Side::hub ? "hub" : "provider";
    return fmt::format("/links/{}/{}: {} {} /links/{} already: a record has one partner; take one of the two out",
                       twice->second, member, id_of(base_.links[twice->second], side), is, twice->first);
  }

  // The place within the link, and what is wrong; empty: nothing.
  static std::string of_link(const Link& link) {
    if (link.hub_id.empty() && link.provider_id.empty()) return ": names nobody: `hub` and `provider` are both missing";
    const bool may_be_alone =
        link.left || is_exclusion(link) || link.state == LinkState::excluded || link.state == LinkState::pending_create;
    if (!has_both(link) && !may_be_alone) {
      return fmt::format(": `state` is `{}`, and there is no `{}`: nobody is linked to nobody", name(link.state),
                         link.hub_id.empty() ? "hub" : "provider");
    }
    if (std::string found = of_elements(link.elements); !found.empty()) return found;
    return of_marks_and_fields(link);
  }

  static std::string of_elements(const Few<ElementLink>& elements) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (elements[i].hub_element.empty() && elements[i].provider_element.empty())
        return fmt::format("/elements/{}: names no element", i);
    }
    for (const auto& [member, id] :
         {std::pair{"hub", &ElementLink::hub_element}, {"provider", &ElementLink::provider_element}}) {
      // One that was left alone may have had a partner before.
      const auto twice = find_twice_of_few(elements, [element = id](const ElementLink& of) {
        const bool partners = !of.hub_element.empty() && !of.provider_element.empty();
        return partners ? std::optional(std::tuple(of.hub_list.view(), (of.*element).view())) : std::nullopt;
      });
      if (!twice) continue;
      return fmt::format(
          "/elements/{}/{}: {} of {} has a partner in /elements/{} of this link already: take one of the two out",
          twice->second, member, (elements[twice->second].*id).view(), elements[twice->second].hub_list.view(),
          twice->first);
    }
    return {};
  }

  static std::string of_marks_and_fields(const Link& link) {
    const auto mark = find_twice_of_few(link.marks, [](const ActivationMark& of) {
      return std::optional(std::tuple(of.group.view(), of.element.view()));
    });
    if (mark && link.marks[mark->first].hash != link.marks[mark->second].hash) {
      return fmt::format("/marks/{}: says something else than /marks/{} of this link about the same element",
                         mark->second, mark->first);
    }
    const auto field = find_twice_of_few(link.base, [](const FieldBase& of) {
      return std::optional(std::tuple(of.field.view(), of.hub_element.view()));
    });
    if (field) {
      return fmt::format("/fields/{}: {} is agreed on in /fields/{} of this link already: take one of the two out",
                         field->second, link.base[field->second].field.view(), field->first);
    }
    for (std::size_t i = 0; i < link.base.size(); ++i) {
      if (std::string found = of_parts(link.base[i]); !found.empty()) return fmt::format("/fields/{}{}", i, found);
    }
    return {};
  }

  static std::string of_parts(const FieldBase& field) {
    const std::pair<const char*, const Few<BasePart>*> lists[] = {{"hub", &field.hub},
                                                                  {"provider", &field.provider},
                                                                  {"known_hub", &field.known_hub},
                                                                  {"known_provider", &field.known_provider},
                                                                  {"pending_hub", &field.pending_hub},
                                                                  {"pending_provider", &field.pending_provider}};
    for (const auto& [list, parts] : lists) {
      for (std::size_t i = 0; i < parts->size(); ++i) {
        const BaseValue& value = (*parts)[i].value;
        if (value.state == State::value || value.state == State::invalid) continue;
        if (!value.text.empty() || value.hashed)
          return fmt::format("/{}/{}: `state` is `{}`, and there is a value", list, i, name(value.state));
      }
    }
    return {};
  }

  const Base& base_;
};

}  // namespace

std::optional<std::string> find_contradiction(const Base& base) { return Search(base).find(); }

}  // namespace dovetail
