create table places (id int8 primary key, name text not null, note text);
create schema audit;
create table audit.entries (id int8 primary key);
