// Which columns are sealed, and what each is bound to. Rotating keys and checking a store go by this list.
#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "engine/durable/connection.hpp"
#include "engine/store/cipher.hpp"

namespace dovetail::store {

// How many rows are held at once where everything is gone through.
inline constexpr int small_rows = 2000, large_rows = 32;

struct SealedColumn {
  const char* table;  // with the columns `id` and `connection`
  const char* column;
  std::array<const char*, 2> bound_to;  // further columns, as text; empty: none
  int at_a_time = small_rows;
};

namespace sealed {
inline constexpr SealedColumn credential{"credential", "secret", {"side", "label"}};
inline constexpr SealedColumn link{"link", "content", {"hub_id", "provider_id"}};
inline constexpr SealedColumn intent{"intent", "content", {"hub_id", ""}};
inline constexpr SealedColumn answer{"intent", "answer", {"hub_id", ""}};
inline constexpr SealedColumn document{"run_document", "content", {"name", ""}};
inline constexpr SealedColumn document_part{"run_document_part", "content", {"name", "part"}, large_rows};
inline constexpr SealedColumn kept_value{"kept_value", "content", {"hub_id", ""}};
inline constexpr SealedColumn problem{"problem", "what", {"person", "field"}};
inline constexpr std::array all = {credential, link, intent, answer, document, document_part, kept_value, problem};
}  // namespace sealed

inline std::string context_of(const SealedColumn& of, std::string_view tenant, ConnectionId connection,
                              std::string_view first, std::string_view second = {}) {
  return sealing_context({of.table, of.column, tenant, std::to_string(connection), first, second});
}

// Of store_setting's rows, which belong to no connection.
inline std::string setting_context(std::string_view name) {
  return sealing_context({"store_setting", "content", name});
}

}  // namespace dovetail::store
