// Exports read without the engine and its codecs: what a test believes about what was written.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <string>

namespace dovetail::test {

// Huma users and a provider's employees, by id.
class Exports {
 public:
  // `system`: netvisor (XML), poweroffice_go or finago (JSON).
  Exports(const std::string& huma, const std::string& provider, std::string system);
  // The same where the provider's lists are files of their own, by the names that the generator gives them; JSON, or a
  // record a line.
  using Apart = std::map<std::string, std::string>;
  Exports(const std::string& huma, const Apart& files, std::string system);

  // What a field holds there, in the words of the truth file; empty: nothing.
  std::string hub(const std::string& id, const std::string& field) const;
  std::string provider(const std::string& id, const std::string& field) const;
  std::size_t hub_records() const { return users_.size(); }
  std::size_t provider_records() const { return system_ == "netvisor" ? employees_.size() : json_employees_.size(); }
  bool provider_has_mail(const std::string& mail) const;
  bool hub_has_mail(const std::string& mail) const;

 private:
  std::string netvisor(const std::string& id, const std::string& field) const;
  std::string poweroffice(const std::string& id, const std::string& field) const;
  std::string finago(const std::string& id, const std::string& field) const;

  std::string system_;
  std::map<std::string, nlohmann::json> users_;
  std::map<std::string, nlohmann::json> json_employees_;
  pugi::xml_document document_;
  std::map<std::string, pugi::xml_node> employees_;
};

}  // namespace dovetail::test
