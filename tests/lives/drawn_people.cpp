#include "tests/lives/drawn_people.hpp"

#include <algorithm>
#include <array>

namespace dovetail::test {
namespace {

// Whatever any type takes; few, so that people have the same.
constexpr std::array raw_values = {"Aino",
                                   "Kari Berg",
                                   "7",
                                   "007",
                                   "10",
                                   "12.5",
                                   "86011117947",
                                   "8601.11.17947",
                                   "36240734014",
                                   "5201-1234565",
                                   "8105-9,744202631",
                                   "8105,744202631",
                                   "FI2112345600000785",
                                   "NO9386011117947",
                                   "DE89370400440532013000",
                                   "NDEAFIHH",
                                   "DNBANOKK",
                                   "131052-308T",
                                   "131052A308T",
                                   "850917-9811",
                                   "198509179811",
                                   "910060-9826",
                                   "SE",
                                   "NO",
                                   "FI",
                                   "NOR",
                                   "2024-02-29",
                                   "2026-11-20",
                                   "2026-11-22",
                                   "2030-01-01",
                                   "2020-05-05",
                                   "true",
                                   "false",
                                   "0150",
                                   "00100",
                                   "114 55",
                                   "+4740612345",
                                   "+46701740605",
                                   "+358401234567",
                                   "passport",
                                   "national",
                                   "a text that is longer than most of what is allowed"};

}  // namespace

DrawnPeople::DrawnPeople(const ir::Schema& schema, ir::Side side, const ReferenceTables& tables)
    : schema_(schema), side_(side), pools_(schema.members.size()) {
  const CheckContext context{&tables, test_day(), {}, true};
  for (ir::MemberId id = 0; id < schema.members.size(); ++id) {
    const ir::Member& member = schema.members[id];
    if (member.kind == ir::MemberKind::list) lists_.push_back(id);
    if (member.kind != ir::MemberKind::scalar) continue;
    if (member.list == ir::no_member && id != schema.identity) scalars_.push_back(id);
    for (const ir::EnumWord& word : member.words) pools_[id].push_back(word.word);
    if (member.open_enum) pools_[id].emplace_back("another word");
    for (const char* raw : raw_values) {
      std::string sent;
      if (member.type == nullptr || member.type->check(raw, context, sent) != Fault::none) continue;
      if (std::ranges::find(pools_[id], sent) == pools_[id].end()) pools_[id].push_back(std::move(sent));
    }
  }
}

Value DrawnPeople::value(const ir::Member& member, std::size_t number, Draw& draw) const {
  const std::vector<std::string>& pool = pools_[schema_.id(member)];
  const std::size_t kind = draw.below(16);
  if (member.type != nullptr && member.type->name == "email") {
    if (kind == 0) return unset;
    return dovetail::test::value("p" + std::to_string(kind == 1 ? draw.below(4) : number) + "@example.com");
  }
  if (kind < 3) return unset;
  if (kind == 3) return draw.one_in(2) ? absent : invalid("?");
  if (kind == 4 && !member.masked_as.empty()) return masked;
  if (kind == 5 && member.type != nullptr && member.type->name == "text") {
    return dovetail::test::value("N" + std::to_string(number));
  }
  return pool.empty() ? unset : dovetail::test::value(pool[draw.below(pool.size())]);
}

std::map<std::string, Value> DrawnPeople::element(ir::MemberId list, std::size_t number, Draw& draw) const {
  std::map<std::string, Value> made;
  for (ir::MemberId id = 0; id < schema_.members.size(); ++id) {
    const ir::Member& member = schema_.members[id];
    if (member.list != list || member.kind != ir::MemberKind::scalar) continue;
    made[member.name] =
        id == schema_.members[list].key
            ? dovetail::test::value("e" + std::to_string(number) + "-" + std::to_string(draw.below(5000)))
            : value(member, number, draw);
  }
  return made;
}

Record DrawnPeople::person(std::size_t number, Draw& draw) const {
  Record record;
  record.members[schema_.members[schema_.identity].path] =
      dovetail::test::value((side_ == hub ? "h" : "p") + std::to_string(number));
  for (const ir::MemberId id : scalars_) {
    const ir::Member& member = schema_.members[id];
    record.members[member.path] = id == schema_.active && !draw.one_in(8) ? dovetail::test::value(schema_.active_value)
                                                                          : value(member, number, draw);
  }
  for (const ir::MemberId list : lists_) {
    auto& elements = record.lists[schema_.members[list].path];
    for (std::size_t count = draw.below(4); count > 1; --count) elements.push_back(element(list, number, draw));
  }
  return record;
}

void DrawnPeople::edit(Record& record, std::size_t number, Draw& draw) const {
  const std::size_t which = draw.below(scalars_.size() + 2 * lists_.size());
  if (which < scalars_.size()) {
    const ir::Member& member = schema_.members[scalars_[which]];
    record.members[member.path] = value(member, number, draw);
    return;
  }
  const ir::MemberId list = lists_[(which - scalars_.size()) / 2];
  auto& elements = record.lists[schema_.members[list].path];
  if ((which - scalars_.size()) % 2 == 0) {
    if (draw.one_in(3) && !elements.empty())
      elements.pop_back();
    else
      elements.push_back(element(list, number, draw));
  } else if (!elements.empty()) {
    auto& one = elements[draw.below(elements.size())];
    const ir::MemberId key = schema_.members[list].key;
    for (auto& [name, seen] : element(list, number, draw)) {
      if (draw.one_in(2) && (key == ir::no_member || name != schema_.members[key].name)) one[name] = seen;
    }
  }
}

}  // namespace dovetail::test
