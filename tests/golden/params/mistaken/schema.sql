create table places (id bigint primary key, name text not null);
