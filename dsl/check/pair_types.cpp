// Whether the two members of a pair can hold the same value.
#include <algorithm>

#include "dsl/check/pairs.hpp"
#include "dsl/check/types.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

bool is_enum(const ir::Member& member) { return member.type == nullptr; }

// Words of `from` that `to` does not have.
std::vector<std::string_view> missing_words(const ir::Member& from, const ir::Member& to) {
  std::vector<std::string_view> missing;
  if (to.open_enum) return missing;
  for (const ir::EnumWord& word : from.words) {
    if (std::ranges::find(to.words, word.word, &ir::EnumWord::word) == to.words.end()) missing.push_back(word.word);
  }
  return missing;
}

class TypeCheck {
 public:
  TypeCheck(const MapDraft& draft, PairDraft& pair, Report& report)
      : draft_(draft),
        pair_(pair),
        report_(report),
        hub_(single_member(draft, pair, Side::hub)),
        provider_(single_member(draft, pair, Side::provider)) {}

  void run() {
    const bool converted = !pair_.written->via.empty() || pair_.written->table;
    if (!pair_.sound() || converted || hub_ == nullptr || provider_ == nullptr) return;
    if (hub_->kind != ir::MemberKind::scalar || provider_->kind != ir::MemberKind::scalar) return;
    if (is_enum(*hub_) && is_enum(*provider_)) return compare_words();
    if (is_enum(*hub_) || is_enum(*provider_)) return refuse_enum();
    if (!go_together(*hub_->type, *provider_->type)) refuse_types();
  }

 private:
  std::string hub_text() const { return quoted(end_text(draft_, pair_, Side::hub)); }
  std::string provider_text() const { return quoted(end_text(draft_, pair_, Side::provider)); }

  Diagnostic at_arrow(DiagnosticId id, std::string message) {
    pair_.conversion_known = false;
    return Diagnostic::of(id, draft_.file(), pair_.written->arrow.span, std::move(message))
        .with(draft_.label(span_of(pair_.written->left), described_type(*hub_)))
        .with(draft_.label(span_of(pair_.written->right), described_type(*provider_)));
  }

  void compare_words() {
    std::vector<std::string_view> missing;
    Side from = Side::hub;
    if (ir::flows_to(pair_.rule.direction, Side::provider)) missing = missing_words(*hub_, *provider_);
    if (missing.empty() && ir::flows_to(pair_.rule.direction, Side::hub)) {
      from = Side::provider;
      missing = missing_words(*provider_, *hub_);
    }
    if (missing.empty()) return;
    report_.add(at_arrow(DiagnosticId::missing_value_table,
                         hub_text() + " and " + provider_text() + " have other words, and no values table")
                    .noted("only in " + (from == Side::hub ? hub_text() : provider_text()) + ": " + listed(missing))
                    .helped("add `using` and a values table that has a row for each word"));
  }

  void refuse_enum() {
    const ir::Member& single = is_enum(*hub_) ? *provider_ : *hub_;
    const bool is_day = single.type->name == "date" || single.type->name == "iso_date";
    if (is_day) return refuse_types();
    report_.add(at_arrow(DiagnosticId::missing_value_table,
                         (is_enum(*hub_) ? hub_text() : provider_text()) + " is an enum and " +
                             (is_enum(*hub_) ? provider_text() : hub_text()) + " is " + described_type(single) +
                             ", and no values table says what the words become")
                    .helped("add `using` and a values table that has a row for each word"));
  }

  void refuse_types() {
    Diagnostic found =
        at_arrow(DiagnosticId::type_mismatch, hub_text() + " and " + provider_text() + " can't hold the same value");
    const std::vector<std::string_view> fitting = fitting_transforms();
    if (!fitting.empty()) {
      found.help = "convert it by ";
      for (std::size_t i = 0; i < fitting.size(); ++i) {
        found.help += (i == 0                    ? ""
                       : i + 1 == fitting.size() ? " or "
                                                 : ", ") +
                      quoted("via " + std::string(fitting[i]));
      }
      if (fitting.size() == 1 && !pair_.of_objects) {
        found.fixed({{{pair_.written->span.end, pair_.written->span.end}, " via " + std::string(fitting.front())}});
      }
    }
    report_.add(std::move(found));
  }

  // The transforms that are made for exactly these two types, and go as the pair does.
  std::vector<std::string_view> fitting_transforms() const {
    std::vector<std::string_view> fitting;
    if (is_enum(*hub_) || is_enum(*provider_)) return fitting;
    const bool is_read = ir::flows_to(pair_.rule.direction, Side::hub);
    for (const Transform& transform : transforms()) {
      if (transform.hub_arity != 1 || transform.provider_arity != 1 || transform.arguments != 0) continue;
      if ((is_read && !transform.invertible) || transform.hub_type == transform.provider_type) continue;
      const bool both = fits(transform.hub_type, *hub_->type) && fits(transform.provider_type, *provider_->type);
      if (both) fitting.push_back(transform.name);
    }
    return fitting;
  }

  static bool fits(std::string_view stated, const CheckedType& type) {
    if (stated.empty()) return type.name == "text";
    const CheckedType* wanted = find_type(stated);
    return wanted != nullptr && go_together(*wanted, type);
  }

  const MapDraft& draft_;
  PairDraft& pair_;
  Report& report_;
  const ir::Member* hub_;
  const ir::Member* provider_;
};

}  // namespace

void check_types(const MapDraft& draft, PairDraft& pair, Report& report) { TypeCheck(draft, pair, report).run(); }

}  // namespace dovetail::dsl
