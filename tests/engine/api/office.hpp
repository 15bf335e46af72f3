// A runtime on a store of its own, with simulated systems to connect.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/api/calls.hpp"
#include "tests/run.hpp"
#include "tools/sandbox/server/sandbox.hpp"

namespace dovetail::test {

using Json = nlohmann::ordered_json;

class Office {
 public:
  Office();

  void open_again();  // the runtime, as after a restart
  // Starts it, once.
  sandbox::Sandbox& system(const std::string& name, int people = 5);
  // What `connection.add` wants to connect Huma with that provider, but for `company`.
  Json wanted(const std::string& name, const std::string& provider);
  // Introduced and added.
  Json connect(const std::string& name, const std::string& provider);

  // The answer; `failed` has its kind of error, or is empty.
  Json call(Json request);
  Json ok(Json request);              // it must not fail
  std::string failure(Json request);  // "kind: what"; it must fail

  Folder folder;
  const std::string key = std::string(64, '7');
  std::unique_ptr<Runtime> runtime;

 private:
  std::map<std::string, std::unique_ptr<sandbox::Sandbox>> systems_;
};

// The adapter's names for what the sandbox shows.
Json credentials_of(const std::string& system, const sandbox::Sandbox& sandbox);

}  // namespace dovetail::test
