// Records as a schema has them, drawn: every member a value of its type, or none, or one that is not of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/engine/world.hpp"
#include "tests/lives/life.hpp"

namespace dovetail::test {

class DrawnPeople {
 public:
  DrawnPeople(const ir::Schema& schema, ir::Side side, const ReferenceTables& tables);

  // The n-th person of this side; the same number means the same e-mail address on both, mostly.
  Record person(std::size_t number, Draw& draw) const;
  // Draws one member of the record again, or an element more or less.
  void edit(Record& record, std::size_t number, Draw& draw) const;

 private:
  Value value(const ir::Member& member, std::size_t number, Draw& draw) const;
  std::map<std::string, Value> element(ir::MemberId list, std::size_t number, Draw& draw) const;

  const ir::Schema& schema_;
  ir::Side side_;
  std::vector<std::vector<std::string>> pools_;  // by member: values in sent form
  std::vector<ir::MemberId> scalars_, lists_;    // outside lists, without identity; the lists
};

}  // namespace dovetail::test
