// A PostgreSQL server of a test's own: on a free port of this machine, with a folder of its own, gone with the test.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace dovetail::test {

class PostgresServer {
 public:
  // Starts with an empty folder, or as a standby that follows `primary`. Fails the test if it cannot.
  PostgresServer() : PostgresServer(nullptr) {}
  explicit PostgresServer(const PostgresServer* primary);
  // `next_port` is asked again when another program has taken the port before the server could.
  PostgresServer(const PostgresServer* primary, std::function<int()> next_port);
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer();

  // The one that the tests of this program share.
  static PostgresServer& shared();

  static int free_port();  // free when it was asked for

  int port() const { return port_; }
  std::string conninfo(const std::string& database) const;
  std::string make_database();  // empty; its conninfo
  // Runs statements, one after the other, and gives the first column of the last one's rows.
  std::vector<std::string> query(const std::string& conninfo, const std::string& statements) const;

  void kill();     // as a power cut would
  void start();    // after kill()
  void promote();  // a standby becomes the primary
  // All of its processes stop where they are, as on a machine that hangs, or go on.
  void stand_still(bool on);

 private:
  void make_folder(const PostgresServer* primary);
  bool try_to_start();  // false: the server ended, as it does when its port is taken
  bool answers() const;
  void run(const std::vector<std::string>& command) const;

  std::string folder_;
  int port_ = 0;
  pid_t server_ = 0;
  int databases_ = 0;
};

}  // namespace dovetail::test
