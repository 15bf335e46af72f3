// Tables may hold anything: they are refused with a reason, or every lookup in them is safe.
#include "tests/fuzz/engine/types.hpp"

using namespace dovetail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  TableTexts texts = test::table_texts();
  TableTexts::File* files[] = {&texts.countries, &texts.iban, &texts.se_clearing, &texts.banks};
  files[bytes[0] % 4]->text =
      "# source: x\n# date: 2026-01-01\n" + std::string(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const auto tables = ReferenceTables::parse(texts);
  if (!tables) {
    fuzz::demand(!tables.error().empty() && !to_text(tables.error().front()).empty());
    return 0;
  }
  CheckContext context = test::context();
  context.tables = &*tables;
  std::string sent;
  for (const char* value : {"NO5336240734014", "SE6650000000052011234567", "DK5000400440116243"}) {
    find_type("iban")->check(value, context, sent);
    tables->find_bic(std::string_view(value).substr(0, 2), std::string_view(value).substr(4));
  }
  for (const char* value : {"8105-9,744202631", "5201,1234565", "3300,9001019802"})
    find_type("se_bank_account")->check(value, context, sent);
  return 0;
}
