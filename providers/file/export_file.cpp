#include "providers/file/export_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/toolkit/json_lines.hpp"
#include "providers/toolkit/json_tree.hpp"
#include "providers/toolkit/wire_value.hpp"
#include "providers/toolkit/xml_tree.hpp"

namespace dovetail::providers {
namespace {

std::unexpected<Error> fail(std::string what) {
  return std::unexpected(Error{.kind = Error::Kind::input, .what = std::move(what)});
}

// Whatever the system itself speaks: the members' wire paths lead through JSON as through XML.
bool reads_lines(const std::filesystem::path& file, const ir::Schema& schema) {
  return schema.document != ir::DocumentFormat::none && (file.extension() == ".ndjson" || file.extension() == ".jsonl");
}

// Whether an id would be read as it is written.
NewId::Fits fits(const ir::Member& member, const CheckContext& context) {
  return [&member, &context](std::string_view id) {
    const Value read = read_wire(member, id, context);
    return read.state == State::value && read.text == id && (!member.max_length || id.size() <= *member.max_length);
  };
}

struct Parsed {
  std::unique_ptr<Tree> tree;
  std::optional<DocumentKinds::Kind> kind;  // nullopt: the document does not name it
};

Result<Parsed> parse_as_xml(const std::string& file, std::string text, const DocumentKinds& kinds,
                            std::optional<DocumentKinds::Kind> kind) {
  const DocumentKinds::Kind first = kind.value_or(DocumentKinds::records);
  Result<std::unique_ptr<Tree>> tree = parse_xml(file, text, kinds.places()[first]);
  if (!tree) return std::unexpected(tree.error());
  for (DocumentKinds::Kind other = 1; !kind && (*tree)->size() == 0 && other < kinds.places().size(); ++other) {
    Result<std::unique_ptr<Tree>> rows = parse_xml(file, text, kinds.places()[other]);
    if (rows && (*rows)->size() > 0) return Parsed{std::move(*rows), other};
  }
  return Parsed{std::move(*tree), first};
}

Result<Parsed> parse(const std::filesystem::path& file, const ir::Schema& schema, const DocumentKinds& kinds,
                     std::optional<DocumentKinds::Kind> kind) {
  Result<std::string> text = read_file(file);
  if (!text) return std::unexpected(text.error());
  if (text->find_first_not_of(" \t\r\n") == text->npos) return fail(file.string() + ": the file is empty");
  const auto as = [&](Result<std::unique_ptr<Tree>> tree) {
    return tree ? Result<Parsed>(Parsed{std::move(*tree), kind}) : std::unexpected(tree.error());
  };
  if (reads_lines(file, schema)) return as(parse_ndjson(file.string(), std::move(*text)));
  switch (schema.document) {
    case ir::DocumentFormat::json: {
      if (schema.parts.empty()) return as(parse_json(file.string(), std::move(*text), schema.records));
      Result<JsonDocument> found =
          parse_json(file.string(), std::move(*text),
                     kind ? std::span(kinds.places()).subspan(*kind, 1) : std::span<const std::string>(kinds.places()));
      if (!found) return std::unexpected(found.error());
      return Parsed{std::move(found->tree), kind ? kind : found->which};
    }
    case ir::DocumentFormat::xml:
      return parse_as_xml(file.string(), std::move(*text), kinds, kind);
    case ir::DocumentFormat::none:
      break;
  }
  return fail(fmt::format("{}: the schema `{}` does not say what an export looks like (`document …`)", file.string(),
                          schema.name));
}

// The exports in a folder.
Result<std::vector<std::filesystem::path>> exports_in(const std::filesystem::path& folder, ir::DocumentFormat format) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  const bool xml = format == ir::DocumentFormat::xml;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::filesystem::path& file = at->path();
    if (file.filename().string().starts_with('.')) continue;  // another program's, as ._x.xml is
    const std::filesystem::path kind = file.extension();
    if (xml ? kind == ".xml" : kind == ".json" || kind == ".ndjson" || kind == ".jsonl") files.push_back(file);
  }
  if (error) return fail(fmt::format("{}: cannot be read: {}", folder.string(), error.message()));
  if (files.empty())
    return fail(fmt::format("{}: no {} file in this folder", folder.string(), xml ? ".xml" : ".json or .ndjson"));
  std::ranges::sort(files);
  return files;
}

// A copy is for whom the file that was read is for.
std::filesystem::perms permissions_of(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::perms found = std::filesystem::status(path, error).permissions();
  return error ? StagedFiles::for_owner : found;
}

// True where the text holds that name as JSON writes one; case does not count.
bool holds_name(std::string_view text, std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (std::size_t at = text.find('"'); at != text.npos; at = text.find('"', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    if (rest.size() > name.size() && rest[name.size()] == '"' &&
        std::ranges::equal(rest.substr(0, name.size()), name, {}, lower, lower))
      return true;
  }
  return false;
}

}  // namespace

Result<std::unique_ptr<ExportFile>> ExportFile::open(const std::filesystem::path& path, const ir::Schema& schema,
                                                     const CheckContext& context) {
  return open(std::vector<std::string>{path.string()}, schema, context);
}

Result<std::vector<ExportFile::Given>> ExportFile::files_in(const std::vector<std::string>& places) const {
  std::vector<Given> files;
  std::error_code ignored;
  for (const std::string& place : places) {
    Given given{.path = place, .kind = std::nullopt};
    const std::size_t equals = place.find('=');
    if (equals != place.npos && !std::filesystem::exists(place, ignored)) {
      given.kind = kinds_.named(std::string_view(place).substr(0, equals));
      if (given.kind) given.path = place.substr(equals + 1);
    }
    if (!std::filesystem::is_directory(given.path, ignored) || codec_.schema().document == ir::DocumentFormat::none) {
      files.push_back(std::move(given));
      continue;
    }
    const Result<std::vector<std::filesystem::path>> found = exports_in(given.path, codec_.schema().document);
    if (!found) return std::unexpected(found.error());
    for (const std::filesystem::path& file : *found) files.push_back({.path = file, .kind = given.kind});
  }
  if (files.size() == 1) files.front().alone = true;
  if (const Result<void> told = tells_members_apart(files); !told) return std::unexpected(told.error());
  return files;
}

// XML's attributes are members like others in JSON lines.
Result<void> ExportFile::tells_members_apart(const std::vector<Given>& files) const {
  const ir::Schema& schema = codec_.schema();
  if (schema.document != ir::DocumentFormat::xml) return {};
  const auto lines = std::ranges::find_if(files, [&](const Given& file) { return reads_lines(file.path, schema); });
  if (lines == files.end()) return {};
  const auto twins = WireMap(schema).one_place_in_json(schema);
  if (!twins) return {};
  return fail(fmt::format(
      "{}: `{}` and `{}` of schema {} have one place in JSON lines, as one is an attribute in XML; "
      "give the export as XML",
      lines->path.string(), schema.members[twins->first].path, schema.members[twins->second].path, schema.name));
}

Result<std::unique_ptr<ExportFile>> ExportFile::open(const std::vector<std::string>& places, const ir::Schema& schema,
                                                     const CheckContext& context) {
  std::unique_ptr<ExportFile> opened(new ExportFile({}, schema, context));
  const Result<std::vector<Given>> files = opened->files_in(places);
  if (!files) return std::unexpected(files.error());
  std::error_code ignored;
  opened->of_folder_ = std::filesystem::is_directory(places.front(), ignored);
  opened->path_ = files->front().alone ? files->front().path : std::filesystem::path(places.front());
  const Given& first = files->front();
  if (first.alone && reads_lines(first.path, schema) &&
      first.kind.value_or(DocumentKinds::records) == DocumentKinds::records) {
    const Result<FileVersion> version = file_version(first.path);
    if (!version) return std::unexpected(version.error());
    if (version->size == 0) return fail(first.path.string() + ": the file is empty");
    opened->lines_ = *version;
    opened->note_age(*version);
    return opened;
  }
  if (const Result<void> loaded = opened->load_all(*files); !loaded) return std::unexpected(loaded.error());
  return opened;
}

Result<std::vector<ExportFile::Route>> ExportFile::routes(const std::vector<std::string>& places,
                                                          const ir::Schema& schema,
                                                          const std::optional<std::filesystem::path>& place) {
  const CheckContext nothing{.tables = nullptr, .today = {}, .region = {}, .test_system = false};
  const Result<std::vector<Given>> files = ExportFile({}, schema, nothing).files_in(places);
  if (!files) return std::unexpected(files.error());
  std::error_code ignored;
  const bool of_folder = std::filesystem::is_directory(places.front(), ignored);
  std::vector<Route> routes;
  for (const Given& file : *files) {
    routes.push_back({file.path, place ? target(file.path, file.alone, of_folder, *place) : file.path});
  }
  return routes;
}

std::filesystem::path ExportFile::target(const std::filesystem::path& file, bool alone, bool of_folder,
                                         const std::filesystem::path& place) {
  std::error_code ignored;
  const bool into = !alone || (of_folder && std::filesystem::is_directory(place, ignored));
  return into ? place / file.filename() : place;
}

Result<void> ExportFile::load_all(const std::vector<Given>& files) {
  std::vector<FileVersion> seen;
  for (const Given& file : files) {
    const Result<FileVersion> version = file_version(file.path);
    if (!version) return std::unexpected(version.error());
    const bool twice = std::ranges::any_of(seen, [&](const FileVersion& other) {
      return other.device == version->device && other.inode == version->inode;
    });
    if (twice) return fail(file.path.string() + ": given twice");
    seen.push_back(*version);
    note_age(*version);
    if (Result<void> loaded = load(file); !loaded) return loaded;
  }
  return join();
}

void ExportFile::note_age(const FileVersion& version) {
  const std::chrono::sys_time<std::chrono::nanoseconds> changed{std::chrono::nanoseconds(version.changed_ns)};
  taken_ = std::min(taken_, std::chrono::floor<std::chrono::seconds>(changed));
}

Result<void> ExportFile::load(const Given& file) {
  const Result<FileVersion> version = file_version(file.path);
  if (!version) return std::unexpected(version.error());
  Result<Parsed> parsed = parse(file.path, codec_.schema(), kinds_, file.kind);
  if (!parsed) return std::unexpected(parsed.error());
  std::optional<DocumentKinds::Kind> kind = parsed->kind;
  if (!kind && kinds_.places().size() > 1) kind = kinds_.kind_of(*parsed->tree, file.path.stem().string());
  if (!kind && (file.alone || kinds_.places().size() == 1)) kind = DocumentKinds::records;
  if (!kind) {
    return fail(fmt::format("{}: what it holds does not tell which it is, {}: say so, as in --provider {}={}",
                            file.path.string(), kinds_.names(), kinds_.name(1), file.path.string()));
  }
  Document document{.path = file.path, .tree = std::move(parsed->tree), .version = *version};
  if (*kind != DocumentKinds::records) {
    parts_.add(*kind - 1, *document.tree);
    document.named = !codec_.schema().parts[*kind - 1].chosen_by.empty();
    rows_.push_back(std::move(document));
    return {};
  }
  documents_.push_back(std::move(document));
  return index(documents_.size() - 1);
}

Result<void> ExportFile::join() {
  if (codec_.schema().parts.empty()) return {};
  if (documents_.empty()) {
    return fail(fmt::format("{}: no export of `{}` was given, and what was belongs to such records",
                            rows_.front().path.string(), kinds_.name(DocumentKinds::records)));
  }
  std::vector<Parts::Record> records(records_.size());
  for (const auto& [id, index] : by_id_) {
    const Record& record = records_[index];
    records[index] = {id, documents_[record.document].tree.get(), record.node};
  }
  if (Result<void> joined = parts_.join(records); !joined) return joined;
  for (Document& document : documents_) document.joined = std::make_unique<JoinedTree>(*document.tree, parts_);
  return {};
}

Result<void> ExportFile::index(std::size_t document) {
  const Tree& tree = *documents_[document].tree;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Node node = tree.record(i);
    const Result<std::string> id = codec_.identity(tree, node);
    if (!id) return std::unexpected(id.error());
    const auto [at, added] = by_id_.emplace(*id, records_.size());
    if (!added) {
      const Record& first = records_[at->second];
      return fail(fmt::format("{}: a second record with the id {}; the first is at {}", tree.place(node), *id,
                              documents_[first.document].tree->place(first.node)));
    }
    ids_.taken(*id);
    records_.push_back({document, node});
  }
  return {};
}

Result<Identity> ExportFile::check() {
  return Identity{.company_id = {}, .company_name = path_.filename().string(), .missing_privileges = {}};
}

Result<std::vector<std::size_t>> ExportFile::parts_left_out() const {
  std::vector<std::size_t> left;
  for (std::size_t part = 0; part < parts_.size(); ++part) left.push_back(part);
  const Error enough{.kind = Error::Kind::input, .what = {}};
  const Result<void> read = left.empty() ? Result<void>{} : read_blocks(path_, [&](std::string_view block) {
    std::erase_if(left, [&](std::size_t part) {
      const std::string& as = parts_.of(part).as;
      return holds_name(block, std::string_view(as).substr(as.rfind('/') + 1));
    });
    return left.empty() ? Result<void>(std::unexpected(enough)) : Result<void>{};
  });
  if (!read && !read.error().what.empty()) return std::unexpected(read.error());
  return left;
}

Result<Completeness> ExportFile::list_lines(Snapshot& into) {
  const Result<std::vector<std::size_t>> left_out = parts_left_out();
  if (!left_out) return std::unexpected(left_out.error());
  narrowed_ = codec_.schema();
  for (const std::size_t part : *left_out) parts_.leave_out(part, narrowed_);
  JsonLines lines(path_.string(), narrowed_, into.layout(), context_);
  const Result<void> read = read_blocks(path_, [&](std::string_view block) { return lines.take(block, into); });
  if (!read) return std::unexpected(read.error());
  if (into.size() == 0) return fail(path_.string() + ": the file is empty");
  if (const Result<void> checked = lines.check_ids(into); !checked) return std::unexpected(checked.error());
  const Completeness completeness{.complete = true, .reason = {}, .notes = parts_.notes(into.layout())};
  into.set_completeness(completeness);
  return completeness;
}

Result<void> ExportFile::load_lines() {
  if (!lines_ || !documents_.empty()) return {};
  const Result<FileVersion> version = file_version(path_);
  if (!version) return std::unexpected(version.error());
  if (*version != *lines_)
    return fail(path_.string() + ": was changed by somebody else since it was read; read it again");
  if (Result<void> loaded = load({.path = path_, .kind = DocumentKinds::records, .alone = true}); !loaded)
    return loaded;
  return join();
}

Result<Completeness> ExportFile::list(Snapshot& into) {
  if (lines_ && documents_.empty() && into.size() == 0) return list_lines(into);
  if (const Result<void> loaded = load_lines(); !loaded) return std::unexpected(loaded.error());
  for (const Record& record : records_) {
    const Result<void> decoded = codec_.decode(documents_[record.document].records(), record.node, into);
    if (!decoded) return std::unexpected(decoded.error());
  }
  std::string shortfall;
  for (const Document& document : documents_) {
    if (shortfall.empty()) shortfall = document.tree->shortfall();
  }
  Completeness completeness{
      .complete = shortfall.empty(), .reason = std::move(shortfall), .notes = parts_.notes(into.layout())};
  empty_lists_ = parts_.empty_lists(into.layout());
  into.set_completeness(completeness);
  return completeness;
}

Result<bool> ExportFile::get(std::string_view id, Snapshot& into) {
  if (const Result<void> loaded = load_lines(); !loaded) return std::unexpected(loaded.error());
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return false;
  const Record& record = records_[found->second];
  const Result<void> decoded = codec_.decode(documents_[record.document].records(), record.node, into);
  if (!decoded) return std::unexpected(decoded.error());
  return true;
}

// An Error of kind data: the writes give it an id that it cannot have.
Result<std::string> ExportFile::new_id(const std::vector<Change>& members, std::string_view reference) {
  const ir::Schema& schema = codec_.schema();
  const ir::Member& identity = schema.members[schema.identity];
  const auto given = std::ranges::find(members, schema.identity, &Change::member);
  if (given == members.end()) {
    const std::optional<std::string> id = ids_.next(reference, fits(identity, context_));
    if (!id) return fail(fmt::format("{}: no id can be made that `{}` would take", path_.string(), identity.path));
    return *id;
  }
  const auto refuse = [&](std::string why) {
    return std::unexpected(
        Error{.kind = Error::Kind::data, .what = fmt::format("{}: {}", path_.string(), std::move(why))});
  };
  const std::string& id = given->value;
  if (given->clear || !fits(identity, context_)(id))
    return refuse(fmt::format("`{}` takes no \"{}\"", identity.path, id));
  if (by_id_.contains(id))
    return refuse(fmt::format("the new record is to have the `{}` {}, and that is another's", identity.path, id));
  ids_.taken(id);
  return id;
}

Result<Created> ExportFile::create(const std::vector<Change>& members, std::string_view reference) {
  if (const Result<void> loaded = load_lines(); !loaded) return std::unexpected(loaded.error());
  const std::size_t document = documents_.size() - 1;
  Tree& tree = documents_[document].records();
  const Result<std::string> id = new_id(members, reference);
  if (!id) return std::unexpected(id.error());
  const Result<Node> node = tree.add_record();
  if (!node) return std::unexpected(node.error());
  if (const Result<void> begun = codec_.begin_record(tree, *node, *id); !begun) return std::unexpected(begun.error());
  by_id_.emplace(*id, records_.size());
  records_.push_back({document, *node});
  return Created{.id = *id, .outcomes = write(records_.back(), members)};
}

Result<std::vector<ChangeOutcome>> ExportFile::update(std::string_view id, const std::vector<Change>& changes) {
  if (const Result<void> loaded = load_lines(); !loaded) return std::unexpected(loaded.error());
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) {
    return std::unexpected(
        Error{.kind = Error::Kind::data, .what = fmt::format("{}: no record with the id {}", path_.string(), id)});
  }
  return write_known(records_[found->second], id, changes);
}

// A link holds a record by its id: a changed one would be that of a record that nobody knows.
std::vector<ChangeOutcome> ExportFile::write_known(const Record& record, std::string_view id,
                                                   const std::vector<Change>& changes) {
  const ir::MemberId identity = codec_.schema().identity;
  const auto renames = [&](const Change& change) {
    return change.member == identity && (change.clear || change.value != id);
  };
  std::vector<Change> others;
  std::ranges::remove_copy_if(changes, std::back_inserter(others), renames);
  const std::vector<ChangeOutcome> written = write(record, others);
  std::vector<ChangeOutcome> outcomes;
  for (auto next = written.begin(); const Change& change : changes) {
    if (!renames(change)) {
      outcomes.push_back(*next++);
      continue;
    }
    const std::string& member = codec_.schema().members[identity].path;
    outcomes.push_back({.kind = ChangeOutcome::Kind::refused,
                        .now = std::nullopt,
                        .reason = fmt::format("`{}` says which record this is, and stays {}", member, id)});
  }
  return outcomes;
}

std::vector<ChangeOutcome> ExportFile::write(const Record& record, const std::vector<Change>& changes) {
  Document& document = documents_[record.document];
  document.changed = document.changed || !document.joined;  // else the join knows which files are
  return codec_.encode(document.records(), record.node, changes, [this](ir::MemberId list) { return fresh_key(list); });
}

// Empty: none can be made.
std::string ExportFile::fresh_key(ir::MemberId list) {
  const auto [at, first] = element_ids_.try_emplace(list);
  if (first) {
    for (const Document& document : documents_) {
      // What cannot be read takes no id; it was reported when it was listed.
      static_cast<void>(codec_.collect_keys(document.records(), list, at->second));
    }
    parts_.note_keys(list, at->second);
  }
  const ir::Member& of = codec_.schema().members[list];
  return at->second.next(of.path, fits(codec_.schema().members[of.key], context_)).value_or("");
}

Result<void> ExportFile::is_unchanged(const Document& document) {
  const Result<FileVersion> version = file_version(document.path);
  if (!version) return std::unexpected(version.error());
  if (*version == document.version) return {};
  return fail(document.path.string() +
              ": was changed by somebody else since it was read; nothing was written, so run again");
}

Result<void> ExportFile::stage(StagedFiles& files, const std::optional<std::filesystem::path>& place) const {
  if (place && lines_ && documents_.empty()) {
    const Result<std::string> text = read_file(path_);
    if (!text) return std::unexpected(text.error());
    return files.stage(target(path_, true, of_folder_, *place), *text, permissions_of(path_));
  }
  // In an order in which a crash between two of them loses nothing: rows before the records that name them, records
  // before the rows that name those.
  std::vector<const Document*> all;
  for (const bool named : {true, false}) {
    for (const Document& document : rows_) {
      if (document.named == named) all.push_back(&document);
    }
    for (const Document& document : documents_) {
      if (named) all.push_back(&document);
    }
  }
  std::vector<std::filesystem::path> targets;
  for (const Document* document : all) {
    if (!place && !is_changed(*document)) continue;
    if (const Result<void> same = is_unchanged(*document); !place && !same) return same;
    std::filesystem::path where = document->path;
    if (place) where = target(document->path, all.size() == 1 && path_ == document->path, of_folder_, *place);
    if (std::ranges::find(targets, where) != targets.end())
      return fail(where.string() + ": two files of this name would be written into one folder");
    targets.push_back(where);
    if (const Result<void> staged = files.stage(where, document->tree->text(), permissions_of(document->path)); !staged)
      return staged;
  }
  return {};
}

}  // namespace dovetail::providers
