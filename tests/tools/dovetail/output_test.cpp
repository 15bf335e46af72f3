// What people read, word for word.
#include <catch2/catch.hpp>

#include "tests/golden.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;

namespace {

const std::string sample =
    " --map rules/netvisor.map --hub tests/samples/netvisor/huma.json --provider tests/samples/netvisor/netvisor.xml"
    " --test-system --today 2026-11-21 ";

}  // namespace

TEST_CASE("a first plan of the sample") {
  const Ran ran = run("dovetail plan" + sample);
  CHECK(ran.exit == 1);
  compare_golden("dovetail/plan.txt", ran.out);
}

TEST_CASE("a plan as JSON, filtered to one field and kind") {
  const Ran ran =
      run("dovetail plan --format json --kind conflict --field 'Bank account number' --person tuuli" + sample);
  CHECK(ran.exit == 1);
  compare_golden("dovetail/plan_people.txt", ran.out.substr(0, ran.out.find("\"people\"")));
  compare_golden("dovetail/plan_entries.txt", ran.out.substr(ran.out.find("\"entries\"")));
}

TEST_CASE("a synchronisation of the sample, in which the hub wins") {
  const Folder folder;
  const Ran ran =
      run("dovetail sync --decide hub --create both --answer 'Payroll rule group=Kuukausipalkka'"
          " --answer 'Contract type of positions added to Huma=permanent' --out-hub '" +
          folder.file("huma.json") + "' --out-provider '" + folder.file("netvisor.xml") + "'" + sample);
  CHECK(ran.exit == 1);
  compare_golden("dovetail/sync_hub.txt", ran.out);
}

TEST_CASE("why one person's fields are as they are") {
  const Ran ran = run("dovetail explain 168" + sample);
  CHECK(ran.exit == 0);
  compare_golden("dovetail/explain.txt", ran.out);
}

TEST_CASE("help says what every option is for") {
  compare_golden("dovetail/help.txt", run("dovetail --help").out + run("dovetail plan --help").out +
                                          run("dovetail sync --help").out + run("dovetail explain --help").out);
}
