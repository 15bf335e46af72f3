#include "dsl/check/people_texts.hpp"

namespace dovetail::dsl {
namespace {

struct PeopleTexts {
  const std::function<void(const ast::Text&, std::string_view)>& work;

  template <typename Items>
  void all(const Items& items) const {
    for (const auto& item : items) std::visit([this](const auto& one) { this->take(one); }, item);
  }
  void take(const ast::Field& field) const {
    work(field.label, "the field's label");
    for (const ast::Shape& shape : field.shapes) work(shape.name, "the shape's name");
  }
  void take(const ast::Fill& fill) const {
    for (const ast::FillSource& source : fill.sources) {
      if (const auto* ask = std::get_if<ast::FillSource::Ask>(&source.from)) work(ask->question, "the question");
    }
  }
  void take(const ast::Each& each) const { all(each.items); }
  void take(const ast::Group& group) const {
    work(group.title, "the group's title");
    all(group.items);
  }
  void take(const ast::Setup& setup) const { all(setup.items); }
  void take(const ast::Step& step) const { work(step.text, "the step"); }
  void take(const ast::Credential& credential) const { work(credential.label, "the label"); }
  void take(const ast::Support& support) const { work(support.text, "the text"); }
  void take(const ast::Import& import) const {
    if (import.title) work(*import.title, "the system's title");
  }
  void take(const ast::Setting& setting) const { work(setting.label, "the setting's label"); }
  void take(const ast::Section& section) const {
    work(section.title, "the section's title");
    work(section.text, "the section's text");
  }
  void take(const ast::Test& test) const { work(test.name, "the test's name"); }
  template <typename Item>
  void take(const Item&) const {}
};

}  // namespace

void for_each_people_text(const ast::File& file, const std::function<void(const ast::Text&, std::string_view)>& work) {
  PeopleTexts{work}.all(file.items);
}

}  // namespace dovetail::dsl
