#include "providers/toolkit/codec.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "providers/toolkit/json_tree.hpp"
#include "providers/toolkit/xml_tree.hpp"
#include "tests/providers/lines_agree.hpp"
#include "tests/providers/small_schema.hpp"

using namespace dovetail;
using namespace dovetail::providers;

namespace {

struct Read {
  ir::Schema schema;
  std::unique_ptr<Tree> tree;
  Snapshot snapshot;

  Value at(const char* path, RecordIndex record = 0) const {
    const ir::MemberId id = schema.id(*schema.find(path));
    return Value::of(snapshot.at(record, snapshot.layout().slot(id)));
  }
  Value element(const char* path, ElementIndex element) const {
    const ir::MemberId id = schema.id(*schema.find(path));
    return Value::of(snapshot.element(0, element, snapshot.layout().slot(id)));
  }
};

Read read(ir::Schema schema, const std::string& text) {
  const ir::Layout layout = ir::Layout::whole(schema);
  Read result{std::move(schema), nullptr, Snapshot(layout)};
  auto tree = result.schema.document == ir::DocumentFormat::json ? parse_json("hub.json", text, "items")
                                                                 : parse_xml("payroll.xml", text, "employee");
  INFO((tree ? "" : tree.error().what));
  REQUIRE(tree);
  result.tree = std::move(*tree);
  const Codec codec(result.schema, {});
  for (std::size_t i = 0; i < result.tree->size(); ++i) {
    const auto decoded = codec.decode(*result.tree, result.tree->record(i), result.snapshot);
    INFO((decoded ? "" : decoded.error().what));
    REQUIRE(decoded);
  }
  return result;
}

Read read_json(const std::string& record) { return read(test::wrapped_json_schema(), "{\"items\":[" + record + "]}"); }
Read read_xml(const std::string& record) {
  return read(test::xml_schema(), "<Root><employees><employee>" + record + "</employee></employees></Root>");
}

const Value unset{State::unset, ""};
const Value absent{State::absent, ""};
Value value(std::string text) { return {State::value, std::move(text)}; }

// Applies the changes and gives the document.
std::string written(Read& record, const std::vector<Change>& changes) {
  Codec codec(record.schema, {});
  int fresh = 900;
  const auto outcomes = codec.encode(*record.tree, record.tree->record(0), changes,
                                     [&fresh](ir::MemberId) { return std::to_string(++fresh); });
  for (const ChangeOutcome& outcome : outcomes) {
    INFO(outcome.reason);
    CHECK(outcome.kind == ChangeOutcome::Kind::done);
  }
  return record.tree->text();
}

Change set(const Read& record, const char* path, std::string text, std::string element = {}) {
  return {.member = record.schema.id(*record.schema.find(path)),
          .element = std::move(element),
          .clear = false,
          .value = std::move(text),
          .previous = {}};
}
Change clear(const Read& record, const char* path, std::string element = {}) {
  return {.member = record.schema.id(*record.schema.find(path)),
          .element = std::move(element),
          .clear = true,
          .value = {},
          .previous = {}};
}

}  // namespace

TEST_CASE("a member with a value, without one, and left out are told apart") {
  const Read person = read_json(R"({"id":"1","email":{"value":"a@example.com"},"birthDate":{"editable":true},
      "homeAddress":{"value":{"line1":"Gata 1","city":""}}})");
  CHECK(person.at("id") == value("1"));
  CHECK(person.at("email") == value("a@example.com"));
  CHECK(person.at("birthDate") == unset);
  CHECK(person.at("gender") == absent);
  CHECK(person.at("homeAddress.line1") == value("Gata 1"));
  CHECK(person.at("homeAddress.city") == unset);
  CHECK(person.snapshot.list(0, 0).state == State::absent);
}

TEST_CASE("null anywhere on the way means that there is no value") {
  const Read person = read_json(R"({"id":"1","email":null,"birthDate":{"value":null},"homeAddress":{"value":null}})");
  CHECK(person.at("email") == unset);
  CHECK(person.at("birthDate") == unset);
  CHECK(person.at("homeAddress.line1") == unset);
}

TEST_CASE("an object without its members says nothing about them, its wrapper without it does") {
  const Read inside = read_json(R"({"id":"1","homeAddress":{"value":{"line1":"Gata 1"}}})");
  CHECK(inside.at("homeAddress.city") == absent);
  const Read wrapper = read_json(R"({"id":"1","homeAddress":{"editable":true}})");
  CHECK(wrapper.at("homeAddress.city") == unset);
}

TEST_CASE("a list that is left out of an object of its own is not read, and one that is null or empty is") {
  test::SchemaBuilder b;
  b.schema.document = ir::DocumentFormat::json;
  b.schema.identity = b.scalar("id", "id");
  b.scalar("shift", "shift/name");
  const ir::MemberId contracts = b.list("contracts", "work/contracts");
  b.scalar("from", "from", contracts);
  const auto list = [&](const std::string& record) { return read(b.schema, "{\"items\":[" + record + "]}"); };
  for (const char* left_out : {R"({"id":"1"})", R"({"id":"1","work":{}})", R"({"id":"1","work":{"hours":8}})"}) {
    INFO(left_out);
    CHECK(list(left_out).snapshot.list(0, 0).state == State::absent);
  }
  for (const char* empty : {R"({"id":"1","work":{"contracts":[]}})", R"({"id":"1","work":{"contracts":null}})",
                            R"({"id":"1","work":null})"}) {
    INFO(empty);
    CHECK(list(empty).snapshot.list(0, 0).state != State::absent);
  }
  CHECK(list(R"({"id":"1","shift":{}})").at("shift") == absent);
}

TEST_CASE("a text where an object belongs is no value of what belongs below it") {
  Read person = read_json(R"({"id":"1","homeAddress":"Storgata 1, Oslo"})");
  CHECK(person.at("homeAddress.line1") == Value{State::invalid, "Storgata 1, Oslo"});
  CHECK(person.at("homeAddress.city") == Value{State::invalid, "Storgata 1, Oslo"});
  CHECK(read_json(R"({"id":"1","homeAddress":{"value":7}})").at("homeAddress.city") == Value{State::invalid, "7"});
  CHECK(read_json(R"({"id":"1","homeAddress":[{"city":"Oslo"}]})").at("homeAddress.city").state == State::invalid);
  // Some systems write these for an object without members.
  CHECK(read_json(R"({"id":"1","homeAddress":""})").at("homeAddress.city") == unset);
  CHECK(read_json(R"({"id":"1","homeAddress":[]})").at("homeAddress.city") == absent);

  const Read text = read_xml("<employeebaseinformation>Aino Virta</employeebaseinformation>");
  CHECK(text.at("base.firstname") == Value{State::invalid, "Aino Virta"});
}

TEST_CASE("nothing is written into a text where an object belongs") {
  const auto refusal = [](Read& record, const char* path) {
    const std::string before = record.tree->text();
    Codec codec(record.schema, {});
    const auto outcomes = codec.encode(*record.tree, record.tree->record(0), {set(record, path, "Oulu")},
                                       [](ir::MemberId) { return std::string("1"); });
    CHECK(outcomes[0].kind == ChangeOutcome::Kind::refused);
    CHECK(record.tree->text() == before);
    return outcomes[0].reason;
  };
  Read text = read_json(R"({"id":"1","homeAddress":"Storgata 1, Oslo"})");
  CHECK(refusal(text, "homeAddress.city") ==
        "hub.json:1:35: an object must stand here, so `value` cannot be written into it");
  Read list = read_json(R"({"id":"1","homeAddress":{"value":["Oslo"]}})");
  CHECK(refusal(list, "homeAddress.city") ==
        "hub.json:1:44: an object must stand here, so `city` cannot be written into it");
  Read xml = read_xml("<employeebaseinformation>Aino Virta</employeebaseinformation>");
  CHECK(refusal(xml, "base.firstname") ==
        "payroll.xml:1:28: elements must stand here, so `firstname` cannot be written into it");

  Read blank = read_json(R"({"id":"1","homeAddress":"","nationalId":"x"})");
  CHECK(written(blank, {set(blank, "homeAddress.city", "Oulu")}) ==
        R"({"items":[{"id":"1","homeAddress":{"value":{"city":"Oulu"}},"nationalId":"x"}]})");
}

TEST_CASE("a text where a list belongs is refused with its place") {
  const ir::Schema schema = test::xml_schema();
  const auto tree =
      parse_xml("p.xml", "<Root><employee><employmentperiods>2024</employmentperiods></employee></Root>", "employee");
  Snapshot into(ir::Layout::whole(schema));
  const auto decoded = Codec(schema, {}).decode(**tree, (*tree)->record(0), into);
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().what == "p.xml:1:17: a list of `employmentperiod` must stand here");
}

TEST_CASE("a schema may say that what is left out has no value") {
  ir::Schema schema = test::wrapped_json_schema();
  schema.omitted_is_unset = true;
  const Read person = read(schema, R"({"items":[{"id":"1","email":{}}]})");
  CHECK(person.at("nationalId") == unset);
  CHECK(person.at("email") == unset);
  CHECK(person.snapshot.list(0, 0).state == State::absent);
}

TEST_CASE("where what encloses a member by its own path is missing too, nothing was read") {
  test::SchemaBuilder b;
  b.schema.document = ir::DocumentFormat::json;
  b.schema.omitted_is_unset = true;
  b.schema.identity = b.scalar("id", "id");
  b.scalar("phone", "phone/value");
  b.scalar("account", "account/number");
  b.scalar("bic", "account/bic");
  const ir::MemberId home = b.object("home", "home/value");
  b.scalar("city", "city", home);
  b.scalar("zip", "zip/code", home);
  const ir::MemberId mail = b.object("mail", "mail");
  b.scalar("town", "town", mail);
  b.scalar("area", "area/name", mail);
  const ir::MemberId jobs = b.list("jobs", "jobs");
  b.scalar("title", "title/value/name", jobs);
  struct Row {
    const char* record;
    std::map<std::string, Value> seen;
  };
  const Value kept{State::value, "x"};
  for (const Row& row : std::initializer_list<Row>{
           {R"({"id":"1"})",
            {{"phone", absent},
             {"account", absent},
             {"home.city", absent},
             {"home.zip", absent},
             {"mail.town", unset},
             {"mail.area", unset}}},
           {R"({"id":"1","phone":{},"account":{"bic":"x"},"home":{},"mail":{}})",
            {{"phone", unset},
             {"account", unset},
             {"bic", kept},
             {"home.city", unset},
             {"home.zip", unset},
             {"mail.town", unset},
             {"mail.area", absent}}},
           {R"({"id":"1","home":{"value":{}},"mail":null})",
            {{"home.city", unset}, {"home.zip", absent}, {"mail.town", unset}, {"mail.area", unset}}},
           {R"({"id":"1","home":null,"phone":null})", {{"home.city", unset}, {"home.zip", unset}, {"phone", unset}}},
       }) {
    INFO(row.record);
    const Read person = read(b.schema, std::string(R"({"items":[)") + row.record + "]}");
    for (const auto& [member, seen] : row.seen) {
      INFO(member);
      CHECK(person.at(member.c_str()) == seen);
    }
    CHECK(test::read_alike(b.schema, ir::Layout::whole(b.schema), {}, std::string(row.record) + "\n"));
    CHECK(test::read_as_lines(b.schema, ir::Layout::whole(b.schema), {}, std::string(row.record) + "\n").odd_lines ==
          0);
  }
  const Read person =
      read(b.schema, R"({"items":[{"id":"1","jobs":[{"title":{"value":{}}},{"title":{}},{"title":null},{}]}]})");
  CHECK(person.element("jobs[].title", 0) == unset);
  CHECK(person.element("jobs[].title", 1) == unset);
  CHECK(person.element("jobs[].title", 2) == unset);
  CHECK(person.element("jobs[].title", 3) == absent);

  ir::Schema xml = test::xml_schema();
  xml.omitted_is_unset = true;
  CHECK(read(xml, "<Root><employee><employeebaseinformation/></employee></Root>").at("payroll.number") == unset);
  CHECK(read(xml, "<Root><employee><other/></employee></Root>").at("payroll.number") == absent);
  CHECK(read(xml, "<Root><employee><other/></employee></Root>").at("base.firstname") == unset);
}

TEST_CASE("a wrapper may be missing around a plain value, and stand where none is expected") {
  const Read person =
      read_json(R"({"id":{"value":"7"},"email":"a@example.com","positions":[{"id":"p","title":"Cook"}]})");
  CHECK(person.at("id") == value("7"));
  CHECK(person.at("email") == value("a@example.com"));
  CHECK(person.element("positions[].title", 0) == value("Cook"));
}

TEST_CASE("a masked text is neither a value nor nothing") {
  CHECK(read_json(R"({"id":"1","nationalId":"hidden"})").at("nationalId") == Value{State::masked, ""});
}

TEST_CASE("the words of an enumeration are translated, others kept if it is open") {
  CHECK(read_json(R"({"id":"1","gender":{"value":"Female"}})").at("gender") == value("female"));
  CHECK(read_json(R"({"id":"1","gender":{"value":"Non-binary"}})").at("gender") == value("Non-binary"));
  ir::Schema closed = test::wrapped_json_schema();
  closed.members[closed.id(*closed.find("gender"))].open_enum = false;
  const Read person = read(closed, R"({"items":[{"id":"1","gender":{"value":"Non-binary"}}]})");
  CHECK(person.at("gender") == Value{State::invalid, "Non-binary"});
}

TEST_CASE("a value that is not of its type keeps its raw text") {
  CHECK(read_json(R"({"id":"1","birthDate":{"value":"31.12.1990"}})").at("birthDate") ==
        Value{State::invalid, "31.12.1990"});
  CHECK(read_json(R"({"id":"1","email":["x"]})").at("email") == Value{State::invalid, R"(["x"])"});
}

TEST_CASE("a date may come with a time") {
  CHECK(read_json(R"({"id":"1","birthDate":{"value":"1990-12-31T00:00:00+00:00"}})").at("birthDate") ==
        value("1990-12-31"));
}

TEST_CASE("numbers are read as they are written") {
  CHECK(read_json(R"({"id":12,"email":{"value":37.50}})").at("email") == value("37.50"));
  CHECK(read_json(R"({"id":12345678901234567890})").at("id") == value("12345678901234567890"));
}

TEST_CASE("true and false are values of booleans alone") {
  test::SchemaBuilder b;
  b.schema.document = ir::DocumentFormat::json;
  b.schema.identity = b.scalar("id", "id");
  b.scalar("name", "name");
  b.scalar("born", "born", ir::no_member, "date");
  b.scalar("away", "away", ir::no_member, "boolean");
  for (const char* name : {"active", "sort"}) {
    const ir::MemberId id = b.scalar(name, name);
    b.schema.members[id].type = nullptr;
    b.schema.members[id].open_enum = name == std::string("sort");
    b.schema.members[id].words = {{"yes", name == std::string("sort") ? "x" : "true"}};
  }
  const std::string record = R"({"id":"1","name":true,"born":false,"away":true,"active":true,"sort":true})";
  const Read person = read(b.schema, "{\"items\":[" + record + "]}");
  CHECK(person.at("name") == Value{State::invalid, "true"});
  CHECK(person.at("born") == Value{State::invalid, "false"});
  CHECK(person.at("away") == value("true"));
  CHECK(person.at("active") == value("yes"));
  CHECK(person.at("sort") == Value{State::invalid, "true"});
  CHECK(test::read_alike(b.schema, ir::Layout::whole(b.schema), {}, record + "\n"));
  CHECK(test::read_as_lines(b.schema, ir::Layout::whole(b.schema), {}, record + "\n").odd_lines == 0);
}

TEST_CASE("list elements come with their members") {
  const Read person = read_json(
      R"({"id":"1","positions":[{"id":"p1","contractStartDate":"2024-01-15","title":{"id":"t","name":"Cook"}},{"id":"p2"}]})");
  CHECK(person.snapshot.list(0, 0).count == 2);
  CHECK(person.element("positions[].start", 0) == value("2024-01-15"));
  CHECK(person.element("positions[].title", 0) == value("Cook"));
  CHECK(person.element("positions[].title", 1) == absent);
}

TEST_CASE("a list in which an element has no id of its own is refused with its place, or named as not read") {
  const auto [text, why] = GENERATE(table<std::string, std::string>(
      {{R"({"id":"1","positions":[{"id":"p1"},{"title":{"name":"Cook"}}]})",
        "in.json:2:36: an element of `positions` without `id`"},
       {R"({"id":"1","positions":[{"id":""}]})", "in.json:2:24: an element of `positions` without `id`"},
       {R"({"id":"1","positions":[{"id":"p1"},{"id":"p1"}]})",
        "in.json:2:36: two elements of `positions` have the id p1"}}));
  const ir::Schema schema = test::wrapped_json_schema();
  const auto tree = providers::parse_json("in.json", "{\"items\":[\n" + text + "]}", schema.records);
  REQUIRE(tree);
  const providers::Codec codec(schema, {});
  Snapshot snapshot(ir::Layout::whole(schema));
  const Result<void> refused = codec.decode(**tree, (*tree)->record(0), snapshot);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == why);
  CHECK(snapshot.size() == 0);
  std::vector<std::string> unread;
  REQUIRE(codec.decode(**tree, (*tree)->record(0), snapshot, &unread));
  CHECK(unread == std::vector{"the list `positions` counts as not read: " + why});
  CHECK(snapshot.list(0, 0).state == State::absent);
  CHECK(snapshot.list(0, 0).count == 0);
  const auto id = snapshot.layout().slot(schema.identity);
  CHECK(snapshot.at(0, id).text == "1");
}

TEST_CASE("XML elements and attributes are read by their paths") {
  const Read person = read_xml(R"(<employeebaseinformation><netvisorkey>17</netvisorkey>
      <employeenumber>1001</employeenumber><employeeidentifier type="finnishidentifier">x</employeeidentifier>
      <firstname>Aino &amp; co</firstname><lastname></lastname></employeebaseinformation>
      <employmentperiods><employmentperiod><netvisorkey>5</netvisorkey><startdate format="ansi">2024-01-01</startdate>
      <profession><![CDATA[Cook]]></profession></employmentperiod></employmentperiods>)");
  CHECK(person.at("base.netvisorkey") == value("17"));
  CHECK(person.at("base.firstname") == value("Aino & co"));
  CHECK(person.at("base.lastname") == unset);
  CHECK(person.at("base.born") == absent);
  CHECK(person.at("base.identifiertype") == value("finnishidentifier"));
  CHECK(person.at("payroll.number") == value("1001"));
  CHECK(person.element("periods[].startdate", 0) == value("2024-01-01"));
  CHECK(person.element("periods[].employmentperiod.profession", 0) == value("Cook"));
}

TEST_CASE("a changed value leaves the rest of the document as it was") {
  const std::string text =
      "{\"items\": [\n  {\"id\":\"1\", \"email\":{\"value\":\"a@example.com\",\"editable\":true}},\n"
      "  {\"id\":\"2\",  \"unknown\":[1.50, 1e3]}\n], \"more\": {\"x\" : 0}}\n";
  Read person = read(test::wrapped_json_schema(), text);
  const std::string after = written(person, {set(person, "email", "b@example.com")});
  CHECK(after.find(R"({"id":"2",  "unknown":[1.50, 1e3]})") != after.npos);
  CHECK(after.find(R"({"x" : 0})") != after.npos);
  CHECK(read(test::wrapped_json_schema(), after).at("email") == value("b@example.com"));
}

TEST_CASE("what is missing on the way to a new value is made, in the schema's order") {
  Read person = read_json(R"({"id":"1","nationalId":"x"})");
  const std::string after =
      written(person, {set(person, "homeAddress.city", "Oslo"), set(person, "email", "a@example.com"),
                       set(person, "homeAddress.line1", "Gata 1"), set(person, "gender", "female")});
  CHECK(after ==
        R"({"items":[{"id":"1","email":{"value":"a@example.com"},"gender":{"value":"Female"},"nationalId":"x",)"
        R"("homeAddress":{"value":{"line1":"Gata 1","city":"Oslo"}}}]})");
}

TEST_CASE("a cleared JSON member is null, and read as without a value") {
  Read person = read_json(R"({"id":"1","email":{"value":"a@example.com","editable":true}})");
  const std::string after = written(person, {clear(person, "email")});
  CHECK(after == R"({"items":[{"id":"1","email":{"value":null,"editable":true}}]})");
  CHECK(read(test::wrapped_json_schema(), after).at("email") == unset);
}

TEST_CASE("an element that a write adds gets an id and stays one element for all its changes") {
  Read person = read_json(R"({"id":"1","positions":[{"id":"p1","contractStartDate":"2024-01-15"}]})");
  const std::string after = written(
      person, {set(person, "positions[].start", "2025-01-01", "+1"), set(person, "positions[].title", "Cook", "+1"),
               set(person, "positions[].start", "2024-01-16", "p1")});
  CHECK(after == R"({"items":[{"id":"1","positions":[{"id":"p1","contractStartDate":"2024-01-16"},)"
                 R"({"id":"901","contractStartDate":"2025-01-01","title":{"name":"Cook"}}]}]})");
}

TEST_CASE("an element for which no id can be made is not added") {
  Read person = read_json(R"({"id":"1","positions":[]})");
  Codec codec(person.schema, {});
  const auto outcomes =
      codec.encode(*person.tree, person.tree->record(0), {set(person, "positions[].title", "x", "+1")},
                   [](ir::MemberId) { return std::string(); });
  CHECK(outcomes[0].reason == "no id can be made that `positions[].id` would take");
  CHECK(person.tree->text() == R"({"items":[{"id":"1","positions":[]}]})");
}

TEST_CASE("an element that is not there is refused, and named") {
  Read person = read_json(R"({"id":"1","positions":[]})");
  Codec codec(person.schema, {});
  const auto outcomes =
      codec.encode(*person.tree, person.tree->record(0), {set(person, "positions[].title", "x", "p9")},
                   [](ir::MemberId) { return std::string("1"); });
  CHECK(outcomes[0].kind == ChangeOutcome::Kind::refused);
  CHECK(outcomes[0].reason == "no element `p9` in `positions`");
}

TEST_CASE("XML is edited in place, with new elements on lines of their own") {
  const std::string text =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Root>\r\n  <!-- kept -->\r\n  <employee>\r\n"
      "    <employeebaseinformation>\r\n      <netvisorkey>17</netvisorkey>\r\n      <lastname>Virta</lastname>\r\n"
      "    </employeebaseinformation>\r\n  </employee>\r\n</Root>\r\n";
  Read person = read(test::xml_schema(), text);
  const std::string after = written(person, {set(person, "base.firstname", "Ä & <b>"), clear(person, "base.lastname"),
                                             set(person, "periods[].startdate", "2024-01-01", "+1")});
  CHECK(after ==
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Root>\r\n  <!-- kept -->\r\n  <employee>\r\n"
        "    <employeebaseinformation>\r\n      <netvisorkey>17</netvisorkey>\r\n"
        "      <firstname>Ä &amp; &lt;b&gt;</firstname>\r\n      <lastname></lastname>\r\n"
        "    </employeebaseinformation>\r\n    <employmentperiods>\r\n      <employmentperiod>\r\n"
        "        <netvisorkey>901</netvisorkey>\r\n        <startdate format=\"ansi\">2024-01-01</startdate>\r\n"
        "        <profession></profession>\r\n        <enddate></enddate>\r\n"
        "      </employmentperiod>\r\n    </employmentperiods>\r\n  </employee>\r\n</Root>\r\n");
}

TEST_CASE(
    "a member whose empty text is not no value is emptied as null, also where the document has empty texts only") {
  test::SchemaBuilder b;
  b.schema.name = "payroll";
  b.schema.document = ir::DocumentFormat::json;
  b.schema.identity = b.scalar("id", "id");
  for (const char* name : {"note", "memo", "strict"}) b.scalar(name, name);
  b.schema.members[2].empty = ir::EmptyMeans::value;
  b.schema.members[3].empty = ir::EmptyMeans::invalid;
  Read person = read(b.schema, R"({"items":[{"id":"1","note":"n","memo":"m","strict":"s"},{"id":"2","note":""}]})");
  CHECK(written(person, {clear(person, "note"), clear(person, "memo"), clear(person, "strict")}) ==
        R"({"items":[{"id":"1","note":"","memo":null,"strict":null},{"id":"2","note":""}]})");
  const Read again = read(b.schema, std::string(person.tree->text()));
  for (const char* path : {"note", "memo", "strict"}) CHECK(again.at(path) == unset);

  Read other = read(b.schema, R"({"items":[{"id":"1","note":"n","memo":"m","strict":"s"},{"id":"2","note":""}]})");
  const Codec codec(other.schema, {});
  const auto added = other.tree->add_record();
  REQUIRE(added);
  REQUIRE(codec.begin_record(*other.tree, *added, "3"));
  const Read made = read(b.schema, std::string(other.tree->text()));
  for (const char* path : {"note", "memo", "strict"}) CHECK(made.at(path, 2) == unset);
}

TEST_CASE("a member whose empty text is not no value is left out of XML, where that says so, and else not emptied") {
  ir::Schema schema = test::xml_schema();
  const ir::MemberId first = schema.id(*schema.find("base.firstname"));
  schema.members[first].empty = ir::EmptyMeans::invalid;
  schema.omitted_is_unset = GENERATE(true, false);
  Read person = read(schema,
                     "<Root><employee><employeebaseinformation><netvisorkey>1</netvisorkey>"
                     "<firstname>Aino</firstname></employeebaseinformation></employee></Root>");
  const Codec codec(person.schema, {});
  const auto outcomes = codec.encode(*person.tree, person.tree->record(0), {clear(person, "base.firstname")},
                                     [](ir::MemberId) { return std::string("1"); });
  const std::string text(person.tree->text());
  if (schema.omitted_is_unset) {
    CHECK(outcomes[0].kind == ChangeOutcome::Kind::done);
    CHECK(outcomes[0].now == unset);
    CHECK(text.find("firstname") == text.npos);
  } else {
    CHECK(outcomes[0].kind == ChangeOutcome::Kind::refused);
    CHECK(outcomes[0].reason.find("`base.firstname` cannot be emptied: in a document of payroll") == 0);
    CHECK(text.find("<firstname>Aino</firstname>") != text.npos);
  }
}
