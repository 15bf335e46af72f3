// What reading NDJSON line by line must give: what reading it as trees gives.
#pragma once

#include <string>

#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/json_lines.hpp"
#include "providers/toolkit/json_tree.hpp"

namespace dovetail::test {

// Every observation, one a line.
inline std::string text_of(const Snapshot& snapshot) {
  std::string text;
  const auto add = [&text](Observation seen) {
    text += std::string(name(seen.state)) + " " + std::string(seen.text) + "\n";
  };
  for (RecordIndex record = 0; record < snapshot.size(); ++record) {
    for (ir::SlotId slot = 0; slot < snapshot.layout().slots.size(); ++slot) add(snapshot.at(record, slot));
    for (std::size_t list = 0; list < snapshot.layout().lists.size(); ++list) {
      const Snapshot::List of = snapshot.list(record, list);
      text += "list " + std::string(name(of.state)) + "\n";
      for (ElementIndex element = of.first; element < of.first + of.count; ++element) {
        for (ir::SlotId slot = 0; slot < snapshot.layout().lists[list].slots.size(); ++slot)
          add(snapshot.element(list, element, slot));
      }
    }
    text += "end\n";
  }
  return text;
}

// The observations, or what was wrong.
inline std::string read_as_trees(const ir::Schema& schema, const ir::Layout& layout, const CheckContext& context,
                                 const std::string& text) {
  const auto tree = providers::parse_ndjson("in.ndjson", text);
  if (!tree) return tree.error().what;
  const providers::Codec codec(schema, context);
  Snapshot snapshot(layout);
  for (std::size_t i = 0; i < (*tree)->size(); ++i) {
    const providers::Node record = (*tree)->record(i);
    if (const auto id = codec.identity(**tree, record); !id) return id.error().what;
    if (const auto read = codec.decode(**tree, record, snapshot); !read) return read.error().what;
  }
  return text_of(snapshot);
}

struct LinesRead {
  std::string outcome;
  std::size_t lines = 0, odd_lines = 0;
  bool refused = false;
};

inline LinesRead read_as_lines(const ir::Schema& schema, const ir::Layout& layout, const CheckContext& context,
                               const std::string& text) {
  providers::JsonLines lines("in.ndjson", schema, layout, context);
  Snapshot snapshot(layout);
  const Result<void> read = lines.take(text, snapshot);
  return {read ? text_of(snapshot) : read.error().what, lines.lines(), lines.odd_lines(), !read};
}

// True if both give the same for every run of lines from the first up to one that is refused. Of several bad lines,
// trees name one that is no JSON before any other.
inline bool read_alike(const ir::Schema& schema, const ir::Layout& layout, const CheckContext& context,
                       const std::string& text) {
  for (std::size_t end = text.find('\n');; end = text.find('\n', end + 1)) {
    const bool last = end == text.npos;
    if (!last && end > 0 && text[end - 1] == '\n') continue;  // blank
    const std::string some = text.substr(0, last ? end : end + 1);
    const LinesRead read = read_as_lines(schema, layout, context, some);
    if (read.outcome != read_as_trees(schema, layout, context, some)) return false;
    if (last || read.refused) return true;
  }
}

}  // namespace dovetail::test
