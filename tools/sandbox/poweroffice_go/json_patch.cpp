#include "tools/sandbox/poweroffice_go/json_patch.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "tools/sandbox/core/call.hpp"

namespace dovetail::sandbox::poweroffice_go {

namespace {

using Wrong = std::optional<std::string>;

const std::string malformed = "The JSON patch document was malformed and could not be parsed.";

std::string not_found(const std::string& segment) {
  return fmt::format("The target location specified by path segment '{}' was not found.", segment);
}

// Where a path leads: a member of an object, or a place in its list of numbers.
struct Place {
  Json* object = nullptr;
  const Member* member = nullptr;
  std::optional<std::string> index;  // of a list: digits or "-"

  Json& value() const { return (*object)[member->name]; }
};

class Patch {
 public:
  Patch(Json& document, const std::vector<Member>& members, const PatchManner& manner)
      : document_(document), members_(members), lenient_(manner.lenient), creates_objects_(manner.creates_objects) {}

  Wrong apply(const Json& operation) {
    const std::string op = lower(text_member(operation, "op"));
    if (!operation.is_object() || !member(operation, "path").is_string() || !member(operation, "op").is_string()) {
      return malformed;
    }
    constexpr std::array known = {"add", "replace", "remove", "copy", "move", "test"};
    if (std::ranges::find(known, op) == known.end()) {
      return fmt::format("Invalid JsonPatch operation '{}'.", text_member(operation, "op"));
    }
    const auto place = find(text_member(operation, "path"), op);
    if (!place) return place.error();
    if (op == "remove") return remove(*place);
    if (op == "test") return test(*place, member(operation, "value"));
    if (op == "add" || op == "replace") return set(*place, member(operation, "value"), op == "add");
    return transfer(*place, operation, op == "move");
  }

 private:
  std::expected<Place, std::string> find(const std::string& path, const std::string& op) {
    if (path.find("//") != std::string::npos) {
      return std::unexpected(fmt::format("The provided string '{}' is an invalid path.", path));
    }
    std::vector<std::string> segments = split(path.starts_with('/') ? path.substr(1) : path, '/');
    for (std::string& each : segments) each = replace_all(replace_all(each, "~1", "/"), "~0", "~");
    const Member* member = find_member(members_, segments[0]);
    if (member == nullptr || !member->patch) return std::unexpected(not_found(segments[0]));
    if (segments.size() == 1) return Place{&document_, member, std::nullopt};
    const bool list = member->type == Type::integers;
    if (segments.size() > 2 || (!list && member->type != Type::object))
      return std::unexpected(not_found(segments.back()));
    Json& inner = document_[member->name];
    if (inner.is_null() && creates_objects_ && !list && (op == "add" || op == "replace")) inner = Json::object();
    if (inner.is_null()) {
      return std::unexpected(
          fmt::format("For operation '{}', the target location specified by path '{}' was not found.", op, path));
    }
    if (list) return Place{&document_, member, segments[1]};
    const Member* nested = find_member(member->members, segments[1]);
    if (nested == nullptr) return std::unexpected(not_found(segments[1]));
    return Place{&inner, nested, std::nullopt};
  }

  // The number of an existing element; with `end`, also the place behind the last.
  static std::expected<std::size_t, std::string> index_of(const Place& place, bool end) {
    const std::size_t size = place.value().size();
    if (*place.index == "-") return end ? size : size - 1;
    const auto number = to_number(*place.index);
    if (!number)
      return std::unexpected(fmt::format("The index value provided by path segment '{}' is invalid.", *place.index));
    if (*number < 0 || static_cast<std::size_t>(*number) > size ||
        (!end && static_cast<std::size_t>(*number) == size)) {
      return std::unexpected(fmt::format(
          "The index value provided by path segment '{}' is out of bounds of the array size.", *place.index));
    }
    return static_cast<std::size_t>(*number);
  }

  Wrong set(const Place& place, const Json& value, bool adds) const {
    const Member element{.name = place.member->name, .type = Type::integer};
    const auto kept = converted(place.index ? element : *place.member, value, lenient_);
    if (!kept || (place.index && kept->is_null())) {
      const std::string shown = value.is_string() ? value.get<std::string>() : to_text(value);
      return fmt::format("The value '{}' is invalid for target location.", shown);
    }
    if (!place.index) {
      place.value() = *kept;
      return std::nullopt;
    }
    const auto index = index_of(place, adds);
    if (!index) return index.error();
    Json& list = place.value();
    if (adds) {
      list.insert(list.begin() + static_cast<std::ptrdiff_t>(*index), *kept);
    } else if (list.empty()) {
      return fmt::format("The index value provided by path segment '{}' is out of bounds of the array size.",
                         *place.index);
    } else {
      list[*index] = *kept;
    }
    return std::nullopt;
  }

  static Wrong remove(const Place& place) {
    if (!place.index) {
      place.value() = Json();
      return std::nullopt;
    }
    const auto index = index_of(place, false);
    if (!index) return index.error();
    if (place.value().empty()) {
      return fmt::format("The index value provided by path segment '{}' is out of bounds of the array size.",
                         *place.index);
    }
    place.value().erase(*index);
    return std::nullopt;
  }

  static std::expected<Json, std::string> read(const Place& place) {
    if (!place.index) return place.value();
    const auto index = index_of(place, false);
    if (!index) return std::unexpected(index.error());
    if (place.value().empty()) return Json();
    return place.value()[*index];
  }

  static Wrong test(const Place& place, const Json& wanted) {
    const auto now = read(place);
    if (!now) return now.error();
    if (*now == wanted) return std::nullopt;
    const auto shown = [](const Json& value) { return value.is_string() ? value.get<std::string>() : to_text(value); };
    return fmt::format("The current value '{}' at path '{}' is not equal to the test value '{}'.", shown(*now),
                       place.member->name, shown(wanted));
  }

  Wrong transfer(const Place& target, const Json& operation, bool moves) {
    if (!member(operation, "from").is_string()) return malformed;
    const auto source = find(text_member(operation, "from"), moves ? "move" : "copy");
    if (!source) return source.error();
    const auto value = read(*source);
    if (!value) return value.error();
    if (moves) {
      if (auto wrong = remove(*source)) return wrong;
    }
    return set(target, *value, true);
  }

  Json& document_;
  const std::vector<Member>& members_;
  bool lenient_, creates_objects_;
};

}  // namespace

std::expected<Json, std::string> patched(Json document, const Json& operations, const std::vector<Member>& members,
                                         const PatchManner& manner) {
  if (!operations.is_array()) return std::unexpected(malformed);
  Patch patch(document, members, manner);
  for (const Json& operation : operations) {
    if (auto wrong = patch.apply(operation)) return std::unexpected(*wrong);
  }
  return document;
}

}  // namespace dovetail::sandbox::poweroffice_go
