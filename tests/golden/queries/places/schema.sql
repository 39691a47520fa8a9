create type mood as enum ('happy', 'very sad', '', '!?');
create domain email as text check (value like '%@%');
create type address as (street text, zip text, spot int[]);
create table places (
  id bigint generated always as identity primary key,
  name text not null unique,
  tags text[] not null default '{}',
  note text,
  mood mood not null,
  contact email,
  home address,
  price numeric(10,2),
  "odd Name" jsonb,
  created_at timestamptz not null default now(),
  parent_id bigint references places (id)
);
create unique index places_note on places (note) where note is not null;
comment on table places is E'Where to go.\n\n\topen or closed\n    for all\n```\nfn none() {';
