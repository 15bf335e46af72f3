-- A run's documents, in parts: what a run of a million people has read is larger than either database takes as one text.
-- `parts`: how many follow the first, which stands in the document itself.
alter table run_document add column parts bigint not null default 0;
create table run_document_part (
  id {id}, connection bigint not null references connection(id) on delete cascade,
  run bigint not null, name text not null, part bigint not null, content text not null, unique (run, name, part),
  foreign key (run, name) references run_document (run, name) on delete cascade);
