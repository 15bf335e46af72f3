// Mails about connections: how they are sent, what they say. Counts and a link, no personal values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/runtime.hpp"
#include "engine/runtime/notify.hpp"

namespace dovetail::tools {

struct MailSettings {
  std::string server;  // "smtp://host:587" (TLS by STARTTLS), "smtps://host"
  std::string from;
  std::vector<std::string> to;
  std::string user, password;  // empty: the server wants none
  std::string link;            // where people look at a connection; "{connection}" stands for its name
  std::string ca_file;         // empty: the machine's
  bool plain = false;          // without TLS: for a server on this machine
};

// Sealed in the store. nullopt: nobody is told by mail.
Result<std::optional<MailSettings>> read_mail_settings(Runtime& runtime);
Result<void> keep_mail_settings(Runtime& runtime, const std::optional<MailSettings>& settings);

struct Mail {
  std::string subject, body;
};
Mail mail_about(const Notification& notification, const Connection& connection, const MailSettings& settings);

// true: break off what is under way.
using IsOver = std::function<bool()>;

// An Error of kind transient: the server did not take it, within a minute, or until it was broken off.
Result<void> send_mail(const MailSettings& settings, const Mail& mail, Instant at, const IsOver& is_over = {});

// Sends what waits, if there are settings.
Result<Told> send_waiting(Runtime& runtime, const IsOver& is_over = {});

}  // namespace dovetail::tools
