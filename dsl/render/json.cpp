#include "dsl/render/json.hpp"

#include <fmt/core.h>

#include "dsl/render/characters.hpp"

namespace dovetail::dsl {
namespace {

std::string quoted(std::string_view text) {
  std::string json = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"' || byte == '\\') {
      json += '\\';
      json += text[at++];
    } else if (byte < 0x20 || byte == 0x7F) {
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
      ++at;
    } else {
      const ShownCharacter one = shown_character(text, at);
      // What is only invisible stays what it is.
      json += byte >= 0x80 && one.bytes > 1 ? text.substr(at, one.bytes) : one.shown;
      at += one.bytes;
    }
  }
  return json + "\"";
}

std::string place_of(const SourceFile& file, Span span) {
  const Place begin = file.place(span.begin);
  const Place end = file.place(span.end);
  return fmt::format(R"("line":{},"column":{},"end_line":{},"end_column":{})", begin.line, begin.column, end.line,
                     end.column);
}

std::string label_of(const Label& label) {
  return fmt::format(R"({{"file":{},{},"text":{}}})", quoted(label.file->name()), place_of(*label.file, label.span),
                     quoted(label.text));
}

template <typename List, typename ToJson>
std::string array(const List& list, ToJson to_json) {
  std::string json = "[";
  for (const auto& one : list) {
    if (json.size() > 1) json += ",";
    json += to_json(one);
  }
  return json + "]";
}

std::string fix_of(const Diagnostic& diagnostic) {
  if (!diagnostic.fix) return "null";
  const SourceFile& file = *diagnostic.primary.file;
  const auto edit = [&](const Edit& one) {
    return fmt::format(R"({{{},"replacement":{}}})", place_of(file, one.span), quoted(one.replacement));
  };
  return fmt::format(R"({{"kind":"{}","edits":{}}})", name(diagnostic.fix->kind), array(diagnostic.fix->edits, edit));
}

std::string object(const Diagnostic& diagnostic) {
  const Label& primary = diagnostic.primary;
  return fmt::format(R"({{"file":{},{},"severity":"{}","code":"{}","message":{},"label":{},"labels":{},"notes":{},)"
                     R"("help":{},"fix":{}}})",
                     quoted(primary.file->name()), place_of(*primary.file, primary.span), name(diagnostic.severity),
                     name(diagnostic.id), quoted(diagnostic.message), quoted(primary.text),
                     array(diagnostic.labels, label_of), array(diagnostic.notes, quoted), quoted(diagnostic.help),
                     fix_of(diagnostic));
}

}  // namespace

std::string to_json(std::span<const Diagnostic> diagnostics) {
  std::string json = "[";
  for (const Diagnostic& one : diagnostics) {
    json += json.size() > 1 ? ",\n" : "\n";
    json += object(one);
  }
  return json + (diagnostics.empty() ? "]\n" : "\n]\n");
}

}  // namespace dovetail::dsl
