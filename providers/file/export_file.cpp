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

Result<std::unique_ptr<Tree>> parse(const std::filesystem::path& file, const ir::Schema& schema) {
  Result<std::string> text = read_file(file);
  if (!text) return std::unexpected(text.error());
  if (text->find_first_not_of(" \t\r\n") == text->npos) return fail(file.string() + ": the file is empty");
  if (reads_lines(file, schema)) return parse_ndjson(file.string(), std::move(*text));
  switch (schema.document) {
    case ir::DocumentFormat::json:
      return parse_json(file.string(), std::move(*text), schema.records);
    case ir::DocumentFormat::xml:
      return parse_xml(file.string(), std::move(*text), schema.records);
    case ir::DocumentFormat::none:
      break;
  }
  return fail(fmt::format("{}: the schema `{}` does not say what an export looks like (`document …`)", file.string(),
                          schema.name));
}

Result<std::vector<std::filesystem::path>> xml_files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const bool hidden = at->path().filename().string().starts_with('.');  // another program's, as ._x.xml is
    if (!hidden && at->path().extension() == ".xml") files.push_back(at->path());
  }
  if (error) return fail(fmt::format("{}: cannot be read: {}", folder.string(), error.message()));
  if (files.empty()) return fail(folder.string() + ": no .xml file in this folder");
  std::ranges::sort(files);
  return files;
}

// A copy is for whom the file that was read is for.
std::filesystem::perms permissions_of(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::perms found = std::filesystem::status(path, error).permissions();
  return error ? StagedFiles::for_owner : found;
}

}  // namespace

Result<std::unique_ptr<ExportFile>> ExportFile::open(const std::filesystem::path& path, const ir::Schema& schema,
                                                     const CheckContext& context) {
  std::unique_ptr<ExportFile> opened(new ExportFile(path, schema, context));
  std::vector<std::filesystem::path> files = {path};
  std::error_code ignored;
  if (schema.document == ir::DocumentFormat::xml && std::filesystem::is_directory(path, ignored)) {
    Result<std::vector<std::filesystem::path>> found = xml_files_in(path);
    if (!found) return std::unexpected(found.error());
    files = std::move(*found);
  }
  if (reads_lines(path, schema)) {
    const Result<FileVersion> version = file_version(path);
    if (!version) return std::unexpected(version.error());
    if (version->size == 0) return fail(path.string() + ": the file is empty");
    opened->lines_ = *version;
    opened->note_age(*version);
    return opened;
  }
  for (const std::filesystem::path& file : files) {
    const Result<FileVersion> version = file_version(file);
    if (!version) return std::unexpected(version.error());
    opened->note_age(*version);
    if (const Result<void> loaded = opened->load(file); !loaded) return std::unexpected(loaded.error());
  }
  return opened;
}

void ExportFile::note_age(const FileVersion& version) {
  const std::chrono::sys_time<std::chrono::nanoseconds> changed{std::chrono::nanoseconds(version.changed_ns)};
  taken_ = std::min(taken_, std::chrono::floor<std::chrono::seconds>(changed));
}

Result<void> ExportFile::load(const std::filesystem::path& file) {
  const Result<FileVersion> version = file_version(file);
  if (!version) return std::unexpected(version.error());
  Result<std::unique_ptr<Tree>> tree = parse(file, codec_.schema());
  if (!tree) return std::unexpected(tree.error());
  documents_.push_back({file, std::move(*tree), *version});
  return index(documents_.size() - 1);
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

Result<Completeness> ExportFile::list_lines(Snapshot& into) {
  JsonLines lines(path_.string(), codec_.schema(), into.layout(), context_);
  const Result<void> read = read_blocks(path_, [&](std::string_view block) { return lines.take(block, into); });
  if (!read) return std::unexpected(read.error());
  if (into.size() == 0) return fail(path_.string() + ": the file is empty");
  if (const Result<void> checked = lines.check_ids(into); !checked) return std::unexpected(checked.error());
  const Completeness completeness{.complete = true, .reason = {}};
  into.set_completeness(completeness);
  return completeness;
}

Result<void> ExportFile::load_lines() {
  if (!lines_ || !documents_.empty()) return {};
  const Result<FileVersion> version = file_version(path_);
  if (!version) return std::unexpected(version.error());
  if (*version != *lines_)
    return fail(path_.string() + ": was changed by somebody else since it was read; read it again");
  return load(path_);
}

Result<Completeness> ExportFile::list(Snapshot& into) {
  if (lines_ && documents_.empty() && into.size() == 0) return list_lines(into);
  if (const Result<void> loaded = load_lines(); !loaded) return std::unexpected(loaded.error());
  for (const Record& record : records_) {
    const Result<void> decoded = codec_.decode(*documents_[record.document].tree, record.node, into);
    if (!decoded) return std::unexpected(decoded.error());
  }
  std::string shortfall;
  for (const Document& document : documents_) {
    if (shortfall.empty()) shortfall = document.tree->shortfall();
  }
  Completeness completeness{.complete = shortfall.empty(), .reason = std::move(shortfall)};
  into.set_completeness(completeness);
  return completeness;
}

Result<bool> ExportFile::get(std::string_view id, Snapshot& into) {
  if (const Result<void> loaded = load_lines(); !loaded) return std::unexpected(loaded.error());
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return false;
  const Record& record = records_[found->second];
  const Result<void> decoded = codec_.decode(*documents_[record.document].tree, record.node, into);
  if (!decoded) return std::unexpected(decoded.error());
  return true;
}

Result<Created> ExportFile::create(const std::vector<Change>& members, std::string_view reference) {
  if (const Result<void> loaded = load_lines(); !loaded) return std::unexpected(loaded.error());
  const std::size_t document = documents_.size() - 1;
  Tree& tree = *documents_[document].tree;
  const ir::Member& identity = codec_.schema().members[codec_.schema().identity];
  const std::optional<std::string> id = ids_.next(reference, fits(identity, context_));
  if (!id) return fail(fmt::format("{}: no id can be made that `{}` would take", path_.string(), identity.path));
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
  return write(records_[found->second], changes);
}

std::vector<ChangeOutcome> ExportFile::write(const Record& record, const std::vector<Change>& changes) {
  Document& document = documents_[record.document];
  document.changed = true;
  return codec_.encode(*document.tree, record.node, changes, [this](ir::MemberId list) { return fresh_key(list); });
}

// Empty: none can be made.
std::string ExportFile::fresh_key(ir::MemberId list) {
  const auto [at, first] = element_ids_.try_emplace(list);
  if (first) {
    for (const Document& document : documents_) {
      // What cannot be read takes no id; it was reported when it was listed.
      static_cast<void>(codec_.collect_keys(*document.tree, list, at->second));
    }
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
    return files.stage(*place, *text, permissions_of(path_));
  }
  for (const Document& document : documents_) {
    if (!place && !document.changed) continue;
    if (const Result<void> same = is_unchanged(document); !place && !same) return same;
    std::filesystem::path target = document.path;
    if (place) target = documents_.size() == 1 && path_ == document.path ? *place : *place / document.path.filename();
    const Result<void> staged = files.stage(target, document.tree->text(), permissions_of(document.path));
    if (!staged) return staged;
  }
  return {};
}

}  // namespace dovetail::providers
