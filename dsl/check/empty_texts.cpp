// Labels and titles that are there and say nothing: people would see an empty place.
#include "dsl/check/checks.hpp"

namespace dovetail::dsl {
namespace {

class EmptyTexts {
 public:
  EmptyTexts(const MapDraft& draft, Report& report) : draft_(draft), report_(report) {}

  void run() {
    for (const ast::Item& item : draft_.unit->tree.items) {
      std::visit([this](const auto& one) { take(one); }, item);
    }
  }

 private:
  // A text that is missing has no place, and has been reported.
  void check(const ast::Text& text, std::string_view what) {
    const bool is_blank = text.text.find_first_not_of(" \t") == text.text.npos;
    if (!is_blank || text.span == Span{}) return;
    report_.add(
        Diagnostic::of(DiagnosticId::unexpected_token, draft_.file(), text.span, std::string(what) + " is empty")
            .helped("people read it: write what they call it"));
  }

  void take(const ast::Field& field) {
    check(field.label, "the field's label");
    for (const ast::Shape& shape : field.shapes) check(shape.name, "the shape's name");
  }
  void take(const ast::Fill& fill) {
    for (const ast::FillSource& source : fill.sources) {
      if (const auto* ask = std::get_if<ast::FillSource::Ask>(&source.from)) check(ask->question, "the question");
    }
  }
  template <typename Items>
  void take_fields(const Items& items) {
    for (const auto& item : items) {
      if (const auto* field = std::get_if<ast::Field>(&item)) take(*field);
      if (const auto* fill = std::get_if<ast::Fill>(&item)) take(*fill);
    }
  }
  void take(const ast::Each& each) { take_fields(each.items); }
  void take(const ast::Group& group) {
    check(group.title, "the group's title");
    take_fields(group.items);
    for (const auto& item : group.items) {
      if (const auto* each = std::get_if<ast::Each>(&item)) take(*each);
    }
  }
  void take(const ast::Setup& setup) {
    for (const auto& item : setup.items) {
      if (const auto* step = std::get_if<ast::Step>(&item)) check(step->text, "the step");
      if (const auto* credential = std::get_if<ast::Credential>(&item)) check(credential->label, "the label");
    }
  }
  void take(const ast::Import& import) {
    if (import.title) check(*import.title, "the system's title");
  }
  void take(const ast::Setting& setting) { check(setting.label, "the setting's label"); }
  void take(const ast::Section& section) { check(section.title, "the section's title"); }
  void take(const ast::Test& test) { check(test.name, "the test's name"); }
  template <typename Item>
  void take(const Item&) {}

  const MapDraft& draft_;
  Report& report_;
};

}  // namespace

void check_empty_texts(const MapDraft& draft, Report& report) { EmptyTexts(draft, report).run(); }

}  // namespace dovetail::dsl
