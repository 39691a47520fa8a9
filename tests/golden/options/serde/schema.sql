create type mood as enum ('happy', 'very sad');
create type state as enum ('open', 'in progress', 'Closed');
create table diary (
    id int8 primary key,
    mood mood not null,
    state state not null,
    tags text[] not null,
    pages int8 not null
);
