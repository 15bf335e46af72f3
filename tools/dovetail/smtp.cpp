// Sends one mail by SMTP. libcurl stays in here.
#include <curl/curl.h>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <memory>
#include <random>

#include "tools/dovetail/mail.hpp"

namespace dovetail::tools {
namespace {

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, Free>;

void add(List& list, const std::string& line) { list.reset(curl_slist_append(list.release(), line.c_str())); }

std::string message_id(const std::string& from, Instant at) {
  std::random_device chance;
  return fmt::format("<{}.{:08x}{:08x}@{}>", at.time_since_epoch().count(), chance(), chance(),
                     from.substr(from.find('@') + 1));
}

List headers(const MailSettings& settings, const Mail& mail, Instant at) {
  std::string to;
  for (const std::string& one : settings.to) to += (to.empty() ? "" : ", ") + one;
  List list;
  add(list, fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(std::chrono::system_clock::to_time_t(at))));
  add(list, "From: " + settings.from);
  add(list, "To: " + to);
  add(list, "Subject: " + mail.subject);  // names of connections are ASCII
  add(list, "Message-ID: " + message_id(settings.from, at));
  add(list, "Auto-Submitted: auto-generated");
  return list;
}

int break_off(void* is_over, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const IsOver*>(is_over))() ? 1 : 0;
}

}  // namespace

Result<void> send_mail(const MailSettings& settings, const Mail& mail, Instant at, const IsOver& is_over) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, Free> curl(ready == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) return std::unexpected(Error{.what = "mails cannot be sent: libcurl does not start"});
  List recipients;
  for (const std::string& one : settings.to) add(recipients, "<" + one + ">");
  const List lines = headers(settings, mail, at);
  const std::unique_ptr<curl_mime, Free> mime(curl_mime_init(curl.get()));
  curl_mimepart* part = curl_mime_addpart(mime.get());
  curl_mime_data(part, mail.body.c_str(), mail.body.size());
  curl_mime_type(part, "text/plain; charset=utf-8");
  curl_mime_encoder(part, "quoted-printable");
  const std::string from = "<" + settings.from + ">";
  CURL* const to = curl.get();
  curl_easy_setopt(to, CURLOPT_URL, settings.server.c_str());
  curl_easy_setopt(to, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(to, CURLOPT_USE_SSL, static_cast<long>(settings.plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!settings.ca_file.empty()) curl_easy_setopt(to, CURLOPT_CAINFO, settings.ca_file.c_str());
  if (!settings.user.empty()) {
    curl_easy_setopt(to, CURLOPT_USERNAME, settings.user.c_str());
    curl_easy_setopt(to, CURLOPT_PASSWORD, settings.password.c_str());
  }
  curl_easy_setopt(to, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(to, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(to, CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(to, CURLOPT_MIMEPOST, mime.get());
  curl_easy_setopt(to, CURLOPT_CONNECTTIMEOUT, 15L);
  curl_easy_setopt(to, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(to, CURLOPT_NOSIGNAL, 1L);
  if (is_over) {
    curl_easy_setopt(to, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(to, CURLOPT_XFERINFOFUNCTION, break_off);
    curl_easy_setopt(to, CURLOPT_XFERINFODATA, &is_over);
  }
  const CURLcode done = curl_easy_perform(to);
  if (done == CURLE_ABORTED_BY_CALLBACK) {
    return std::unexpected(Error{.kind = Error::Kind::transient,
                                 .what = fmt::format("{}: it took too long, and was broken off", settings.server)});
  }
  if (done == CURLE_OK) return {};
  long code = 0;
  curl_easy_getinfo(to, CURLINFO_RESPONSE_CODE, &code);
  return std::unexpected(Error{.kind = Error::Kind::transient,
                               .what = fmt::format("{}: {}{}", settings.server, curl_easy_strerror(done),
                                                   code > 0 ? fmt::format(" (it answered {})", code) : "")});
}

}  // namespace dovetail::tools
