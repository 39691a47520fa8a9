create type mood as enum ('happy', 'sad');
create domain email as text;
create table people (id int primary key, name text not null, mood mood not null, mail email, boss int references people);
create table methods (id int primary key, method pg_am not null);
