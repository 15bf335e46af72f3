// What the texts of a system's records mean: a word of an enum, a withheld value or none, each told from the others.
#include <unordered_map>

#include "dsl/check/schema_members.hpp"
#include "dsl/check/types.hpp"

namespace dovetail::dsl {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == text.npos; }

class WordCheck {
 public:
  WordCheck(const Vocabulary& vocabulary, ir::MemberId id, Report& report)
      : vocabulary_(vocabulary), id_(id), written_(*vocabulary.written[id]), report_(report) {}

  void run() {
    for (const ast::EnumWord& word : written_.type.words) check_word(word);
    for (const ast::Modifier& modifier : written_.modifiers) {
      if (modifier.kind == ast::Modifier::Kind::masked_as && !modifier.texts.empty())
        check_mask(modifier.texts.front());
    }
  }

 private:
  const SourceFile& file() const { return *vocabulary_.unit->source; }
  std::string member_text() const { return quoted(plain_path(vocabulary_.member(id_))); }
  Diagnostic wrong(Span span, std::string message) const {
    return Diagnostic::of(DiagnosticId::ambiguous_wire_text, file(), span, std::move(message));
  }

  void check_word(const ast::EnumWord& word) {
    const ast::Text* wire = word.wire ? &*word.wire : nullptr;
    const std::string_view text = wire != nullptr ? wire->text : word.word.text;
    const Span span = wire != nullptr ? wire->span : word.word.span;
    if (span == Span{}) return;
    const std::string named = quoted(word.word.text) + " of " + member_text();
    if (is_blank(text)) {
      report_.add(wrong(span, named + " is an empty text in the system's records, and an empty text is no value")
                      .helped("leave the word out: a member without a value is `unset`"));
      return;
    }
    if (blanks.find(text.front()) != blanks.npos || blanks.find(text.back()) != blanks.npos) {
      report_.add(wrong(span, named + " has blanks at the ends of its text in the system's records: it is read without "
                                      "them, and so never as this word")
                      .helped("write the text without outer blanks"));
      return;
    }
    const auto [first, is_new] = seen_.emplace(text, &word);
    if (is_new) return;
    report_.add(
        wrong(span, named + " and " + quoted(first->second->word.text) + " are both " + quoted(text) +
                        " in the system's records: what is written as one is read as the other")
            .labelled("second")
            .with({&file(), first->second->wire ? first->second->wire->span : first->second->word.span, "first"})
            .helped("give each word the text that the system has for it, or keep one word"));
  }

  void check_mask(const ast::Text& mask) {
    if (mask.span == Span{}) return;
    if (is_blank(mask.text)) {
      report_.add(wrong(mask.span, member_text() + " is masked as an empty text, and an empty text is no value")
                      .helped("write the text that the system shows in place of the value"));
      return;
    }
    const auto word = seen_.find(mask.text);
    if (word != seen_.end()) {
      report_.add(wrong(mask.span, member_text() + " is masked as " + quoted(mask.text) + ", which is its word " +
                                       quoted(word->second->word.text) + ": that word would always be read as withheld")
                      .with({&file(), word->second->word.span, "the word"})
                      .helped("write the text that the system shows in place of the value"));
      return;
    }
    const ir::Member& member = vocabulary_.member(id_);
    const bool is_truth = mask.text == "true" || mask.text == "false" || mask.text == "1" || mask.text == "0";
    if (member.type == nullptr || member.type->name != "boolean" || !is_truth) return;
    report_.add(wrong(mask.span, member_text() + " is masked as " + quoted(mask.text) +
                                     ", which is one of its values: it would always be read as withheld")
                    .helped("write the text that the system shows in place of the value"));
  }

  const Vocabulary& vocabulary_;
  ir::MemberId id_;
  const ast::Member& written_;
  Report& report_;
  std::unordered_map<std::string_view, const ast::EnumWord*> seen_;  // by the text in the system's records
};

}  // namespace

void check_wire_words(const Vocabulary& vocabulary, Report& report) {
  for (ir::MemberId id = 0; id < vocabulary.written.size(); ++id) {
    const bool is_single = vocabulary.member(id).kind == ir::MemberKind::scalar;
    if (is_single && !vocabulary.uncertain[id]) WordCheck(vocabulary, id, report).run();
  }
}

}  // namespace dovetail::dsl
