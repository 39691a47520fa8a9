create type mood as enum ('happy', 'very sad');
create domain email as text check (value like '%@%');
create domain score as int not null;
create domain emails as email[];
create type address as (street text, "no" int, moods mood[], mail email);
create type person as (name text, home address);
create table people (id int primary key, mood mood not null, mail email not null, score score, addresses address[] not null, someone person, moods mood[] not null, mails emails);
