create table owners (
    id bigint generated always as identity primary key,
    email text not null unique
);

create table rooms (
    id bigint generated always as identity primary key,
    owner_id bigint not null references owners (id),
    substitute_id bigint references owners (id) on delete set null,
    name text not null,
    seats int not null check (seats > 0),
    price numeric,
    note text,
    hidden boolean not null default false,
    constraint "a price, or a note" check (price is not null or note is not null),
    unique (owner_id, name)
);
create unique index rooms_shown on rooms (lower(name)) where not hidden;

create table bookings (
    room_id bigint references rooms (id) on update cascade on delete restrict,
    day date,
    who text not null,
    primary key (room_id, day),
    constraint bookings_who check (who <> '')
) partition by range (day);
create table bookings_2025 partition of bookings for values from ('2025-01-01') to ('2026-01-01');
create table bookings_2026 partition of bookings for values from ('2026-01-01') to ('2027-01-01');

create table codes (
    code text primary key,
    other text constraint other unique
);

create schema archive;
create table archive.owners (like owners including all);

create domain word as text not null check (value <> '');
create table stays (
    id bigint generated always as identity,
    name word,
    room_id bigint,
    day date,
    nights int,
    label text not null generated always as (name || ', ' || nights) stored,
    guest text not null,
    primary key (id, guest),
    foreign key (room_id, day) references bookings match full,
    exclude using btree (id with =)
);
alter table stays add shout text not null generated always as (upper(guest)) stored;
