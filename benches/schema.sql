-- What the benches read and write. `items` has plain columns, `documents` one of each costly type.

create table items (
    id bigint generated always as identity primary key,
    name text not null,
    quantity integer not null,
    price double precision not null,
    active boolean not null,
    note text
);

create table documents (
    id bigint generated always as identity primary key,
    name text not null,
    tags text[] not null,
    body jsonb not null,
    price numeric not null,
    created_at timestamptz not null,
    note text
);

create unlogged table entries (
    name text not null,
    quantity integer not null
);

insert into items (name, quantity, price, active, note)
select 'item ' || n, n % 100, n * 1.25, n % 3 = 0, case when n % 2 = 0 then 'a note about item ' || n end
from generate_series(1, 10000) n;

insert into documents (name, tags, body, price, created_at, note)
select
    'document ' || n,
    array['tag' || n % 7, 'tag' || n % 11, 'a longer tag ' || n % 5],
    jsonb_build_object('n', n, 'title', 'Document ' || n, 'scores', jsonb_build_array(n, n * 2, n * 3), 'open', n % 2 = 0),
    n * 1.01,
    timestamptz '2024-01-01 00:00:00Z' + n * interval '1 hour',
    case when n % 2 = 0 then 'a note about document ' || n end
from generate_series(1, 1000) n;

analyze;
