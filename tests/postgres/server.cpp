#include "tests/postgres/server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace dovetail::test {
namespace {

const std::string programs = "/usr/lib/postgresql/15/bin/";

// The server refuses to run as root.
const passwd* server_user() { return ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr; }

// A child that ends with us, writing to `log`.
pid_t spawn(const std::vector<std::string>& command, const std::string& log) {
  const passwd* user = server_user();
  std::vector<char*> arguments;
  for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (user != nullptr) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0) ::_exit(126);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

PostgresServer::PostgresServer(const PostgresServer* primary) : PostgresServer(primary, free_port) {}

PostgresServer::PostgresServer(const PostgresServer* primary, std::function<int()> next_port) {
  make_folder(primary);
  for (int i = 0; i < 20; ++i) {
    port_ = next_port();
    if (try_to_start()) return;
  }
  throw std::runtime_error("the server does not start on any port; see " + folder_ + "/log");
}

PostgresServer::~PostgresServer() {
  kill();
  std::filesystem::remove_all(folder_);
}

int PostgresServer::free_port() {
  const int file = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(file, any, size) != 0 || ::getsockname(file, any, &size) != 0) throw std::runtime_error("no free port");
  ::close(file);
  return ntohs(address.sin_port);
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

void PostgresServer::run(const std::vector<std::string>& command) const {
  int status = 0;
  ::waitpid(spawn(command, folder_ + "/log"), &status, 0);
  if (status != 0) throw std::runtime_error(command.front() + " failed; see " + folder_ + "/log");
}

void PostgresServer::make_folder(const PostgresServer* primary) {
  std::string name = (std::filesystem::temp_directory_path() / "dovetail-postgres-XXXXXX").string();
  folder_ = ::mkdtemp(name.data());
  if (const passwd* user = server_user()) {
    if (::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown " + folder_);
  }
  if (primary == nullptr) {
    run({programs + "initdb", "-D", folder_ + "/data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8",
         "--locale=C.UTF-8"});
  } else {
    run({programs + "pg_basebackup", "-D", folder_ + "/data", "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d",
         primary->conninfo("postgres") + " application_name=standby"});
  }
}

bool PostgresServer::try_to_start() {
  server_ = spawn({programs + "postgres", "-D", folder_ + "/data", "-p", std::to_string(port_), "-c",
                   "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"},
                  folder_ + "/log");
  for (int i = 0; i < 600; ++i) {
    if (answers()) return true;
    if (::waitpid(server_, nullptr, WNOHANG) == server_) {
      server_ = 0;
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("the server does not start; see " + folder_ + "/log");
}

// Whether it is this server that answers on the port: tests that run beside this one start servers too.
bool PostgresServer::answers() const {
  if (PQping(conninfo("postgres").c_str()) != PQPING_OK) return false;
  try {
    return query(conninfo("postgres"), "show data_directory") == std::vector{folder_ + "/data"};
  } catch (const std::runtime_error&) {
    return false;
  }
}

void PostgresServer::start() {
  for (int i = 0; i < 20; ++i) {
    if (try_to_start()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
  throw std::runtime_error("the server does not start again on its port; see " + folder_ + "/log");
}

void PostgresServer::kill() {
  if (server_ <= 0) return;
  ::kill(server_, SIGQUIT);  // at once, without writing anything more; its children go with it
  ::waitpid(server_, nullptr, 0);
  server_ = 0;
}

void PostgresServer::stand_still(bool on) {
  if (server_ <= 0) return;
  // Its children are known to the kernel by their parent.
  const std::string tasks = "/proc/" + std::to_string(server_) + "/task/" + std::to_string(server_) + "/children";
  std::ifstream in(tasks);
  ::kill(server_, on ? SIGSTOP : SIGCONT);
  for (pid_t child = 0; in >> child;) ::kill(child, on ? SIGSTOP : SIGCONT);
}

void PostgresServer::promote() { run({programs + "pg_ctl", "-D", folder_ + "/data", "promote", "-w"}); }

std::string PostgresServer::conninfo(const std::string& database) const {
  return "host=127.0.0.1 port=" + std::to_string(port_) + " user=postgres dbname=" + database;
}

std::string PostgresServer::make_database() {
  const std::string name = "test" + std::to_string(++databases_);
  query(conninfo("postgres"), "create database " + name);
  return conninfo(name);
}

std::vector<std::string> PostgresServer::query(const std::string& conninfo, const std::string& statements) const {
  PGconn* connection = PQconnectdb(conninfo.c_str());
  PGresult* result = PQexec(connection, statements.c_str());
  const std::string problem = PQerrorMessage(connection);
  std::vector<std::string> rows;
  for (int i = 0; i < PQntuples(result); ++i) rows.emplace_back(PQgetvalue(result, i, 0));
  PQclear(result);
  PQfinish(connection);
  if (!problem.empty()) throw std::runtime_error(problem);
  return rows;
}

}  // namespace dovetail::test
