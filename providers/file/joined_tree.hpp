// The records of one document, with what stands in the rows of others as if it stood in the records.
#pragma once

#include "providers/file/parts.hpp"
#include "providers/toolkit/tree.hpp"

namespace dovetail::providers {

class JoinedTree : public Tree {
 public:
  JoinedTree(Tree& own, Parts& parts) : own_(own), parts_(parts) {}

  std::size_t size() const override { return own_.size(); }
  Node record(std::size_t index) const override { return own_.record(index); }
  Result<Sight> look(Node from, const WirePath& path) const override;
  Result<bool> elements(Node from, const WirePath& path, std::vector<Node>& into) const override;
  std::string place(Node node) const override;
  std::string shortfall() const override { return own_.shortfall(); }
  Result<void> put(Node from, const WirePath& path, const Scalar& scalar) override;
  Result<Node> add_element(Node from, const WirePath& path) override;
  Result<void> make_list(Node from, const WirePath& path) override;
  Result<Node> add_record() override;
  std::string text() const override { return own_.text(); }

 private:
  Result<void> put_into(Tree& tree, Node from, const WirePath& path, const Scalar& scalar);
  std::unexpected<Error> not_known(std::size_t part) const;

  Tree& own_;
  Parts& parts_;
};

}  // namespace dovetail::providers
