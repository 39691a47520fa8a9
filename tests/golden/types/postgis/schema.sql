create extension postgis;
create table shapes (
  id int primary key, spot geometry(Point, 4326) not null, here geography(Point, 4326), road geometry(LineString, 3857),
  area geometry(MultiPolygon, 4326), anything geometry, high geometry(PointZ, 4326)
);
