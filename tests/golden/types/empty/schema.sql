-- Types and tables without fields.
create type nothing as ();
create table bare ();
create table holds (id int8 primary key, a nothing, b bare, c nothing[] not null);
