// Schemas put together by hand, for tests of what does not depend on any system.
#pragma once

#include <string>

#include "engine/ir/schema.hpp"

namespace dovetail::test {

class SchemaBuilder {
 public:
  ir::Schema schema;

  ir::MemberId object(const std::string& name, const std::string& wire, ir::MemberId parent = ir::no_member) {
    return add(ir::MemberKind::object, name, wire, parent);
  }
  ir::MemberId list(const std::string& name, const std::string& wire) {
    return add(ir::MemberKind::list, name, wire, ir::no_member);
  }
  ir::MemberId scalar(const std::string& name, const std::string& wire, ir::MemberId parent = ir::no_member,
                      const std::string& type = "text") {
    const ir::MemberId id = add(ir::MemberKind::scalar, name, wire, parent);
    schema.members[id].type = find_type(type);
    return id;
  }

 private:
  ir::MemberId add(ir::MemberKind kind, const std::string& name, const std::string& wire, ir::MemberId parent) {
    ir::Member member;
    member.name = member.path = name;
    member.kind = kind;
    member.parent = parent;
    member.read_wire = wire;
    if (parent != ir::no_member) {
      const ir::Member& above = schema.members[parent];
      const bool in_list = above.kind == ir::MemberKind::list;
      member.path = above.path + (in_list ? "[]." : ".") + name;
      member.list = in_list ? parent : above.list;
    }
    schema.members.push_back(member);
    return static_cast<ir::MemberId>(schema.members.size() - 1);
  }
};

// Members wrapped in {"value": …}, an address, a gender, a list of positions.
inline ir::Schema wrapped_json_schema() {
  SchemaBuilder b;
  b.schema.name = "hub";
  b.schema.document = ir::DocumentFormat::json;
  b.schema.records = "items";
  b.schema.identity = b.scalar("id", "id");
  b.schema.active = b.scalar("isActive", "status/active");
  b.schema.active_value = "true";
  b.scalar("email", "email/value");
  b.scalar("birthDate", "birthDate/value", ir::no_member, "date");
  const ir::MemberId gender = b.scalar("gender", "gender/value");
  b.schema.members[gender].type = nullptr;
  b.schema.members[gender].words = {{"male", "Male"}, {"female", "Female"}};
  b.schema.members[gender].open_enum = true;
  const ir::MemberId secret = b.scalar("nationalId", "nationalId");
  b.schema.members[secret].masked_as = "hidden";
  const ir::MemberId address = b.object("homeAddress", "homeAddress/value");
  b.scalar("line1", "line1", address);
  b.scalar("city", "city", address);
  const ir::MemberId positions = b.list("positions", "positions");
  b.schema.members[positions].key = b.scalar("id", "id", positions);
  b.scalar("start", "contractStartDate", positions, "date");
  b.scalar("title", "title/name", positions);
  return b.schema;
}

// An XML record with periods, an attribute, and a member that is read in one place and written in another.
inline ir::Schema xml_schema() {
  SchemaBuilder b;
  b.schema.name = "payroll";
  b.schema.document = ir::DocumentFormat::xml;
  b.schema.records = "employee";
  const ir::MemberId base = b.object("base", "employeebaseinformation");
  b.schema.identity = b.scalar("netvisorkey", "netvisorkey", base);
  b.scalar("firstname", "firstname", base);
  b.scalar("lastname", "lastname", base);
  b.scalar("born", "dateofbirth", base, "date");
  b.scalar("identifiertype", "employeeidentifier/@type", base);
  const ir::MemberId payroll = b.object("payroll", "employeepayrollinformation");
  b.scalar("number", "/employeebaseinformation/employeenumber", payroll);
  const ir::MemberId periods = b.list("periods", "employmentperiods/employmentperiod");
  b.schema.members[periods].key = b.scalar("netvisorkey", "netvisorkey", periods);
  const ir::MemberId start = b.scalar("startdate", "startdate", periods, "date");
  b.schema.members[start].attributes = {{"format", "ansi"}};
  const ir::MemberId inner = b.object("employmentperiod", "", periods);
  b.scalar("profession", "profession", inner);
  b.scalar("enddate", "enddate", inner, "date");
  return b.schema;
}

}  // namespace dovetail::test
