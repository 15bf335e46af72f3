// dovetail links and exclude: who is linked to whom, and changing it by hand.
#include "engine/api/links.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/json_file.hpp"
#include "engine/api/person.hpp"
#include "tools/dovetail/store_place.hpp"
#include "tools/dovetail/terminal.hpp"

namespace dovetail::tools {
namespace {

// Somebody on one side of whom it was said that they are not to be added to the other.
bool is_alone(const Link& link) { return link.left && (link.hub_id.empty() || link.provider_id.empty()); }

std::string text_of(const Link& link) {
  std::string text = fmt::format("{}  {}  {}", link.hub_id.empty() ? "-" : link.hub_id,
                                 link.provider_id.empty() ? "-" : link.provider_id,
                                 is_apart(link)   ? std::string_view("not one person")
                                 : is_alone(link) ? std::string_view("not to be added")
                                                  : name(link.state));
  if (!link.evidence.empty()) text += ", " + std::string(link.evidence);
  if (!link.note.empty()) text += ": " + std::string(link.note);
  for (const std::string& field : link.excluded_fields) text += fmt::format(", without {}", field);
  return text;
}

// An id that was mistyped would read as if there were no link.
Result<void> check_known(Runtime& runtime, const StoreOptions& options) {
  const auto of = runtime.connections().find(options.connection);
  if (!of) return std::unexpected(of.error());
  return runtime.store().read([&](Transaction& now) -> Result<void> {
    const Result<bool> known = is_remembered(now, of->id, options.person);
    if (!known) return std::unexpected(known.error());
    if (*known) return {};
    return std::unexpected(Error{
        .kind = Error::Kind::input,
        .what = fmt::format("{}: nobody of this id, of either side, is remembered on {}", options.person, of->name)});
  });
}

// Before anybody is asked.
Result<void> check_forgettable(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return std::unexpected(runtime.error());
  const auto links = links_of(**runtime, options.connection, options.person);
  if (!links) return std::unexpected(links.error());
  const auto found =
      std::ranges::find(*links, options.person, [](const StoredLink& one) { return id_to_forget(one.link); });
  if (found != links->end()) return {};
  if (const Result<void> known = check_known(**runtime, options); !known) return known;
  std::string what = fmt::format("{}: nothing is remembered of them that could be forgotten", options.person);
  if (!links->empty())
    what = fmt::format("{} is linked to {}: name that id", options.person, links->front().link.hub_id);
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// "3 links, 1 not to be added"
std::string count_text(const std::vector<StoredLink>& links) {
  std::size_t pairs = 0, alone = 0, apart = 0;
  for (const StoredLink& each : links) (is_apart(each.link) ? apart : is_alone(each.link) ? alone : pairs) += 1;
  std::string text = fmt::format("{} link{}", pairs, pairs == 1 ? "" : "s");
  if (alone > 0) text += fmt::format(", {} not to be added", alone);
  if (apart > 0) text += fmt::format(", {} not one person", apart);
  return text;
}

int say(const std::string& done) {
  fmt::print("{}\n", printable(done));
  return clean;
}

}  // namespace

int links_list_command(const StoreOptions& options) {
  auto runtime = open_runtime(options, true);
  if (!runtime) return refuse(runtime.error());
  const auto links = links_of(**runtime, options.connection, options.person);
  if (!links) return refuse(links.error());
  if (links->empty() && !options.person.empty()) {
    if (const Result<void> known = check_known(**runtime, options); !known) return refuse(known.error());
  }
  if (options.format == "json") {
    Json list = Json::array();
    for (const StoredLink& each : *links) list.push_back(to_json(each.link));
    const Json document = {{"dovetail", "links"}, {"version", 1}, {"links", std::move(list)}};
    fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
    return clean;
  }
  for (const StoredLink& each : *links) fmt::print("{}\n", printable(text_of(each.link)));
  fmt::print("{}\n", count_text(*links));
  return clean;
}

int links_cut_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const auto apart = cut_link(**runtime, options.connection, options.person, author());
  if (!apart) return refuse(apart.error());
  return say(fmt::format("{} and {} are two people from now on; neither record was touched", apart->hub_id,
                         apart->provider_id));
}

int links_make_command(const StoreOptions& options) {
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const auto made = make_link(**runtime, options.connection, options.person, options.record, author());
  if (!made) return refuse(made.error());
  return say(fmt::format("{} and {} are one person from now on; what differs is shown in the next run", made->hub_id,
                         made->provider_id));
}

int links_forget_command(const StoreOptions& options) {
  if (const Result<void> known = check_forgettable(options); !known) return refuse(known.error());
  const std::string question =
      fmt::format("Forget what is remembered of {}: the link, what was agreed, exclusions? The next run matches anew.",
                  options.person);
  if (!confirmed(options, question)) return not_confirmed();
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  if (auto done = forget_link(**runtime, options.connection, options.person); !done) return refuse(done.error());
  return say(options.person + ": forgotten; neither record was touched");
}

int exclude_command(const StoreOptions& options) {
  if (!options.undo && options.why.empty()) {
    return refuse({.kind = Error::Kind::input, .what = "say why by --reason; it is shown wherever the person is"});
  }
  auto runtime = open_runtime(options);
  if (!runtime) return refuse(runtime.error());
  const Exclusion wanted{.person = options.person, .field = options.field, .why = options.why, .undo = options.undo};
  if (auto done = exclude(**runtime, options.connection, wanted, author()); !done) return refuse(done.error());
  const std::string what = options.field.empty() ? options.person : options.person + ", " + options.field;
  return say(what + (options.undo ? ": taken in again" : ": left out from now on; neither record was touched"));
}

}  // namespace dovetail::tools
