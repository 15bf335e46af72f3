// What a connection remembers between runs: who is linked to whom, and the pair that both sides of each field last
// agreed on. Plain values; reading and writing files or stores is done by callers. There may be millions of people with
// dozens of fields each: what many have alike (labels, paths, hashes of rules) they share, and so do copies.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/values/few.hpp"
#include "engine/values/observation.hpp"
#include "engine/values/text.hpp"

namespace dovetail {

// What a side held. Secrets are kept as keyed hashes of their key; then only equality can be asked.
struct BaseValue {
  State state = State::absent;  // absent: nothing is known; invalid, masked: left as it was by a person
  Text text;                    // sent form, or the hash; invalid: the raw text, or its hash
  bool hashed = false;

  friend bool operator==(const BaseValue&, const BaseValue&) = default;
};

// One member's share of a field's base. Paths are the schema's: "homeAddress.city", "positions[].title".
struct BasePart {
  Text path;
  BaseValue value;

  friend bool operator==(const BasePart&, const BasePart&) = default;
};

struct FieldBase {
  Text field;                                       // the label
  Text hub_element;                                 // in `each`: the hub's element id; else empty
  Few<BasePart> hub, provider;                      // empty: no base
  Few<BasePart> known_hub, known_provider;          // the pair of values that a block was already shown for
  Few<BasePart> pending_hub{}, pending_provider{};  // accepted there, but not shown yet
  Text rules;                                       // hash of the rule set that it was agreed under
  Text operation;                                   // what confirmed it: run and operation; empty: an observed equality

  friend bool operator==(const FieldBase&, const FieldBase&) = default;
};

// Elements of an `each` list that are partners; or, with one id empty, one that somebody left alone.
struct ElementLink {
  Text hub_list;  // path of the hub's list
  Text hub_element, provider_element;

  friend bool operator==(const ElementLink&, const ElementLink&) = default;
};

// What a list element was like when the connection was activated; for groups with `only changes after activation`.
struct ActivationMark {
  Text group;    // title
  Text element;  // the hub's element id
  Text hash;     // of the values that the group takes from it

  friend bool operator==(const ActivationMark&, const ActivationMark&) = default;
};

enum class LinkState : std::uint8_t {
  linked,
  locked,  // deactivated in the hub, last state sent
  out_of_scope,
  hub_deleted,  // a tombstone
  missing_in_provider,
  excluded,        // an administrator took the person out
  pending,         // written, not yet visible
  pending_create,  // created, its id not known yet
  disputed,        // the record seems to be another person's; with `left`: a person says that these two are not one
};
std::string_view name(LinkState state);  // "linked", "out-of-scope", …

struct Link {
  std::string hub_id, provider_id;  // one may be empty: excluded or left people, pending creations
  LinkState state = LinkState::linked;
  Text evidence;                             // "Email address", "by hand", …
  Text note;                                 // excluded: who and why
  bool left = false;                         // "no" to adding this person to the other side; remembered
  std::vector<std::string> excluded_fields;  // labels
  Few<ElementLink> elements;
  Few<ActivationMark> marks;
  Few<FieldBase> base;

  friend bool operator==(const Link&, const Link&) = default;
};

struct Base {
  bool activated = false;  // a first run has been completed: marks are meaningful
  std::vector<Link> links;

  friend bool operator==(const Base&, const Base&) = default;
};

// Hashes secrets with the connection's key. The pure part is handed one; without one secrets stay in clear, and what
// was hashed before counts as never agreed.
class SecretHasher {
 public:
  virtual ~SecretHasher() = default;
  virtual std::string hash(std::string_view text) const = 0;
};

}  // namespace dovetail
