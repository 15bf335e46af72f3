#include "providers/file/joined_tree.hpp"

#include <fmt/format.h>

namespace dovetail::providers {
namespace {

WirePath below(const WirePath& path, std::size_t rest) {
  return {path.begin() + static_cast<std::ptrdiff_t>(rest), path.end()};
}

}  // namespace

Result<Sight> JoinedTree::look(Node from, const WirePath& path) const {
  if (const Tree* rows = parts_.tree_of(from)) return rows->look(from, path);
  const Parts::Place place = parts_.find(from, path);
  switch (place.source) {
    case Parts::Source::record:
      return own_.look(from, path);
    case Parts::Source::row:
      return place.tree->look(place.row, below(path, place.rest));
    case Parts::Source::none:
      return Sight{.kind = Sight::Kind::none};
    case Parts::Source::unread:
      break;
  }
  return Sight{.kind = Sight::Kind::unread};
}

Result<bool> JoinedTree::elements(Node from, const WirePath& path, std::vector<Node>& into) const {
  if (const Tree* rows = parts_.tree_of(from)) return rows->elements(from, path, into);
  const std::optional<std::size_t> part = parts_.list_at(path);
  if (!part) return own_.elements(from, path, into);
  const std::optional<std::vector<Node>> rows = parts_.rows_of(*part, from);
  if (!rows) return false;
  into.insert(into.end(), rows->begin(), rows->end());
  return true;
}

std::string JoinedTree::place(Node node) const {
  const Tree* rows = parts_.tree_of(node);
  return rows != nullptr ? rows->place(node) : own_.place(node);
}

Result<void> JoinedTree::put_into(Tree& tree, Node from, const WirePath& path, const Scalar& scalar) {
  Result<void> put = tree.put(from, path, scalar);
  if (put) parts_.mark_changed(tree);
  return put;
}

std::unexpected<Error> JoinedTree::not_known(std::size_t part) const {
  return std::unexpected(Error{
      .kind = Error::Kind::input,
      .what = fmt::format("this stands in the export of `{}`, which was not given or does not say which row is meant",
                          parts_.of(part).name())});
}

Result<void> JoinedTree::put(Node from, const WirePath& path, const Scalar& scalar) {
  if (Tree* rows = parts_.tree_of(from)) return put_into(*rows, from, path, scalar);
  const Parts::Place place = parts_.find(from, path);
  if (place.source == Parts::Source::record) return put_into(own_, from, path, scalar);
  if (place.source == Parts::Source::row) return put_into(*place.tree, place.row, below(path, place.rest), scalar);
  if (scalar.kind == Scalar::Kind::none) return {};
  if (place.source == Parts::Source::unread) return not_known(place.part);
  const WirePath within = below(path, place.rest);
  Result<Node> row = parts_.take_up_row(place.part, own_, from, within, scalar);
  if (!row) return std::unexpected(row.error());
  if (*row) return {};
  row = parts_.add_row(place.part, own_, from);
  if (!row) return std::unexpected(row.error());
  return put_into(*parts_.tree_of(*row), *row, within, scalar);
}

Result<Node> JoinedTree::add_element(Node from, const WirePath& path) {
  if (Tree* rows = parts_.tree_of(from)) {
    parts_.mark_changed(*rows);
    return rows->add_element(from, path);
  }
  const std::optional<std::size_t> part = parts_.list_at(path);
  if (part) return parts_.rows_of(*part, from) ? parts_.add_row(*part, own_, from) : Result<Node>(not_known(*part));
  parts_.mark_changed(own_);
  return own_.add_element(from, path);
}

Result<void> JoinedTree::make_list(Node from, const WirePath& path) {
  if (parts_.tree_of(from) == nullptr && parts_.list_at(path)) return {};
  parts_.mark_changed(own_);
  return own_.make_list(from, path);
}

Result<Node> JoinedTree::add_record() {
  parts_.mark_changed(own_);
  return own_.add_record();
}

}  // namespace dovetail::providers
