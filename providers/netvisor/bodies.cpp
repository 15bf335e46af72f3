#include "providers/netvisor/bodies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "providers/toolkit/xml_tree.hpp"

namespace dovetail::providers::netvisor {
namespace {

WirePath path_of(const std::vector<std::string>& names) {
  WirePath path;
  for (const std::string& name : names) path.push_back({.name = name, .order = &element_order()});
  return path;
}

}  // namespace

const std::vector<std::string>& element_order() {
  static const std::vector<std::string> order = {
      "employeebaseinformation", "employeepayrollinformation", "employmentperiods", "employmentperiod",
      // employeebaseinformation
      "employeeidentifier", "firstname", "lastname", "phonenumber", "email",
      // employeepayrollinformation
      "streetaddress", "postnumber", "city", "municipality", "country", "nationality", "employeenumber",
      "payrollrulegroupname", "bankaccountnumber", "bankidentificationcode",
      // employmentperiod
      "startdate", "probationenddate", "profession", "enddate"};
  return order;
}

Result<std::string> write_body(std::string_view resource, std::span<const WireWrite> writes,
                               std::span<const Change> changes) {
  const std::string_view record = resource.empty() ? "root" : resource;
  std::string frame = resource.empty() ? "<root></root>" : fmt::format("<root><{0}></{0}></root>", resource);
  const Result<std::unique_ptr<Tree>> tree = parse_xml("the body for Netvisor", std::move(frame), record);
  if (!tree) return std::unexpected(tree.error());
  const Node root = (*tree)->record(0);
  const WirePath period = path_of({"employmentperiods", "employmentperiod"});
  std::map<std::string, Node> elements;
  for (const WireWrite& write : writes) {
    const std::string& element = changes[write.change].element;
    Node at = root;
    if (!element.empty()) {
      if (!elements.contains(element)) {
        const Result<Node> added = (*tree)->add_element(root, period);
        if (!added) return std::unexpected(added.error());
        elements[element] = *added;
      }
      at = elements[element];
    }
    // The attribute `type` is how answers explain a value; of what is sent only dates carry one.
    Scalar value = write.value;
    std::erase_if(value.attributes, [](const ir::WireAttribute& attribute) { return attribute.name == "type"; });
    if (Result<void> put = (*tree)->put(at, path_of(write.path), value); !put) {
      put.error().kind = Error::Kind::data;
      return std::unexpected(put.error());
    }
  }
  return (*tree)->text();
}

}  // namespace dovetail::providers::netvisor
