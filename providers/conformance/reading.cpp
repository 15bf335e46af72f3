#include "providers/conformance/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dovetail::providers::conformance {

Verdict held() { return {}; }
Verdict broken(std::string why) { return {.kind = Verdict::Kind::broken, .why = std::move(why)}; }
Verdict not_asked(std::string why) { return {.kind = Verdict::Kind::not_asked, .why = std::move(why)}; }

Result<Snapshot> listed(const Subject& subject) {
  Snapshot all(ir::Layout::whole(subject.schema));
  const Result<Completeness> whole = subject.system.list(all);
  if (!whole) return std::unexpected(whole.error());
  if (!whole->complete)
    return std::unexpected(Error{.kind = Error::Kind::transient, .what = "the listing is partial: " + whole->reason});
  return all;
}

Result<std::optional<Snapshot>> looked_up(const Subject& subject, const std::string& id) {
  Snapshot one(ir::Layout::whole(subject.schema));
  const Result<bool> got = subject.system.get(id, one);
  if (!got) return std::unexpected(got.error());
  if (!*got) return std::nullopt;
  return one;
}

Value value_of(const Snapshot& from, RecordIndex record, ir::MemberId member) {
  const ir::SlotId slot = from.layout().slot(member);
  return slot == ir::no_slot ? Value{} : Value::of(from.at(record, slot));
}

std::string id_of(const Subject& subject, const Snapshot& from, RecordIndex record) {
  return value_of(from, record, subject.schema.identity).text;
}

std::string unknown_id(const std::string& like) {
  const bool number = !like.empty() && like.find_first_not_of("0123456789") == like.npos;
  return number ? "987654321" : "00000000-0000-4000-8000-0000000000ff";
}

std::vector<ir::MemberId> writable(const ir::Schema& schema, bool clearable) {
  std::vector<ir::MemberId> members;
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    const ir::Member& member = schema.members[id];
    const bool plain = member.kind == ir::MemberKind::scalar && member.list == ir::no_member && !member.read_only &&
                       !member.write_only && !member.set_once && member.derived_from == ir::no_member &&
                       member.masked_as.empty() && member.resource.empty() && member.written_with == ir::no_member &&
                       !member.secret && !member.unique;
    const bool in_group =
        std::ranges::any_of(schema.members, [id](const ir::Member& other) { return other.written_with == id; });
    if (!plain || in_group) continue;
    if (clearable && (member.required_on_create || member.not_nullable)) continue;
    members.push_back(id);
  }
  return members;
}

std::optional<std::string> another_value(const ir::Schema& schema, ir::MemberId id, const std::string& than) {
  const ir::Member& member = schema.members[id];
  if (member.type == nullptr) {
    for (const ir::EnumWord& word : member.words) {
      if (word.word != than) return word.word;
    }
    return std::nullopt;
  }
  const auto either = [&than](const char* one, const char* other) { return std::string(than == one ? other : one); };
  if (member.type->name == "text") {
    // A text that must be one that exists there can't be made up.
    return member.path.find("group") != member.path.npos ? std::nullopt
                                                         : std::optional(either("Ääkkönen & Søn <1>", "Provisorisk"));
  }
  if (member.type->name == "date") return either("1991-02-03", "1992-12-31");
  if (member.type->name == "country_alpha2") return either("SE", "NO");
  if (member.type->name == "phone") return either("+358401234599", "+358401234598");
  return std::nullopt;
}

namespace {

// 010190-9NNC: of the numbers that are never given to anybody.
std::string made_up_hetu(unsigned serial) {
  constexpr std::string_view checks = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  const unsigned number = 900 + serial % 100;
  const unsigned day = 1 + serial / 100 % 28;
  const unsigned long whole = (day * 10'000UL + 190) * 1000 + number;
  return fmt::format("{:02}0190-{}{}", day, number, checks[whole % checks.size()]);
}

}  // namespace

std::vector<Change> made_up_person(const Subject& subject, const Snapshot& from, unsigned serial) {
  std::vector<Change> changes;
  const ir::Schema& schema = subject.schema;
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    const ir::Member& member = schema.members[id];
    if (member.kind != ir::MemberKind::scalar || !member.required_on_create || member.list != ir::no_member) continue;
    if (member.parent != ir::no_member && schema.members[member.parent].optional) continue;
    std::string value = from.size() == 0 ? "" : value_of(from, 0, id).text;
    const std::string_view type = member.type == nullptr ? "" : member.type->name;
    if (type == "email") value = fmt::format("conformance.{}@example.com", serial);
    if (type == "fi_hetu") value = made_up_hetu(serial);
    if (type == "phone") value = fmt::format("+3584012{:05}", serial % 100'000);
    if (value.empty()) value = "Conformance";
    changes.push_back({.member = id, .element = {}, .clear = false, .value = std::move(value), .previous = {}});
  }
  return changes;
}

}  // namespace dovetail::providers::conformance
