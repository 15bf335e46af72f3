// Nothing is written over something else, nor half, and an option without a value is not one that was not given.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/places.hpp"
#include "tests/run.hpp"

using namespace dovetail::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* last_line = "dovetail: nothing was read or written\n";

// A sample with rules of its own, which a test may break.
class Files {
 public:
  Files() {
    fs::create_directories(folder.path() / "apart");
    const fs::path samples = DOVETAIL_SOURCE_DIR "/tests/samples";
    fs::copy_file(samples / "poweroffice_go/huma.json", folder.file("hub.json"));
    fs::copy_file(samples / "poweroffice_go/poweroffice_go.json", folder.file("prov.json"));
    for (const char* name : {"addresses.json", "bank_accounts.json", "employees.json"})
      fs::copy_file(samples / "poweroffice_go_apart" / name, folder.path() / "apart" / name);
    fs::copy(DOVETAIL_SOURCE_DIR "/rules", folder.path() / "rules", fs::copy_options::recursive);
  }
  std::string command(const std::string& more, const std::string& provider = "prov.json") const {
    return fmt::format(
        "cd '{}' && dovetail sync --map rules/poweroffice_go.map --hub hub.json --provider {} --test-system "
        "--today 2026-11-22 --decide hub {}",
        folder.path().string(), provider, more);
  }
  // What stands in every file, links and what they lead to included.
  std::string all() const {
    std::string text;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      text += fmt::format("{} {} ", entry.path().string(), static_cast<int>(entry.symlink_status().type()));
      if (entry.is_regular_file()) text += read_text(entry.path());
    }
    return text;
  }
  // The message; checks that nothing was done.
  std::string refusal(const std::string& more, const std::string& provider = "prov.json") const {
    const std::string before = all();
    const Answer ran = answer(command(more, provider));
    INFO(more << "\n" << ran.err);
    CHECK(ran.exit == 2);
    CHECK(ran.out.empty());
    CHECK(all() == before);
    return ran.err;
  }

  Folder folder;
};

}  // namespace

TEST_CASE("an output takes the place of nothing that the run reads, however it is named") {
  const Files files;
  CHECK(files.refusal("--out-provider hub.json") ==
        std::string("dovetail: --out-provider hub.json: writing that would destroy what --hub hub.json reads: name "
                    "another file\n") +
            last_line);
  fs::create_symlink("hub.json", files.folder.path() / "link");
  fs::create_hard_link(files.folder.path() / "hub.json", files.folder.path() / "hard");
  for (const char* name : {"link", "hard", "apart/../hub.json", "\"$PWD/hub.json\""}) {
    CHECK_THAT(files.refusal(fmt::format("--out-provider {}", name)), Catch::Contains("what --hub hub.json reads"));
  }
  CHECK_THAT(files.refusal("--base hub.json"), Catch::Contains("--base hub.json: writing that would destroy what --hub "
                                                               "hub.json reads"));
  CHECK_THAT(files.refusal("--base prov.json --out-provider out.json"), Catch::Contains("what --provider prov.json"));
  CHECK_THAT(files.refusal("--out-provider rules/poweroffice_go.map"), Catch::Contains("what --map "));
  CHECK_THAT(files.refusal("--out-hub rules/schemas/huma.schema.map"), Catch::Contains("what --map "));
  CHECK_THAT(files.refusal("--out-hub rules/tables/iban.tsv"), Catch::Contains("what --map "));
  CHECK_THAT(files.refusal("--base b.json --key-file hub.json"), Catch::Contains("what --key-file hub.json reads"));
  CHECK_THAT(files.refusal("--decisions prov.json"), Catch::Contains("what --decisions prov.json reads"));
  CHECK_THAT(files.refusal("", "hub.json"), Catch::Contains("what --provider hub.json reads"));
  // The key that would be made there, and one that is there.
  CHECK_THAT(files.refusal("--base b.json --out-provider b.json.key"), Catch::Contains("what --base (its key) "));
  CHECK_THAT(files.refusal("--base b.json --out-provider ./apart/../b.json"), Catch::Contains("--base b.json"));
}

TEST_CASE("two outputs are two files, and the lists of an export keep their places") {
  const Files files;
  const std::string two = files.refusal("--out-hub x --out-provider ./x");
  CHECK_THAT(two, Catch::Contains("--out-provider ./x: --out-hub x is written to the same file: name two"));
  CHECK_THAT(
      files.refusal("--base apart/addresses.json --out-provider .", "apart"),
      Catch::Contains("--base apart/addresses.json: writing that would destroy what --provider apart/addresses"));
  fs::copy_file(files.folder.file("apart/addresses.json"), files.folder.file("bank_accounts.json"));
  CHECK_THAT(files.refusal("--out-provider .", "bank_accounts.json,apart/bank_accounts.json,apart/employees.json"),
             Catch::Contains("--out-provider ./bank_accounts.json: writing that would destroy what --provider "
                             "bank_accounts.json reads"));
}

TEST_CASE("only files are written, and where a link leads nowhere it stays") {
  const Files files;
  REQUIRE(::mkfifo(files.folder.file("pipe").c_str(), 0600) == 0);
  fs::create_symlink("nothing", files.folder.path() / "dangling");
  fs::create_directory(files.folder.path() / "dir");
  CHECK_THAT(files.refusal("--out-provider pipe"), Catch::Contains("--out-provider pipe: that is a pipe"));
  CHECK_THAT(files.refusal("--base pipe"), Catch::Contains("--base pipe: that is a pipe"));
  CHECK_THAT(files.refusal("--out-hub dir"), Catch::Contains("--out-hub dir: a folder stands there"));
  for (const char* option : {"--base", "--out-hub", "--out-provider"}) {
    CHECK_THAT(files.refusal(fmt::format("{} dangling", option)),
               Catch::Contains(fmt::format("{} dangling: that is a link to nothing, which is not there", option)));
  }
  CHECK_THAT(files.refusal("", "pipe"), Catch::Contains("--provider pipe: that is a pipe"));
  const Answer worker = answer(fmt::format(
      "cd '{}' && dovetail work --store sqlite:s.db --key-file k --metrics-file pipe", files.folder.path().string()));
  CHECK(worker.exit == 2);
  CHECK_THAT(worker.err, Catch::StartsWith("dovetail: --metrics-file pipe: that is a pipe"));
}

TEST_CASE("an output whose folder is not there, is none, or takes no files is refused with what to do") {
  const Files files;
  const auto said = [](const std::string& what) { return "dovetail: " + what + "\n" + last_line; };
  CHECK(files.refusal("--out-provider dir", "apart") ==
        said("--out-provider dir: --provider is 3 files, so a folder is written: there is no folder dir: make it first "
             "(mkdir -p), or name another"));
  CHECK(
      files.refusal("--out-provider hub.json", "apart") ==
      said("--out-provider hub.json: --provider is 3 files, so a folder is written: hub.json is a file and no folder: "
           "name another"));
  fs::create_directory(files.folder.path() / "dir");
  CHECK(files.refusal("--out-provider dir") ==
        said("--out-provider dir: a folder stands there, and --provider is one file, so one is written: name it, as "
             "dir/prov.json"));
  CHECK_THAT(files.refusal("--out-provider none/x.json"),
             Catch::Contains("--out-provider none/x.json: there is no folder none: make it first (mkdir -p), or name "
                             "another\n"));
  CHECK_THAT(files.refusal("--out-hub hub.json/x.json"),
             Catch::Contains("hub.json is a file and no folder: name another"));
  CHECK_THAT(files.refusal("--base none/b.json"), Catch::Contains("--base none/b.json: there is no folder "));
  if (::geteuid() == 0) return;  // may write everywhere
  fs::permissions(files.folder.path() / "dir", fs::perms::owner_read | fs::perms::owner_exec);
  CHECK_THAT(
      files.refusal("--out-provider dir", "apart"),
      Catch::Contains("nothing can be written in the folder dir (Permission denied): allow it, or name another"));
  CHECK_THAT(files.refusal("--out-provider dir/x.json"), Catch::Contains("(Permission denied)"));
}

TEST_CASE("plan says that only sync writes, wherever an output is named") {
  const Files files;
  const Answer planned =
      answer(fmt::format("cd '{}' && dovetail plan --map rules/poweroffice_go.map --hub hub.json "
                         "--provider prov.json --test-system --out-provider dir",
                         files.folder.path().string()));
  CHECK(planned.exit == 2);
  CHECK(planned.err == "dovetail: --out-provider dir: only sync writes; leave it out, or run sync\n");
}

TEST_CASE("an export is written over itself, also where it is named as its output, through a link, or in a folder") {
  const Files files;
  CHECK(answer(files.command("--base b.json --out-provider ./prov.json")).exit == 1);
  CHECK(answer(files.command("--base b.json")).exit == 1);  // quiet but for who exists on one side
  fs::rename(files.folder.file("prov.json"), files.folder.file("real.json"));
  fs::create_symlink("real.json", files.folder.path() / "prov.json");
  const std::string before = files.folder.read("real.json");
  const Answer through = answer(files.command("--create provider"));
  INFO(through.err);
  CHECK(through.exit != 2);
  CHECK(fs::is_symlink(files.folder.path() / "prov.json"));
  CHECK(files.folder.read("real.json") != before);
  CHECK(answer(files.command("--out-provider apart", "apart")).exit != 2);
  // A folder of one file is a folder, too.
  fs::create_directories(files.folder.path() / "one");
  fs::create_directories(files.folder.path() / "out");
  fs::copy_file(files.folder.file("real.json"), files.folder.file("one/people.json"));
  CHECK(answer(files.command("--out-provider out", "one")).exit != 2);
  CHECK(fs::is_regular_file(files.folder.path() / "out/people.json"));
}

TEST_CASE("plan, too, says that a base is something else, and it writes no place of its own") {
  const Files files;
  const std::string plan = "cd '" + files.folder.path().string() +
                           "' && dovetail plan --map rules/poweroffice_go.map --hub hub.json --provider prov.json ";
  const Answer same = answer(plan + "--base hub.json");
  CHECK(same.exit == 2);
  CHECK_THAT(same.err, Catch::Contains("hub.json: not a base file"));
}

TEST_CASE("an output of a system, which is written itself, is refused") {
  const Files files;
  CHECK(answer(fmt::format("cd '{}' && dovetail sync --map netvisor --hub huma:http://127.0.0.1:9 --provider prov.json "
                           "--out-hub x",
                           files.folder.path().string()))
            .err ==
        "dovetail: --out-hub: huma:http://127.0.0.1:9 is a system, which is written itself: leave it out\n");
}

TEST_CASE("an option without a value is not taken for one that was not given, in any command") {
  const Files files;
  for (const char* option : {"--out-provider", "--out-hub", "--base", "--map", "--decisions", "--credentials",
                             "--ca-file", "--key-file", "--hub", "--today", "--person", "--answer"}) {
    const std::string said = files.refusal(fmt::format("{} ''", option));
    CHECK_THAT(said, Catch::StartsWith(fmt::format("{}: its value is empty", option)));
    const std::string bare = files.refusal(fmt::format("{}=", option));
    CHECK_THAT(bare, Catch::StartsWith(fmt::format("{}: its value is empty", option)));
  }
  for (const char* command :
       {"connection add c --map netvisor --hub huma: --provider netvisor: --scope-file ''", "store init --store ''",
        "store backup ''", "person erase x --yes --connection ''", "rules approve ''", "work --metrics-file ''",
        "event c --from ''", "mail set --server smtp://x --from a --to b --password-file ''", "retry c ''",
        "conformance huma --url ''", "connection set c --ca-file ''"}) {
    const Answer ran = answer(fmt::format("cd '{}' && dovetail {}", files.folder.path().string(), command));
    INFO(command);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Catch::Contains(": its value is empty: name something, or leave it out"));
  }
}

TEST_CASE("a file that may grow no further is told, and nothing half is left") {
  const Files files;
  for (const char* more : {"--base b.json", "--out-provider big.json", "--base b.json --key-file k"}) {
    if (std::string(more).ends_with('k')) files.folder.write("k", std::string(64, 'a') + "\n");
    const std::string before = files.all();
    const Answer ran = answer("ulimit -f 4; " + files.command(more));
    INFO(more << "\n" << ran.err);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Catch::Contains("cannot write: File too large"));
    CHECK(files.all() == before);
  }
}

TEST_CASE("the reference tables stand beside the map, or above it, before anywhere else is looked") {
  const Files files;
  const fs::path rules = files.folder.path() / "rules", mine = files.folder.path() / "mine";
  fs::create_directories(mine);
  fs::create_directories(rules / "mine");
  const auto plan = [&](const char* where, const std::string& map) {
    return answer(fmt::format("cd '{}' && {} dovetail plan --map {} --hub hub.json --provider prov.json --test-system",
                              files.folder.path().string(), where, map));
  };
  CHECK(plan("DOVETAIL_RULES=/none", "rules/poweroffice_go.map").exit == 1);
  // One folder below them; a folder of another meaning does not count.
  for (const char* name : {"schemas", "library"}) {
    if (fs::exists(rules / name)) fs::copy(rules / name, rules / "mine" / name, fs::copy_options::recursive);
  }
  fs::copy_file(rules / "poweroffice_go.map", rules / "mine/poweroffice_go.map");
  fs::create_directories(rules / "mine/tables");
  CHECK(plan("DOVETAIL_RULES=/none", "rules/mine/poweroffice_go.map").exit == 1);
  CHECK(answer(fmt::format("cd '{}' && DOVETAIL_RULES=/none mapcheck rules/mine/poweroffice_go.map",
                           files.folder.path().string()))
            .err.empty());
  fs::copy(rules / "mine", mine, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  const Answer none = plan("DOVETAIL_RULES=/none", "mine/poweroffice_go.map");
  CHECK(none.exit == 2);
  CHECK(none.err ==
        fmt::format("dovetail: mine/poweroffice_go.map: the reference tables (a folder tables, with countries.tsv and "
                    "others) stand neither beside it, in {}, nor in the folder above; DOVETAIL_RULES is /none, which "
                    "has no folder tables\n",
                    mine.string()));
  CHECK(plan("", "mine/poweroffice_go.map").exit == 1);  // those that came along
}
