// Links with their base, and what the sweep saw last.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "engine/durable/link_text.hpp"
#include "engine/store/statements.hpp"
#include "engine/store/transaction.hpp"

namespace dovetail::store {
namespace {

constexpr std::int64_t chunk = 5000;  // rows at a time: answers are held in memory

void sort_by_ids(std::vector<StoredLink>& links) {
  std::ranges::sort(links, [](const StoredLink& one, const StoredLink& other) {
    return std::tie(one.link.hub_id, one.link.provider_id, one.id) <
           std::tie(other.link.hub_id, other.link.provider_id, other.id);
  });
}

// A person's links stand for two records that are one, or are to become one; this one says that they are not.
bool is_apart(const Link& link) { return link.state == LinkState::disputed && link.left; }

}  // namespace

std::string SqlTransaction::pack(ConnectionId id, const Link& link) {
  const std::string bytes = pack_link(link, [this](std::string_view word) { return words_.number(word); });
  return seal(sealed::link, id, bytes, link.hub_id, link.provider_id);
}

Link SqlTransaction::unpack(ConnectionId id, std::string hub_id, std::string provider_id, std::string_view content,
                            BasePool* pool) {
  const std::string bytes = open(sealed::link, id, content, hub_id, provider_id);
  auto link = unpack_link(bytes, [this](std::uint64_t number) { return words_.word(number); }, pool);
  if (!link) throw SqlFailure(SqlFailure::Kind::corrupt, "the link of \"" + hub_id + "\" cannot be read");
  link->hub_id = std::move(hub_id);
  link->provider_id = std::move(provider_id);
  return std::move(*link);
}

Result<Base> SqlTransaction::base(ConnectionId id) {
  auto all = links(id);
  if (!all) return std::unexpected(all.error());
  const auto of = connection(id);
  if (!of) return std::unexpected(of.error());
  Base base;
  base.activated = *of && (*of)->activated.has_value();
  base.links.reserve(all->size());
  for (StoredLink& each : *all) base.links.push_back(std::move(each.link));
  return base;
}

Result<std::vector<StoredLink>> SqlTransaction::links(ConnectionId id) {
  return reading([&]() -> Result<std::vector<StoredLink>> {
    std::vector<StoredLink> all;
    BasePool pool;
    for (std::int64_t after = 0;;) {
      auto rows = sql_.rows<std::int64_t, std::int64_t, std::string, std::string, std::string>(
          "select id, version, hub_id, provider_id, content from link where connection = :connection and id > :after"
          " order by id limit :most",
          id, after, chunk);
      for (auto& [link, version, hub_id, provider_id, content] : rows) {
        all.push_back({link, version, unpack(id, std::move(hub_id), std::move(provider_id), content, &pool)});
      }
      if (static_cast<std::int64_t>(rows.size()) < chunk) break;
      after = all.back().id;
    }
    sort_by_ids(all);
    return all;
  });
}

Result<std::optional<StoredLink>> SqlTransaction::one_link(ConnectionId id, const char* sql, std::string_view text) {
  return reading([&]() -> Result<std::optional<StoredLink>> {
    auto row = sql_.row<std::int64_t, std::int64_t, std::string, std::string, std::string>(sql, id, text);
    if (!row) return std::nullopt;
    auto& [link, version, hub_id, provider_id, content] = *row;
    return StoredLink{link, version, unpack(id, std::move(hub_id), std::move(provider_id), content)};
  });
}

Result<std::optional<StoredLink>> SqlTransaction::link_of_hub(ConnectionId id, std::string_view hub_id) {
  return one_link(id,
                  "select id, version, hub_id, provider_id, content from link where connection = :connection"
                  " and hub_id = :hub_id order by disputed, id limit 1",
                  hub_id);
}

Result<std::optional<StoredLink>> SqlTransaction::link_of_provider(ConnectionId id, std::string_view provider_id) {
  return one_link(id,
                  "select id, version, hub_id, provider_id, content from link where connection = :connection"
                  " and provider_id = :provider_id order by disputed, id limit 1",
                  provider_id);
}

Result<std::vector<LinkMark>> SqlTransaction::marks_of_hubs(ConnectionId id,
                                                            const std::vector<std::string_view>& hub_ids) {
  return reading([&]() -> Result<std::vector<LinkMark>> {
    GivenRows<std::string, std::int64_t, std::int64_t> asked(sql_, statements_.marks_of_hubs);
    for (const std::string_view hub_id : hub_ids) asked.add(id, hub_id);
    std::vector<LinkMark> all;
    for (auto& [hub_id, link, version] : asked.finish()) {
      if (all.empty() || all.back().hub_id != hub_id) all.push_back({std::move(hub_id), link, version});
    }
    return all;
  });
}

Result<std::size_t> SqlTransaction::count_links(ConnectionId id) {
  return reading([&]() -> Result<std::size_t> {
    const auto row = sql_.row<std::int64_t>(
        "select count(*) from link where connection = :connection and disputed = 0 and hub_id <> '' and provider_id <> "
        "''",
        id);
    return static_cast<std::size_t>(std::get<0>(row.value()));
  });
}

LinkId SqlTransaction::insert_link(ConnectionId id, const Link& link) {
  const auto row = sql_.row<std::int64_t>(
      "insert into link (connection, hub_id, provider_id, disputed, version, content)"
      " values (:connection, :hub_id, :provider_id, :disputed, 1, :content) returning id",
      id, link.hub_id, link.provider_id, is_apart(link), pack(id, link));
  return std::get<0>(row.value());
}

void SqlTransaction::insert_links(ConnectionId id, std::span<const Link* const> links) {
  GivenRows<> given(sql_, statements_.insert_links);
  for (const Link* link : links) given.add(id, link->hub_id, link->provider_id, is_apart(*link), pack(id, *link));
  given.finish();
}

std::vector<LinkId> SqlTransaction::update_links(ConnectionId id,
                                                 std::span<const std::pair<const StoredLink*, const Link*>> changes) {
  GivenRows<std::int64_t> given(sql_, statements_.update_links);
  std::vector<LinkId> left, done;
  for (const auto& [before, link] : changes) {
    given.add(id, before->id, before->version, link->hub_id, link->provider_id, is_apart(*link), pack(id, *link));
    left.push_back(before->id);
  }
  for (const auto& [link] : given.finish()) done.push_back(link);
  std::ranges::sort(done);
  std::erase_if(left, [&](LinkId link) { return std::ranges::binary_search(done, link); });
  return left;
}

bool SqlTransaction::update_link(ConnectionId id, const StoredLink& before, const Link& link) {
  return sql_.run(
             "update link set hub_id = :hub_id, provider_id = :provider_id, disputed = :disputed,"
             " version = version + 1, content = :content where id = :id and connection = :connection"
             " and version = :version",
             link.hub_id, link.provider_id, is_apart(link), pack(id, link), before.id, id, before.version) != 0;
}

Result<LinkId> SqlTransaction::put_link(ConnectionId id, const StoredLink& link) {
  return writing([&]() -> Result<LinkId> {
    if (link.id == 0) return insert_link(id, link.link);
    if (!update_link(id, link, link.link)) return stale("the link of \"" + link.link.hub_id + "\"");
    return link.id;
  });
}

Result<void> SqlTransaction::put_links(ConnectionId id, const std::vector<StoredLink>& links) {
  return writing([&]() -> Result<void> {
    std::vector<const Link*> added;
    std::vector<std::pair<const StoredLink*, const Link*>> changed;
    for (const StoredLink& link : links) {
      if (link.id == 0) added.push_back(&link.link);
      if (link.id != 0) changed.emplace_back(&link, &link.link);
    }
    insert_links(id, added);
    if (!update_links(id, changed).empty()) return stale("a link");
    return {};
  });
}

Result<void> SqlTransaction::remove_link(ConnectionId id, LinkId link) {
  return writing([&]() -> Result<void> {
    sql_.run("delete from link where id = :id and connection = :connection", link, id);
    return {};
  });
}

namespace {

// Which of `known` each of `next` continues: by both ids, then by the hub's, then by the provider's.
class Continuations {
 public:
  Continuations(const std::vector<StoredLink>& known, const std::vector<Link>& next) : known_(known), of_(next.size()) {
    is_taken_.resize(known.size());
    pass(next, [](const Link& link) { return sealing_context({link.hub_id, link.provider_id}); });
    pass(next, [](const Link& link) { return is_apart(link) ? std::string() : link.hub_id; });
    pass(next, [](const Link& link) { return is_apart(link) ? std::string() : link.provider_id; });
  }

  const StoredLink* of(std::size_t next) const { return of_[next]; }
  bool is_taken(std::size_t known) const { return is_taken_[known]; }

 private:
  template <typename Key>
  void pass(const std::vector<Link>& next, const Key& key) {
    std::unordered_map<std::string, std::vector<std::size_t>> free;
    for (std::size_t i = known_.size(); i-- > 0;) {
      if (is_taken_[i]) continue;
      std::string text = key(known_[i].link);
      if (!text.empty()) free[std::move(text)].push_back(i);
    }
    if (free.empty()) return;
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (of_[i] != nullptr) continue;
      const auto found = free.find(key(next[i]));
      if (found == free.end() || found->second.empty()) continue;
      of_[i] = &known_[found->second.back()];
      is_taken_[found->second.back()] = true;
      found->second.pop_back();
    }
  }

  const std::vector<StoredLink>& known_;
  std::vector<const StoredLink*> of_;
  std::vector<bool> is_taken_;
};

}  // namespace

std::optional<LinkId> SqlTransaction::rival_of(ConnectionId id, const Link& link,
                                               const std::vector<StoredLink>& known) {
  if (link.hub_id.empty() || is_apart(link)) return std::nullopt;
  const auto row = sql_.row<std::int64_t>(
      "select id from link where connection = :connection and hub_id = :hub_id and disputed = 0 order by id desc limit "
      "1",
      id, link.hub_id);
  if (!row || std::ranges::count(known, std::get<0>(*row), &StoredLink::id) != 0) return std::nullopt;
  return std::get<0>(*row);
}

Result<std::vector<LinkId>> SqlTransaction::replace_links(ConnectionId id, const std::vector<StoredLink>& known,
                                                          const Base& next) {
  return writing([&]() -> Result<std::vector<LinkId>> {
    std::vector<LinkId> left;
    const Continuations continued(known, next.links);
    const auto stored = sql_.row<std::int64_t>("select count(*) from link where connection = :connection", id);
    const bool has_newcomers = std::get<0>(stored.value()) != static_cast<std::int64_t>(known.size());
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (continued.is_taken(i)) continue;
      const auto gone = sql_.run("delete from link where id = :id and connection = :connection and version = :version",
                                 known[i].id, id, known[i].version);
      if (gone == 0) left.push_back(known[i].id);
    }
    std::vector<const Link*> added;
    std::vector<std::pair<const StoredLink*, const Link*>> changed;
    for (std::size_t i = 0; i < next.links.size(); ++i) {
      const Link& link = next.links[i];
      const StoredLink* before = continued.of(i);
      if (before == nullptr) {
        const auto rival = has_newcomers ? rival_of(id, link, known) : std::nullopt;
        if (rival) left.push_back(*rival);
        if (!rival) added.push_back(&link);
      } else if (before->link != link) {
        changed.emplace_back(before, &link);
      }
    }
    insert_links(id, added);
    const std::vector<LinkId> stale_ones = update_links(id, changed);
    left.insert(left.end(), stale_ones.begin(), stale_ones.end());
    std::ranges::sort(left);
    return left;
  });
}

Result<std::vector<std::pair<std::string, std::string>>> SqlTransaction::seen_records(ConnectionId id) {
  return reading([&]() -> Result<std::vector<std::pair<std::string, std::string>>> {
    std::vector<std::pair<std::string, std::string>> all;
    for (auto& [hub_id, hash] : sql_.rows<std::string, std::string>(
             "select hub_id, hash from hub_record where connection = :connection", id)) {
      all.emplace_back(std::move(hub_id), std::move(hash));
    }
    std::ranges::sort(all);
    return all;
  });
}

Result<std::optional<std::string>> SqlTransaction::seen_record(ConnectionId id, std::string_view hub_id) {
  return reading([&]() -> Result<std::optional<std::string>> {
    auto row = sql_.row<std::string>("select hash from hub_record where connection = :connection and hub_id = :hub_id",
                                     id, hub_id);
    if (!row) return std::nullopt;
    return std::move(std::get<0>(*row));
  });
}

Result<void> SqlTransaction::put_seen_record(ConnectionId id, std::string_view hub_id, std::string_view hash) {
  return writing([&]() -> Result<void> {
    sql_.run(
        "insert into hub_record (connection, hub_id, hash) values (:connection, :hub_id, :hash)"
        " on conflict (connection, hub_id) do update set hash = excluded.hash",
        id, hub_id, hash);
    return {};
  });
}

Result<void> SqlTransaction::put_seen_records(ConnectionId id,
                                              const std::vector<std::pair<std::string, std::string>>& hashes) {
  std::map<std::string_view, std::string_view> each;  // a statement may meet a row once
  for (const auto& [hub_id, hash] : hashes) each[hub_id] = hash;
  return writing([&]() -> Result<void> {
    GivenRows<> given(sql_, statements_.put_seen_records);
    for (const auto& [hub_id, hash] : each) given.add(id, hub_id, hash);
    given.finish();
    return {};
  });
}

}  // namespace dovetail::store
