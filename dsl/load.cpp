#include "dsl/load.hpp"

#include <algorithm>
#include <optional>

#include "dsl/check/report.hpp"
#include "dsl/grammar/parse.hpp"

namespace dovetail::dsl {
namespace {

// `written`, relative to the folder of `from`, without `.` and `..`. nullopt: it leads out of the root.
std::optional<std::string> resolve(std::string_view from, std::string_view written) {
  std::vector<std::string_view> parts;
  const auto add = [&parts](std::string_view path) {
    for (std::size_t at = 0; at <= path.size();) {
      const std::size_t end = std::min(path.find('/', at), path.size());
      const std::string_view part = path.substr(at, end - at);
      at = end + 1;
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.push_back(part);
      } else if (parts.empty()) {
        return false;
      } else {
        parts.pop_back();
      }
    }
    return true;
  };
  const std::size_t slash = from.find_last_of('/');
  const bool absolute = written.starts_with('/') || written.starts_with('\\') || written.find(':') != std::string::npos;
  if (absolute || (slash != std::string_view::npos && !add(from.substr(0, slash))) || !add(written))
    return std::nullopt;
  std::string path;
  for (const std::string_view part : parts) path.append(path.empty() ? "" : "/").append(part);
  return path;
}

class Loading {
 public:
  Loading(const ReadFile& read, std::vector<Diagnostic>& diagnostics,
          const std::function<std::string(const std::string&)>& shown)
      : read_(read), diagnostics_(diagnostics), shown_(shown) {}

  Result<const Unit*> add(const std::string& path) {
    auto text = read_(path);
    if (!text) return std::unexpected(text.error());
    auto unit = std::make_unique<Unit>();
    unit->path = path;
    unit->source = std::make_unique<const SourceFile>(shown_ ? shown_(path) : path, std::move(*text));
    unit->tree = parse(*unit->source, diagnostics_);
    loaded.units.push_back(std::move(unit));
    return loaded.units.back().get();
  }

  void add_imports() {
    const Unit& main = loaded.main();
    for (const ast::Item& item : main.tree.items) {
      if (const auto* import = std::get_if<ast::Import>(&item)) {
        check_alias(*import);
        loaded.imports.push_back({import, import->path.text.empty() ? nullptr : find(*import)});
      }
    }
    report_.finish();
  }

  Loaded loaded;

 private:
  const SourceFile& source() const { return *loaded.main().source; }
  void report(DiagnosticId id, Span span, std::string message, std::string help) {
    report_.add(Diagnostic::of(id, source(), span, std::move(message)).helped(std::move(help)));
  }

  // Two imports of one name. A second hub or provider of another name is the checker's finding.
  void check_alias(const ast::Import& import) {
    for (const Loaded::Import& other : loaded.imports) {
      if (import.alias.text.empty() || other.written->alias.text != import.alias.text) continue;
      report_.add(Diagnostic::of(DiagnosticId::duplicate_alias, source(), import.alias.span,
                                 "two imports are named `" + std::string(import.alias.text) + "`")
                      .with({&source(), other.written->alias.span, "the first one"})
                      .helped("give one of them another name"));
      return;
    }
  }

  const Unit* find(const ast::Import& import) {
    const std::string written(import.path.text);
    const auto path = resolve(loaded.main().path, written);
    if (!path) {
      report(DiagnosticId::import_outside_root, import.path.span, "\"" + written + "\" leads out of the rules' folder",
             "imports are paths relative to this file, inside the folder that holds the rules");
      return nullptr;
    }
    if (*path == loaded.main().path) {
      report(DiagnosticId::import_cycle, import.path.span, "the file imports itself", "name another file");
      return nullptr;
    }
    const auto known = std::ranges::find(loaded.units, *path, [](const auto& unit) { return unit->path; });
    const Unit* unit = known != loaded.units.end() ? known->get() : nullptr;
    if (unit == nullptr) {
      auto read = add(*path);
      if (!read) {
        report(DiagnosticId::missing_import, import.path.span,
               "\"" + written + "\" can't be read: " + read.error().what,
               "the path is relative to the folder of this file");
        return nullptr;
      }
      unit = *read;
    }
    return of_kind(*unit, import) ? unit : nullptr;
  }

  // Hubs and providers are schemas, libraries are libraries. A file without a header has been reported.
  bool of_kind(const Unit& unit, const ast::Import& import) {
    using Kind = ast::Header::Kind;
    if (!unit.tree.header) return true;
    static constexpr std::string_view kinds[] = {"a map", "a schema", "a library"};
    const Kind wanted = import.kind == ast::Import::Kind::library ? Kind::library : Kind::schema;
    const Kind found = unit.tree.header->kind;
    if (found == wanted) return true;
    report(DiagnosticId::missing_import, import.path.span,
           "\"" + std::string(import.path.text) + "\" is " + std::string(kinds[static_cast<std::size_t>(found)]) +
               ", not " + std::string(kinds[static_cast<std::size_t>(wanted)]),
           wanted == Kind::schema ? "`hub` and `provider` name schemas" : "`library` names a library of values tables");
    return false;
  }

  const ReadFile& read_;
  std::vector<Diagnostic>& diagnostics_;
  Report report_{diagnostics_};
  const std::function<std::string(const std::string&)>& shown_;
};

}  // namespace

Result<Loaded> load(const std::string& path, const ReadFile& read, std::vector<Diagnostic>& diagnostics,
                    const std::function<std::string(const std::string&)>& shown) {
  Loading loading(read, diagnostics, shown);
  if (auto main = loading.add(path); !main) return std::unexpected(main.error());
  loading.add_imports();
  return std::move(loading.loaded);
}

}  // namespace dovetail::dsl
