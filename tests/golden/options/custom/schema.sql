create domain label as text;
create table notes (id int8 primary key, body text not null, label label not null, meta jsonb);
