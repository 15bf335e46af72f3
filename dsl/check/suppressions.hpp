// `# mapcheck: allow(name) because "…"`, and checks of a file's outside.
#pragma once

#include <vector>

#include "dsl/diagnostic.hpp"
#include "dsl/load.hpp"

namespace dovetail::dsl {

class Report;

// The suppressions of a file and its imports, found by what they cover.
class Suppressions {
 public:
  explicit Suppressions(const Loaded& loaded);

  // True if one covers the finding, which is then to be left out: never an error.
  bool drop(const Diagnostic& found);
  // Reports suppressions that did nothing, have no reason or name no check. `errors`: the file has some, and so is not
  // checked to the end.
  void check(bool errors, Report& report) const;

 private:
  struct Allowed {
    const Unit* unit = nullptr;
    const ast::Suppression* written = nullptr;
    const DiagnosticKind* kind = nullptr;  // nullptr: there is no such check
    bool used = false;
  };
  struct Cover {
    const SourceFile* file = nullptr;
    DiagnosticId id{};
    Span span;
    Offset reach = 0;  // the furthest end of this one and those before it, of the same file and id
    std::size_t allowed = 0;
  };

  void add(const Unit& unit, const ast::Suppression& written, const std::vector<Span>& items);
  static void check_name(const Allowed& allowed, Report& report);
  static void check_use(const Allowed& allowed, bool errors, Report& report);
  static void check_reason(const Allowed& allowed, Report& report);

  std::vector<Allowed> all_;
  std::vector<Cover> covers_;  // by file, id and place
};

// For findings of a later stage (tests, layout): drops what the files suppress, and says nothing about it.
void drop_suppressed(const Loaded& loaded, std::vector<Diagnostic>& diagnostics);

// The file's name against its header, and `##` lines that document nothing.
void check_every_file(const Loaded& loaded, Report& report);

}  // namespace dovetail::dsl
