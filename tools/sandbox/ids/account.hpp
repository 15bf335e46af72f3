// Bank accounts: what the systems check, and what the generated people need.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dovetail::sandbox {

// The digit that makes `digits` followed by it pass Luhn. `digits` holds digits only.
char luhn_digit(std::string_view digits);

// Norwegian, 11 digits by mod 11; blanks and dots are ignored.
bool is_norwegian_account(std::string_view text);
// `stem`: ten digits. nullopt where no check digit exists.
std::optional<std::string> make_norwegian_account(std::string_view stem);

// Mod 97 and a known length for the countries seen here; blanks are ignored.
bool is_iban(std::string_view text);
std::string make_iban(std::string_view country, std::string_view domestic);
// `number`: up to 7 digits, part of an account of a bank that Netvisor's samples use.
std::string make_finnish_iban(long long number);
// The BIC that a Finnish IBAN's bank code stands for; "" when the code is not known.
std::string bic_of_finnish_iban(std::string_view iban);
bool is_bic(std::string_view text);

}  // namespace dovetail::sandbox
