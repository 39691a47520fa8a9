-- Countries and the places in them.

create extension if not exists postgis;

create type continent as enum (
    'africa', 'antarctica', 'asia', 'europe', 'north_america', 'oceania', 'south_america'
);

-- Who told us of a place.
create type origin as enum ('geonames', 'visitor');

create domain country_code as text
    constraint country_code_is_two_letters check (value ~ '^[A-Z]{2}$');

create domain place_name as text
    constraint place_name_is_not_blank check (value <> '' and value = btrim(value));

-- The administrative units that a place is in: the larger, and the smaller if there is one.
create type region as (
    name text,
    district text
);

create table countries (
    code country_code primary key,
    name text not null constraint countries_have_names_of_their_own unique,
    continent continent not null
);

create table places (
    id bigint generated always as identity primary key,
    name place_name not null,
    country country_code not null
        constraint places_are_in_a_country references countries (code),
    region region,
    location geography (point, 4326) not null,
    tags text[] not null default '{}'
        constraint tags_are_not_null check (array_position(tags, null) is null),
    details jsonb not null default '{}',
    origin origin not null default 'visitor',
    created_at timestamptz not null default now(),
    search_name text not null generated always as (lower(name)) stored,
    constraint places_are_listed_once unique (country, name, location)
);

comment on column places.tags is 'Words to find the place by: lower case, with dashes for spaces';
comment on column places.details is 'Whatever else is known, as a JSON object';

create index places_by_location on places using gist (location);
create index places_by_tag on places using gin (tags);
create index places_by_name on places (search_name text_pattern_ops);
