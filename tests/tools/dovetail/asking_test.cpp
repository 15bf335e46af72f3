// sync --ask, on a terminal that somebody types at.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/places.hpp"
#include "tests/tools/dovetail/typist.hpp"

using namespace dovetail::test;

namespace {

constexpr const char* prompt = "q = stop asking: ";
constexpr const char* question = "for everybody (empty";

struct Sample {
  Sample() {
    folder.write("huma.json", read_text(DOVETAIL_SOURCE_DIR "/tests/samples/netvisor/huma.json"));
    folder.write("netvisor.xml", read_text(DOVETAIL_SOURCE_DIR "/tests/samples/netvisor/netvisor.xml"));
    hub = folder.read("huma.json");
    provider = folder.read("netvisor.xml");
  }
  std::string ask(const std::string& more = {}) const {
    return fmt::format(
        "dovetail sync --map netvisor --hub '{}' --provider '{}' --test-system --today 2026-11-22 --ask "
        "--base '{}' {}",
        folder.file("huma.json"), folder.file("netvisor.xml"), folder.file("base.json"), more);
  }
  bool is_untouched() const {
    return folder.read("huma.json") == hub && folder.read("netvisor.xml") == provider &&
           !std::filesystem::exists(folder.path() / "base.json");
  }

  Folder folder;
  std::string hub, provider;
};

// One creation, and q: what only that one needs is asked then.
void decide_a_creation(Typist& typist) {
  REQUIRE(typist.sees(prompt));
  typist.types("h\n");
  REQUIRE(typist.sees(prompt));
  typist.types("q\n");
  REQUIRE(typist.sees(question));
}

}  // namespace

TEST_CASE("after q nothing more is asked, not even what only undecided people would need") {
  const Sample sample;
  Typist typist(sample.ask());
  REQUIRE(typist.sees(prompt));
  typist.types("q\n");
  CHECK(typist.ends() == 1);
  CHECK_THAT(typist.screen, !Catch::Contains(question));
  CHECK(sample.folder.read("netvisor.xml") == sample.provider);  // nothing was decided
}

TEST_CASE("what was answered before q is carried out") {
  const Sample sample;
  Typist typist(sample.ask("--kind conflict --field 'Given name' --field 'Family name' --field 'Phone number'"));
  REQUIRE(typist.sees(prompt));
  typist.types("h\n");
  REQUIRE(typist.sees(prompt));
  typist.types("q\n");
  CHECK(typist.ends() == 1);
  CHECK(sample.folder.read("netvisor.xml") != sample.provider);
}

TEST_CASE("a base that somebody else has changed while a person was asked is not replaced, and nothing is written") {
  const Sample sample;
  Typist typist(sample.ask("--kind conflict"));
  REQUIRE(typist.sees(prompt));
  const std::string theirs = R"({"dovetail": "base", "version": 4, "map": "netvisor", "links": []})";
  sample.folder.write("base.json", theirs);
  typist.types("h\n");
  REQUIRE(typist.sees(prompt));
  typist.types("q\n");
  CHECK(typist.ends() == 2);
  CHECK_THAT(typist.screen, Catch::Contains("was changed by somebody else since it was read; nothing was written"));
  CHECK(sample.folder.read("base.json") == theirs);
  CHECK(sample.folder.read("netvisor.xml") == sample.provider);
}

TEST_CASE("a question that a decision needs is asked, and q leaves it open: nobody is created without an answer") {
  const Sample sample;
  Typist typist(sample.ask("--kind create"));
  decide_a_creation(typist);
  typist.types("q\n");
  CHECK(typist.ends() == 1);
  CHECK(sample.folder.read("netvisor.xml") == sample.provider);
}

TEST_CASE("the end of the input before all was asked writes nothing, and says so") {
  for (const bool answers_first : {false, true}) {
    const Sample sample;
    Typist typist(sample.ask("--kind conflict"));
    REQUIRE(typist.sees(prompt));
    if (answers_first) {
      typist.types("p\n");
      REQUIRE(typist.sees(prompt));
    }
    typist.types("\x04");
    CHECK(typist.ends() == 2);
    CHECK_THAT(typist.screen, Catch::Contains("the input ended before all was asked: nothing was written"));
    CHECK(sample.is_untouched());
  }
  const Sample sample;
  Typist typist(sample.ask("--kind create"));
  decide_a_creation(typist);
  typist.types("\x04");
  CHECK(typist.ends() == 2);
  CHECK(sample.is_untouched());
}

TEST_CASE("an answer that is none is told what is expected, and asked for again") {
  const Sample sample;
  Typist typist(sample.ask("--kind conflict"));
  REQUIRE(typist.sees(prompt));
  typist.types("banana\n");
  REQUIRE(typist.sees("`banana` is no answer here: p, l, s or q is expected, or nothing for not now"));
  REQUIRE(typist.sees(prompt));
  typist.types("H\n");
  REQUIRE(typist.sees("`H` is no answer here"));
  REQUIRE(typist.sees(prompt));
  typist.types("q\n");
  CHECK(typist.ends() == 1);
}

TEST_CASE("questions have colours only where they are wanted") {
  const Sample sample;
  const std::string escape = "\x1B[1m";
  for (const auto& [choice, has] : {std::pair{"--color never", false},
                                    {"--color always", true},
                                    {"--color auto >/dev/null", true},
                                    {"--color auto 2>/dev/null", false}}) {
    const bool silent = std::string(choice).ends_with("2>/dev/null");
    Typist typist("NO_COLOR= TERM=xterm " + sample.ask(std::string("--kind conflict ") + choice));
    if (!silent) REQUIRE(typist.sees(prompt));
    typist.types("\x04");
    CHECK(typist.ends() == 2);
    INFO(choice);
    CHECK((typist.screen.find(escape) != std::string::npos) == has);
  }
}
