create extension hstore;
create extension ltree;
create extension cube;
create type span as range (subtype = interval);
create domain host as inet;
create type leg as (took interval, during tstzrange, hops host[]);
create type travel as (legs leg[], stays datemultirange);
create table everything (
  id int primary key,
  took interval,
  opens timetz,
  host inet,
  net cidr,
  mac macaddr,
  mac8 macaddr8,
  price money,
  lsn pg_lsn,
  tx xid8,
  flags bit(3),
  more_flags varbit,
  path jsonpath,
  words tsvector,
  wanted tsquery,
  spot point,
  edge line,
  piece lseg,
  frame box,
  track path,
  area polygon,
  ring circle,
  small int4range,
  large int8range,
  amounts numrange,
  local tsrange,
  seen tstzrange,
  days daterange,
  smalls int4multirange,
  times tstzmultirange,
  spans span,
  tags hstore,
  place ltree,
  cube cube,
  of_table regclass,
  trip travel
);
create table visits (id int primary key, took interval not null, seen tstzrange not null, home host not null, hosts inet[] not null);
