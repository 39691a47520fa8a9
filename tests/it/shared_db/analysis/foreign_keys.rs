//! What foreign keys promise of outer joins and subqueries, and where they promise nothing.

use super::check;

const SCHEMA: &str = "
    create table region (id int primary key, name text not null, note text);
    create table country (id int primary key, region int not null references region, name text not null);
    create table city (id int primary key, country int not null references country, capital_of int references country, name text not null,
        loose int not null, late int not null references country deferrable, lax int not null);
    alter table city add constraint lax foreign key (lax) references country not valid;
    create table slot (room int, hour int, label text not null, primary key (room, hour));
    create table talk (id int primary key, room int not null, hour int, other int not null, foreign key (room, hour) references slot);
    create table tag (name varchar(20) primary key, weight int not null);
    create table tagging (city int not null references city, tag varchar(20) not null references tag);
    create table hidden (id int primary key, name text not null);
    alter table hidden enable row level security;
    create table seen (id int primary key, hidden int not null references hidden);
    create table parent (id int primary key, city int not null references city);
    create table child () inherits (parent);
    create table part (id int primary key, city int not null references city) partition by hash (id);
    create table part_0 partition of part for values with (modulus 1, remainder 0);
    create table of_part (id int primary key, part int not null references part);
    create view cities as select c.id, c.country, n.name as country_name from city c left join country n on n.id = c.country;
";

#[test]
fn a_row_that_a_foreign_key_refers_to_is_joined() {
    check(
        SCHEMA,
        &[
            (
                "select c.id, n.name from city c left join country n on n.id = c.country",
                "many id name",
            ),
            (
                "select c.id, n.name from country n right join city c on n.id = c.country",
                "many id name",
            ),
            (
                "select c.id, n.name, r.name as region, r.note from city c left join country n on c.country = n.id left join region r on r.id = n.region",
                "many id name region note?",
            ),
            (
                "select t.tag, g.weight from tagging t left join tag g on g.name = t.tag",
                "many tag weight",
            ),
            (
                "select t.tag, g.weight from tagging t left join tag g on g.name = t.tag::text",
                "many tag weight",
            ),
            (
                "select c.id, n.name from city c left join country n using (id)",
                "many id name?",
            ),
            // A column that may be null refers to nothing where it is.
            (
                "select c.id, n.name from city c left join country n on n.id = c.capital_of",
                "many id name?",
            ),
            (
                "select c.id, n.name from city c left join country n on n.id = c.capital_of where c.capital_of > 1",
                "many id name",
            ),
            (
                "select c.id, n.name, r.name as region from city c left join country n on n.id = c.capital_of left join region r on r.id = n.region",
                "many id name? region?",
            ),
            // Several columns are a key together.
            (
                "select t.id, s.label from talk t left join slot s on s.room = t.room and s.hour = t.hour",
                "many id label?",
            ),
            (
                "select t.id, s.label from talk t left join slot s on s.room = t.room and s.hour = t.hour where t.hour < 12",
                "many id label",
            ),
            (
                "select t.id, s.label from talk t left join slot s on s.room = t.hour and s.hour = t.room where t.hour < 12",
                "many id label?",
            ),
            (
                "select t.id, s.label from talk t left join slot s on s.room = t.room where t.hour < 12",
                "many id label?",
            ),
            // In queries in FROM, and behind them.
            (
                "select x.id, n.name from (select id, country from city order by id limit 5) x left join country n on n.id = x.country",
                "many id name",
            ),
            (
                "with x as (select country from city union all select id from country) select x.country, n.name from x left join country n on n.id = x.country",
                "many country name?",
            ),
            (
                "with x as (select country from city union all select late from city) select x.country, n.name from x left join country n on n.id = x.country",
                "many country name?",
            ),
            (
                "with x as (select country from city union all select capital_of from city) select x.country, n.name from x left join country n on n.id = x.country where x.country > 0",
                "many country name",
            ),
            (
                "select x.country, n.name from (select country from city group by country) x left join country n on n.id = x.country",
                "many country name",
            ),
            (
                "select x.country, n.name from (select country from city group by rollup (country)) x left join country n on n.id = x.country",
                "many country? name?",
            ),
            (
                "select x.country, n.name from (select c.country from region r left join city c on c.id = r.id) x left join country n on n.id = x.country",
                "many country? name?",
            ),
            (
                "select x.country, n.name from (select max(country) as country from city) x left join country n on n.id = x.country",
                "one country? name?",
            ),
            (
                "select id, country_name from cities",
                "many id country_name",
            ),
            (
                "select p.id, c.name from part p left join city c on c.id = p.city",
                "many id name",
            ),
            (
                "select o.id, p.city from of_part o left join part p on p.id = o.part",
                "many id city",
            ),
            (
                "select count(*) as n, n.name from city c left join country n on n.id = c.country group by n.name",
                "many n name",
            ),
            (
                "select bool_and(n.name > '') as x from city c left join country n on n.id = c.country group by c.id",
                "many x",
            ),
            (
                "delete from region g using city c left join country n on n.id = c.country where g.id = c.id returning n.name",
                "many name",
            ),
        ],
    );
}

#[test]
fn a_subquery_finds_the_row_that_a_foreign_key_refers_to() {
    check(
        SCHEMA,
        &[
            (
                "select id, (select n.name from country n where n.id = c.country) as x from city c",
                "many id x",
            ),
            (
                "select id, (select n.name from country n where n.id = c.capital_of) as x from city c",
                "many id x?",
            ),
            (
                "select id, (select n.name from country n where n.id = c.capital_of) as x from city c where c.capital_of is not null",
                "many id x",
            ),
            (
                "select id, (select r.note from region r where r.id = n.region) as x from country n",
                "many id x?",
            ),
            (
                "select id, (select n.name from country n where n.id = c.country and n.name <> '') as x from city c",
                "many id x?",
            ),
            (
                "select id, (select n.name from country n where n.id = c.country offset 1) as x from city c",
                "many id x?",
            ),
            (
                "select id, (select n.name from country n, region r where n.id = c.country) as x from city c",
                "many id x?",
            ),
            (
                "select country, (select n.name from country n where n.id = c.country) as x from city c group by rollup (country)",
                "many country? x?",
            ),
            (
                "select id, (select max(n.name) from country n where n.id = c.country group by n.region) as x from city c",
                "many id x?",
            ),
            (
                "select id, (select label from slot s where s.room = t.room and s.hour = t.hour) as x from talk t where t.hour > 1",
                "many id x",
            ),
        ],
    );
}

#[test]
fn what_no_foreign_key_promises_may_be_missing() {
    check(
        SCHEMA,
        &[
            (
                "select n.name from city c left join country n on n.id = c.loose",
                "many name?",
            ),
            // A key that is not checked when a statement ends, or was not when it was added.
            (
                "select n.name from city c left join country n on n.id = c.late",
                "many name?",
            ),
            (
                "select n.name from city c left join country n on n.id = c.lax",
                "many name?",
            ),
            // A condition that asks for more.
            (
                "select n.name from city c left join country n on n.id = c.country and n.name <> ''",
                "many name?",
            ),
            (
                "select n.name from city c left join country n on n.id = c.country + 0",
                "many name?",
            ),
            (
                "select n.name from city c left join country n on n.id >= c.country",
                "many name?",
            ),
            (
                "select n.name from city c left join country n on n.region = c.country",
                "many name?",
            ),
            (
                "select n.name from city c left join country n on n.id = n.region",
                "many name?",
            ),
            (
                "select n.name from city c left join (select * from country where region = 1) n on n.id = c.country",
                "many name?",
            ),
            (
                "select n.name from city c left join country n tablesample system (50) on n.id = c.country",
                "many name?",
            ),
            // The other side.
            (
                "select c.name from country n left join city c on n.id = c.country",
                "many name?",
            ),
            (
                "select c.name, n.name as x from country n full join city c on n.id = c.country",
                "many name? x?",
            ),
            // What policies hide.
            (
                "select h.name from seen s left join hidden h on h.id = s.hidden",
                "many name?",
            ),
            // A child's rows have keys of their own; a partition's do not.
            (
                "select c.name from parent p left join city c on c.id = p.city",
                "many name?",
            ),
            (
                "select c.name from only parent p left join city c on c.id = p.city",
                "many name",
            ),
            (
                "select p.city from of_part o left join only part p on p.id = o.part",
                "many city?",
            ),
            // Rows that are newer than the snapshot.
            (
                "with c as (insert into city select $1, 1, 1, '', 1, 1, 1 returning country) select n.name from c left join country n on n.id = c.country",
                "one name? | $1",
            ),
            (
                "insert into city select $1, 1, 1, '', 1, 1, 1 returning (select n.name from country n where n.id = city.country) as x",
                "one x? | $1",
            ),
            (
                "update city set country = 1 returning (select n.name from country n where n.id = city.country) as x",
                "many x?",
            ),
            (
                "select n.name from city c left join country n on n.id = c.country for update of c",
                "many name?",
            ),
            (
                "with c as (select * from city for update skip locked) select n.name from c left join country n on n.id = c.country",
                "many name?",
            ),
            (
                "select (select n.name from country n where n.id = c.country for share) as x from city c",
                "many x?",
            ),
        ],
    );
}
