// The measured task as programs written for nothing else state it: which values, how they are checked, what is printed.
// Such a program says only how it reads a person, and how it writes a record.
#pragma once
#include "tests/places.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/values/reference_tables.hpp"
#include "engine/values/type.hpp"
#include "tests/bench/record_writer.hpp"

namespace dovetail::bench {

struct Field {
  const char* label;
  const char* name;  // in the provider's record
  const char* type;
};
constexpr std::size_t first_of_period = 15;
constexpr std::array<Field, 19> fields = {{{"Email address", "email", "email"},
                                           {"Identifications", "employeeidentifier", "fi_hetu"},
                                           {"Given name", "firstname", "text"},
                                           {"Family name", "lastname", "text"},
                                           {"Phone number", "phonenumber", "phone"},
                                           {"Date of birth", "dateofbirth", "date"},
                                           {"Nationality", "nationality", "country_alpha2"},
                                           {"Gender", "gender", ""},
                                           {"Street", "streetaddress", "text"},
                                           {"City", "city", "text"},
                                           {"Postal code", "postnumber", "postal_text"},
                                           {"Country", "country", "country_alpha2"},
                                           {"Account", "bankaccountnumber", "iban"},
                                           {"BIC", "bankidentificationcode", "bic"},
                                           {"Employment ID", "employeenumber", "text"},
                                           {"Start date", "startdate", "date"},
                                           {"Job title", "profession", "text"},
                                           {"Probation end", "probationenddate", "date"},
                                           {"End date", "enddate", "date"}}};
constexpr std::size_t gender_field = 7, country_field = 11;
constexpr std::size_t number_field = 14, longest_number = 10;
template <typename Text>
using ValuesOf = std::array<Text, fields.size()>;
using Invalid = std::array<bool, fields.size()>;

// Domains are written in small letters.
inline std::string mail(std::string address) {
  for (std::size_t i = std::min(address.find('@'), address.size()); i < address.size(); ++i) {
    if (address[i] >= 'A' && address[i] <= 'Z') address[i] = static_cast<char>(address[i] - 'A' + 'a');
  }
  return address;
}

inline std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

// The product's checks: values become their sent forms; what is invalid is noted, and not sent.
class Checks {
 public:
  Checks() {
    const auto table = [](const char* name) {
      std::ifstream file(std::string(DOVETAIL_SOURCE_DIR "/rules/tables/") + name, std::ios::binary);
      return TableTexts::File{name, std::string(std::istreambuf_iterator<char>(file), {})};
    };
    auto parsed = ReferenceTables::parse(
        {table("countries.tsv"), table("iban.tsv"), table("se_clearing.tsv"), table("banks.tsv")});
    if (!parsed) std::exit(2);
    tables_ = *std::move(parsed);
    for (std::size_t i = 0; i < fields.size(); ++i) types_[i] = find_type(fields[i].type);
  }

  // `sent` holds the sent forms, which `values` may view.
  template <typename Text>
  void clean(ValuesOf<Text>& values, Invalid& invalid, ValuesOf<std::string>& sent) const {
    using namespace std::chrono;
    CheckContext context{&tables_, 2026y / November / 2d, {}, true};
    const std::string region(values[country_field]);
    context.region = region;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (values[i].empty() || types_[i] == nullptr) continue;
      sent[i].clear();
      invalid[i] = types_[i]->check(values[i], context, sent[i]) != Fault::none;
      if (!invalid[i]) values[i] = sent[i];
    }
  }
  const CheckedType* type(std::size_t field) const { return types_[field]; }

 private:
  ReferenceTables tables_;
  std::array<const CheckedType*, fields.size()> types_{};
};

inline bool is_sent(std::size_t field, std::string_view value, bool invalid) {
  if (field == gender_field && value != "male" && value != "female") return false;
  return !value.empty() && !invalid && (field != number_field || value.size() <= longest_number);
}

// Texts that stay.
class Arena {
 public:
  std::string_view keep(std::string_view text) {
    constexpr std::size_t block = std::size_t{1} << 20U;
    if (left_ < text.size()) {
      left_ = std::max(block, text.size());
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
      next_ = blocks_.back().get();
    }
    std::memcpy(next_, text.data(), text.size());
    const std::string_view kept(next_, text.size());
    next_ += text.size();
    left_ -= text.size();
    return kept;
  }

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

// A hash join on the address in small letters. Who shares theirs with somebody of the same side is matched with nobody.
class Reconciler {
 public:
  explicit Reconciler(const Checks* checks) : checks_(checks) {}

  template <typename Text>
  void add_provider(ValuesOf<Text>&& values) {
    Employee employee;
    if (checks_ != nullptr) checks_->clean(values, employee.invalid, sent_);
    for (std::size_t i = 0; i < fields.size(); ++i) employee.values[i] = arena_.keep(values[i]);
    std::string email = lower(employee.values[0]);
    if (email.empty()) {
      append_alone(email, "only_provider", nobody_);
      return;
    }
    const auto [at, is_new] = employees_.try_emplace(std::move(email), employee);
    ++at->second.providers;
  }

  template <typename Text>
  void add_hub(ValuesOf<Text>&& values) {
    Invalid invalid{};
    if (checks_ != nullptr) checks_->clean(values, invalid, sent_);
    const std::string email = lower(values[0]);
    const auto found = email.empty() ? employees_.end() : employees_.find(email);
    if (found == employees_.end()) {
      append_alone(email, "only_hub", nobody_);
      return;
    }
    Employee& employee = found->second;
    if (++employee.hubs > 1) return;
    for (std::size_t i = 1; i < fields.size(); ++i) {
      const std::string_view ours = values[i], theirs = employee.values[i];
      const bool bad = invalid[i] || employee.invalid[i];
      const CheckedType* type = checks_ == nullptr ? nullptr : checks_->type(i);
      if (!bad && (type == nullptr ? ours == theirs : same_key(*type, ours, theirs))) continue;
      append_finding(email, fields[i].label, ours, theirs, employee.findings);
    }
  }

  void print() const {
    std::cout << nobody_;
    std::string alone;
    for (const auto& [email, employee] : employees_) {
      if (employee.hubs == 1 && employee.providers == 1) {
        std::cout << employee.findings;
        continue;
      }
      alone.clear();
      for (int i = 0; i < employee.hubs; ++i) append_alone(email, "only_hub", alone);
      for (int i = 0; i < employee.providers; ++i) append_alone(email, "only_provider", alone);
      std::cout << alone;
    }
  }

 private:
  struct Employee {
    ValuesOf<std::string_view> values;
    Invalid invalid{};
    int hubs = 0, providers = 0;
    std::string findings;
  };

  static void append_alone(std::string_view email, const char* kind, std::string& out) {
    out += "{\"email\":";
    append_quoted(out, email);
    out.append(",\"kind\":\"").append(kind).append("\"}\n");
  }

  static void append_finding(std::string_view email, const char* label, std::string_view ours, std::string_view theirs,
                             std::string& out) {
    out += "{\"email\":";
    append_quoted(out, email);
    out.append(",\"kind\":\"");
    out.append(ours.empty() ? "missing_in_hub" : theirs.empty() ? "missing_in_provider" : "conflict");
    out.append("\",\"field\":");
    append_quoted(out, label);
    if (!ours.empty()) append_quoted(out.append(",\"hub\":"), ours);
    if (!theirs.empty()) append_quoted(out.append(",\"provider\":"), theirs);
    out += "}\n";
  }

  const Checks* checks_;
  ValuesOf<std::string> sent_;
  Arena arena_;
  std::unordered_map<std::string, Employee> employees_;
  std::string nobody_;
};

// `Program` is made from the checks, or nullptr, and has map(HUB) and reconcile(HUB, PROVIDER).
template <typename Program>
int run(int count, char** words) {
  std::ios::sync_with_stdio(false);
  const std::string task = count > 1 ? words[1] : "";
  const bool checked = count > 2 && std::string(words[count - 1]) == "checked";
  std::unique_ptr<Checks> checks;
  if (checked) checks = std::make_unique<Checks>();
  if (checked) --count;
  Program program(checks.get());
  if (task == "map" && count == 3) {
    program.map(words[2]);
  } else if (task == "reconcile" && count == 4) {
    program.reconcile(words[2], words[3]);
  } else {
    return 2;
  }
  return 0;
}

}  // namespace dovetail::bench
