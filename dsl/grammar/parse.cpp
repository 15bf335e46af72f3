// The only translation unit that knows PEGTL: the grammar, its actions and its messages meet here.
#include "dsl/grammar/parse.hpp"

#include <algorithm>
#include <string>

#include "dsl/grammar/builder.hpp"
#include "dsl/grammar/encoding.hpp"
#include "dsl/grammar/expectations.hpp"
#include "dsl/grammar/field_actions.hpp"
#include "dsl/grammar/schema_actions.hpp"
#include "dsl/grammar/setup_actions.hpp"
#include "dsl/grammar/suppressions.hpp"
#include "dsl/grammar/table_actions.hpp"
#include "dsl/grammar/test_actions.hpp"

namespace dovetail::dsl {
namespace grammar {
namespace {

// Where a rule that can't be done without fails, the mistake is noted and the parser goes on: nothing is thrown.
template <typename Rule>
struct control : p::normal<Rule> {
  template <typename Input>
  static void raise(const Input& in, Builder& b) {
    static_assert(!expected<Rule>.what.empty(), "expectations.hpp lacks a line for this rule");
    if constexpr (std::is_same_v<Rule, arrow>) {
      b.missing_arrow(in.current(), expected<Rule>);
    } else {
      b.missing(in.current(), expected<Rule>);
    }
  }
};

using Input = p::memory_input<p::tracking_mode::lazy, p::eol::lf, const char*>;

template <typename Rule>
bool match(Input& in, Builder& b) {
  return control<Rule>::template match<p::apply_mode::action, p::rewind_mode::required, action, control>(in, b);
}

constexpr std::string_view header_words[] = {"map", "schema", "library"};

// "netvisor" of "rules/netvisor.map"; a name at least.
std::string name_of_file(std::string_view path) {
  std::string_view file = path.substr(path.find_last_of('/') + 1);
  std::string name(file.substr(0, file.find('.')));
  std::ranges::replace_if(name, [](char c) { return !is_word(c); }, '_');
  return name.empty() || !is_letter(name.front()) ? "example" : name;
}

// What the items of a file without a header are most likely those of.
ast::Header::Kind likely_kind(std::string_view first, std::string_view path) {
  if (path.find(".schema.") != std::string_view::npos) return ast::Header::Kind::schema;
  if (starts_item(Context::map, first) && first != "deprecated") return ast::Header::Kind::map;
  return starts_item(Context::schema, first) ? ast::Header::Kind::schema : ast::Header::Kind::map;
}

// A word that no rule file starts with: the file is something else, of which nothing more is worth saying.
bool is_foreign(std::string_view first) {
  if (starts_item(Context::map, first) || starts_item(Context::schema, first)) return false;
  return nearest(first, header_words).empty() && nearest(first, item_words(Context::map)).empty() &&
         nearest(first, item_words(Context::schema)).empty();
}

std::string_view line_at(const Builder& b, const char* at) {
  const std::string_view rest = b.rest(at);
  return rest.substr(0, rest.find('\n'));
}

// Reads the header, or says that there is none. Returns what kind of file this is.
ast::Header::Kind read_header(Input& in, Builder& b) {
  in.iterator() = b.layout.gap(in.current());
  b.item_begin = in.current();
  const std::string_view first = b.word(in.current());
  const std::string_view meant = nearest(first, header_words);
  const bool misspelt_header = !meant.empty() && meant != first && !starts_item(Context::map, first) &&
                               !starts_item(Context::schema, first) &&
                               line_at(b, in.current()).find(" version ") != std::string_view::npos;
  if (misspelt_header) (void)b.assume(in.current(), header_words, {});
  b.retry = false;
  if (match<header>(in, b)) {
    const auto kind = b.file.header->kind;
    const bool broken = b.panic;
    b.broken = &b.file.broken;
    if (in.current() < b.end || broken) in.iterator() = b.after_item(in.current(), b.item_begin, b.contexts.back());
    return kind;
  }
  const bool foreign = is_foreign(first);
  const auto kind = likely_kind(first, b.reporter.source().name());
  const std::string word(header_words[static_cast<std::size_t>(kind)]);
  const std::string line = word + " " + name_of_file(b.reporter.source().name()) + " version 1 syntax 1";
  b.file.header.emplace().kind = kind;
  b.file.header->broken = true;
  b.mark_broken();
  b.reporter.add(DiagnosticId::missing_header, b.reporter.found_span(in.current()),
                 "the file does not start with `map`, `schema` or `library`", "start it with `" + line + "`",
                 {{{b.offset(b.begin), b.offset(b.begin)}, line + "\n\n"}});
  if (foreign) in.iterator() = b.end;
  return kind;
}

Context context_of(ast::Header::Kind kind) {
  static constexpr Context contexts[] = {Context::map, Context::schema, Context::library};
  return contexts[static_cast<std::size_t>(kind)];
}

// Lines that start with a word that starts an item there.
std::size_t count_items(std::string_view text, Context context) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char* word = text.data() + at;
    const char* end = word_end(word, text.data() + text.size());
    if (starts_item(context, {word, static_cast<std::size_t>(end - word)})) ++count;
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  }
  return count;
}

// What the items say, where the header says something else: reports that, and has them read as what they are.
ast::Header::Kind kind_by_items(const Input& in, Builder& b, ast::Header::Kind said) {
  using Kind = ast::Header::Kind;
  if (b.file.header->broken) return said;
  const std::string_view first = b.word(b.layout.gap(in.current()));
  const Kind other = said == Kind::schema ? Kind::map : Kind::schema;
  if (first.empty() || starts_item(context_of(said), first) || !starts_item(context_of(other), first)) return said;
  const std::string_view rest = b.rest(in.current());
  if (count_items(rest, context_of(other)) <= count_items(rest, context_of(said))) return said;
  const std::string wrong(header_words[static_cast<std::size_t>(said)]);
  const std::string right(header_words[static_cast<std::size_t>(other)]);
  const Offset begin = b.file.header->span.begin;
  const Span place{begin, begin + static_cast<Offset>(wrong.size())};
  b.reporter.add(DiagnosticId::unexpected_token, place,
                 "the header says `" + wrong + "`, and the items are those of a " + right, "write `" + right + "`",
                 {{place, right}});
  b.mark_broken();
  b.file.header->kind = other;
  return other;
}

bool supported(const Builder& b) {
  if (!b.file.header || b.file.header->broken) return true;
  const ast::Number& syntax = b.file.header->syntax;
  if (syntax.value == current_syntax) return true;
  b.reporter.add(DiagnosticId::unsupported_syntax, syntax.span,
                 "syntax " + std::to_string(syntax.value) + " is none that this version of mapcheck reads",
                 "it reads `syntax " + std::to_string(current_syntax) + "`");
  b.file.broken = true;
  return false;
}

enum class Braces : std::uint8_t { balanced, unclosed, surplus };

// One pass, which takes it that the file's braces are so. Returns how they are: unless as taken, another pass has to
// find by the indentation which brace it is.
Braces read_file(const SourceFile& source, Reporter& reporter, ast::File& file, Braces braces) {
  Builder b(source, reporter, file);
  b.unbalanced = braces == Braces::unclosed;
  b.surplus = braces == Braces::surplus;
  b.contexts.push_back(Context::map);
  Input in(b.begin, b.end, source.name().c_str());
  if (b.rest(b.begin).starts_with("\xEF\xBB\xBF")) in.bump(3);
  auto kind = read_header(in, b);
  if (!supported(b)) return braces;
  kind = kind_by_items(in, b, kind);
  switch (kind) {
    case ast::Header::Kind::map:
      (void)match<map_items>(in, b);
      break;
    case ast::Header::Kind::schema:
      b.contexts.back() = Context::schema;
      b.layout.schema = true;
      (void)match<schema_items>(in, b);
      break;
    case ast::Header::Kind::library:
      b.contexts.back() = Context::library;
      (void)match<library_items>(in, b);
      break;
  }
  b.layout.finish();
  read_suppressions(source, reporter, file);
  if (b.ended_in_block) return Braces::unclosed;
  return b.stray_brace ? Braces::surplus : Braces::balanced;
}

}  // namespace
}  // namespace grammar

ast::File parse(const SourceFile& source, std::vector<Diagnostic>& diagnostics) {
  ast::File file;
  grammar::Reporter reporter(source, diagnostics);
  if (!grammar::check_encoding(source, reporter)) {
    file.broken = true;
    return file;
  }
  using grammar::Braces;
  const auto read_as = [&](Braces braces) {
    reporter.restart();
    file = {};
    (void)grammar::check_encoding(source, reporter);
    return grammar::read_file(source, reporter, file, braces);
  };
  const Braces braces = read_as(Braces::balanced);
  if (braces == Braces::unclosed) (void)read_as(Braces::unclosed);
  // Where the indentation leads nowhere, the brace is the one that closes nothing.
  if (braces == Braces::surplus && read_as(Braces::surplus) == Braces::unclosed) (void)read_as(Braces::balanced);
  reporter.finish();
  return file;
}

}  // namespace dovetail::dsl
