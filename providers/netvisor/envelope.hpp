// Netvisor's answers: judged by the envelope first, by HTTP second.
#pragma once

#include <string>
#include <string_view>

namespace dovetail::providers::netvisor {

struct Envelope {
  bool found = false;  // there is a Status at all
  bool ok = false;
  std::string code;  // "INVALID_DATA"; empty if ok
  std::string text;  // the system's own words with the code, as it sent them
};

// Never fails: bodies that are not well-formed XML (the hint on a wrong code is such a one) are searched for Status.
Envelope read_envelope(std::string_view body);

// True where the words say that there is no such employee, in any of the three languages.
bool says_no_such_employee(const Envelope& envelope);

}  // namespace dovetail::providers::netvisor
