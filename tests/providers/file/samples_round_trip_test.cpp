// Every record of every sample, through its real schema: what is read is written back, and reads the same.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "providers/file/export_file.hpp"
#include "tests/dsl/rule_files.hpp"
#include "tests/places.hpp"

using namespace dovetail;
using namespace dovetail::providers;
using namespace dovetail::test;

namespace {

namespace fs = std::filesystem;

struct Sample {
  const char* map;
  ir::Side side;
  const char* file;  // below tests/samples; several: "folder/a.json,b.json"
};

std::vector<std::string> files_of(const std::string& names, const fs::path& folder) {
  std::vector<std::string> files;
  for (std::size_t begin = 0; begin < names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    files.push_back((folder / names.substr(begin, end - begin)).string());
    begin = end + 1;
  }
  return files;
}

// Sets every value to itself, and clears what has none.
std::vector<Change> same_again(const Snapshot& snapshot, RecordIndex record, const ir::Schema& schema) {
  std::vector<Change> changes;
  const auto add = [&](ir::MemberId member, const std::string& element, Observation seen) {
    if (seen.state == State::value) {
      changes.push_back(
          {.member = member, .element = element, .clear = false, .value = std::string(seen.text), .previous = {}});
    } else if (seen.state == State::unset) {
      changes.push_back({.member = member, .element = element, .clear = true, .value = {}, .previous = {}});
    }
  };
  const ir::Layout& layout = snapshot.layout();
  for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot) add(layout.slots[slot], {}, snapshot.at(record, slot));
  for (std::size_t list = 0; list < layout.lists.size(); ++list) {
    const Snapshot::List of = snapshot.list(record, list);
    const ir::SlotId key = layout.slot(schema.members[layout.lists[list].list].key);
    for (ElementIndex element = of.first; element < of.first + of.count; ++element) {
      const std::string id(snapshot.element(list, element, key).text);
      for (ir::SlotId slot = 0; slot < layout.lists[list].slots.size(); ++slot) {
        add(layout.lists[list].slots[slot], id, snapshot.element(list, element, slot));
      }
    }
  }
  return changes;
}

// All that a snapshot says, in order.
std::vector<Value> content(const Snapshot& snapshot) {
  std::vector<Value> values;
  const ir::Layout& layout = snapshot.layout();
  for (RecordIndex record = 0; record < snapshot.size(); ++record) {
    for (ir::SlotId slot = 0; slot < layout.slots.size(); ++slot)
      values.push_back(Value::of(snapshot.at(record, slot)));
    for (std::size_t list = 0; list < layout.lists.size(); ++list) {
      const Snapshot::List of = snapshot.list(record, list);
      values.push_back({of.state, std::to_string(of.count)});
      for (ElementIndex element = of.first; element < of.first + of.count; ++element) {
        for (ir::SlotId slot = 0; slot < layout.lists[list].slots.size(); ++slot) {
          values.push_back(Value::of(snapshot.element(list, element, slot)));
        }
      }
    }
  }
  return values;
}

}  // namespace

TEST_CASE("every member of every sample is written back and reads the same") {
  const auto sample = GENERATE(Sample{"netvisor", ir::Side::hub, "netvisor/huma.json"},
                               Sample{"netvisor", ir::Side::provider, "netvisor/netvisor.xml"},
                               Sample{"poweroffice_go", ir::Side::provider, "poweroffice_go/poweroffice_go.json"},
                               Sample{"finago", ir::Side::provider, "finago/finago.json"},
                               Sample{"finago", ir::Side::hub, "ndjson/huma.ndjson"},
                               Sample{"finago", ir::Side::provider, "ndjson/finago.ndjson"},
                               Sample{"poweroffice_go", ir::Side::provider,
                                      "poweroffice_go_apart/addresses.json,bank_accounts.json,employees.json"},
                               Sample{"poweroffice_go", ir::Side::provider,
                                      "ndjson_apart/addresses.ndjson,bank_accounts.ndjson,employees.ndjson"},
                               Sample{"finago", ir::Side::provider, "finago_apart/employees.json,employments.json"});
  INFO(sample.file);
  const auto map = compile_map(sample.map);
  const ir::Schema& schema = map->rules().schema(sample.side);
  const CheckContext context{.tables = &reference_tables(), .today = std::nullopt, .region = {}, .test_system = true};
  const fs::path from = fs::path(DOVETAIL_SOURCE_DIR) / "tests/samples" / fs::path(sample.file).parent_path();
  const std::string names = std::string(sample.file).substr(std::string(sample.file).find('/') + 1);
  const auto opened = ExportFile::open(files_of(names, from), schema, context);
  INFO((opened ? "" : opened.error().what));
  REQUIRE(opened);
  const ir::Layout layout = ir::Layout::whole(schema);
  Snapshot before(layout);
  REQUIRE((*opened)->list(before).value().complete);
  REQUIRE(before.size() > 10);

  for (RecordIndex record = 0; record < before.size(); ++record) {
    const std::string id(before.at(record, layout.slot(schema.identity)).text);
    const auto outcomes = (*opened)->update(id, same_again(before, record, schema));
    REQUIRE(outcomes);
    for (const ChangeOutcome& outcome : *outcomes) {
      INFO(id << " " << outcome.reason);
      CHECK(outcome.kind == ChangeOutcome::Kind::done);
    }
  }
  std::string place = (fs::temp_directory_path() / "dovetail-XXXXXX").string();
  const fs::path folder = ::mkdtemp(place.data());
  StagedFiles files;
  const bool several = names.find(',') != names.npos;
  REQUIRE((*opened)->stage(files, several ? folder : folder / names));
  REQUIRE(files.commit());
  Snapshot after(layout);
  {
    const auto again = ExportFile::open(files_of(names, folder), schema, context);
    REQUIRE(again);
    REQUIRE((*again)->list(after));
  }
  fs::remove_all(folder);
  const std::vector<Value> first = content(before), second = content(after);
  REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] != second[i]) {
      FAIL_CHECK("cell " << i << ": " << name(first[i].state) << " " << first[i].text << " became "
                         << name(second[i].state) << " " << second[i].text);
    }
  }
}
