#include "engine/compare/image.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/compare/pair_texts.hpp"
#include "engine/values/code_points.hpp"

namespace dovetail {
namespace {

using ir::at;
using Result = ir::TableProgram::Result;

// One making of one image.
class Maker {
 public:
  Maker(const ir::Program& program, const ir::FieldProgram& field, ir::Side from, const Sight& source,
        const CheckContext& context, Image& image, std::vector<std::string>* trace)
      : program_(program),
        field_(field),
        from_(from),
        to_(other(from)),
        source_(source),
        context_(context),
        image_(image),
        trace_(trace) {}

  void make() {
    image_.parts.resize(field_.parts[at(to_)].size());
    for (Value& part : image_.parts) {  // kept for its memory
      part.state = State::absent;
      part.text.clear();
    }
    image_.detail.clear();
    image_.cleared_by_row = false;
    image_.shape = std::max(source_.shape, 0);
    if (!source_tells()) return;
    if (source_.state == State::value && source_.shape < 0) {
      hold(Reason::no_shape, field_.rule->origin, "the value fits none of the forms that the rule knows");
      return;
    }
    if (field_.rule->has_shapes()) {
      for (std::size_t i = 0; i < image_.parts.size(); ++i) {
        const ir::Part& part = field_.parts[at(to_)][i];
        const bool untouched = source_.state == State::value &&
                               is_of_another_element(program_, field_, to_, std::max(source_.shape, 0), part);
        if (part.written && !untouched) image_.parts[i].state = State::unset;
      }
    }
    for (const ir::PairProgram& pair : field_.shapes[static_cast<std::size_t>(std::max(source_.shape, 0))].pairs) {
      if (flows_to(pair.direction, to_) && (!field_.rule->has_shapes() || source_.state == State::value)) add(pair);
      if (held_) return;
    }
    image_.verdict = any_value_ ? Image::Verdict::value : any_keep_ ? Image::Verdict::keep : Image::Verdict::unset;
  }

 private:
  bool source_tells() {
    const auto none = [&](Reason reason) {
      image_.verdict = Image::Verdict::none;
      image_.reason = reason;
      return false;
    };
    if (source_.ambiguous) return none(Reason::ambiguous);
    if (source_.state == State::absent) return none(Reason::source_absent);
    if (source_.state == State::invalid) return none(source_.refused ? Reason::validation : Reason::source_invalid);
    if (source_.state == State::masked) return none(Reason::target_masked);
    if (source_.incomplete && source_.state == State::value) return none(Reason::incomplete_parts);
    return true;
  }

  void hold(Reason reason, const ir::Origin& rule, std::string detail) {
    held_ = true;
    image_.verdict = Image::Verdict::held;
    image_.reason = reason;
    image_.rule = rule;
    image_.detail = std::move(detail);
  }

  void note(std::string line) const {
    if (trace_ != nullptr) trace_->push_back(std::move(line));
  }

  void put(std::uint32_t part, State state, std::string_view text = {}) {
    image_.parts[part].state = state;
    image_.parts[part].text.assign(text);
  }

  void add(const ir::PairProgram& pair) {
    if (pair.parts[at(to_)].empty()) return;  // this end is a literal: the path was a condition
    if (const std::optional<Value>& literal = pair.literal[at(from_)]) {
      // The constant goes along with a value, and goes with it.
      const bool there = source_.state == State::value;
      put(pair.parts[at(to_)].front(), there ? literal->state : State::unset, there ? literal->text : "");
      return;
    }
    const auto& sources = pair.parts[at(from_)];
    const bool all_unset =
        std::ranges::all_of(sources, [&](std::uint32_t part) { return source_.parts[part].state == State::unset; });
    if (all_unset) {
      add_unset(pair);
    } else if (std::ranges::all_of(sources, [&](std::uint32_t part) { return tells(source_.parts[part].state); })) {
      add_value(pair);
    }
  }

  static bool tells(State state) { return state == State::value || state == State::unset; }

  void add_unset(const ir::PairProgram& pair) {
    if (pair.table) {
      const ir::TableProgram& table = program_.tables[*pair.table][at(to_)];
      if (table.unset) return follow(pair, *table.unset, true);
    }
    for (const std::uint32_t part : pair.parts[at(to_)]) put(part, State::unset);
  }

  // One member to one of the same type as it is: what is in sent form already needs no second check.
  bool copy(const ir::PairProgram& pair) {
    if (pair.table || !pair.transforms->empty() || pair.parts[0].size() != 1 || pair.parts[1].size() != 1) return false;
    if (pair.valid[0] != nullptr || pair.valid[1] != nullptr) return false;
    const ir::Part& source = field_.parts[at(from_)][pair.parts[at(from_)].front()];
    const std::uint32_t part = pair.parts[at(to_)].front();
    const ir::Part& target = field_.parts[at(to_)][part];
    if (source.type == nullptr || source.type != target.type) return false;
    put(part, State::value, source_.parts[pair.parts[at(from_)].front()].text);
    any_value_ |= fits(pair, target, image_.parts[part].text) && !pair.companion;
    return true;
  }

  void add_value(const ir::PairProgram& pair) {
    if (copy(pair)) return;
    if (from_ == ir::Side::provider && pair.table) {
      look_up(pair, source_.parts[pair.parts[at(from_)].front()].text);
      return;
    }
    Texts texts;
    for (const std::uint32_t part : pair.parts[at(from_)]) texts.emplace_back(source_.parts[part].text);
    if (texts.size() == 1 && pair.valid[at(from_)] != nullptr) {
      texts.front() = sent_form(pair.valid[at(from_)], texts.front(), context_);
    }
    if (!carry(pair, from_, Texts(texts), context_, texts)) return not_carried(pair);
    if (pair.table) {
      for (const ir::TransformUse& use : *pair.transforms) note(fmt::format("via {}", use.transform->name));
      look_up(pair, texts.front());
      return;
    }
    send_all(pair, texts);
  }

  void look_up(const ir::PairProgram& pair, std::string_view word) {
    const ir::TableProgram& table = program_.tables[*pair.table][at(to_)];
    const auto found =
        std::ranges::lower_bound(table.rows, word, {}, [](const auto& row) -> std::string_view { return row.from; });
    if (found != table.rows.end() && found->from == word) return follow(pair, *found, false);
    if (table.otherwise) return follow(pair, *table.otherwise, false);
    hold(Reason::validation, pair.origin,
         fmt::format("no row of the value table `{}` names this value", program_.rules->tables[*pair.table].name));
  }

  // `from_unset`: the row stands for an unset source, so a clear by it is no clear.
  void follow(const ir::PairProgram& pair, const ir::TableProgram::Row& row, bool from_unset) {
    const std::string& table = program_.rules->tables[*pair.table].name;
    switch (row.result) {
      case Result::keep:
        note(fmt::format("using {}: keep", table));
        any_keep_ = true;
        break;
      case Result::unset:
        note(fmt::format("using {}: unset", table));
        for (const std::uint32_t part : pair.parts[at(to_)]) put(part, State::unset);
        if (!from_unset) image_.cleared_by_row = true;
        break;
      case Result::word:
        note(fmt::format("using {}: {}", table, row.to));
        send_word(pair, row.to);
        break;
    }
  }

  // The table stands at the provider's end: what is read goes through the transforms after it.
  void send_word(const ir::PairProgram& pair, const std::string& word) {
    if (from_ != ir::Side::provider || pair.transforms->empty()) return send(pair, pair.parts[at(to_)].front(), word);
    Texts texts;
    if (!carry(pair, from_, Texts{word}, context_, texts)) return not_carried(pair);
    send_all(pair, texts);
  }

  void send_all(const ir::PairProgram& pair, const Texts& texts) {
    for (const ir::TransformUse& use : *pair.transforms) note(fmt::format("via {}", use.transform->name));
    for (std::size_t i = 0; i < pair.parts[at(to_)].size() && i < texts.size() && !held_; ++i) {
      send(pair, pair.parts[at(to_)][i], texts[i]);
    }
  }

  void not_carried(const ir::PairProgram& pair) {
    std::string names;
    for (const ir::TransformUse& use : *pair.transforms)
      names += fmt::format("{}`{}`", names.empty() ? "" : ", ", use.transform->name);
    hold(Reason::validation, pair.origin, fmt::format("the value cannot be converted by {}", names));
  }

  // What is in the sent form of the target's type already. A country's own form is judged by the record's country.
  static bool is_sent_form(const CheckedType* of, const ir::Part& target, std::string_view text) {
    return of != nullptr && of == target.type && (!of->by_region || text.starts_with('+'));
  }

  // The text in the target's sent form, if it passes the checks there. `of`: the type whose sent form it is.
  void send(const ir::PairProgram& pair, std::uint32_t part, std::string_view text, const CheckedType* of = nullptr) {
    const ir::Part& target = field_.parts[at(to_)][part];
    if (text.empty()) return put(part, State::unset);
    const CheckedType* demanded = pair.parts[at(to_)].size() == 1 ? pair.valid[at(to_)] : nullptr;
    const std::string valid = demanded == nullptr ? std::string() : sent_form(demanded, text, context_);
    if (demanded != nullptr) text = valid;
    Value& value = image_.parts[part];
    value.state = State::value;
    value.text.clear();
    if (target.type == nullptr) {
      if (!is_word(*target.schema, text)) {
        return hold(Reason::validation, pair.origin, fmt::format("`{}` knows no such value", target.schema->path));
      }
      value.text.assign(text);
    } else if (is_sent_form(of, target, text)) {
      value.text.assign(text);
    } else if (const Fault fault = target.type->check(text, context_, value.text); fault != Fault::none) {
      return hold(Reason::validation, pair.origin, std::string(describe(*target.type, fault)));
    }
    if (!fits(pair, target, value.text)) return;
    any_value_ |= !pair.companion;
  }

  static bool is_word(const ir::Member& member, std::string_view text) {
    return member.open_enum || std::ranges::find(member.words, text, &ir::EnumWord::word) != member.words.end();
  }

  // The clauses speak first: they are what the author of the map can change.
  bool fits(const ir::PairProgram& pair, const ir::Part& target, std::string_view text) {
    const bool bounded = target.schema->max_length || !pair.checks[at(to_)].empty();
    if (pair.checks[at(to_)].empty() && text.size() <= target.schema->max_length.value_or(UINT32_MAX)) return true;
    const std::size_t length = bounded ? code_points(text) : 0;
    for (const ir::Clause* clause : pair.checks[at(to_)]) {
      std::string sent;
      if (clause->kind == ir::Clause::Kind::max_length && length > clause->length) {
        hold(Reason::validation, clause->origin, too_long(length, clause->length));
      } else if (clause->kind == ir::Clause::Kind::min_length && length < clause->length) {
        hold(Reason::validation, clause->origin,
             fmt::format("the value has {} characters, and at least {} are demanded in {}", length, clause->length,
                         program_.rules->title(to_)));
      } else if (clause->kind == ir::Clause::Kind::valid && pair.parts[at(to_)].size() == 1) {
        const Fault fault = clause->type->check(text, context_, sent);
        if (fault != Fault::none) hold(Reason::validation, clause->origin, std::string(describe(*clause->type, fault)));
      }
      if (held_) return false;
    }
    if (target.schema->max_length && length > *target.schema->max_length) {
      hold(Reason::validation, target.schema->origin, too_long(length, *target.schema->max_length));
      return false;
    }
    return true;
  }

  std::string too_long(std::size_t length, std::uint32_t limit) const {
    return fmt::format("the value has {} characters, and {} takes at most {}", length, program_.rules->title(to_),
                       limit);
  }

  const ir::Program& program_;
  const ir::FieldProgram& field_;
  ir::Side from_, to_;
  const Sight& source_;
  const CheckContext& context_;
  Image& image_;
  std::vector<std::string>* trace_;
  bool held_ = false, any_value_ = false, any_keep_ = false;
};

}  // namespace

void make_image(const ir::Program& program, const ir::FieldProgram& field, ir::Side from, const Sight& source,
                const CheckContext& context, Image& image, std::vector<std::string>* trace) {
  if (field.plain && source.state == State::value && !source.ambiguous &&
      source.parts.front().text.size() <= field.plain_length) {
    image.verdict = Image::Verdict::value;
    image.shape = 0;
    image.cleared_by_row = false;
    image.detail.clear();
    image.parts.resize(1);
    image.parts.front().state = State::value;
    image.parts.front().text.assign(source.parts.front().text);
    return;
  }
  Maker(program, field, from, source, context, image, trace).make();
}

namespace {

// A part that only goes along with another, as a BIC with its account: a shape without it says nothing about it, as
// long as the other is the same.
bool goes_along(const std::vector<ir::Part>& parts, std::size_t index, const Image& image, const Sight& there,
                const CheckContext& context) {
  const ir::MemberId with = parts[index].schema->written_with;
  if (with == ir::no_member || image.parts[index].state != State::unset) return false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].member == with && image.parts[i].state == State::value) {
      return same_value(parts[i], image.parts[i], there.parts[i], context);
    }
  }
  return false;
}

// Several members that are one value of a type that the rule demands: the type says whether it is the same value.
bool is_same_whole(const ir::PairProgram& pair, ir::Side target, const Image& image, const Sight& there,
                   const CheckContext& context) {
  if (pair.valid[at(target)] == nullptr || pair.parts[at(target)].size() < 2) return false;
  const CheckedType& type = *pair.valid[at(target)];
  const std::vector<Observation> made(image.parts.begin(), image.parts.end());
  std::string keys[2];
  for (const bool is_there : {false, true}) {
    const std::optional<std::string> whole = whole_text(pair, target, is_there ? there.parts : made, context);
    std::string sent;
    if (!whole || type.check(*whole, context, sent) != Fault::none) return false;
    append_key(type, sent, keys[is_there ? 1 : 0]);
  }
  return keys[0] == keys[1];
}

bool is_part_of_same_whole(const ir::FieldProgram& field, ir::Side target, std::uint32_t part, const Image& image,
                           const Sight& there, const CheckContext& context) {
  const std::vector<ir::PairProgram>& pairs = field.shapes[static_cast<std::size_t>(image.shape)].pairs;
  return std::ranges::any_of(pairs, [&](const ir::PairProgram& pair) {
    return std::ranges::find(pair.parts[at(target)], part) != pair.parts[at(target)].end() &&
           is_same_whole(pair, target, image, there, context);
  });
}

}  // namespace

bool is_equal(const ir::FieldProgram& field, ir::Side target, const Image& image, const Sight& there,
              const CheckContext& context) {
  if (image.verdict != Image::Verdict::value && image.verdict != Image::Verdict::unset) return false;
  const std::vector<ir::Part>& parts = field.parts[at(target)];
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].compared || image.parts[i].state == State::absent) continue;
    if (same_value(parts[i], image.parts[i], there.parts[i], context)) continue;
    if (is_part_of_same_whole(field, target, i, image, there, context)) continue;
    if (!field.rule->has_shapes() || !goes_along(parts, i, image, there, context)) return false;
  }
  return true;
}

bool is_same_as_it_stands(const ir::FieldProgram& field, const Sight& hub, const Sight& provider,
                          const CheckContext& context) {
  if (field.rule->has_shapes()) return false;
  for (const ir::PairProgram& pair : field.shapes.front().pairs) {
    if (pair.companion) continue;
    if (pair.table || !pair.transforms->empty() || pair.parts[0].size() != 1 || pair.parts[1].size() != 1) return false;
    const std::uint32_t in_hub = pair.parts[at(ir::Side::hub)].front();
    const std::uint32_t in_provider = pair.parts[at(ir::Side::provider)].front();
    const ir::Part& part = field.parts[at(ir::Side::provider)][in_provider];
    if (!same_value(part, hub.parts[in_hub], provider.parts[in_provider], context)) return false;
  }
  return true;
}

}  // namespace dovetail
