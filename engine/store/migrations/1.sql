-- What a connection needs: itself, links, lanes, journal, runs, error log. {id} is a column that numbers its rows.
create table meta (name text primary key, content text not null);
create table word (id {id}, text text not null unique);
create table connection (
  id {id}, version bigint not null, name text not null unique, tenant text not null, map text not null,
  hub text not null, provider text not null, state text not null, why text not null,
  company_id text not null, company_name text not null,
  observes_only bigint not null, test_system bigint not null, whole_hub bigint not null,
  scope text not null, settings text not null, rules_hash text not null, activated bigint, changed bigint not null);
create table credential (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  side text not null, label text not null, secret text not null, unique (connection, side, label));
create table link (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  hub_id text not null, provider_id text not null, disputed bigint not null, version bigint not null,
  content text not null);
create index link_hub on link (connection, hub_id);
create index link_provider on link (connection, provider_id);
create table hub_record (
  connection bigint not null references connection(id) on delete cascade,
  hub_id text not null, hash text not null, primary key (connection, hub_id));
create table lane (
  connection bigint not null references connection(id) on delete cascade,
  hub_id text not null, tail bigint not null, done bigint not null, run_at bigint not null,
  owner text not null, instance bigint not null, lease_until bigint not null, fence bigint not null,
  attempts bigint not null, parked bigint not null, why text not null, primary key (connection, hub_id));
create index lane_due on lane (connection, run_at) where owner = '' and parked = 0 and tail > done;
create index lane_worked on lane (connection) where owner <> '';
create table event (
  connection bigint not null references connection(id) on delete cascade,
  hub_id text not null, seq bigint not null, event_id text not null, what text not null,
  at bigint not null, due bigint not null, primary key (connection, hub_id, seq));
create table seen (
  connection bigint not null references connection(id) on delete cascade,
  event_id text not null, at bigint not null, primary key (connection, event_id));
create index seen_at on seen (at);
create table lease (
  name text primary key, owner text not null, instance bigint not null, fence bigint not null,
  lease_until bigint not null);
create table run (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  state text not null, kind text not null, started_by text not null, rules_hash text not null,
  started bigint not null, ended bigint, summary text not null);
create index run_connection on run (connection);
create table run_document (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  run bigint not null references run(id) on delete cascade, name text not null, content text not null,
  expires bigint not null, unique (run, name));
create table intent (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  run bigint not null, hub_id text not null, provider_id text not null, target text not null, creates bigint not null,
  reference text not null, at bigint not null, content text not null,
  ended bigint, outcome text not null, created_id text not null, answer text not null);
create index intent_open on intent (connection, hub_id) where ended is null;
create index intent_ended on intent (ended) where ended is not null;
create table problem (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  run bigint not null, person text not null, hub_id text not null, provider_id text not null, field text not null,
  reason text not null, what text not null, first_at bigint not null, last_at bigint not null, times bigint not null,
  next_try bigint, needs_you bigint not null, solved bigint not null,
  unique (connection, person, field, reason));
