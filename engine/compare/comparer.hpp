// Compares one field of one person (or of one pair of list elements) against the base and judges it.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "engine/compare/image.hpp"
#include "engine/compare/judge.hpp"
#include "engine/plan/plan.hpp"

namespace dovetail {

// Where a field is looked at: two records, and in an `each` the two elements at hand.
struct Place {
  const RecordView* hub = nullptr;
  const RecordView* provider = nullptr;
  ElementIndex hub_element = no_element, provider_element = no_element;

  const RecordView& view(ir::Side side) const { return side == ir::Side::hub ? *hub : *provider; }
  ElementIndex element(ir::Side side) const { return side == ir::Side::hub ? hub_element : provider_element; }
};

// Reused from field to field; what the last call saw stays readable until the next.
class Comparer {
 public:
  explicit Comparer(const PlanInput& input) : input_(input) {}

  // `base`: nullptr if never agreed. `changed`: the field's activation group is known to have changed since.
  const Judgement& compare(const ir::FieldProgram& field, const Place& place, const FieldBase* base, bool changed);

  // Only what each side says and would become there; for records that exist on one side.
  void see(const ir::FieldProgram& field, const Place& place);

  const Sight& sight(ir::Side side) const { return sights_[ir::at(side)]; }
  // What the value of the other side becomes on `target`; made when it is asked for.
  const Image& image(ir::Side target) const {
    if (!made_[ir::at(target)]) make(target);
    return images_[ir::at(target)];
  }
  // After compare: what would be written was accepted earlier, and is only not shown yet.
  bool is_pending(const ir::FieldProgram& field, const FieldBase* base);
  // Whether both sides are as they were when it was last shown that a rule blocks the field. For the place compared
  // last.
  bool is_known(const ir::FieldProgram& field, const FieldBase* base) const;
  const Facts& facts() const { return facts_; }
  // After compare: the parts of that side that it alone has, and nobody agreed on. They stay as they are when the rest
  // of the field is written there.
  const std::vector<std::size_t>& spared(ir::Side target) const { return spared_[ir::at(target)]; }
  // They do not: the field is written there as a whole.
  void take_whole(ir::Side target);
  CheckContext context(const RecordView& record) const;

 private:
  void make(ir::Side target) const;
  bool is_plainly_equal(const ir::FieldProgram& field) const;
  void gather(const ir::FieldProgram& field, const FieldBase* base);
  void gather_base(const ir::FieldProgram& field, const FieldBase& base);
  bool had_value(const ir::FieldProgram& field, ir::Side side, const Few<BasePart>& agreed) const;
  void gather_hash(const ir::FieldProgram& field, const FieldBase& base);
  void spare_unagreed(const ir::FieldProgram& field, const FieldBase& base);
  bool may_empty(const ir::FieldProgram& field, ir::Side target, std::size_t index, const FieldBase& base) const;
  bool is_held_alike(const ir::FieldProgram& field) const;
  bool is_converted_alike(const ir::FieldProgram& field) const;
  bool is_same(const ir::Part& part, ir::Side side, Observation seen, const BaseValue& agreed) const;
  bool is_readable(const BaseValue& agreed) const { return !agreed.hashed || input_.hasher != nullptr; }

  const PlanInput& input_;
  std::array<Sight, 2> sights_;
  const ir::FieldProgram* field_ = nullptr;  // that was looked at last, and where
  Place place_;
  mutable std::array<Image, 2> images_;
  mutable std::array<bool, 2> made_{};
  Facts facts_;
  Judgement judgement_;
  std::array<std::vector<std::size_t>, 2> spared_;
};

// The share of `part` in what was agreed; nullptr: it has none.
const BaseValue* find_base(const Few<BasePart>& parts, std::size_t position, const std::string& path);

// The field's base in a link; nullptr: none. `cursor` remembers where the last one stood.
const FieldBase* find_base(const Link* link, const std::string& label, std::string_view hub_element,
                           std::size_t& cursor);

// A value as a base keeps it: of secrets the hash of the key by which the rule compares them, where there is a hasher.
BaseValue base_value(const ir::Part& part, Observation seen, const CheckContext& context, const SecretHasher* hasher);
// For a value that was kept in clear, and whose rule is not at hand: the hash of its member's key.
void hash_secret(const ir::Member& member, const SecretHasher* hasher, BaseValue& value);
// The same whether it is a secret or not.
void hash_value(const ir::Member& member, const SecretHasher& hasher, BaseValue& value);

}  // namespace dovetail
