#include "engine/store/words.hpp"

namespace dovetail::store {

std::optional<std::uint64_t> Words::find(std::string_view word) const {
  const std::lock_guard lock(mutex_);
  const auto found = numbers_.find(word);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string_view> Words::find(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = texts_.find(number);
  if (found == texts_.end()) return std::nullopt;
  return found->second;
}

void Words::add(std::uint64_t number, std::string_view word) {
  const std::lock_guard lock(mutex_);
  const auto [place, is_new] = numbers_.emplace(std::string(word), number);
  if (is_new) texts_.emplace(number, place->first);
}

void SeenWords::remember(std::uint64_t number, std::string_view word) {
  numbers_.emplace(word, number);
  texts_.emplace(number, word);
}

std::uint64_t SeenWords::number(std::string_view word) {
  if (const auto found = numbers_.find(word); found != numbers_.end()) return found->second;
  if (const auto known = words_.find(word)) {
    remember(*known, *words_.find(*known));
    return *known;
  }
  auto row = sql_.row<std::int64_t>("select id from word where text = :text", word);
  if (!row) {
    row = sql_.row<std::int64_t>("insert into word (text) values (:text) on conflict (text) do nothing returning id",
                                 word);
  }
  if (!row) row = sql_.row<std::int64_t>("select id from word where text = :text", word);
  if (!row) throw SqlFailure(SqlFailure::Kind::conflict, "a word came and went");
  const auto number = static_cast<std::uint64_t>(std::get<0>(*row));
  own_numbers_.push_back(number);
  remember(number, own_.emplace_back(word));
  return number;
}

std::optional<std::string_view> SeenWords::word(std::uint64_t number) {
  if (const auto found = texts_.find(number); found != texts_.end()) return found->second;
  if (const auto known = words_.find(number)) {
    remember(number, *known);
    return known;
  }
  if (number > INT64_MAX) return std::nullopt;
  const auto row = sql_.row<std::string>("select text from word where id = :id", static_cast<std::int64_t>(number));
  if (!row) return std::nullopt;
  own_numbers_.push_back(number);
  remember(number, own_.emplace_back(std::get<0>(*row)));
  return own_.back();
}

void SeenWords::publish() {
  for (std::size_t i = 0; i < own_.size(); ++i) words_.add(own_numbers_[i], own_[i]);
}

}  // namespace dovetail::store
