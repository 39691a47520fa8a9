create table accounts (
    id bigint primary key,
    email text not null unique,
    bio text,
    tags text[] not null default '{}',
    settings jsonb not null default '{}',
    kind varchar(20) not null,
    balance numeric(12, 2) not null default 0,
    period tstzrange,
    created_at timestamptz not null default now()
);

create function notify(_account bigint, message text, max_attempts integer default 3)
returns boolean language sql begin atomic select $1 > 0; end;

create table accounts_of_old (id bigint not null);

create table entries (id bigint primary key, account_id bigint not null references accounts, reverses_id bigint references entries);
