create extension postgis;
create extension postgis_raster;
create extension seg;
create domain frame as box2d;
create table maps (
  id int primary key, bounds box2d not null, room box3d, scan raster, around frame, tiles box2d[] not null,
  length seg, owner aclitem not null
);
