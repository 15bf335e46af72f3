#include "dsl/check/secrets.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/values/transform.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

class SharedSecrets {
 public:
  explicit SharedSecrets(ir::RuleSet& rules) : rules_(rules) {}

  // True: something has become secret.
  bool share() {
    changed_ = false;
    for (const ir::Field& field : rules_.fields) {
      for (const ir::Shape& shape : field.shapes) {
        for (const ir::Pair& pair : shape.pairs) share(pair);
      }
    }
    if (rules_.match && rules_.match->pair) share(*rules_.match->pair);
    for (const ir::Fill& fill : rules_.fills) share(fill);
    return changed_;
  }

 private:
  ir::Member& member(Side side, const ir::Path& path) {
    return rules_.schemas[static_cast<std::size_t>(side)].members[path.member];
  }
  // What a mistake in the file has left without a member is told elsewhere, and is nothing here.
  bool is_found(Side side, const ir::Path& path) const {
    return path.member < rules_.schemas[static_cast<std::size_t>(side)].members.size();
  }
  bool is_secret(Side side, const ir::Path& path) { return is_found(side, path) && member(side, path).secret; }
  bool has_secret(Side side, const std::vector<ir::Path>& paths) {
    return std::ranges::any_of(paths, [&](const ir::Path& path) { return is_secret(side, path); });
  }
  void mark(Side side, const ir::Path& path) {
    if (!is_found(side, path)) return;
    changed_ |= !member(side, path).secret;
    member(side, path).secret = true;
  }

  // Of several members that are one value, the schema says which of them is the secret.
  void share(const ir::Pair& pair) {
    if (!hands_on_value(pair)) return;
    for (const Side side : {Side::hub, Side::provider}) {
      if (!has_secret(other(side), pair.end(other(side)).paths) || has_secret(side, pair.end(side).paths)) continue;
      for (const ir::Path& path : pair.end(side).paths) mark(side, path);
    }
  }

  void share(const ir::Fill& fill) {
    for (const ir::FillSource& source : fill.sources) {
      const auto* from = std::get_if<ir::FillSource::FromMember>(&source.from);
      if (from == nullptr) continue;
      if (is_secret(from->side, from->path)) mark(fill.side, fill.target);
      if (is_secret(fill.side, fill.target)) mark(from->side, from->path);
    }
  }

  ir::RuleSet& rules_;
  bool changed_ = false;
};

}  // namespace

bool hands_on_value(const ir::Pair& pair) {
  return std::ranges::none_of(pair.transforms, [](const ir::TransformUse& use) {
    return use.transform->name == "iban_bic" || use.transform->name.ends_with("_birth_date");
  });
}

void share_secrets(ir::RuleSet& rules) {
  SharedSecrets secrets(rules);
  while (secrets.share()) {
  }
}

}  // namespace dovetail::dsl
