// Plans one person: every field, every list element, or the creation of the side that is missing.
#pragma once

#include <optional>

#include "engine/match/elements.hpp"
#include "engine/plan/draft.hpp"

namespace dovetail {

// Reused from person to person; one per thread. What it was made of must outlive it.
class PersonPlanner {
 public:
  PersonPlanner(const PlanInput& input, const Chooser& chooser)
      : input_(input),
        chooser_(chooser),
        maker_(input, chooser),
        hub_(input.program, ir::Side::hub, input.hub),
        provider_(input.program, ir::Side::provider, input.provider),
        seen_(input) {}

  // `draft` has its person, link and why; the rest is filled in.
  void plan(Draft& draft);

 private:
  struct NewRecord {
    std::vector<Write> writes;
    std::vector<Question> open;
    Reason refused = Reason::no_change;  // why it cannot be made; no_change: it can
    std::string why;
    ir::Origin rule;
  };

  void compare_fields(Draft& draft);
  Reason compare_field(Draft& draft, const ir::FieldProgram& field);
  void compare_list(Draft& draft, const ir::ListProgram& list);
  Reason compare_in_element(Draft& draft, const ir::FieldProgram& field, const FieldBase* base, bool changed);
  void compare_element(Draft& draft, const ir::ListProgram& list, const ElementPair& pair);
  void add_element(Draft& draft, const ir::ListProgram& list, const ElementPair& pair);
  void wait_for_list(Draft& draft, const ir::ListProgram& list, const PairedElements& paired);
  bool wait_to_add(Draft& draft, const ir::ListProgram& list, const ElementPair& pair);
  Entry waiting(const ir::FieldProgram& field, const ElementPair& pair) const;
  void set_list_reason(Draft& draft, const ir::ListProgram& list, Reason reason) const;
  const ir::FieldProgram* sign_of_another(const Draft& draft);
  bool provider_emptied(const Draft& draft, const ir::FieldProgram& field);
  const ir::FieldProgram* every_id_differs(const Draft& draft, bool missing_counts);
  std::optional<bool> is_unexpected(const Draft& draft, const ir::FieldProgram& field);
  bool is_before_activation(const Draft& draft, const ir::ListProgram& list, ElementIndex hub_element) const;
  bool group_changed(const Draft& draft, const ir::FieldProgram& field) const;
  bool is_excluded(const Draft& draft, const ir::FieldProgram& field) const;
  std::string alone_text(const ir::FieldProgram& match, ir::Side target, bool was_linked) const;
  void settle_element(Entry& entry, ir::Side target, const NewRecord& made, Draft& draft);

  void propose_link(Draft& draft);
  void offer_creation(Draft& draft, ir::Side target);
  NewRecord make_record(Draft& draft, ir::Side target);
  NewRecord make_element(Draft& draft, const ir::ListProgram& list, ir::Side target, const Place& place);
  bool add_new_field(Draft& draft, const ir::FieldProgram& field, ir::Side target, const Place& place,
                     NewRecord& record);
  bool is_computed(const ir::FieldProgram& field, ir::Side target, const NewRecord& record) const;
  void add_new_fields(Draft& draft, ir::Side target, NewRecord& record);
  void leave_out_derived(Draft& draft, ir::Side target, NewRecord& record) const;
  bool demand_elements(const ir::ListProgram& list, ir::Side target, const PairedElements& paired,
                       NewRecord& record) const;
  void demand_required(ir::Side target, ir::MemberId list, NewRecord& record) const;
  void demand_of_elements(ir::Side target, NewRecord& record) const;
  void demand_partners(ir::Side target, NewRecord& record) const;
  bool has_creation_rule() const;
  bool provider_changed_since(const Draft& draft, std::string& what);
  void note_person(Draft& draft, Kind kind, Action action);

  const PlanInput& input_;
  const Chooser& chooser_;
  EntryMaker maker_;
  RecordView hub_, provider_;
  Comparer seen_;
  Place place_{};
};

}  // namespace dovetail
