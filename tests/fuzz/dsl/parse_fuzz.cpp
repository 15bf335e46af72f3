// Any bytes as a rule file: the parser ends, its messages have places in the file, and they can be shown.
// With the language's words: -dict=tests/fuzz/dsl/map.dict
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "dsl/grammar/parse.hpp"
#include "dsl/render/json.hpp"
#include "dsl/render/text.hpp"

using namespace dovetail::dsl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const SourceFile source("x.map", std::string(reinterpret_cast<const char*>(bytes), size));
  std::vector<Diagnostic> found;
  const ast::File file = parse(source, found);
  for (const Diagnostic& one : found) {
    if (one.primary.span.begin > one.primary.span.end || one.primary.span.end > size) std::abort();
    for (const Label& label : one.labels) {
      if (label.span.end > size) std::abort();
    }
  }
  for (const ast::Trivia& one : file.trivia) {
    if (one.span.begin > one.span.end || one.span.end > size) std::abort();
  }
  (void)to_text(found);
  (void)to_json(found);
  return 0;
}
