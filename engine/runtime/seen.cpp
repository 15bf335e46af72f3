#include "engine/runtime/seen.hpp"

#include <algorithm>
#include <set>

#include "engine/match/link_state.hpp"

namespace dovetail {

namespace {

constexpr char separator = '~';  // no hash has it

std::string terms_hash(const Terms& terms, const Link* link, const SecretHasher& hasher) {
  std::string text = terms.rules_hash;
  for (const std::optional<std::string>& setting : terms.settings) {
    text += setting ? '\n' + std::to_string(setting->size()) + ':' + *setting : std::string("\n-");
  }
  text += terms.test_system ? "\ntest" : "\nreal";
  text += terms.observes_only ? "\nobserves" : "\nwrites";
  text += link != nullptr && link->state == LinkState::excluded ? "\nout" : "\nin";
  if (link != nullptr) {
    for (const std::string& field : std::set<std::string>(link->excluded_fields.begin(), link->excluded_fields.end())) {
      text += '\n' + std::to_string(field.size()) + ':' + field;
    }
  }
  return hasher.hash(text).substr(0, 32);
}

// Nothing is waited for: the hub's value is there, or it is the other side's turn.
bool is_dealt_with(Reason reason) {
  switch (reason) {
    case Reason::written:
    case Reason::filled:
    case Reason::cleared:
    case Reason::created:
    case Reason::adopted:
    case Reason::read_in:
    case Reason::no_change:
    case Reason::equal_after_canonical:
    case Reason::source_absent:
    case Reason::source_unset:
    case Reason::not_selected:
    case Reason::target_masked:
    case Reason::wrong_direction:
    case Reason::standing_difference:
    case Reason::left:
    case Reason::drift:
    case Reason::before_activation:
      return true;
    default:
      return false;
  }
}

bool same_terms(const Connection& a, const Connection& b) {
  return a.settings == b.settings && a.test_system == b.test_system && a.observes_only == b.observes_only &&
         a.map == b.map;
}

Result<void> take_in(Transaction& transaction, const PersonEvent& event) {
  const Result<bool> taken = transaction.take_in(event);
  return taken ? Result<void>{} : std::unexpected(taken.error());
}

// Puts people of a connection into their lanes.
class Looks {
 public:
  Looks(Transaction& transaction, const Connection& connection, Instant at)
      : transaction_(transaction),
        connection_(connection),
        event_{.id = {}, .connection = connection.id, .hub_id = {}, .at = at, .due = at, .is_bulk = true} {}

  // Whom `is_let_in` is true of, if they are linked or new; and, by `all`, everybody of whom something was left out.
  template <typename IsLetIn>
  Result<void> look(bool all, const IsLetIn& is_let_in) {
    if (Result<void> loaded = load(); !loaded) return loaded;
    for (const auto& [hub_id, text] : seen_) {
      const bool is_new = text == seen_as_new;
      const bool waits = is_new || text.find(separator) != text.npos;
      if (waits && is_in_scope(connection_, hub_id) && (all || is_let_in(hub_id))) {
        if (Result<void> done = add(hub_id, is_new ? Event::added : Event::changed); !done) return done;
        linked_.erase(hub_id);
      }
    }
    for (const std::string& hub_id : linked_) {
      if (!is_let_in(hub_id)) continue;
      if (Result<void> done = add(hub_id, Event::changed); !done) return done;
    }
    return {};
  }

 private:
  Result<void> load() {
    const auto links = transaction_.links(connection_.id);
    if (!links) return std::unexpected(links.error());
    for (const StoredLink& one : *links) {
      const bool is_whole = !one.link.hub_id.empty() && !one.link.provider_id.empty();
      if (is_whole && !is_apart(one.link)) linked_.insert(one.link.hub_id);
    }
    auto seen = transaction_.seen_records(connection_.id);
    if (!seen) return std::unexpected(seen.error());
    seen_ = std::move(*seen);
    return {};
  }

  Result<void> add(const std::string& hub_id, Event what) {
    event_.hub_id = hub_id;
    event_.what = what;
    return take_in(transaction_, event_);
  }

  Transaction& transaction_;
  const Connection& connection_;
  PersonEvent event_;
  std::set<std::string> linked_;
  std::vector<std::pair<std::string, std::string>> seen_;
};

}  // namespace

bool is_in_scope(const Connection& connection, std::string_view hub_id) {
  return connection.whole_hub || std::ranges::binary_search(connection.scope, hub_id);
}

Terms terms_of(const Opened& opened) {
  return {.rules_hash = opened.rules_hash,
          .settings = opened.settings,
          .test_system = opened.connection.test_system,
          .observes_only = opened.connection.observes_only};
}

std::string seen_text(std::string hash, bool left_out, const Terms& terms, const Link* link,
                      const SecretHasher& hasher) {
  if (left_out) hash += separator + terms_hash(terms, link, hasher);
  return hash;
}

bool is_as_seen(std::string_view seen, std::string_view hash, const Terms& terms, const Link* link,
                const SecretHasher& hasher) {
  if (!seen.starts_with(hash)) return false;
  seen.remove_prefix(hash.size());
  return seen.empty() || (seen.front() == separator && seen.substr(1) == terms_hash(terms, link, hasher));
}

bool leaves_out(const Plan& plan, PersonIndex person, const ir::RuleSet& rules, const Link* link) {
  const Person& who = plan.people[person];
  if (!who.is_linked && who.link < 0) return false;  // only a run links them
  if (!is_dealt_with(who.reason)) return true;
  for (FieldIndex field = 0; field < plan.fields; ++field) {
    const Reason reason = plan.reason(person, field);
    if (is_dealt_with(reason)) continue;
    // What was never agreed on is a run's to begin with.
    const bool was_on = link != nullptr && std::ranges::any_of(link->base, [&](const FieldBase& base) {
                          return base.field == rules.fields[field].label;
                        });
    if (reason != Reason::switched_off || was_on) return true;
  }
  return false;
}

const Link* find_link(const std::vector<StoredLink>& known, std::string_view hub_id) {
  const auto found = std::ranges::find_if(
      known, [&](const StoredLink& one) { return one.link.hub_id == hub_id && !is_apart(one.link); });
  return found == known.end() ? nullptr : &found->link;
}

Result<void> look_at_left_out(Transaction& transaction, const Connection& before, const Connection& after, Instant at) {
  const bool same_scope = before.whole_hub == after.whole_hub && before.scope == after.scope;
  if (!after.activated || (same_scope && same_terms(before, after))) return {};
  Looks looks(transaction, after, at);
  const auto is_let_in = [&](const std::string& hub_id) {
    return is_in_scope(after, hub_id) && !is_in_scope(before, hub_id);
  };
  return looks.look(!same_terms(before, after), is_let_in);
}

Result<void> look_at_left_out_by_old_rules(Transaction& transaction, const Connection& connection, Instant at) {
  if (!connection.activated) return {};
  return Looks(transaction, connection, at).look(true, [](const std::string&) { return false; });
}

Result<void> look_at_person(Transaction& transaction, const Connection& connection, const std::string& hub_id,
                            Instant at) {
  if (!connection.activated) return {};
  const auto seen = transaction.seen_record(connection.id, hub_id);
  if (!seen) return std::unexpected(seen.error());
  const bool is_new = *seen && **seen == seen_as_new;
  return take_in(transaction, {.id = {},
                               .connection = connection.id,
                               .hub_id = hub_id,
                               .what = is_new ? Event::added : Event::changed,
                               .at = at,
                               .due = at});
}

}  // namespace dovetail
