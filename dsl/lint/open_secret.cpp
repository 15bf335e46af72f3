// Secrets that a rule takes into a member which its schema does not call one.
#include <algorithm>

#include "dsl/check/pairs.hpp"
#include "dsl/check/secrets.hpp"
#include "dsl/lint/lints.hpp"

namespace dovetail::dsl {
namespace {

using ir::Side;

class OpenSecrets {
 public:
  OpenSecrets(const MapDraft& draft, Report& report) : draft_(draft), report_(report) {}

  void run() {
    for (const FieldDraft& field : draft_.fields) {
      for (const ShapeDraft& shape : field.shapes) {
        for (const PairDraft& pair : shape.pairs) check(pair);
      }
    }
    if (draft_.match_pair) check(*draft_.match_pair);
    for (const FillDraft& fill : draft_.fills) {
      if (fill.sound) check(fill);
    }
  }

 private:
  const ir::Member& member(Side side, const ir::Path& path) const {
    return draft_.vocabulary(side)->member(path.member);
  }
  std::string name(Side side, const ir::Path& path) const {
    return quoted(std::string(draft_.alias(side)) + "." + plain_path(member(side, path)));
  }
  const ir::Path* secret(Side side, const std::vector<ir::Path>& paths) const {
    const auto found = std::ranges::find_if(paths, [&](const ir::Path& path) { return member(side, path).secret; });
    return found == paths.end() ? nullptr : &*found;
  }

  void check(const PairDraft& pair) {
    if (!pair.sound() || !hands_on_value(pair.rule)) return;
    for (const Side target : {Side::hub, Side::provider}) {
      const std::vector<ir::Path>& to = pair.rule.end(target).paths;
      if (!ir::flows_to(pair.rule.direction, target) || to.empty() || secret(target, to) != nullptr) continue;
      const ir::Path* from = secret(other(target), pair.rule.end(other(target)).paths);
      if (from == nullptr) continue;
      report(span_of(end_at(*pair.written, target)), target, to.front(), other(target), *from);
    }
  }

  void check(const FillDraft& fill) {
    for (const ir::FillSource& source : fill.rule.sources) {
      const auto* from = std::get_if<ir::FillSource::FromMember>(&source.from);
      if (from == nullptr || member(fill.rule.side, fill.rule.target).secret) continue;
      if (!member(from->side, from->path).secret) continue;
      return report(fill.written->target.span, fill.rule.side, fill.rule.target, from->side, from->path);
    }
  }

  void report(Span span, Side target, const ir::Path& to, Side source, const ir::Path& from) {
    report_.add(Diagnostic::of(DiagnosticId::open_secret, draft_.file(), span,
                               name(target, to) + " takes the secret " + name(source, from) +
                                   ", and its schema does not call it one")
                    .with(draft_.vocabulary(target)->label(to.member, "not `secret`"))
                    .noted("with this map both are kept as hashes and shown as secrets; another map would show it")
                    .helped("write `secret` behind it in its schema"));
  }

  const MapDraft& draft_;
  Report& report_;
};

}  // namespace

void lint_open_secret(const MapDraft& draft, Report& report) { OpenSecrets(draft, report).run(); }

}  // namespace dovetail::dsl
