// A system in front of another one, which answers everything that is not overridden.
#pragma once

#include <memory>
#include <utility>

#include "engine/system.hpp"

namespace dovetail::test {

class ForwardingSystem : public System {
 public:
  explicit ForwardingSystem(std::unique_ptr<System> below) : below_(std::move(below)) {}
  Capabilities capabilities() const override { return below_->capabilities(); }
  Result<Identity> check() override { return below_->check(); }
  Result<Completeness> list(Snapshot& into) override { return below_->list(into); }
  std::vector<EmptyList> empty_lists() const override { return below_->empty_lists(); }
  Result<bool> get(std::string_view id, Snapshot& into) override { return below_->get(id, into); }
  Result<std::vector<std::optional<std::string>>> find(ir::MemberId member,
                                                       const std::vector<std::string>& values) override {
    return below_->find(member, values);
  }
  Result<std::optional<std::string>> find_created(std::string_view reference) override {
    return below_->find_created(reference);
  }
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override {
    return below_->create(members, reference);
  }
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override {
    return below_->update(id, changes);
  }

 protected:
  System& below() const { return *below_; }

 private:
  std::unique_ptr<System> below_;
};

}  // namespace dovetail::test
