#include "dsl/check/literals.hpp"

#include <algorithm>

#include "dsl/check/texts.hpp"
#include "dsl/check/types.hpp"

namespace dovetail::dsl {
namespace {

using Kind = ast::Literal::Kind;

// How a literal of a type is written.
std::string_view how_to_write(const ir::Member& member) {
  if (member.type == nullptr) return "one of its words";
  if (member.type->name == "boolean") return "`true` or `false`";
  if (member.type->name == "date" || member.type->name == "iso_date") return "a day, as in 2026-03-31";
  if (!is_text_like(*member.type)) return "a number";
  return "a text in quotes";
}

bool is_written_right(const ir::Member& member, Kind kind) {
  if (member.type == nullptr) return kind == Kind::word || kind == Kind::text;
  const std::string_view type = member.type->name;
  if (type == "boolean") return kind == Kind::boolean;
  if (type == "date" || type == "iso_date") return kind == Kind::date;
  if (type == "integer" || type == "decimal" || type == "number") return kind == Kind::number;
  return kind == Kind::text;
}

// Types whose verdict needs nothing but the value.
bool needs_tables(const CheckedType& type) {
  static constexpr std::string_view free[] = {"text", "date", "iso_date", "boolean", "integer", "decimal", "email"};
  return std::find(std::begin(free), std::end(free), type.name) == std::end(free);
}

class LiteralCheck {
 public:
  LiteralCheck(const ir::Member& member, const ast::Literal& literal, const SourceFile& file, const LiteralUse& use,
               Report& report)
      : member_(member), literal_(literal), file_(file), use_(use), report_(report) {}

  std::optional<Value> run() {
    if (literal_.kind == Kind::unset) return Value{State::unset, {}};
    if (literal_.kind == Kind::absent || literal_.kind == Kind::masked) return special();
    if (member_.kind != ir::MemberKind::scalar) return refuse("a single value");
    if (is_listed_word()) return Value{State::value, std::string(file_.text(literal_.span))};
    if (!is_written_right(member_, literal_.kind)) return refuse(how_to_write(member_));
    if (member_.type == nullptr) return word();
    return checked(literal_.kind == Kind::boolean ? (literal_.is_on() ? "true" : "false") : literal_.text);
  }

 private:
  // An enumeration's own words may be `on` and `off`, or `true` and `false`.
  bool is_listed_word() const {
    return member_.type == nullptr && literal_.kind == Kind::boolean &&
           std::ranges::find(member_.words, file_.text(literal_.span), &ir::EnumWord::word) != member_.words.end();
  }

  std::optional<Value> special() {
    if (!use_.in_test) return refuse(how_to_write(member_));
    return Value{literal_.kind == Kind::absent ? State::absent : State::masked, {}};
  }

  std::optional<Value> refuse(std::string_view wanted) {
    Diagnostic found = Diagnostic::of(DiagnosticId::type_mismatch, file_, literal_.span,
                                      quoted(file_.text(literal_.span)) + " is given to " +
                                          quoted(plain_path(member_)) + ", which is " + described_type(member_));
    if (member_.kind == ir::MemberKind::scalar) {
      found.labelled("expected " + std::string(wanted));
      const bool only_lacks_quotes = wanted == "a text in quotes" && literal_.kind != Kind::absent;
      if (only_lacks_quotes) {
        const std::string in_quotes = "\"" + std::string(file_.text(literal_.span)) + "\"";
        found.helped("write " + quoted(in_quotes)).fixed({{literal_.span, in_quotes}});
      }
    }
    report_.add(std::move(found));
    return std::nullopt;
  }

  std::optional<Value> word() {
    for (const ir::EnumWord& word : member_.words) {
      if (word.word == literal_.text) return Value{State::value, word.word};
    }
    // A bare word is one of the list. Others stand in quotes: those of an open enumeration, and wrong ones in tests.
    if (literal_.kind == Kind::text && (member_.open_enum || use_.in_test))
      return Value{member_.open_enum ? State::value : State::invalid, std::string(literal_.text)};
    report_.add_with_similar(Diagnostic::of(DiagnosticId::unknown_enum_member, file_, literal_.span,
                                            quoted(plain_path(member_)) + " has no word " + quoted(literal_.text)),
                             literal_.span, literal_.text, [this] {
                               std::vector<std::string_view> words;
                               for (const ir::EnumWord& word : member_.words) words.push_back(word.word);
                               return words;
                             });
    return std::nullopt;
  }

  std::optional<Value> checked(std::string_view raw) {
    if (member_.type->by_region || (use_.tables == nullptr && needs_tables(*member_.type))) {
      return fits(raw) ? std::optional(Value{State::value, std::string(raw)}) : std::nullopt;
    }
    CheckContext context;
    context.tables = use_.tables;
    context.test_system = use_.in_test;
    std::string sent;
    const Fault fault = member_.type->check(raw, context, sent);
    if (fault == Fault::none) return fits(sent) ? std::optional(Value{State::value, sent}) : std::nullopt;
    if (use_.in_test && literal_.kind == Kind::text) return Value{State::invalid, std::string(raw)};
    report_.add(Diagnostic::of(DiagnosticId::type_mismatch, file_, literal_.span,
                               quoted(file_.text(literal_.span)) + " is not " + described_type(member_))
                    .noted(std::string(describe(*member_.type, fault))));
    return std::nullopt;
  }

  // What is too long is held at run time, whoever gives it; a test may want to see just that.
  bool fits(std::string_view text) {
    const std::size_t length = count_characters(text);
    if (use_.in_test || !member_.max_length || length <= *member_.max_length) return true;
    report_.add(Diagnostic::of(DiagnosticId::type_mismatch, file_, literal_.span,
                               quoted(plain_path(member_)) + " takes at most " + std::to_string(*member_.max_length) +
                                   " characters, and this has " + std::to_string(length))
                    .helped("give it a shorter text"));
    return false;
  }

  const ir::Member& member_;
  const ast::Literal& literal_;
  const SourceFile& file_;
  const LiteralUse& use_;
  Report& report_;
};

}  // namespace

std::optional<Value> literal_value(const Vocabulary& vocabulary, ir::MemberId member, const ast::Literal& literal,
                                   const SourceFile& file, const LiteralUse& use, Report& report) {
  const bool is_no_number = literal.kind == Kind::number && literal.text.empty();  // which the parser has said
  if (vocabulary.uncertain[member] || is_no_number) return std::nullopt;
  return LiteralCheck(vocabulary.member(member), literal, file, use, report).run();
}

}  // namespace dovetail::dsl
