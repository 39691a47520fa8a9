//! Unique indexes that look like keys of what a query asks for, and are none.

use crate::shared_db::analysis::check;

/// Of an expression that can be null where its columns are not, there are as many rows as there are nulls.
#[test]
fn keys_on_expressions_that_can_be_null() {
    check(
        "create table seat (id int primary key, guest int not null, taken bool not null, code text not null, room int, note text);
         create unique index on seat ((case when taken then guest end));
         create unique index on seat (room, nullif(code, ''));
         create unique index on seat ((substring(note from '[0-9]+')));
         create table stall (id int primary key, guest int, name text not null, code text, at date not null, tags text[] not null);
         create unique index on stall ((case when guest > 0 then guest else 0 end), (tags[1]));
         create unique index on stall ((upper(name) || '!'));
         create unique index on stall (coalesce(code, 'none'), (at + 1));
         create unique index on stall ((guest is null), (name::varchar(3)));",
        &[
            ("select id from seat where guest = $1 and taken = $2", "many id | $1 $2"),
            ("select id from seat where guest = $1 and not taken", "many id | $1"),
            ("select id from seat where room = $1 and code = $2", "many id | $1 $2"),
            ("select id from seat where note = $1", "many id | $1"),
            ("select id from stall where guest = $1 and tags = $2", "many id | $1 $2"),
            // The condition is on the expression itself.
            ("select id from seat where nullif(code, '') = $1 and room = 1", "opt id | $1"),
            ("select id from seat where case when taken then guest end = $1", "opt id | $1"),
            // Null only for null.
            ("select id from stall where name = $1", "opt id | $1"),
            ("select id from stall where code = $1 and at = $2", "opt id | $1 $2"),
        ],
    );
}

/// One value of `timestamptz` is as many of `timestamp` as there are time zones, and one twice where clocks are set back.
#[test]
fn keys_compared_with_a_time_of_another_kind() {
    check(
        "create table event (id int primary key, at timestamp not null unique, day date not null unique, since timestamptz not null unique);",
        &[
            (
                "select id from event where at = $1::timestamptz",
                "many id | $1",
            ),
            (
                "select id from event where $1::timestamptz = day",
                "many id | $1",
            ),
            (
                "select e.id from event e join event f on e.at = f.since where f.id = $1",
                "many id | $1",
            ),
            (
                "select id from event where (at, id) = (select now(), 1)",
                "opt id",
            ),
            (
                "select id from event where at in (select since from event where id = $1)",
                "many id | $1",
            ),
            (
                "select id from event where since = $1::timestamp",
                "opt id | $1",
            ),
            ("select id from event where since = $1::date", "opt id | $1"),
            ("select id from event where at = $1::date", "opt id | $1"),
            (
                "select id from event where day = $1::timestamp",
                "opt id | $1",
            ),
            (
                "select f.id from event e join event f on e.at = f.since where e.id = $1",
                "opt id | $1",
            ),
        ],
    );
}

/// An index tells values apart as its operator class does.
#[test]
fn keys_of_other_operators() {
    check(
        "create extension citext;
         create domain mail as citext;
         create domain work_mail as mail;
         create type amount as (n numeric);
         create type side as enum ('a', 'b');
         create type weight as (n numeric);
         create operator class weight_ops default for type weight using btree as
            operator 1 *< (record, record), operator 2 *<= (record, record), operator 3 *= (record, record),
            operator 4 *>= (record, record), operator 5 *> (record, record), function 1 (weight, weight) btrecordimagecmp(record, record);
         create table sack (id int primary key, heavy weight unique);
         create table card (id int primary key, email citext not null, work work_mail not null, sum amount not null);
         create unique index on card (email text_ops);
         create unique index on card (work text_ops);
         create unique index on card (sum record_image_ops);
         create table tidy (email citext unique, work work_mail unique, sum amount unique, name varchar(9), code text, label varchar(9), at side unique,
            tags text[] unique, span int4range unique);
         create unique index on tidy (name varchar_pattern_ops);
         create unique index on tidy (code text_pattern_ops);
         create unique index on tidy (label varchar_ops);",
        &[
            ("select id from card where email = $1", "many id | $1"),
            ("select id from card where work = $1", "many id | $1"),
            ("select id from card where sum = $1", "many id | $1"),
            ("select id from sack where heavy = $1", "many id | $1"),
            ("select 1 as x from tidy where email = $1", "opt x | $1"),
            ("select 1 as x from tidy where work = $1", "opt x | $1"),
            ("select 1 as x from tidy where sum = $1", "opt x | $1"),
            ("select 1 as x from tidy where name = $1", "opt x | $1"),
            ("select 1 as x from tidy where code = $1", "opt x | $1"),
            ("select 1 as x from tidy where label = $1", "opt x | $1"),
            ("select 1 as x from tidy where at = $1", "opt x | $1"),
            ("select 1 as x from tidy where tags = $1", "opt x | $1"),
            ("select 1 as x from tidy where span = $1", "opt x | $1"),
        ],
    );
}

/// What an index has, or a column is generated from, a function gave that may have been another one then.
#[test]
fn what_is_stored_of_functions_that_can_be_replaced() {
    check(
        "create function is_open(text) returns bool immutable language sql as $$ select $1 = 'open' $$;
         create function folded(text) returns text immutable language sql as $$ select coalesce(lower($1), '') $$;
         create domain there as int;
         create table ticket (id int primary key, email text not null, state text not null, name text not null, extra int,
            fold text generated always as (folded(name)) stored,
            loud text generated always as (upper(name)) stored,
            given int generated always as (extra::there) stored);
         alter domain there set not null;
         create unique index on ticket (email) where is_open(state);
         create unique index on ticket (folded(name));
         create unique index on ticket (lower(name)) where state <> 'gone';",
        &[
            ("select id from ticket where email = $1 and is_open(state)", "many id | $1"),
            ("select id from ticket where folded(name) = $1", "many id | $1"),
            ("select fold, loud, given from ticket", "many fold? loud given?"),
            ("select folded(name) as x from ticket", "many x"),
            ("select id from ticket where lower(name) = $1 and state <> 'gone'", "opt id | $1"),
        ],
    );
}

/// The row that exists is the same one whatever the rows are that it is looked for from.
#[test]
fn keys_that_an_exists_compares() {
    check(
        "create table person (id int primary key, name text not null unique, at timestamp unique);
         create table visit (id int primary key, person_id int not null, token text not null unique, name text unique, since timestamptz,
            mine int unique);",
        &[
            ("select id from person p where exists (select from visit v where v.person_id = p.id and v.token = $1)", "opt id | $1"),
            ("delete from person p where exists (select 1 from visit v where p.id = v.person_id and v.id = $1) returning id", "opt id | $1"),
            (
                "select p.id from person p where exists (select from visit v join visit w on w.mine = v.id where v.person_id = p.id and w.token = $1)",
                "opt id | $1",
            ),
            (
                "select p.id from person p where exists (select from visit v where v.person_id = p.id and v.token = $1 and v.name <> p.name)",
                "opt id | $1",
            ),
            (
                "select id from person p where exists (select from visit v where v.person_id is not distinct from p.id and v.token = $1)",
                "opt id | $1",
            ),
            (
                "select id from person p where exists (select from visit v where v.person_id is distinct from p.id and v.token = $1)",
                "many id | $1",
            ),
            // One for each person.
            ("select id from person p where exists (select from visit v where v.person_id = p.id and v.mine = p.id)", "many id"),
            ("select id from person p where exists (select from visit v where v.person_id = p.id and v.name = p.name)", "many id"),
            ("select id from person p where not exists (select from visit v where v.person_id = p.id and v.token = $1)", "many id | $1"),
            ("select id from person p where exists (select from visit v where v.person_id = p.id and v.token = $1) or id > 5", "many id | $1"),
            ("select id from person p where exists (select count(*) from visit v where v.person_id = p.id and v.token = $1)", "many id | $1"),
            ("select id from person p where exists (select from visit v where v.person_id > p.id and v.token = $1)", "many id | $1"),
            ("select id from person p where exists (select from visit v where v.person_id + p.id = p.id and v.token = $1)", "many id | $1"),
            ("select id from person p where exists (select from visit v where v.since = p.at and v.token = $1)", "many id | $1"),
            (
                "select id from person p where exists (select from visit v where v.person_id = p.id and v.token = (random()::text))",
                "many id",
            ),
            (
                "select id from person p where exists (select from visit w left join visit v on v.id = p.id and v.token = $1 where w.id = 1 and v.person_id = p.id)",
                "opt id | $1",
            ),
            (
                "select id from person p where exists (select from visit w left join visit v on v.mine = p.id where w.id = 1 and v.person_id = p.id)",
                "many id",
            ),
            (
                "select id from person p where exists (select from (select * from visit where mine = p.id) v where v.person_id = p.id and v.token = $1)",
                "many id | $1",
            ),
            (
                "select id from person p where exists (select from visit v where v.person_id = p.id and v.token = $1 for update skip locked)",
                "many id | $1",
            ),
            (
                "select id from person p where exists (select from visit v where v.person_id = p.id and v.token = $1 for update)",
                "opt id | $1",
            ),
            // The person is the one that a row further in is of.
            (
                "select id from person p where exists (select from visit v where v.person_id = p.id
                    and exists (select from visit w where w.mine = v.id and w.token = $1))",
                "opt id | $1",
            ),
            (
                "select id from person p where exists (select from visit v where v.person_id = p.id
                    and exists (select from visit w where w.mine = v.id and w.token = $1 and w.person_id = p.id))",
                "many id | $1",
            ),
        ],
    );
}

/// A partial index for some of the values of a column.
#[test]
fn keys_of_listed_values() {
    check(
        "create type stage as enum ('new', 'paid', 'sent');
         create table job (
             id int primary key, owner int not null, topic int not null, room int not null, kind int not null,
             status text not null, state varchar(9) not null, stage stage not null, other text not null
         );
         create unique index on job (owner) where status in ('new', 'running');
         create unique index on job (topic) where state in ('new', 'running', 'held');
         create unique index on job (room) where stage = 'new' or stage = 'paid';
         create unique index on job (kind) where status not in ('done', 'failed');",
        &[
            ("select id from job where owner = $1 and status = 'new'", "opt id | $1"),
            ("select id from job where owner = $1 and status in ('running', 'new')", "opt id | $1"),
            ("select id from job where owner = $1 and (status = 'running' or status = 'new')", "opt id | $1"),
            ("select id from job where topic = $1 and state = 'held'", "opt id | $1"),
            ("select id from job where topic = $1 and state in ('held', 'new')", "opt id | $1"),
            ("select id from job where room = $1 and stage = 'paid'", "opt id | $1"),
            ("select id from job where room = $1 and stage in ('paid', 'new')", "opt id | $1"),
            ("select j.id from job k left join job j on j.owner = k.id and j.status = 'new' where k.id = 1", "opt id?"),
            // More than the list, something else, or no more than a part of a condition.
            ("select id from job where owner = $1 and status in ('new', 'done')", "many id | $1"),
            ("select id from job where owner = $1 and status = $2", "many id | $1 $2"),
            ("select id from job where owner = $1 and status <> 'new'", "many id | $1"),
            ("select id from job where owner = $1 and status <> all (array['new', 'running'])", "many id | $1"),
            ("select id from job where owner = $1 and other = 'new'", "many id | $1"),
            ("select id from job where owner = $1 and status > 'new'", "many id | $1"),
            ("select id from job where owner = $1 and (status = 'new' or other = 'new')", "many id | $1"),
            ("select id from job where owner = $1 and (status = 'new' or id = 3)", "many id | $1"),
            ("select id from job where owner = $1 and not (status = 'new')", "many id | $1"),
            ("select id from job where owner = $1 and status = 'new' collate \"C\"", "many id | $1"),
            ("select k.id from job j join job k on k.owner = $1 and j.status = 'new'", "many id | $1"),
            ("select id from job where topic = $1 and state in ('held', 'done')", "many id | $1"),
            ("select id from job where room = $1 and stage = 'sent'", "many id | $1"),
            ("select id from job where kind = $1 and status = 'done'", "many id | $1"),
            ("select id from job where kind = $1 and status not in ('done')", "many id | $1"),
        ],
    );
}
