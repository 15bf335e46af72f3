// What commands on a store were asked to do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/dovetail/options.hpp"

namespace dovetail::tools {

struct StoreOptions {
  std::string store;     // empty: DOVETAIL_STORE, else sqlite:dovetail.db
  std::string key_file;  // empty: DOVETAIL_KEY, DOVETAIL_KEY_FILE, else beside a SQLite store
  std::string format = "text";
  std::string color = "auto";
  std::string credentials, ca_file, proxy;  // as elsewhere

  std::size_t most_waiting = 100'000;  // events of a connection; 0: any number

  std::string file;        // backup, restore
  std::string connection;  // its name
  std::string tenant = "default";
  std::string map, hub, provider, rename;
  std::vector<std::string> settings;      // LABEL=VALUE
  std::vector<std::string> scope;         // hub ids
  std::string scope_file;                 // hub ids, one a line
  std::string observe_only, test_system;  // on, off; empty: as it is
  bool whole_hub = false;
  std::string credentials_of;  // hub, provider; empty: none are changed
  std::string company;         // the provider's company id that was meant
  bool yes = false;            // what else would be asked on a terminal
  std::string why;             // of a pause, of an exclusion

  std::string person, record;  // ids in the hub and in the provider
  std::string field;           // label
  bool undo = false;           // of an exclusion
  bool solved = false;         // log: what is over, too
  std::size_t most = 0;        // log: of the newest; 0: all
  unsigned keep_days = 0;      // store keep

  std::string mail_server, mail_from, mail_user, mail_link, password_file;
  std::vector<std::string> mail_to;
  bool mail_plain = false;
};

int store_init_command(const StoreOptions& options);
int store_backup_command(const StoreOptions& options);
int store_restore_command(const StoreOptions& options);
int store_check_command(const StoreOptions& options);
int store_rotate_command(const StoreOptions& options);
int store_migrate_command(const StoreOptions& options);
int store_keep_command(const StoreOptions& options);
int store_expire_command(const StoreOptions& options);

int mail_set_command(const StoreOptions& options);
int mail_off_command(const StoreOptions& options);
int mail_show_command(const StoreOptions& options);
int mail_test_command(const StoreOptions& options);
int mail_send_command(const StoreOptions& options);

int connection_add_command(const StoreOptions& options);
int connection_list_command(const StoreOptions& options);
int connection_show_command(const StoreOptions& options);
int connection_check_command(const StoreOptions& options);
int connection_pause_command(const StoreOptions& options);
int connection_resume_command(const StoreOptions& options);
int connection_set_command(const StoreOptions& options);
int connection_remove_command(const StoreOptions& options);

int log_command(const StoreOptions& options);
int retry_command(const StoreOptions& options);
int links_list_command(const StoreOptions& options);
int links_cut_command(const StoreOptions& options);
int links_make_command(const StoreOptions& options);
int links_forget_command(const StoreOptions& options);
int exclude_command(const StoreOptions& options);
int person_export_command(const StoreOptions& options);
int person_erase_command(const StoreOptions& options);

}  // namespace dovetail::tools
