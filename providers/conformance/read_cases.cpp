#include <fmt/format.h>

#include <set>

#include "engine/error_names.hpp"
#include "providers/conformance/read_cases.hpp"
#include "providers/conformance/reading.hpp"

namespace dovetail::providers::conformance {
namespace {

using Kind = Fault::Kind;

// One look-up of somebody who exists, under a fault. Clears the faults.
Result<bool> look_up_under(const Subject& subject, const std::string& id, Fault fault) {
  subject.faults.order(std::move(fault));
  Snapshot one(ir::Layout::whole(subject.schema));
  const Result<bool> got = subject.system.get(id, one);
  subject.faults.clear();
  return got;
}

std::string outcome(const Result<bool>& got) {
  if (got) return *got ? "found" : "absent";
  return fmt::format("failed ({}: {})", name(got.error().kind), got.error().what);
}

Result<std::string> somebody(const Subject& subject) {
  const Result<Snapshot> all = listed(subject);
  if (!all) return std::unexpected(all.error());
  return all->size() == 0 ? "" : id_of(subject, *all, 0);
}

}  // namespace

Verdict credentials_work(const Subject& subject) {
  const Result<Identity> identity = subject.system.check();
  if (!identity) return broken(identity.error().what);
  if (identity->company_id.empty() && identity->company_name.empty())
    return broken("neither the company's id nor its name is known");
  if (identity->missing_privileges.empty()) return held();
  return broken("missing privilege: " + identity->missing_privileges.front());
}

Verdict listing_is_whole(const Subject& subject) {
  const Result<Snapshot> all = listed(subject);
  if (!all) return broken(all.error().what);
  std::set<std::string> ids;
  for (RecordIndex i = 0; i < all->size(); ++i) {
    const std::string id = id_of(subject, *all, i);
    if (id.empty()) return broken(fmt::format("record {} has no id", i + 1));
    if (!ids.insert(id).second) return broken("two records have the id " + id);
  }
  return held();
}

Verdict list_and_look_up_agree(const Subject& subject) {
  const Result<Snapshot> all = listed(subject);
  if (!all) return broken(all.error().what);
  if (all->size() == 0) return not_asked("the system has nobody");
  for (RecordIndex i = 0; i < std::min<std::size_t>(all->size(), 3); ++i) {
    const Result<std::optional<Snapshot>> one = looked_up(subject, id_of(subject, *all, i));
    if (!one || !*one) return broken("a listed record cannot be looked up");
    for (ir::SlotId slot = 0; slot < all->layout().slots.size(); ++slot) {
      if (all->at(i, slot) == (*one)->at(0, slot)) continue;
      return broken(
          fmt::format("`{}` differs between list and look-up", subject.schema.members[all->layout().slots[slot]].path));
    }
  }
  return held();
}

Verdict nobody_is_absent(const Subject& subject) {
  const Result<std::string> id = somebody(subject);
  if (!id) return broken(id.error().what);
  const Result<std::optional<Snapshot>> got = looked_up(subject, unknown_id(*id));
  if (!got) return broken("looking up nobody failed: " + got.error().what);
  return *got ? broken("looking up nobody found somebody") : held();
}

Verdict failure_is_not_absence(const Subject& subject) {
  const Result<std::string> id = somebody(subject);
  if (!id) return broken(id.error().what);
  const std::string nobody = unknown_id(*id);
  for (const int status : {301, 302, 400, 401, 403, 404, 405, 409, 410, 418, 429, 500, 502, 503, 504}) {
    const Result<bool> got = look_up_under(subject, nobody, {.kind = Kind::status, .times = -1, .status = status});
    if (got) return broken(fmt::format("HTTP status {} with nothing else was read as {}", status, outcome(got)));
  }
  for (const Kind kind : {Kind::foreign_page, Kind::lost_request, Kind::lost_answer}) {
    const Result<bool> got = look_up_under(subject, nobody, {.kind = kind, .times = -1});
    if (got) return broken("no usable answer was read as " + outcome(got));
  }
  return held();
}

Verdict listing_does_not_shrink(const Subject& subject) {
  const Result<Snapshot> before = listed(subject);
  if (!before) return broken(before.error().what);
  if (before->size() == 0) return not_asked("the system has nobody");
  const auto concluded = [&](Fault fault) -> std::string {
    subject.faults.order(fault);
    Snapshot all(ir::Layout::whole(subject.schema));
    const Result<Completeness> whole = subject.system.list(all);
    subject.faults.clear();
    return whole && whole->complete && all.size() < before->size()
               ? fmt::format("complete, with {} of {}", all.size(), before->size())
               : "";
  };
  for (const Kind kind : {Kind::cut_answer, Kind::foreign_page, Kind::lost_request, Kind::lost_answer}) {
    if (const std::string wrong = concluded({.kind = kind, .times = -1}); !wrong.empty())
      return broken("an unusable answer gave a listing that is " + wrong);
  }
  for (const int status : {204, 302, 401, 403, 404, 500}) {
    // "No content" may be how a system says that there is nobody: the engine's guard is for that.
    if (status == 204) continue;
    if (const std::string wrong = concluded({.kind = Kind::status, .times = -1, .status = status}); !wrong.empty()) {
      return broken(fmt::format("HTTP status {} gave a listing that is {}", status, wrong));
    }
  }
  return held();
}

Verdict rate_limit_is_waited_for(const Subject& subject) {
  const Result<std::string> id = somebody(subject);
  if (!id || id->empty()) return not_asked("there is nobody to look up");
  const auto begin = subject.clock.now();
  const Result<bool> got =
      look_up_under(subject, *id, {.kind = Kind::status, .times = 1, .status = 429, .headers = {{"Retry-After", "2"}}});
  if (!got) return broken("one 429 ended in " + outcome(got));
  if (subject.clock.now() - begin < std::chrono::seconds(2)) return broken("Retry-After: 2 was not waited for");
  const Result<bool> plain = look_up_under(subject, *id, {.kind = Kind::status, .times = 1, .status = 429});
  if (!plain) return broken("one 429 without Retry-After ended in " + outcome(plain));
  const Result<bool> endless = look_up_under(
      subject, *id, {.kind = Kind::status, .times = -1, .status = 429, .headers = {{"Retry-After", "3600"}}});
  if (endless || endless.error().kind != Error::Kind::rate)
    return broken("a long Retry-After ended in " + outcome(endless));
  if (endless.error().retry_after != std::chrono::milliseconds(std::chrono::hours(1)))
    return broken("Retry-After was not handed on");
  return held();
}

Verdict bursts_are_survived(const Subject& subject) {
  const Result<std::string> id = somebody(subject);
  if (!id || id->empty()) return not_asked("there is nobody to look up");
  for (const Kind kind : {Kind::status, Kind::lost_request, Kind::lost_answer}) {
    const Result<bool> burst = look_up_under(subject, *id, {.kind = kind, .times = 2});
    if (!burst || !*burst) return broken("two failures in a row ended in " + outcome(burst));
    const Result<bool> endless = look_up_under(subject, *id, {.kind = kind, .times = -1});
    if (endless || endless.error().kind != Error::Kind::transient)
      return broken("endless failures ended in " + outcome(endless));
  }
  return held();
}

Verdict tokens_are_renewed(const Subject& subject) {
  const Result<std::string> id = somebody(subject);
  if (!id || id->empty()) return not_asked("there is nobody to look up");
  const Result<bool> once = look_up_under(subject, *id, {.kind = Kind::status, .times = 1, .status = 401});
  if (subject.faults.saw_token_call() && (!once || !*once)) return broken("an expired token ended in " + outcome(once));
  const Result<bool> always = look_up_under(subject, *id, {.kind = Kind::status, .times = -1, .status = 401});
  if (always || always.error().kind != Error::Kind::auth)
    return broken("refused credentials ended in " + outcome(always));
  return held();
}

Verdict lost_permission_is_said(const Subject& subject) {
  subject.faults.order({.kind = Kind::status, .times = -1, .status = 403});
  const Result<Snapshot> all = listed(subject);
  subject.faults.clear();
  if (all) return broken("a listing without permission was complete");
  if (all.error().kind != Error::Kind::auth)
    return broken(fmt::format("a listing without permission is an error of kind {}", name(all.error().kind)));
  return held();
}

}  // namespace dovetail::providers::conformance
