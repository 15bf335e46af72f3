// Items of schemas that stand in a map, and the reverse for libraries.
#include "dsl/check/map_items.hpp"

namespace dovetail::dsl {
namespace {

template <typename Item>
constexpr bool is_of_schemas =
    std::is_same_v<Item, ast::Adapter> || std::is_same_v<Item, ast::Identity> || std::is_same_v<Item, ast::Active> ||
    std::is_same_v<Item, ast::Region> || std::is_same_v<Item, ast::Document> ||
    std::is_same_v<Item, ast::OmittedIsUnset> || std::is_same_v<Item, ast::Member>;

}  // namespace

void refuse_foreign_items(const MapDraft& draft, Report& report) {
  for (const ast::Item& item : draft.unit->tree.items) {
    std::visit(
        [&]<typename One>(const One& one) {
          if constexpr (is_of_schemas<One>) {
            report.add(Diagnostic::of(DiagnosticId::unknown_keyword, draft.file(), one.span,
                                      "this item belongs in a schema, and this file is a map"));
          }
        },
        item);
  }
}

}  // namespace dovetail::dsl
