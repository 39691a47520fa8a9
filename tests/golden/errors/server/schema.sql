create table places (id int8 primary key, name text not null, note text);
create schema audit;
create table audit.entries (id int8 primary key);
create table visits (id int8 primary key, "placeId" int8 not null);
create table "Guests" (id int8 primary key, nickname text not null);
create function audit.tidied(text) returns text language sql as 'select trim($1)';
