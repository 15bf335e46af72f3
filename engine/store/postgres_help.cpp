#include "engine/store/postgres_help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dovetail::store {
namespace {

using Kind = SqlFailure::Kind;

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

// What stands in quotes behind `before`: `database "x"`. Empty: nothing does.
std::string named(std::string_view said, std::string_view before) {
  const std::string mark = std::string(before) + " \"";
  const std::size_t at = said.find(mark);
  if (at == said.npos) return {};
  const std::size_t first = at + mark.size(), end = said.find('"', first);
  return std::string(said.substr(first, end == said.npos ? said.npos : end - first));
}

// The last word of a sentence: `permission denied for schema public`.
std::string word_behind(std::string_view said, std::string_view before) {
  const std::size_t at = said.find(before);
  if (at == said.npos) return {};
  std::string_view rest = said.substr(at + before.size());
  if (rest.starts_with('"')) return named(said, before.substr(0, before.size() - 1));
  return std::string(rest.substr(0, rest.find_first_of(" \n(")));
}

std::string role_of(std::string_view said, std::string_view role) {
  for (const std::string_view before : {"user", "role"}) {
    if (std::string found = named(said, before); !found.empty()) return quoted_name(found);
  }
  return role.empty() ? std::string("ROLE") : quoted_name(role);
}

struct Refusal {
  std::string_view words;
  Kind kind;
  std::string (*help)(std::string_view said, std::string_view role);
};

// The first that fits counts.
constexpr std::array<Refusal, 24> refusals = {{
    {"too many connections for role", Kind::crowded,
     [](std::string_view said, std::string_view role) {
       return fmt::format("the role's CONNECTION LIMIT is used up: ALTER ROLE {} CONNECTION LIMIT …, or end others",
                          role_of(said, role));
     }},
    {"too many connections for database", Kind::crowded,
     [](std::string_view said, std::string_view) {
       return fmt::format(
           "the database's CONNECTION LIMIT is used up: ALTER DATABASE {} CONNECTION LIMIT …, or end others",
           quoted_name(named(said, "database")));
     }},
    {"remaining connection slots are reserved", Kind::crowded,
     [](std::string_view, std::string_view) {
       return std::string(
           "the server's max_connections are used up, but for those that it keeps for its administrators: raise it, or "
           "end others");
     }},
    {"too many clients", Kind::crowded,
     [](std::string_view, std::string_view) {
       return std::string("the server's max_connections are used up: raise it, or end others");
     }},
    {"password authentication failed", Kind::permission,
     [](std::string_view said, std::string_view role) {
       return fmt::format(
           "the server refuses the password of {}: give its own as password=… in --store, in PGPASSWORD, or in "
           "~/.pgpass",
           role_of(said, role));
     }},
    {"no password supplied", Kind::permission,
     [](std::string_view, std::string_view) {
       return std::string(
           "the server asks for a password: give it as password=… in --store, in PGPASSWORD, or in ~/.pgpass");
     }},
    {"is not permitted to log in", Kind::permission,
     [](std::string_view said, std::string_view role) {
       return fmt::format("this role may not log in: ALTER ROLE {} LOGIN, or give another as user=…",
                          role_of(said, role));
     }},
    {"permission denied for database", Kind::permission,
     [](std::string_view said, std::string_view role) {
       return fmt::format("the role may not connect to the database: GRANT CONNECT ON DATABASE {} TO {}",
                          quoted_name(named(said, "database")), role.empty() ? "ROLE" : quoted_name(role));
     }},
    {"no pg_hba.conf entry", Kind::permission,
     [](std::string_view said, std::string_view) {
       return std::string(
                  "the server lets nobody in this way: its pg_hba.conf needs a line for this address, role and "
                  "database") +
              (has(said, "no encryption") ? "; it may ask for TLS: sslmode=require" : "");
     }},
    {"pg_hba.conf rejects connection", Kind::permission,
     [](std::string_view, std::string_view) {
       return std::string("the server's pg_hba.conf forbids this address, role and database to come in");
     }},
    {"server does not support SSL", Kind::permission,
     [](std::string_view, std::string_view) {
       return std::string(
           "TLS is demanded (sslmode), and the server offers none: turn it on there (ssl = on), or, where the network "
           "in between is trusted, write sslmode=prefer");
     }},
    {"does not match host name", Kind::permission,
     [](std::string_view, std::string_view) {
       return std::string(
           "TLS was refused here: the server's certificate is for another host; give that name as host=…, with "
           "hostaddr=… where it does not lead there");
     }},
    {"certificate verify failed", Kind::permission,
     [](std::string_view, std::string_view) {
       return std::string(
           "TLS was refused here: the server's certificate is not trusted; name the authority that signed it as "
           "sslrootcert=FILE");
     }},
    {"root certificate file", Kind::permission,
     [](std::string_view, std::string_view) {
       return std::string("TLS was refused here: the authorities to trust are missing; name them as sslrootcert=FILE");
     }},
    {"SSL error", Kind::lost,
     [](std::string_view, std::string_view) {
       return std::string(
           "no TLS connection could be made: see sslmode, sslcert and sslrootcert, and the server's log");
     }},
    {"no schema has been selected", Kind::permission,
     [](std::string_view said, std::string_view role) { return no_schema_help(role_of(said, role), ""); }},
    {"permission denied for schema", Kind::permission,
     [](std::string_view said, std::string_view role) {
       return fmt::format("the role may not make tables there: GRANT USAGE, CREATE ON SCHEMA {} TO {}",
                          quoted_name(word_behind(said, "permission denied for schema ")), role_of(said, role));
     }},
    {"permission denied for", Kind::permission,
     [](std::string_view said, std::string_view role) {
       return fmt::format(
           "the role may not use what the store is kept in, which another role made: GRANT SELECT, INSERT, UPDATE, "
           "DELETE ON ALL TABLES IN SCHEMA … TO {0} and GRANT USAGE ON ALL SEQUENCES IN SCHEMA … TO {0}, or work as "
           "the role that made it",
           role_of(said, role));
     }},
    {"must be owner of", Kind::permission,
     [](std::string_view, std::string_view) {
       return std::string(
           "the store's tables are to be brought up to date, which only the role that made them may: do it once as "
           "that role (`dovetail store migrate`)");
     }},
    {"database \"", Kind::permission,
     [](std::string_view said, std::string_view role) {
       const std::string name = quoted_name(named(said, "database"));
       return fmt::format(
           "there is no such database: CREATE DATABASE {} OWNER {} ENCODING 'UTF8', then `dovetail store init`", name,
           role.empty() ? "ROLE" : quoted_name(role));
     }},
    {"role \"", Kind::permission,
     [](std::string_view said, std::string_view role) {
       return fmt::format("the server knows no such role: CREATE ROLE {} LOGIN PASSWORD '…', or give another as user=…",
                          role_of(said, role));
     }},
    {"authentication failed", Kind::permission,
     [](std::string_view said, std::string_view role) {
       return fmt::format("the server does not believe that we are {}: see its pg_hba.conf", role_of(said, role));
     }},
    {"invalid connection option", Kind::permission, nullptr},
    {"missing \"=\"", Kind::permission, nullptr},
}};

bool fits(const Refusal& refusal, std::string_view said) {
  if (!has(said, refusal.words)) return false;
  return !refusal.words.ends_with('"') || has(said, "does not exist");
}

const Refusal* find(std::string_view said) {
  const auto found = std::ranges::find_if(refusals, [&](const Refusal& each) { return fits(each, said); });
  return found == refusals.end() ? nullptr : &*found;
}

}  // namespace

Kind connecting_kind(std::string_view said) {
  const Refusal* refusal = find(said);
  return refusal == nullptr ? Kind::lost : refusal->kind;
}

std::optional<std::string> postgres_help(std::string_view said, std::string_view role) {
  const Refusal* refusal = find(said);
  if (refusal == nullptr || refusal->help == nullptr) return std::nullopt;
  return refusal->help(said, role);
}

std::optional<std::string> too_old(int number) {
  if (number >= oldest_postgres) return std::nullopt;
  const int major = number / 10'000;
  return fmt::format("the server is PostgreSQL {}{}, and {} or a newer one is needed: bring it up to date", major,
                     major < 10 ? fmt::format(".{}", number / 100 % 100) : "", oldest_postgres / 10'000);
}

std::string no_schema_help(std::string_view role, std::string_view search_path) {
  const std::string name = role.empty() ? "ROLE" : quoted_name(role);
  return fmt::format(
      "the role may use no schema of its search_path{}, so there is no place for the store: GRANT USAGE, CREATE ON "
      "SCHEMA public TO {}, or CREATE SCHEMA {} AUTHORIZATION {}",
      search_path.empty() ? "" : fmt::format(" ({})", search_path), name, name, name);
}

std::string quoted_name(std::string_view name) {
  const bool is_plain =
      !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
      std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  if (is_plain || name == "ROLE" || name.starts_with('"')) return std::string(name);
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

}  // namespace dovetail::store
