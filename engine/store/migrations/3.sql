-- What waits to be told to people, settings of the store as a whole (sealed), and rule sets that connections were
-- synchronised by.
create table notification (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  subject text not null, kind text not null, content text not null, at bigint not null,
  next_try bigint not null, attempts bigint not null, why text not null, told bigint,
  unique (connection, subject));
create index notification_due on notification (next_try) where told is null;
create table store_setting (name text primary key, content text not null);
create table rule_set (
  hash text primary key, content text not null, at bigint not null, approved bigint, approved_by text not null);
