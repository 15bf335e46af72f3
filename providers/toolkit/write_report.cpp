#include "providers/toolkit/write_report.hpp"

#include "providers/toolkit/json_answer.hpp"

namespace dovetail::providers {

void WriteReport::done(std::span<const std::size_t> changes) {
  touched_ = touched_ || !changes.empty();
  for (const std::size_t change : changes)
    outcomes_[change] = {.kind = ChangeOutcome::Kind::done, .now = {}, .reason = {}};
}

void WriteReport::refused(std::span<const std::size_t> changes, const std::string& why) {
  for (const std::size_t change : changes) {
    outcomes_[change] = {.kind = ChangeOutcome::Kind::refused, .now = {}, .reason = why};
  }
}

void WriteReport::pending(std::size_t change, const std::string& why) {
  touched_ = true;
  outcomes_[change] = {.kind = ChangeOutcome::Kind::pending, .now = {}, .reason = why};
}

void WriteReport::failed(std::span<const std::size_t> changes, const Error& error) {
  using Kind = Error::Kind;
  if (!first_error_) first_error_ = error;
  touched_ = touched_ || error.kind == Kind::in_doubt;
  const bool said_no = error.kind == Kind::data || error.kind == Kind::auth || error.kind == Kind::deferred;
  for (const std::size_t change : changes) {
    outcomes_[change] = {
        .kind = said_no ? ChangeOutcome::Kind::refused : ChangeOutcome::Kind::unknown, .now = {}, .reason = error.what};
  }
}

void WriteReport::settle(std::span<const std::size_t> changes, const Result<void>& written) {
  if (written)
    done(changes);
  else
    failed(changes, written.error());
}

Result<std::vector<ChangeOutcome>> WriteReport::finish() && {
  if (first_error_ && !touched_) return std::unexpected(std::move(*first_error_));
  return std::move(outcomes_);
}

namespace {

std::optional<Value> element_value(const ir::Schema& schema, const Snapshot& answered, const Change& change) {
  const ir::MemberId list_member = schema.members[change.member].list;
  const int list = answered.layout().list(list_member);
  if (list < 0) return std::nullopt;
  const auto number = static_cast<std::size_t>(list);
  const ir::Layout::List& layout = answered.layout().lists[number];
  const auto slot_of = [&layout](ir::MemberId member) {
    for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) {
      if (layout.slots[slot] == member) return slot;
    }
    return ir::no_slot;
  };
  const ir::SlotId key = slot_of(schema.members[list_member].key), wanted = slot_of(change.member);
  if (key == ir::no_slot || wanted == ir::no_slot) return std::nullopt;
  const Snapshot::List elements = answered.list(0, number);
  for (ElementIndex at = elements.first; at < elements.first + elements.count; ++at) {
    if (answered.element(number, at, key).text == change.element)
      return Value::of(answered.element(number, at, wanted));
  }
  return std::nullopt;
}

}  // namespace

std::vector<Change> chosen(const std::vector<Change>& changes, std::span<const std::size_t> indices) {
  std::vector<Change> part;
  for (const std::size_t i : indices) part.push_back(changes[i]);
  return part;
}

TwoParts two_parts(const std::vector<Change>& changes, const std::function<bool(const Change&)>& is_first) {
  TwoParts parts;
  for (std::size_t i = 0; i < changes.size(); ++i) (is_first(changes[i]) ? parts.first : parts.others).push_back(i);
  return parts;
}

void report_answer(const Codec& codec, const ir::Schema& schema, const std::string& operation, std::string_view object,
                   std::span<const Change> changes, WriteReport& report) {
  Snapshot answered(ir::Layout::whole(schema));
  if (decode_json(codec, operation, object, answered)) report_values(schema, answered, changes, report);
}

void report_values(const ir::Schema& schema, const Snapshot& answered, std::span<const Change> changes,
                   WriteReport& report) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (report[i].kind != ChangeOutcome::Kind::done) continue;
    std::optional<Value> now;
    if (!changes[i].element.empty()) {
      now = element_value(schema, answered, changes[i]);
    } else if (const ir::SlotId slot = answered.layout().slot(changes[i].member); slot != ir::no_slot) {
      now = Value::of(answered.at(0, slot));
    }
    if (!now || now->state == State::absent) continue;
    if (changes[i].clear && now->state == State::value) report.refused({{i}}, "the system kept a value");
    report.now(i, std::move(*now));
  }
}

}  // namespace dovetail::providers
