// What must hold for any document that is accepted: it decodes, takes a change to every member, and what it is then
// written as reads back the same.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>

#include "providers/toolkit/codec.hpp"
#include "tests/providers/small_schema.hpp"

namespace dovetail::test {

template <typename Parse>
void check_round_trip(const ir::Schema& schema, const std::string& text, Parse parse) {
  using namespace providers;
  Result<std::unique_ptr<Tree>> tree = parse(text);
  if (!tree || (*tree)->size() == 0) return;
  const Codec codec(schema, {});
  const ir::Layout layout = ir::Layout::whole(schema);
  Snapshot before(layout);
  if (!codec.decode(**tree, (*tree)->record(0), before)) return;
  std::vector<Change> changes;
  for (const ir::MemberId member : layout.slots) {
    const Observation seen = before.at(0, layout.slot(member));
    if (seen.state == State::value)
      changes.push_back(
          {.member = member, .element = {}, .clear = false, .value = std::string(seen.text), .previous = {}});
    if (seen.state == State::unset)
      changes.push_back({.member = member, .element = {}, .clear = true, .value = {}, .previous = {}});
  }
  const auto outcomes =
      codec.encode(**tree, (*tree)->record(0), changes, [](ir::MemberId) { return std::string("1"); });
  for (const ChangeOutcome& outcome : outcomes) {
    if (outcome.kind != ChangeOutcome::Kind::done) return;  // what the document cannot hold is refused
  }
  Result<std::unique_ptr<Tree>> again = parse((*tree)->text());
  if (!again) std::abort();
  Snapshot after(layout);
  if (!codec.decode(**again, (*again)->record(0), after)) std::abort();
  for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) {
    if (before.at(0, slot).state == State::value && !(before.at(0, slot) == after.at(0, slot))) std::abort();
  }
}

}  // namespace dovetail::test
