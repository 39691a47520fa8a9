create table places (id int8 primary key, name text not null, note text);
