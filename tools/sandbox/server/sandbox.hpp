// One simulated system behind a port of the loopback interface.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "tools/sandbox/core/fault.hpp"
#include "tools/sandbox/core/recorder.hpp"
#include "tools/sandbox/core/system.hpp"

namespace dovetail::sandbox {

struct ServerOptions {
  int port = 0;                // 0: any free one
  std::string record;          // a file that gets every call; empty: none
  int keep_alive_seconds = 5;  // an idle connection is closed after this
};

class Sandbox {
 public:
  // Listens before it returns. Fails when the port is taken or the record can't be written.
  static std::expected<std::unique_ptr<Sandbox>, std::string> start(std::unique_ptr<System> system,
                                                                    const ServerOptions& options = {});
  ~Sandbox();  // stops; waits for calls that are being answered
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  const std::string& url() const;  // http://127.0.0.1:PORT
  int port() const;
  Json credentials() const;

  // What a call of the control endpoint would answer, without HTTP. `path` begins after /_sandbox.
  Answer control(const std::string& method, const std::string& path, const Json& body = Json()) const;
  // The same for what tests need most. A wrong name or position is a bug of the caller: it throws
  // std::invalid_argument.
  void set_knob(const std::string& name, const std::string& position);
  int add_fault(const Json& description);
  void clear_faults();
  Json row(const std::string& table, const std::string& id) const;  // null when absent
  Json rows(const std::string& table) const;                        // {id: row}
  void put_row(const std::string& table, const std::string& id, const Json& row);
  void patch_row(const std::string& table, const std::string& id, const Json& members);
  void remove_row(const std::string& table, const std::string& id);
  void advance_clock(std::chrono::milliseconds step);
  std::vector<RecordedCall> calls() const;
  void forget_calls();

 private:
  struct Inside;
  explicit Sandbox(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace dovetail::sandbox
