// Where the tokens of a JSON text begin, found many bytes at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace dovetail::providers {

class JsonMarks {
 public:
  JsonMarks();
  JsonMarks(const JsonMarks&) = delete;
  JsonMarks& operator=(const JsonMarks&) = delete;
  ~JsonMarks();

  // The offset of every bracket, colon and comma outside texts, of the quote that opens a text, and of the first byte
  // of any other token; behind them, the text's length. Valid until the next call. Empty: the text is empty, is not
  // UTF-8, holds a control character within quotes, does not close a quote, or is too long. Nothing else is judged.
  std::span<const std::uint32_t> find(std::string_view text);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace dovetail::providers
