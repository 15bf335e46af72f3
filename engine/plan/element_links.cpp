#include "engine/plan/element_links.hpp"

#include <algorithm>
#include <utility>

namespace dovetail {
namespace {

bool is_of(const ir::Program& program, const ir::ListProgram& list, const FieldBase& base) {
  return std::ranges::any_of(list.fields,
                             [&](std::uint32_t field) { return base.field == program.fields[field].rule->label; });
}

bool is_found(const PairedElements& paired, const ElementLink& made) {
  return std::ranges::any_of(paired.pairs, [&](const ElementPair& pair) {
    if (pair.hub == no_element || pair.provider == no_element) return false;
    return is_unnamed(made.hub_element) ? pair.agreed_as == made.hub_element : pair.hub_id == made.hub_element;
  });
}

}  // namespace

const std::string& hub_path(const ir::Program& program, const ir::ListProgram& list) {
  return program.rules->schema(ir::Side::hub).members[list.rule->lists[0]].path;
}

bool is_there(const Few<ElementLink>& elements, const ElementLink& one) {
  return std::ranges::find(elements, one) != elements.end();
}

void link_elements(const ElementLink& partners, Link& link) {
  if (is_there(link.elements, partners)) return;
  erase_if(link.elements, [&](const ElementLink& other) {
    return other.hub_list == partners.hub_list &&
           (other.hub_element == partners.hub_element || other.provider_element == partners.provider_element);
  });
  link.elements.push_back(partners);
}

void forget_former(const ir::Program& program, const ir::ListProgram& list, const std::string& hub_element,
                   Link& link) {
  erase_if(link.base,
           [&](const FieldBase& base) { return base.hub_element == hub_element && is_of(program, list, base); });
}

void settle_added(const ir::Program& program, const ir::ListProgram& list, const PairedElements& paired, Link& link) {
  const std::string& path = hub_path(program, list);
  for (const ElementLink& made : std::as_const(link.elements)) {
    if (made.hub_list == path && is_added(made) && !is_found(paired, made)) {
      forget_former(program, list, made.hub_element, link);
    }
  }
  for (const ElementPair& pair : paired.pairs) {
    if (pair.agreed_as.empty()) continue;
    for (std::size_t i = 0; i < link.base.size(); ++i) {
      const FieldBase& base = std::as_const(link.base)[i];
      if (base.hub_element == pair.agreed_as && is_of(program, list, base)) link.base[i].hub_element = pair.hub_id;
    }
  }
  erase_if(link.elements, [&](const ElementLink& one) { return one.hub_list == path && is_added(one); });
}

}  // namespace dovetail
