create table a (id int primary key, name text not null, extra text);
create table b (id int primary key, name text not null);
comment on column a.extra is 'More of it.';
