// Whether a value that a write replaced may stand there again: by the link, by exclusions, by what the other side has
// now, and by what the rule allows.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/compare/comparer.hpp"

namespace dovetail {

class PutBack {
 public:
  // `input` holds both records as they are now, each alone in its snapshot; it and `link` must outlive this.
  PutBack(const PlanInput& input, const Link& link);

  // Why nothing is written about this person, for people to read after its id; nullopt: it may be.
  std::optional<std::string> refuses_person() const;

  // Why these writes into `target`, of one field and in an `each` of one element, are left; nullopt: they may be done.
  std::optional<std::string> refuses(FieldIndex field, ir::Side target, const std::vector<Write>& writes);

  // The pair of elements that this one of `side` belongs to, by Side; in no `each`: none.
  std::array<std::string, 2> pair_of(FieldIndex field, ir::Side side, const std::string& element) const;

 private:
  Place place_of(const ir::FieldProgram& field, ir::Side target, const std::string& element) const;
  ElementIndex find(const ir::FieldProgram& field, ir::Side side, std::string_view element) const;
  std::string partner_of(ir::Side side, const std::string& element) const;

  const PlanInput& input_;
  const Link& link_;
  Comparer comparer_;
  std::array<RecordView, 2> views_;
};

}  // namespace dovetail
