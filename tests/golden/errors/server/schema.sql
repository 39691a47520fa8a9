create table places (id int8 primary key, name text not null, note text);
create schema audit;
create table audit.entries (id int8 primary key);
create table visits (id int8 primary key, "placeId" int8 not null);
create table "Guests" (id int8 primary key, nickname text not null);
create function audit.tidied(text) returns text language sql as 'select trim($1)';
create type parcel_state as enum ('open', 'sent', 'lost');
create table parcels (
    id int8 primary key generated always as identity,
    state parcel_state not null,
    "Volume" int generated always as (1) stored
);
