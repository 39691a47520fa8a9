create extension postgis;
create domain site as geometry(Point, 4326);
create domain place as geometry;
create table wells (
  id int primary key, spot geometry(Point, 4326) not null, seen geometry(Point, 4326)[], dug site, others site[],
  plan geometry(Point, 3857), near geography(Point, 4326), old geography(Point, 4267), loose geometry
);
create table marks (spot geometry(Point, 4326) primary key, note text);
