// Which of a schema's documents a file is: the records, or the rows of a part.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/ir/schema.hpp"
#include "providers/toolkit/tree.hpp"
#include "providers/toolkit/wire_path.hpp"

namespace dovetail::providers {

class DocumentKinds {
 public:
  using Kind = std::size_t;  // 0: the records; n: part n - 1
  static constexpr Kind records = 0;

  // The schema must outlive it.
  explicit DocumentKinds(const ir::Schema& schema);

  // Where each kind's records stand: the schema's `records`, by kind.
  const std::vector<std::string>& places() const { return places_; }
  // "employees": the last step of that place.
  std::string name(Kind kind) const;
  // "`employees`, `addresses` or `bankAccounts`"
  std::string names() const;
  // The kind of that name; nullopt: none has it.
  std::optional<Kind> named(std::string_view name) const;

  // By the names that its rows hold; where there are no rows, by the file's name. nullopt: neither tells.
  std::optional<Kind> kind_of(const Tree& tree, std::string_view file_name) const;

 private:
  struct Names {
    std::vector<WirePath> own;       // of what only such a row holds
    std::vector<WirePath> required;  // one of these is there
  };
  static bool holds(const Tree& tree, const WirePath& path);

  std::vector<std::string> places_;
  std::vector<Names> by_kind_;
};

}  // namespace dovetail::providers
