create extension postgis;
create extension postgis_raster;
create extension seg;
create domain frame as box2d;
create type lengths as range (subtype = seg);
create table maps (
  id int primary key, bounds box2d not null, room box3d, scan raster, around frame, tiles box2d[] not null,
  length seg, owner aclitem not null
);
create type stay as ("from" aclitem, n int, around frame);
create domain long_stay as stay check ((value).n > 1);
create type journey as (name text, stays stay[], first long_stay, "last ""one""" stay, scans raster[], mood text[]);
create table journeys (id int primary key, whole journey, more journey[] not null, longest long_stay);

-- Parameters that are sent in parts.
create domain tiles as box2d[];
create domain stays as stay[] check (cardinality(value) < 9);
create domain initials as varchar(3);
create type person as (name text, age int);
create type badge as (owner aclitem);
create domain code as varchar(3) not null check (value <> 'bad');
create domain short_code as code;
create type tag as (code code, owner aclitem, codes short_code[], short short_code);
create type pack as (
  "Size" varchar(3), sizes varchar(3)[], bits bit(3), short initials, kind "char", who person, crew person[], tile tiles,
  badge badge, badges badge[], stays stays, longest long_stay[], trips journey[], scans raster[], spans int4range[], at geometry(point, 4326),
  tag tag, tags tag[]
);
create type odd as (tilings tiles[], lists stays[], packs pack[]);
create table packs (id int primary key, pack pack, packs pack[]);
create table sites (id int, gone text, bounds box2d not null, twice int generated always as (id * 2) stored, code varchar(3));
alter table sites drop column gone;
create function stays_of(journey journey, extra stay default null) returns stay[] language sql
  begin atomic select journey.stays || extra; end;
create procedure note_stay(stay stay) language sql begin atomic insert into journeys values (99, row(null, array[stay], null, null, null, null), '{}'); end;
create table spans (id int primary key, span lengths, others lengths[] not null, gaps lengths_multirange);
