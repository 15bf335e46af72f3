// The two systems of a test block, as small as they can be: a linked person, and whoever else is given.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dsl/test/test_case.hpp"
#include "engine/base.hpp"
#include "engine/ir/program.hpp"
#include "engine/plan/plan.hpp"
#include "engine/snapshot.hpp"

namespace dovetail::dsl {

// What a system holds of one person or list element. A member that is not named is unset.
using MemberValues = std::map<ir::MemberId, Value>;

struct SceneRecord {
  MemberValues members;
  std::map<ir::MemberId, std::vector<MemberValues>> lists;  // by list

  const Value& at(ir::MemberId member) const;  // of the record itself
};

class Scene {
 public:
  // `program` must be compiled for whole layouts and outlive the scene.
  Scene(const ir::Program& program, const TestCase& test, CivilDay today);

  // The linked person comes first, where it exists. The record of `side` with that id; nullptr: there is none.
  const SceneRecord* person(ir::Side side) const;
  const Base& base() const { return base_; }
  Snapshot snapshot(ir::Side side) const { return snapshot(side, records_[ir::at(side)]); }

  // The person is deleted in the hub: the record is gone, what is remembered stays.
  void delete_in_hub();
  // The person no longer counts as active in the hub, where its schema says who does.
  void deactivate_in_hub();

  // Carries out the plan's operations, as systems would that never refuse.
  void apply(const Plan& plan);

  // The hub id, or else the provider id, of the person that the test is about.
  const std::string& id(ir::Side side) const { return ids_[ir::at(side)]; }

 private:
  void add_given(ir::Side side, SceneRecord& record, const TestValue& given) const;
  SceneRecord make_record(ir::Side side, std::string id) const;
  void link_elements(const TestCase& test, Link& link) const;
  void remember_base(const TestCase& test, Link& link) const;
  void remember_activation(const TestCase& test, Link& link, CivilDay today) const;
  Snapshot snapshot(ir::Side side, const std::vector<SceneRecord>& records) const;
  SceneRecord* find(ir::Side side, const std::string& id);
  void write(ir::Side side, SceneRecord& record, const Write& write) const;

  const ir::Program* program_;
  std::array<std::vector<SceneRecord>, 2> records_;
  std::array<std::string, 2> ids_;
  Base base_;
};

}  // namespace dovetail::dsl
