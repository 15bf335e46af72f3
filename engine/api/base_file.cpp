#include "engine/api/base_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/api/json_list.hpp"
#include "engine/base_pool.hpp"
#include "engine/match/contradiction.hpp"

namespace dovetail {
namespace {

constexpr std::size_t link_states = 9;
constexpr std::size_t states = 5;

Json parts_json(const Few<BasePart>& parts) {
  Json list = Json::array();
  for (const BasePart& part : parts) {
    Json item = {{"path", part.path.view()}, {"state", name(part.value.state)}};
    if (!part.value.text.empty()) item["value"] = part.value.text.view();
    if (part.value.hashed) item["hashed"] = true;
    list.push_back(std::move(item));
  }
  return list;
}

Json field_json(const FieldBase& field) {
  Json item = {{"field", field.field.view()}};
  if (!field.hub_element.empty()) item["element"] = field.hub_element.view();
  const auto add = [&item](const char* key, const Few<BasePart>& parts) {
    if (!parts.empty()) item[key] = parts_json(parts);
  };
  add("hub", field.hub);
  add("provider", field.provider);
  add("known_hub", field.known_hub);
  add("known_provider", field.known_provider);
  add("pending_hub", field.pending_hub);
  add("pending_provider", field.pending_provider);
  if (!field.rules.empty()) item["rules"] = field.rules.view();
  if (!field.operation.empty()) item["operation"] = field.operation.view();
  return item;
}

Json link_json(const Link& link) {
  Json item = {{"hub", link.hub_id}, {"provider", link.provider_id}, {"state", name(link.state)}};
  if (!link.evidence.empty()) item["evidence"] = link.evidence.view();
  if (!link.note.empty()) item["note"] = link.note.view();
  if (link.left) item["left"] = true;
  if (!link.excluded_fields.empty()) item["excluded_fields"] = link.excluded_fields;
  for (const ElementLink& of : link.elements) {
    item["elements"].push_back(
        {{"list", of.hub_list.view()}, {"hub", of.hub_element.view()}, {"provider", of.provider_element.view()}});
  }
  for (const ActivationMark& of : link.marks) {
    item["marks"].push_back({{"group", of.group.view()}, {"element", of.element.view()}, {"hash", of.hash.view()}});
  }
  for (const FieldBase& of : link.base) item["fields"].push_back(field_json(of));
  return item;
}

class BaseReader {
 public:
  std::string problem;  // the first; empty: none

  // Links come one by one, before what stands around them.
  void take(const Json& item) { links_.push_back(link(item, fmt::format("/links/{}", links_.size()))); }

  KeptBase base(const Json& json, const std::string& map) {
    KeptBase kept;
    Base& base = kept.base;
    const std::string of_links = std::exchange(problem, {});
    JsonReader reader(json, "", problem);
    const std::string of = reader.text("map", true);
    if (problem.empty() && of != map) reader.refuse(fmt::format("the base of `{}`, not of `{}`", of, map));
    base.activated = reader.boolean("activated");
    kept.key_name = reader.text("key");
    if (problem.empty()) problem = of_links;
    std::size_t taken = 0;
    reader.each("links", [&](const Json& item, const std::string& place) {
      if (item != taken++) link(item, place);  // no object, or in another list of that name
    });
    base.links = std::move(links_);
    reader.finish();
    if (problem.empty() && kept.key_name.empty() && has_hashes(base))
      reader.refuse("`key` is missing, though values are hashed");
    return kept;
  }

 private:
  Link link(const Json& json, const std::string& place) {
    Link link;
    JsonReader reader(json, place, problem);
    link.hub_id = reader.text("hub");
    link.provider_id = reader.text("provider");
    const std::string state = reader.text("state", true);
    std::size_t index = 0;
    while (index < link_states && name(static_cast<LinkState>(index)) != state) ++index;
    if (index == link_states) reader.refuse(fmt::format("`state` is `{}`, which is no state of a link", state));
    link.state = static_cast<LinkState>(index % link_states);
    link.evidence = reader.text("evidence");
    link.note = reader.text("note");
    link.left = reader.boolean("left");
    link.excluded_fields = reader.texts("excluded_fields");
    reader.each("elements", [&](const Json& item, const std::string& at) {
      JsonReader of(item, at, problem);
      link.elements.push_back({of.text("list", true), of.text("hub", true), of.text("provider", true)});
      of.finish();
    });
    reader.each("marks", [&](const Json& item, const std::string& at) {
      JsonReader of(item, at, problem);
      link.marks.push_back({of.text("group", true), of.text("element"), of.text("hash", true)});
      of.finish();
    });
    std::vector<FieldBase> fields;
    reader.each("fields", [&](const Json& item, const std::string& at) { fields.push_back(field(item, at)); });
    link.base = std::move(fields);
    reader.finish();
    return link;
  }

  FieldBase field(const Json& json, const std::string& place) {
    FieldBase field;
    JsonReader reader(json, place, problem);
    field.field = pool_.of(reader.text("field", true));
    field.hub_element = reader.text("element");
    field.hub = parts(reader, "hub");
    field.provider = parts(reader, "provider");
    field.known_hub = parts(reader, "known_hub");
    field.known_provider = parts(reader, "known_provider");
    field.pending_hub = parts(reader, "pending_hub");
    field.pending_provider = parts(reader, "pending_provider");
    field.rules = pool_.of(reader.text("rules"));
    field.operation = pool_.of(reader.text("operation"));
    reader.finish();
    return field;
  }

  Few<BasePart> parts(JsonReader& reader, const char* key) {
    std::vector<BasePart> parts;
    reader.each(key, [&](const Json& item, const std::string& at) {
      JsonReader of(item, at, problem);
      BasePart part;
      part.path = pool_.of(of.text("path", true));
      const std::string state = of.text("state", true);
      std::size_t index = 0;
      while (index < states && name(static_cast<State>(index)) != state) ++index;
      if (index == states) of.refuse(fmt::format("`state` is `{}`, which is no state of a value", state));
      part.value.state = static_cast<State>(index % states);
      part.value.text = pool_.of(of.text("value"));
      part.value.hashed = of.boolean("hashed");
      of.finish();
      parts.push_back(std::move(part));
    });
    return pool_.of(std::move(parts));
  }

  std::vector<Link> links_;
  BasePool pool_;
};

}  // namespace

Result<KeptBase> read_base(const std::string& path, const std::string& map) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return KeptBase{};
  BaseReader reader;
  const Result<Json> json = read_json_file(path, "base", "links", [&](const Json& link) { reader.take(link); });
  if (!json) return std::unexpected(json.error());
  KeptBase base = reader.base(*json, map);
  if (reader.problem.empty()) reader.problem = find_contradiction(base.base).value_or("");
  if (!reader.problem.empty()) {
    return std::unexpected(Error{.kind = Error::Kind::input, .what = fmt::format("{}: {}", path, reader.problem)});
  }
  return base;
}

bool has_hashes(const Base& base) {
  const auto hashed = [](const Few<BasePart>& parts) {
    return std::ranges::any_of(parts, [](const BasePart& part) { return part.value.hashed; });
  };
  return std::ranges::any_of(base.links, [&](const Link& link) {
    return std::ranges::any_of(link.base, [&](const FieldBase& of) {
      return hashed(of.hub) || hashed(of.provider) || hashed(of.known_hub) || hashed(of.known_provider) ||
             hashed(of.pending_hub) || hashed(of.pending_provider);
    });
  });
}

std::string base_text(const Base& base, const std::string& map, const std::string& key_name) {
  Json json = {{"dovetail", "base"}, {"version", 1}, {"map", map}, {"activated", base.activated}};
  if (has_hashes(base)) json["key"] = key_name;
  json["links"] = Json::array();
  const std::string around = json.dump(1) + "\n";
  const std::string_view empty = "\n \"links\": []";
  const std::size_t place = around.find(empty) + empty.size() - 1;
  std::string text = around.substr(0, place);
  for (const Link& link : base.links) {  // each as it would stand there, without a tree of them all
    text += text.size() == place ? "\n  " : ",\n  ";
    for (const char c : link_json(link).dump(1)) {
      text += c;
      if (c == '\n') text += "  ";
    }
  }
  if (!base.links.empty()) text += "\n ";
  return text += std::string_view(around).substr(place);
}

}  // namespace dovetail
