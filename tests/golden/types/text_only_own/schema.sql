create extension postgis;
create domain tiles as box2d[];
create type stay as (n int, around box2d);
create type trip as (stays stay[], name text);
create type plan as (name varchar(3), tiles tiles);
create domain plans as plan[];
create procedure file(plans plan[]) language sql begin atomic select 1; end;
