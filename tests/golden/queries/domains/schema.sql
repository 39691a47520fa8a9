create domain email as text check (value like '%@%');
create domain work_email as email constraint at_work check (value like '%work%') not null;
create domain digit as int constraint one_digit check (value between 0 and 9);
create type contact as (mail email, note text);
create table people (
    id bigint generated always as identity primary key,
    name text not null,
    mail email,
    work work_email,
    digits digit[],
    contact contact
);
