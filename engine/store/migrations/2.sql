-- Values that can be put back, what the guard and the breaker of oscillations count, erased people, and what a session
-- committed last (so that an answer lost at a commit can be asked for).
create table kept_value (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  run bigint not null, intent bigint not null, hub_id text not null, provider_id text not null,
  at bigint not null, expires bigint not null, put_back bigint not null, content text not null);
create index kept_value_run on kept_value (connection, run);
create index kept_value_person on kept_value (connection, hub_id);
create table guarded (
  connection bigint not null references connection(id) on delete cascade,
  kind bigint not null, hub_id text not null, at bigint not null, primary key (connection, kind, hub_id));
create table flip (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  hub_id text not null, field text not null, writer text not null, hash text not null, at bigint not null);
create index flip_field on flip (connection, hub_id, field);
create table tombstone (
  connection bigint not null references connection(id) on delete cascade,
  hash text not null, at bigint not null, primary key (connection, hash));
create table commit_mark (session text primary key, mark bigint not null, at bigint not null);
