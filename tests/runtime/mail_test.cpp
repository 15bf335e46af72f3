// What people are told, and by mail: once each, without values of people, and nothing is lost while the server is down.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <regex>

#include "engine/runtime/notify.hpp"
#include "engine/store/keyed_hash.hpp"
#include "tests/runtime/mail_sink.hpp"
#include "tests/runtime/stage.hpp"

using namespace dovetail;
using namespace dovetail::test;
using sandbox::Json;

namespace {

std::vector<Notification> waiting(Stage& stage) {
  return stage.store.read([](Transaction& now) { return now.notifications(); });
}

// With the store's place and key in front.
Ran dovetail_on(Stage& stage, const std::string& command) {
  return run(fmt::format("DOVETAIL_KEY={} dovetail {} --store '{}'", key_text(stage.store.key()), command,
                         stage.store.where()));
}

// Without what differs from one mail to the next.
std::string steady(std::string text) {
  text = std::regex_replace(text, std::regex("Date: [^\n]*"), "Date: …");
  text = std::regex_replace(text, std::regex("Message-ID: [^\n]*"), "Message-ID: …");
  text = std::regex_replace(text, std::regex("boundary=[^\n]*"), "boundary=…");
  return std::regex_replace(text, std::regex("--------------------------[0-9A-Za-z]*"), "--…");
}

}  // namespace

TEST_CASE("a finished run, a quarantine and a tripped guard are each told once, without values of people") {
  Stage stage({.people = 3});
  stage.activate();
  const std::string id = stage.hub_ids().front();
  stage.provider->add_fault({{"kind", "status"}, {"status", 401}, {"times", -1}});
  stage.hub->patch_row("users", id, {{"givenName", "Synnøve"}});
  for (int i = 0; i < 3; ++i) {
    stage.tell(id);
    stage.work();
  }
  stage.store.write([&](Transaction& now) { return now.post(about_guard(stage.id, at(86'400'000))); });
  CHECK_FALSE(stage.store.write([&](Transaction& now) { return now.post(about_guard(stage.id, at(86'500'000))); }));
  const std::vector<Notification> all = waiting(stage);
  REQUIRE(all.size() == 3);
  std::string texts;
  for (const Notification& one : all) texts += one.kind + "\n" + one.content + "\n\n";
  CHECK(texts.find("Synn") == std::string::npos);
  CHECK(texts.find(id) == std::string::npos);
  compare_golden("runtime/notifications.txt", texts);
}

TEST_CASE("mails wait while their server is down, and each goes out once") {
  Stage stage({.people = 3});
  stage.activate();
  stage.store.close();
  int port = 0;
  {
    port = MailSink().port();
  }  // free now, and nobody listens
  const Ran set =
      dovetail_on(stage, fmt::format("mail set --server smtp://127.0.0.1:{} --plain --from dovetail@host.example "
                                     "--to payroll@company.example --to hr@company.example "
                                     "--link 'https://host.example/connections/{{connection}}'",
                                     port));
  INFO(set.out);
  REQUIRE(set.exit == 0);
  const Ran down = dovetail_on(stage, "mail send");
  CHECK(down.exit == 1);
  CHECK(down.out.find("not sent, and kept") != std::string::npos);
  CHECK(dovetail_on(stage, "mail show").out.find("tried 1 times") != std::string::npos);

  MailSink sink(port);
  stage.store.open();
  stage.store.write([](Transaction& now) {  // its pause is over
    const auto all = now.notifications();
    return now.tell_later(all->front().id, at(1), "down");
  });
  stage.store.close();
  const Ran up = dovetail_on(stage, "mail send");
  INFO(up.out);
  CHECK(up.exit == 0);
  CHECK(dovetail_on(stage, "mail send").out == "0 sent\n");
  const std::vector<TakenMail> mails = sink.mails();
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].from == "dovetail@host.example");
  CHECK(mails[0].to == std::vector<std::string>{"payroll@company.example", "hr@company.example"});
  compare_golden("runtime/mail.txt", steady(mails[0].text));
}

TEST_CASE("settings of mails that cannot work are refused, and the password is never shown") {
  Stage stage({.people = 1});
  stage.store.close();
  Folder folder;
  folder.write("password", "hemmelig\n");
  const auto set = [&](const std::string& more) {
    return dovetail_on(stage, "mail set --server smtp://127.0.0.1:1 --from a@host.example --to b@host.example " + more);
  };
  CHECK(dovetail_on(stage, "mail set --server host --from a@b.example --to c@d.example").exit == 2);
  CHECK(dovetail_on(stage, "mail set --server smtp://h --from nobody --to c@d.example").exit == 2);
  CHECK(set("--user me").exit == 2);
  CHECK(dovetail_on(stage, "mail test").exit == 2);
  REQUIRE(set("--user me --password-file " + folder.file("password")).exit == 0);
  const Ran shown = dovetail_on(stage, "mail show");
  CHECK(shown.out.find("me, with a password") != std::string::npos);
  CHECK(shown.out.find("hemmelig") == std::string::npos);
  CHECK(dovetail_on(stage, "mail test").exit == 2);
  CHECK(dovetail_on(stage, "mail off").exit == 0);
  CHECK(dovetail_on(stage, "mail show").out == "nobody is told by mail\n");
}
