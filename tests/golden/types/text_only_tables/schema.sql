create extension postgis;
create extension postgis_raster;
create extension seg;
create domain frame as box2d;
create table maps (
  id int primary key, bounds box2d not null, room box3d, scan raster, around frame, tiles box2d[] not null,
  length seg, owner aclitem not null
);
create table spans (
  at seg primary key, note text, owners aclitem[], scans raster[], lots frame[], version int not null
);
create table sheets (
  id int primary key, bounds box2d, room box3d, scan raster, around frame, length seg, owner aclitem
);
create type stay as ("from" aclitem, n int, around frame);
create domain long_stay as stay check ((value).n > 1);
create type journey as (name text, stays stay[], "last ""one""" stay, scans raster[]);
create table journeys (id int primary key, whole journey, more journey[] not null, longest long_stay);
