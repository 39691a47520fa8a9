create type mood as enum ('happy', 'very sad', 'other');
create type kind as enum ('walk', 'ride');
create type leg as (at timestamptz, mood mood, cost numeric);
create table trips (
    id int primary key,
    day date not null,
    leaves time not null,
    planned timestamp not null,
    left_at timestamptz,
    costs numeric not null,
    refunds numeric[] not null,
    moods mood[] not null,
    kind kind not null,
    open tstzrange not null,
    legs leg[] not null
);
