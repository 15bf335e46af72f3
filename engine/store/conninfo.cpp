#include "engine/store/conninfo.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace dovetail::store {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> wanted = {{{"connect_timeout", "2"},
                                                                                  {"keepalives_idle", "5"},
                                                                                  {"keepalives_interval", "2"},
                                                                                  {"keepalives_count", "3"},
                                                                                  {"tcp_user_timeout", "10000"},
                                                                                  {"client_encoding", "UTF8"},
                                                                                  {"application_name", "dovetail"}}};

bool is_address(const std::string& conninfo) { return conninfo.find("://") != conninfo.npos; }

// The value of a keyword in "a=b c='d e'"; empty: not there.
std::string value_of(const std::string& conninfo, const std::string& keyword) {
  for (std::size_t at = 0; (at = conninfo.find(keyword + "=", at)) != conninfo.npos; ++at) {
    if (at != 0 && conninfo[at - 1] != ' ') continue;
    const std::size_t first = at + keyword.size() + 1;
    if (first < conninfo.size() && conninfo[first] == '\'') {
      return conninfo.substr(first + 1, conninfo.find('\'', first + 1) - first - 1);
    }
    return conninfo.substr(first, conninfo.find(' ', first) - first);
  }
  return {};
}

}  // namespace

std::string completed_conninfo(const std::string& conninfo) {
  std::string text = conninfo;
  for (const auto& [keyword, value] : wanted) {
    if (conninfo.find(std::string(keyword) + "=") != conninfo.npos) continue;
    if (is_address(conninfo)) {
      text += text.find('?') == text.npos ? '?' : '&';
    } else if (!text.empty()) {
      text += ' ';
    }
    text += std::string(keyword) + '=' + std::string(value);
  }
  return text;
}

std::string described_conninfo(const std::string& conninfo) {
  if (is_address(conninfo)) {
    std::string rest = conninfo.substr(conninfo.find("://") + 3);
    rest = rest.substr(0, rest.find('?'));
    const std::size_t user = rest.rfind('@', rest.find('/'));
    return "PostgreSQL " + (user == rest.npos ? rest : rest.substr(user + 1));
  }
  std::string text = "PostgreSQL";
  if (const std::string name = value_of(conninfo, "dbname"); !name.empty()) text += " " + name;
  if (const std::string host = value_of(conninfo, "host"); !host.empty()) text += " at " + host;
  if (const std::string port = value_of(conninfo, "port"); !port.empty()) text += ":" + port;
  return text;
}

}  // namespace dovetail::store
