// Writes mapped records as JSON, a line each: what has no value is left out, as are objects without members.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "engine/compare/image.hpp"
#include "providers/toolkit/wire_path.hpp"

namespace dovetail::bench {

// True if JSON takes every byte as it is; eight at a time.
inline bool is_plain(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  const auto all = [](const char* eight) {
    std::uint64_t x = 0;
    std::memcpy(&x, eight, sizeof x);
    const std::uint64_t quote = x ^ (ones * '"'), backslash = x ^ (ones * '\\');
    return ((((x - ones * ' ') & ~x) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & (ones << 7U)) ==
           0;
  };
  if (text.size() < 8) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\') return false;
    }
    return true;
  }
  for (std::size_t i = 0; i + 8 <= text.size(); i += 8) {
    if (!all(text.data() + i)) return false;
  }
  return all(text.data() + text.size() - 8);
}

inline void append_quoted(std::string& into, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (is_plain(text)) {
    const std::size_t before = into.size(), length = before + text.size() + 2;
    if (into.capacity() < length) into.reserve(length * 2);  // resize_and_overwrite takes no more than it is told
    into.resize_and_overwrite(length, [&](char* begin, std::size_t) {
      begin[before] = '"';
      std::memcpy(begin + before + 1, text.data(), text.size());
      begin[length - 1] = '"';
      return length;
    });
    return;
  }
  into += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    into.append(text.substr(plain, i - plain));
    plain = i + 1;
    into += '\\';
    if (c >= 0x20) {
      into += text[i];
    } else {
      into += "u00";
      into += digits[c >> 4U];
      into += digits[c & 15U];
    }
  }
  into.append(text.substr(plain));
  into += '"';
}

// As the system writes it.
inline std::string_view on_wire(const ir::Member& member, std::string_view sent) {
  for (const ir::EnumWord& word : member.words) {
    if (word.word == sent) return word.wire;
  }
  return sent;
}

class RecordWriter {
 public:
  // Of what the rules write to that side. All must outlive the writer. A list gets one element.
  RecordWriter(const ir::Program& program, ir::Side side) : schema_(program.rules->schema(side)), wires_(schema_) {
    nodes_.emplace_back();
    if (program.match_pair) add_field(program, *program.match_pair, side);
    for (const ir::FieldProgram& field : program.fields) add_field(program, field, side);
  }

  // What is to be written of one field: of the match pair, if there is one, then by field. `plain`: the value is that
  // of the source as it stands, and `image` was not made.
  struct Written {
    const Observation* plain = nullptr;
    Image image{};
  };
  void append(const std::vector<Written>& images, std::string& into) const {
    into += '{';
    append_members(0, images, into);
    into += "}\n";
  }

 private:
  struct Node {
    std::string opening;  // "name":
    bool list = false;
    std::size_t image = 0, part = 0;  // of a leaf
    const ir::Member* member = nullptr;
    std::vector<std::size_t> children{};
  };

  void add_field(const ir::Program& program, const ir::FieldProgram& field, ir::Side side) {
    const std::vector<ir::Part>& parts = field.parts[ir::at(side)];
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::size_t at = 0;
      if (parts[i].schema->list != ir::no_member) {
        at = walk(at, wires_.path(parts[i].schema->list));
        nodes_[at].list = true;
      }
      at = walk(at, wires_.path(parts[i].member));
      nodes_[at].member = parts[i].schema;
      nodes_[at].image = fields_;
      nodes_[at].part = i;
    }
    static_cast<void>(program);
    ++fields_;
  }

  std::size_t walk(std::size_t at, const providers::WirePath& path) {
    for (const providers::WireStep& step : path) {
      const std::string opening = '"' + step.name + "\":";
      std::size_t next = 0;
      for (const std::size_t child : nodes_[at].children) {
        if (nodes_[child].opening == opening) next = child;
      }
      if (next == 0) {
        next = nodes_.size();
        nodes_[at].children.push_back(next);
        nodes_.push_back({.opening = opening});
      }
      at = next;
    }
    return at;
  }

  bool append_members(std::size_t at, const std::vector<Written>& images, std::string& into) const {
    bool any = false;
    for (const std::size_t child : nodes_[at].children) {
      const std::size_t before = into.size();
      if (any) into += ',';
      if (append_node(nodes_[child], child, images, into)) {
        any = true;
      } else {
        into.resize(before);
      }
    }
    return any;
  }

  bool append_node(const Node& node, std::size_t at, const std::vector<Written>& images, std::string& into) const {
    into += node.opening;
    if (node.member != nullptr) {
      if (const Observation* plain = images[node.image].plain) {
        append_quoted(into, plain->text);
        return true;
      }
      const Image& image = images[node.image].image;
      if (image.verdict != Image::Verdict::value || image.parts[node.part].state != State::value) return false;
      append_quoted(into, on_wire(*node.member, image.parts[node.part].text));
      return true;
    }
    into += node.list ? "[{" : "{";
    if (!append_members(at, images, into)) return false;
    into += node.list ? "}]" : "}";
    return true;
  }

  const ir::Schema& schema_;
  providers::WireMap wires_;
  std::vector<Node> nodes_;
  std::size_t fields_ = 0;
};

}  // namespace dovetail::bench
