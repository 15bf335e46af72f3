// Netvisor's answers: the envelope, its two Status elements on failure, and the words of a refusal.
#pragma once

#include <string>
#include <string_view>

#include "tools/sandbox/core/call.hpp"
#include "tools/sandbox/core/clock.hpp"

namespace dovetail::sandbox::netvisor {

// A refusal's code, and its text in the languages of X-Netvisor-Interface-Language. Swedish falls back on English.
struct Refusal {
  std::string code;
  std::string english;
  std::string finnish;
  std::string tail;  // after the text, not escaped: the test environment's hint on a wrong MAC
};

// The refusals whose words are known, or the same everywhere.
Refusal form_incorrect();  // element order, a missing or an unknown element: it never says which
Refusal data_incorrect(const std::string& english, const std::string& finnish = {});

// Builds XML with Netvisor's four blanks and CRLF.
class XmlText {
 public:
  explicit XmlText(int depth = 1) : depth_(depth) {}
  // An element with text; `attribute` as it is written, such as type="ISO-3166".
  void leaf(std::string_view name, std::string_view text, std::string_view attribute = {});
  void open(std::string_view name);
  void close(std::string_view name);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  int depth_;
};

// HTTP status of a refusal's code where the caller asked for real ones.
int status_of(std::string_view code);
std::string envelope(Moment now, std::string_view payload);
std::string envelope(Moment now, const Refusal& refusal, std::string_view language);

}  // namespace dovetail::sandbox::netvisor
