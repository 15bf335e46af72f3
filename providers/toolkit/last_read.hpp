// The record that was read last, so that a write right after it asks for nothing again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dovetail::providers {

template <typename Document>
class LastRead {
 public:
  void keep(std::string_view id, Document document) {
    id_ = id;
    document_ = std::move(document);
  }
  void forget() { document_.reset(); }
  // nullptr: another one was read since, or none.
  const Document* find(std::string_view id) const { return document_ && id_ == id ? &*document_ : nullptr; }

 private:
  std::string id_;
  std::optional<Document> document_;
};

}  // namespace dovetail::providers
