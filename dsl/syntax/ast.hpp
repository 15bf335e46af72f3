// What a rule file says, as written: the tree of a map, a schema or a library. Nothing is resolved or checked here.
//
// Every node is a value with its span. Texts are views into the source file, or into File::strings where an escape
// had to be resolved; so a tree lives as long as its SourceFile stays where it is, and no longer.
//
// `broken`: part of this item could not be understood (the parser has said so). What is there is true; that
// something is missing proves nothing. Containers are broken with what they hold.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dsl/syntax/map_items.hpp"
#include "dsl/syntax/schema_items.hpp"
#include "dsl/syntax/source_file.hpp"
#include "dsl/syntax/test_items.hpp"
#include "dsl/syntax/words.hpp"

namespace dovetail::dsl::ast {

struct Deprecated {  // deprecated replaced by NAME
  Name replacement;
  Span span;
};

struct Header {  // map netvisor version 3 syntax 1
  enum class Kind : std::uint8_t { map, schema, library };
  Kind kind = Kind::map;
  Name name;
  Number version;
  Number syntax;
  std::optional<Deprecated> deprecated;
  Doc doc;
  Span span;
  bool broken = false;
};

using Item = std::variant<Import, Setup, Setting, Match, ConflictRule, Field, Each, Group, Fill, Values, LifeCycle,
                          Guard, Section, Test, Adapter, Identity, Active, Region, Document, OmittedIsUnset, Member>;

// `# mapcheck: allow(unused-import) because "…"`
struct Suppression {
  Text lint;  // as written, may be the name of no lint
  std::optional<Text> because;
  Span span;    // of the comment
  Span covers;  // the next line that is neither blank nor a comment; empty at the end of the file
};

// What the tree leaves out, in file order, so that the text can be edited and nothing is lost.
struct Trivia {
  enum class Kind : std::uint8_t { comment, doc, suppression, blank_lines };
  Kind kind = Kind::comment;
  Span span;  // comments: from # to the end of the line, without the line break
};

struct File {
  std::optional<Header> header;
  std::vector<Item> items;  // in file order
  std::vector<Trivia> trivia;
  std::vector<Suppression> suppressions;
  std::vector<Doc> detached_docs;   // `##` lines that stand before no item
  std::deque<std::string> strings;  // texts whose escapes had to be resolved
  bool broken = false;              // something in this file could not be understood

  File() = default;
  File(File&&) = default;
  File& operator=(File&&) = default;
  File(const File&) = delete;  // views point into `strings`
  File& operator=(const File&) = delete;
};

}  // namespace dovetail::dsl::ast
