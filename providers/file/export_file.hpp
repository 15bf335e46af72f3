// A system as its exported documents: files (JSON, NDJSON or XML) of its records, and of what it lists apart from them.
// Changes are made in memory; stage() hands the changed documents on to be written.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/system.hpp"
#include "providers/file/document_kinds.hpp"
#include "providers/file/joined_tree.hpp"
#include "providers/file/parts.hpp"
#include "providers/file/staged_files.hpp"
#include "providers/toolkit/codec.hpp"
#include "providers/toolkit/new_id.hpp"

namespace dovetail::providers {

class ExportFile : public System {
 public:
  // Reads and checks the whole export. The format is the schema's; a name that ends in .ndjson or .jsonl has a JSON
  // record a line: it is read and checked by list(), a block at a time, and as a whole only once it is changed.
  // Refuses two records with one id. The schema, and what `context` views, must outlive the result.
  static Result<std::unique_ptr<ExportFile>> open(const std::filesystem::path& path, const ir::Schema& schema,
                                                  const CheckContext& context);
  // The same of all these together: each a file, a folder of them, or NAME=FILE where NAME says which of the schema's
  // documents it is; otherwise that is found out from what it holds. Refuses a file that is named twice.
  static Result<std::unique_ptr<ExportFile>> open(const std::vector<std::string>& places, const ir::Schema& schema,
                                                  const CheckContext& context);

  // Where stage() would write what open() would read from these places, without reading any of it.
  struct Route {
    std::filesystem::path from, to;
  };
  static Result<std::vector<Route>> routes(const std::vector<std::string>& places, const ir::Schema& schema,
                                           const std::optional<std::filesystem::path>& place);

  Result<Identity> check() override;
  Result<Completeness> list(Snapshot& into) override;
  std::vector<EmptyList> empty_lists() const override { return empty_lists_; }
  Result<bool> get(std::string_view id, Snapshot& into) override;
  // Its id is what the writes give it, where they do; an id that another record has is refused (Error::Kind::data).
  Result<Created> create(const std::vector<Change>& members, std::string_view reference) override;
  // The id of a record stays: that change is refused, the others are made.
  Result<std::vector<ChangeOutcome>> update(std::string_view id, const std::vector<Change>& changes) override;

  // When the oldest of its files was last changed.
  std::chrono::sys_seconds taken() const { return taken_; }

  std::size_t size() const { return records_.size(); }  // of NDJSON: 0 until it is changed

  // Stages the documents: the changed ones in their places; all of them at or below `place`, where one is given. That
  // is a folder where several were read, and where one is there and a folder was read.
  // Refuses to replace a file that somebody else has changed since it was read.
  Result<void> stage(StagedFiles& files, const std::optional<std::filesystem::path>& place) const;

 private:
  struct Document {
    std::filesystem::path path;
    std::unique_ptr<Tree> tree;
    FileVersion version;  // as it was read
    bool changed = false;
    bool named = false;                            // rows that records name
    std::unique_ptr<JoinedTree> joined = nullptr;  // of records: the tree with the rows of the parts
    Tree& records() const { return joined ? *joined : *tree; }
  };
  struct Given {  // on the command line
    std::filesystem::path path;
    std::optional<DocumentKinds::Kind> kind;  // nullopt: to be found out
    bool alone = false;                       // nothing else was given
  };
  struct Record {
    std::size_t document;
    Node node;
  };

  ExportFile(std::filesystem::path path, const ir::Schema& schema, const CheckContext& context)
      : path_(std::move(path)), context_(context), codec_(schema, context), kinds_(schema), parts_(schema, context) {}
  static std::filesystem::path target(const std::filesystem::path& file, bool alone, bool of_folder,
                                      const std::filesystem::path& place);
  static Result<void> is_unchanged(const Document& document);
  Result<std::vector<Given>> files_in(const std::vector<std::string>& places) const;
  Result<void> tells_members_apart(const std::vector<Given>& files) const;
  Result<void> load_all(const std::vector<Given>& files);
  void note_age(const FileVersion& version);
  Result<void> load(const Given& file);
  Result<void> join();
  Result<Completeness> list_lines(Snapshot& into);
  Result<std::vector<std::size_t>> parts_left_out() const;  // of NDJSON: those that no record holds
  Result<void> load_lines();                                // for changes: as the records that were listed
  Result<void> index(std::size_t document);
  bool is_changed(const Document& document) const { return document.changed || parts_.is_changed(*document.tree); }
  std::string fresh_key(ir::MemberId list);
  Result<std::string> new_id(const std::vector<Change>& members, std::string_view reference);
  std::vector<ChangeOutcome> write_known(const Record& record, std::string_view id, const std::vector<Change>& changes);
  std::vector<ChangeOutcome> write(const Record& record, const std::vector<Change>& changes);

  std::filesystem::path path_;
  bool of_folder_ = false;  // a folder was named
  CheckContext context_;
  std::chrono::sys_seconds taken_ = std::chrono::sys_seconds::max();
  Codec codec_;
  DocumentKinds kinds_;
  Parts parts_;
  std::vector<EmptyList> empty_lists_;  // of the last list()
  std::vector<Document> rows_;          // of the parts
  ir::Schema narrowed_;                 // of NDJSON: without what no record holds
  std::optional<FileVersion> lines_;    // of NDJSON: the file as it was opened
  std::vector<Document> documents_;
  std::vector<Record> records_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  NewId ids_;
  std::map<ir::MemberId, NewId> element_ids_;  // by list, made when first needed
};

}  // namespace dovetail::providers
