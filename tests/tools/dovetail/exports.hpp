// Exports read without the engine and its codecs: what a test believes about what was written.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <string>

namespace dovetail::test {

// Huma users and Netvisor employees, by id.
class Exports {
 public:
  Exports(const std::string& huma, const std::string& netvisor);

  // What a field holds there, in the words of the truth file; empty: nothing.
  std::string hub(const std::string& id, const std::string& field) const;
  std::string provider(const std::string& id, const std::string& field) const;
  std::size_t hub_records() const { return users_.size(); }
  std::size_t provider_records() const { return employees_.size(); }
  bool provider_has_mail(const std::string& mail) const;
  bool hub_has_mail(const std::string& mail) const;

 private:
  std::map<std::string, nlohmann::json> users_;
  pugi::xml_document document_;
  std::map<std::string, pugi::xml_node> employees_;
};

}  // namespace dovetail::test
