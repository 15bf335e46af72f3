// NDJSON into a snapshot, line by line as it is read: the bulk path beside Codec, which gives the same snapshot.
// Compiled once from a schema and a layout. A line of the usual shape is read in one pass, without a tree and without
// looking names up; any other goes through Codec.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/ir/schema.hpp"
#include "engine/snapshot.hpp"
#include "engine/values/type.hpp"

namespace dovetail::providers {

class JsonLines {
 public:
  // `file` is how messages name the input. The schema, and what `context` views, must outlive the decoder.
  JsonLines(std::string file, const ir::Schema& schema, const ir::Layout& layout, const CheckContext& context);
  JsonLines(const JsonLines&) = delete;
  JsonLines& operator=(const JsonLines&) = delete;
  ~JsonLines();

  // Appends a record for each line of `text` that is not blank. `text` follows what was taken before, and ends with a
  // line break unless it is the last of its file. Refuses what is not well-formed, and records without an id; what
  // stood before is in `into` then. `into` has the decoder's layout.
  Result<void> take(std::string_view text, Snapshot& into);

  std::size_t lines() const;      // taken so far, blank ones included
  std::size_t odd_lines() const;  // of those, how many went through Codec

  // Where the records of all that was taken share an id: the Error that says so. `into` holds nothing else.
  Result<void> check_ids(const Snapshot& into) const;

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace dovetail::providers
