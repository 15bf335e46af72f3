// Whatever happens to a rule file, the checker answers: it never falls, and what it says points into the file.
#include "tests/dsl/check/checked_files.hpp"

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Words, texts in quotes, and single marks.
std::vector<std::pair<std::size_t, std::size_t>> tokens_of(const std::string& text) {
  std::vector<std::pair<std::size_t, std::size_t>> tokens;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (is_letter(text[at])) {
      while (end < text.size() && is_letter(text[end])) ++end;
    } else if (text[at] == '"') {
      while (end < text.size() && text[end] != '"' && text[end] != '\n') ++end;
      end = std::min(end + 1, text.size());
    } else if (text[at] == ' ' || text[at] == '\n') {
      ++at;
      continue;
    }
    tokens.emplace_back(at, end - at);
    at = end;
  }
  return tokens;
}

void check_damaged(const std::string& name, const std::string& text) {
  const auto map = dovetail::test::compile_map(name, &text);
  for (const dovetail::dsl::Diagnostic& found : map->compiled.diagnostics) {
    if (found.message.empty() || found.primary.file == nullptr || found.primary.span.begin > found.primary.span.end ||
        found.primary.span.end > found.primary.file->text().size()) {
      FAIL_CHECK("a finding without its words or place: " << dovetail::dsl::name(found.id) << " in\n" << text);
    }
  }
  CHECK(map->compiled.rules.has_value() == !dovetail::dsl::has_errors(map->compiled.diagnostics));
}

// Every `step`-th token of every map goes, or becomes another word.
void damage_all(std::size_t step) {
  for (const char* name : dovetail::test::all_maps) {
    const std::string text = dovetail::test::read_text(dovetail::test::rules_root / (std::string(name) + ".map"));
    const auto tokens = tokens_of(text);
    for (std::size_t i = 0; i < tokens.size(); i += step) {
      std::string deleted = text;
      check_damaged(name, deleted.erase(tokens[i].first, tokens[i].second));
      std::string mangled = text;
      check_damaged(name, mangled.replace(tokens[i].first, tokens[i].second, i % 2 == 0 ? "x" : "{"));
    }
  }
}

}  // namespace

TEST_CASE("a fill whose target is not there is told with its place, in whichever map") {
  std::size_t fills = 0;
  for (const char* name : dovetail::test::all_maps) {
    const std::string text = dovetail::test::read_text(dovetail::test::rules_root / (std::string(name) + ".map"));
    for (std::size_t at = text.find("\nfill "); at != text.npos; at = text.find("\nfill ", at + 1)) {
      ++fills;
      std::string misspelt = text;
      misspelt.insert(text.find('\n', at + 1), "x");
      check_damaged(name, misspelt);
    }
  }
  CHECK(fills > 0);
}

TEST_CASE("a map without one of its tokens is answered with findings or rules") { damage_all(53); }

TEST_CASE("a map without any one of its tokens is answered with findings or rules", "[long]") { damage_all(1); }
