#include "engine/compare/comparer.hpp"

#include <algorithm>

namespace dovetail {

using ir::at;
using ir::Side;

namespace {

// The key by which a part's values are compared.
void make_key(const CheckedType* type, std::string_view text, std::string& key) {
  key.clear();
  if (type != nullptr && type->key != nullptr) {
    type->key(text, key);
  } else {
    key.assign(text);
  }
}

// Of the type that the rule demands, where it takes the text. Whether a value is one of a test system decides whether
// it may be sent, not which value it is.
void append_base_key(const ir::Part& part, std::string_view text, CheckContext context, std::string& key) {
  context.test_system = true;
  append_key(part, text, context, key);
}

}  // namespace

const BaseValue* find_base(const Few<BasePart>& parts, std::size_t position, const std::string& path) {
  if (position < parts.size() && parts[position].path == path) return &parts[position].value;
  for (const BasePart& part : parts) {
    if (part.path == path) return &part.value;
  }
  return nullptr;
}

const FieldBase* find_base(const Link* link, const std::string& label, std::string_view hub_element,
                           std::size_t& cursor) {
  if (link == nullptr) return nullptr;
  const std::size_t count = link->base.size();
  for (std::size_t step = 0; step < count; ++step) {
    const FieldBase& base = link->base[(cursor + step) % count];
    if (base.field != label || base.hub_element != hub_element) continue;
    cursor = cursor + step + 1;
    return &base;
  }
  return nullptr;
}

BaseValue base_value(const ir::Part& part, Observation seen, const CheckContext& context, const SecretHasher* hasher) {
  BaseValue result{seen.state, seen.text, false};
  if (hasher == nullptr || !part.schema->secret || seen.state != State::value) {
    hash_secret(*part.schema, hasher, result);
    return result;
  }
  std::string key;
  append_base_key(part, seen.text, context, key);
  result.text = hasher->hash(key);
  result.hashed = true;
  return result;
}

void hash_secret(const ir::Member& member, const SecretHasher* hasher, BaseValue& value) {
  if (hasher != nullptr && member.secret) hash_value(member, *hasher, value);
}

void hash_value(const ir::Member& member, const SecretHasher& hasher, BaseValue& value) {
  if (value.hashed || (value.state != State::value && value.state != State::invalid)) return;
  std::string key;
  make_key(value.state == State::value ? member.type : nullptr, value.text, key);
  value.text = hasher.hash(key);
  value.hashed = true;
}

CheckContext Comparer::context(const RecordView& record) const {
  return {input_.tables, input_.today, record.region(), input_.test_system};
}

void Comparer::see(const ir::FieldProgram& field, const Place& place) {
  field_ = &field;
  place_ = place;
  made_ = {};
  for (std::vector<std::size_t>& parts : spared_) parts.clear();
  for (const Side side : {Side::hub, Side::provider}) {
    look(field, side, place.view(side), place.element(side), context(place.view(side)), sights_[at(side)]);
  }
}

void Comparer::make(Side target) const {
  Image& image = images_[at(target)];
  made_[at(target)] = true;
  if (field_->flows[at(target)]) {
    const Side source = other(target);
    make_image(input_.program, *field_, source, sights_[at(source)], context(place_.view(source)), image);
  } else {
    image.verdict = Image::Verdict::none;
    image.reason = Reason::wrong_direction;
    image.cleared_by_row = false;
  }
}

// Most fields of most people: nothing has to be converted to see it.
bool Comparer::is_plainly_equal(const ir::FieldProgram& field) const {
  if (!field.plain || sights_[0].ambiguous || sights_[1].ambiguous) return false;
  const Observation &hub = sights_[at(Side::hub)].parts.front(), &provider = sights_[at(Side::provider)].parts.front();
  if (hub.state != provider.state) return false;
  if (hub.state == State::unset) return true;
  return hub.state == State::value && hub.text.size() <= field.plain_length && hub.text == provider.text;
}

const Judgement& Comparer::compare(const ir::FieldProgram& field, const Place& place, const FieldBase* base,
                                   bool changed) {
  see(field, place);
  gather(field, base);
  facts_.changed_after_activation = changed;
  judgement_ = judge(facts_);
  const bool differs = facts_.has_base && (facts_.hub_changed || facts_.provider_changed) && !facts_.equal;
  if (differs && base != nullptr && !field.rule->has_shapes()) spare_unagreed(field, *base);
  return judgement_;
}

// What one side alone has, and nobody agreed on, is not emptied because another part of the field changed, unless the
// field is taken whole. Where nothing else is left to write, the two differ as they did.
void Comparer::spare_unagreed(const ir::FieldProgram& field, const FieldBase& base) {
  std::array<bool, 2> nothing_left{}, is_new{};
  for (const Side target : {Side::hub, Side::provider}) {
    if (!field.flows[at(target)] || image(target).verdict != Image::Verdict::value) continue;
    bool spared = false, differs = false;
    for (std::size_t i = 0; i < field.parts[at(target)].size(); ++i) {
      const ir::Part& part = field.parts[at(target)][i];
      Value& made = images_[at(target)].parts[i];
      const Observation seen = sight(target).parts[i];
      if (!part.compared || !part.written || made.state == State::absent) continue;
      if (made.state == State::unset && seen.state != State::unset && !may_empty(field, target, i, base)) {
        made.state = State::absent;
        spared_[at(target)].push_back(i);
        spared = true;
        const BaseValue* agreed = find_base(target == Side::hub ? base.hub : base.provider, i, part.path);
        is_new[at(target)] |= agreed == nullptr || !is_same(part, target, seen, *agreed);
      } else {
        differs |= !same_value(part, made, seen, context(place_.view(target)));
      }
    }
    nothing_left[at(target)] = spared && !differs;
  }
  const Side speaks = facts_.hub_changed && facts_.flows_to_provider ? Side::hub : Side::provider;
  const bool acts = judgement_.effect == Judgement::Effect::open || judgement_.effect == Judgement::Effect::write;
  if (!acts || !nothing_left[at(other(speaks))]) return;
  const bool provider_tells = speaks == Side::hub && is_new[at(Side::provider)] && !nothing_left[at(Side::hub)];
  judgement_ = provider_tells ? provider_alone_changed(facts_) : standing_difference(facts_);
}

void Comparer::take_whole(Side target) {
  for (const std::size_t part : spared_[at(target)]) images_[at(target)].parts[part].state = State::unset;
  spared_[at(target)].clear();
}

// Whether a part that the other side has no value for was once agreed on, or a row says that it goes.
bool Comparer::may_empty(const ir::FieldProgram& field, Side target, std::size_t index, const FieldBase& base) const {
  const Side source = other(target);
  const auto had = [&](Side side, std::size_t part) {
    const Few<BasePart>& agreed = side == Side::hub ? base.hub : base.provider;
    const BaseValue* value = find_base(agreed, part, field.parts[at(side)][part].path);
    return value == nullptr || value->state != State::unset;
  };
  for (const ir::PairProgram& pair : field.shapes.front().pairs) {
    if (!flows_to(pair.direction, target) || std::ranges::count(pair.parts[at(target)], index) == 0) continue;
    if (pair.literal[at(source)]) return true;
    for (const std::uint32_t from : pair.parts[at(source)]) {
      if (sight(source).parts[from].state != State::unset) return true;
      if (had(source, from) && had(target, index)) return true;
    }
  }
  return false;
}

void Comparer::gather(const ir::FieldProgram& field, const FieldBase* base) {
  const Sight& hub = sight(Side::hub);
  const Sight& provider = sight(Side::provider);
  facts_ = Facts{};
  facts_.mode = input_.mode;
  facts_.flows_to_hub = field.flows[at(Side::hub)];
  facts_.flows_to_provider = field.flows[at(Side::provider)];
  facts_.hub = hub.state;
  facts_.provider = provider.state;
  facts_.hub_incomplete = hub.incomplete;
  facts_.provider_incomplete = provider.incomplete;
  facts_.hub_ambiguous = hub.ambiguous;
  facts_.provider_ambiguous = provider.ambiguous;
  facts_.hub_undecided = hub.undecided;
  facts_.provider_undecided = provider.undecided;
  facts_.required = field.rule->required;
  facts_.hold = field.hold;
  facts_.sensitive = field.sensitive;
  facts_.prefer = field.conflict;
  if (is_plainly_equal(field)) {
    facts_.to_hub = facts_.to_provider = hub.state == State::value ? Image::Verdict::value : Image::Verdict::unset;
    facts_.equal = true;
    if (base != nullptr) gather_base(field, *base);
    return;
  }
  facts_.to_hub = image(Side::hub).verdict;
  facts_.to_provider = image(Side::provider).verdict;
  facts_.to_hub_reason = image(Side::hub).reason;
  facts_.to_provider_reason = image(Side::provider).reason;
  facts_.clears_hub_by_row = image(Side::hub).cleared_by_row;
  facts_.clears_provider_by_row = image(Side::provider).cleared_by_row;
  const Side judged_on = facts_.flows_to_provider ? Side::provider : Side::hub;
  facts_.equal = is_equal(field, judged_on, image(judged_on), sight(judged_on), context(place_.view(judged_on))) ||
                 is_converted_alike(field);
  if (facts_.flows_to_provider && facts_.to_provider == Image::Verdict::held) {
    facts_.equal = is_held_alike(field);
    facts_.spelled_alike = false;
  }
  for (std::size_t i = 0; facts_.equal && i < sight(judged_on).parts.size(); ++i) {
    const Value& made = image(judged_on).parts[i];
    if (field.parts[at(judged_on)][i].compared && made.state == State::value) {
      facts_.spelled_alike &= made.text == sight(judged_on).parts[i].text;
    }
  }
  if (base == nullptr) return;
  gather_base(field, *base);
  if (provider.state == State::masked) gather_hash(field, *base);
}

// A value that may not be sent, but need not be either: the provider has it.
bool Comparer::is_held_alike(const ir::FieldProgram& field) const {
  const Image& read = image(Side::hub);
  if (read.verdict == Image::Verdict::value) {
    return is_equal(field, Side::hub, read, sight(Side::hub), context(place_.view(Side::hub)));
  }
  return sight(Side::hub).state == State::value && sight(Side::provider).state == State::value &&
         is_same_as_it_stands(field, sight(Side::hub), sight(Side::provider), context(place_.view(Side::provider)));
}

// The provider writes the hub's value in a form of its own, as 12,50 what a conversion makes 12,5: where it differs
// from the image, it is read through a conversion, and as what the hub has.
bool Comparer::is_converted_alike(const ir::FieldProgram& field) const {
  if (field.rule->has_shapes() || facts_.to_provider != Image::Verdict::value) return false;
  if (facts_.to_hub != Image::Verdict::value || sight(Side::provider).state != State::value) return false;
  const Image& made = image(Side::provider);
  const CheckContext there = context(place_.view(Side::provider));
  for (const ir::PairProgram& pair : field.shapes.front().pairs) {
    const bool reads = flows_to(pair.direction, Side::hub) && !pair.transforms->empty() && !pair.table;
    for (const std::uint32_t part : pair.parts[at(Side::provider)]) {
      const ir::Part& target = field.parts[at(Side::provider)][part];
      if (reads || !target.compared || made.parts[part].state == State::absent) continue;
      if (!same_value(target, made.parts[part], sight(Side::provider).parts[part], there)) return false;
    }
  }
  return is_equal(field, Side::hub, image(Side::hub), sight(Side::hub), context(place_.view(Side::hub)));
}

bool Comparer::is_same(const ir::Part& part, Side side, Observation seen, const BaseValue& agreed) const {
  if (seen.state != agreed.state) return false;
  if (seen.state != State::value && seen.state != State::invalid) return true;
  const CheckContext context = this->context(place_.view(side));
  if (agreed.hashed) {
    if (!is_readable(agreed)) return false;
    const BaseValue now = base_value(part, seen, context, input_.hasher);
    if (now.hashed && now.text == agreed.text) return true;
    if (now.hashed && (part.valid.empty() || seen.state == State::invalid)) return false;
    BaseValue plain{seen.state, seen.text, false};  // as one was hashed that was kept in clear, and in older bases
    hash_value(*part.schema, *input_.hasher, plain);
    return plain.text == agreed.text;
  }
  if (seen.state == State::invalid) return seen.text == agreed.text;
  return same_value(part, seen, {agreed.state, agreed.text}, context);
}

void Comparer::gather_base(const ir::FieldProgram& field, const FieldBase& base) {
  if (base.hub.empty() && base.provider.empty()) return;
  std::array<bool, 2> changed{};
  for (const Side side : {Side::hub, Side::provider}) {
    const Few<BasePart>& agreed = side == Side::hub ? base.hub : base.provider;
    for (std::size_t i = 0; i < field.parts[at(side)].size(); ++i) {
      const ir::Part& part = field.parts[at(side)][i];
      if (!part.compared) continue;
      const BaseValue* value = find_base(agreed, i, part.path);
      // Agreed under other rules, or hashed with a key that is gone: as if never.
      if (value == nullptr || value->state == State::absent || !is_readable(*value)) return;
      if (sight(side).parts[i].state == State::masked) {
        // A value is compared by gather_hash; where there was none, something has come.
        changed[at(side)] |= value->state != State::value && value->state != State::masked;
        continue;
      }
      changed[at(side)] |= !is_same(part, side, sight(side).parts[i], *value);
    }
  }
  std::array<bool, 2> had{true, true};
  if (sight(Side::hub).state == State::unset || sight(Side::provider).state == State::unset) {
    had = {had_value(field, Side::hub, base.hub), had_value(field, Side::provider, base.provider)};
  }
  for (const Side side : {Side::hub, Side::provider}) {
    // Nothing before and nothing now: a country that is chosen before its account is no change of the account.
    if (sight(side).state == State::unset && !had[at(side)]) changed[at(side)] = false;
  }
  facts_.has_base = true;
  facts_.hub_changed = changed[at(Side::hub)];
  facts_.provider_changed = changed[at(Side::provider)];
  facts_.hub_had_value = had[at(Side::hub)];
  facts_.provider_had_value = had[at(Side::provider)];
}

// Whether the pair that was agreed on held a value on that side; true where the rule has no member there that could.
bool Comparer::had_value(const ir::FieldProgram& field, Side side, const Few<BasePart>& agreed) const {
  bool any = false;
  for (const ir::ShapeProgram& shape : field.shapes) {
    for (const ir::PairProgram& pair : shape.pairs) {
      if (!counts(field, pair, side)) continue;
      for (const std::uint32_t index : pair.parts[at(side)]) {
        const BaseValue* value = find_base(agreed, index, field.parts[at(side)][index].path);
        if (value != nullptr && value->state != State::unset) return true;
        any = true;
      }
    }
  }
  return !any;
}

bool Comparer::is_pending(const ir::FieldProgram& field, const FieldBase* base) {
  if (base == nullptr) return false;
  for (const Side target : {Side::hub, Side::provider}) {
    const Few<BasePart>& accepted = target == Side::hub ? base->pending_hub : base->pending_provider;
    const Image& made = image(target);
    if (accepted.empty() || (made.verdict != Image::Verdict::value && made.verdict != Image::Verdict::unset)) continue;
    bool same = true;
    for (std::size_t i = 0; i < field.parts[at(target)].size(); ++i) {
      const ir::Part& part = field.parts[at(target)][i];
      const BaseValue* value = part.compared ? find_base(accepted, i, part.path) : nullptr;
      if (value != nullptr && made.parts[i].state != State::absent)
        same &= is_same(part, target, made.parts[i], *value);
    }
    if (same) return true;
  }
  return false;
}

bool Comparer::is_known(const ir::FieldProgram& field, const FieldBase* base) const {
  if (base == nullptr || (base->known_hub.empty() && base->known_provider.empty())) return false;
  for (const Side side : {Side::hub, Side::provider}) {
    const Few<BasePart>& known = side == Side::hub ? base->known_hub : base->known_provider;
    for (std::size_t i = 0; i < field.parts[at(side)].size(); ++i) {
      const ir::Part& part = field.parts[at(side)][i];
      if (!part.compared) continue;
      const BaseValue* value = find_base(known, i, part.path);
      if (value == nullptr || !is_same(part, side, sight(side).parts[i], *value)) return false;
    }
  }
  return true;
}

void Comparer::gather_hash(const ir::FieldProgram& field, const FieldBase& base) {
  const Image& made = image(Side::provider);
  if (made.verdict != Image::Verdict::value && made.verdict != Image::Verdict::unset) return;
  facts_.hash_known = facts_.hash_equal = true;
  for (std::size_t i = 0; i < field.parts[at(Side::provider)].size(); ++i) {
    const ir::Part& part = field.parts[at(Side::provider)][i];
    if (!part.compared || made.parts[i].state == State::absent) continue;
    const Observation seen = sight(Side::provider).parts[i];
    if (seen.state != State::masked) {
      facts_.hash_equal &= same_value(part, made.parts[i], seen, context(place_.view(Side::provider)));
      continue;
    }
    const BaseValue* confirmed = find_base(base.provider, i, part.path);
    const bool known = confirmed != nullptr && confirmed->state == State::value && is_readable(*confirmed);
    facts_.hash_known &= known;
    facts_.hash_equal &= known && is_same(part, Side::provider, made.parts[i], *confirmed);
  }
}

}  // namespace dovetail
