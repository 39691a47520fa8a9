//! How many rows there can be.

use super::SCHEMA;
use crate::shared_db::analysis::check;

#[test]
fn rows() {
    check(
        SCHEMA,
        &[
            // Two rows at the most, put together whatever they are.
            (
                "select n, m from (select count(*) as n from t) a full join (select count(*) as m from u) b on true",
                "one n m",
            ),
            (
                "select x.id, m from (select id from t where id = 1) x full join (select count(*) as m from u) b on true",
                "one id? m",
            ),
            (
                "select x.id, y.d from (select id from t where id = 1) x full join (select d from u where id = 1) y on true",
                "opt id? d?",
            ),
            (
                "select n, m from (select count(*) as n from t) a full join (select count(*) as m from u) b on n = m",
                "many n? m?",
            ),
            ("select x.id, m from t x full join (select count(*) as m from u) b on true", "many id? m"),
            ("select count(*) as n from t group by ()", "one n"),
            ("select 1 as x from t group by () having $1", "opt x | $1"),
            ("select count(*) as n from t group by grouping sets ((), ())", "many n"),
            // The first of rows that are always there.
            ("select name from t where id = $1 union all select 'none' limit 1", "one name | $1"),
            (
                "select a from (select a, 0 as rank from t where id = $1 union select 1, 1) x order by rank limit 1",
                "one a | $1",
            ),
            ("values (1), (2) order by 1 fetch first row only", "one column1"),
            ("select x from (values (1), (2)) v (x) left join t on a = x limit 1", "one x"),
            ("select (select b from t where id = $1 union all select 0 limit 1) as b", "one b? | $1"),
            ("select (select a from t where id = $1 union all select 0 limit 1) as a", "one a | $1"),
            ("select name from t where id = $1 union all select 'none' limit 1 offset 1", "opt name | $1"),
            ("select name from t where id = $1 union all select 'none' limit $2", "many name | $1 $2"),
            ("select name from t where id = $1 union all select 'none' where $2 limit 1", "opt name | $1 $2"),
            ("select name from t where id = $1 except select 'none' limit 1", "opt name | $1"),
            ("select x from (values (1), (2)) v (x) where x > $1 limit 1", "opt x | $1"),
            ("select x from (values (1), (2)) v (x) group by x having x > $1 limit 1", "opt x | $1"),
            ("select unnest(arr) from (values (1), (2)) v (x) left join t on a = x limit 1", "opt unnest?"),
            // A key among the at most one row of a query.
            ("select a from t where id in (select k from v where txt = $1)", "opt a | $1"),
            ("update t set a = 1 where id in (select k from v where txt = $1)", "exec | $1"),
            ("select a from t where id = any (select t_id from u where id = $1)", "opt a | $1"),
            ("select a from t where (id, a) in (select t_id, d from u where id = $1)", "opt a | $1"),
            ("select a from t where id in (select max(k) from v)", "opt a"),
            (
                "with picked as materialized (select id from t where a = 1 limit 1 for update skip locked)
                update t set a = 2 where id in (select id from picked) returning id",
                "opt id",
            ),
            ("with w as (select k from v where txt = 'a') select a from t where id in (select k from w)", "opt a"),
            ("select a from t where id in (select t_id from u where d = $1)", "many a | $1"),
            ("select a from t where id in (select k from v where txt = t.name)", "many a"),
            ("select a from t where id not in (select k from v where txt = $1)", "many a | $1"),
            ("select a from t where id > any (select k from v where txt = $1)", "many a | $1"),
            ("select a from t where id in (select id from t limit 1)", "many a"),
            ("delete from t where id in (select id from t where a = 1 limit 1 for update skip locked)", "exec"),
            ("delete from t where id in (select id from t where a = 1 limit 1 for update skip locked) returning id", "many id"),
            ("select a from t where id in (select (random() * 9)::int)", "many a"),
            // Locked rows: they stay as they are, unless the lock is weak or skips some.
            ("select d from (select a from t where id = $1 for update) o join u on u.id = o.a", "opt d | $1"),
            ("update u set b = 1 from (select id from t where a = 1 and id = $1 for no key update) o where u.id = o.id returning d", "opt d | $1"),
            ("update u set b = 1 where id in (select id from t where id = $1 for share nowait) returning d", "opt d | $1"),
            ("select d from (select a from t where id = $1 for key share) o join u on u.id = o.a", "many d | $1"),
            ("select d from (select a from t where id = $1 for update skip locked) o join u on u.id = o.a", "many d | $1"),
            (
                "select w.d from (select t.a from t join u on u.id = t.id where t.id = $1 for update of t for key share of u) o
                 join u w on w.id = o.a",
                "many d | $1",
            ),
            ("select d from (select a from t where b = $1 for update) o join u on u.id = o.a", "many d | $1"),
            ("select d from (select a from t where id = (random() * 9)::int for update) o join u on u.id = o.a", "many d"),
            ("select t.id, s.a from t left join t s on s.id in (select k from v where txt = 'a')", "many id a?"),
            ("select a from t where id in (select k from v where txt = $1 union select k from v where txt = $1)", "many a | $1"),
            // Set operations that leave no more than an arm has.
            ("select id from t where id = $1 intersect select a from t", "opt id | $1"),
            ("select a from t intersect all select id from t where id = $1", "opt a | $1"),
            ("select id from t where id = $1 except select a from t", "opt id | $1"),
            ("select a from t except select id from t where id = $1", "many a | $1"),
            ("select id from t where id = $1 intersect select a from t union select b from t", "many id? | $1"),
            ("select id from t where id = $1 union all select a from t where id = $1", "many id | $1"),
            // What is made only where nothing was found, and what was found.
            (
                "with found as (select id, b from u where id = $1),
                    made as (insert into u (id, t_id, d) select $1, 1, 2 where not exists (select from found) returning id, b)
                 select * from found union all select * from made",
                "opt id b? | $1",
            ),
            (
                "with changed as (update u set d = 1 where id = $1 returning id),
                    made as (insert into u (id, t_id, d) select $1, 1, 2 where not exists (select 1 from changed limit 1) and $2 returning id)
                 select id from made union select id from (select id from changed) c",
                "opt id | $1 $2",
            ),
            (
                "with found as not materialized (select id from u where id = $1),
                    made as (insert into u (id, t_id, d) select $1, 1, 2 where not exists (select from found) returning id)
                 select * from found union all select * from made",
                "many id | $1",
            ),
            (
                "with found as (select id from u where id = $1),
                    made as (insert into u (id, t_id, d) select $1, 1, 2 where not exists (select from found where id > 1) returning id)
                 select * from found union all select * from made",
                "many id | $1",
            ),
            (
                "with found as (select id from u where id = $1),
                    made as (insert into u (id, t_id, d) select $1, 1, 2 where exists (select from found) or not exists (select from found) returning id)
                 select * from found union all select * from made",
                "many id | $1",
            ),
            (
                "with found as (select id from u where id = $1),
                    made as (insert into u (id, t_id, d) select $1, 1, 2 where not exists (select from found) returning id)
                 select count(*) as id from found union all select id from made",
                "many id | $1",
            ),
            (
                "with found as (select id from u where t_id = $1),
                    made as (insert into u (id, t_id, d) select 1, $1, 2 where not exists (select from found) returning id)
                 select * from found union all select * from made",
                "many id | $1",
            ),
            (
                "with found as (select id from u where id = $1),
                    made as (insert into u (id, t_id, d) select $1, 1, 2 where not exists (select from u where id = $1) returning id)
                 select * from found union all select * from made",
                "many id | $1",
            ),
            // A lateral row is one row for each row that it refers to.
            (
                "select t.id from t, lateral (select t.id as i) x where t.id = x.i",
                "many id",
            ),
            ("select a from t where id = $1", "opt a | $1"),
            // A CASE of which the same branch is for all rows.
            ("select a from t where case when $1 > 0 then id = $1 else id = $2 end", "opt a | $1 $2"),
            ("select k from v where case when $1 > 0 then k = $1 and n > 0 when $2 <> '' then txt = $2 else ci = $3 end", "opt k? | $1 $2 $3"),
            ("select k from v where case when $1 <> '' then txt = $1 end and n > 1", "opt k? | $1"),
            ("select k from v where case $1 when 'txt' then txt = $2 when 'none' then false else ci = $2 end", "opt k? | $1 $2"),
            ("select t.id from v join t on t.id = v.k where case when $1 then txt = $2 else ci = $3 end", "opt id | $1 $2 $3"),
            ("select v.k from t left join v on case when $1 then txt = $2 else ci = $3 end where t.id = 1", "opt k? | $1 $2 $3"),
            (
                "select v.k from v left join t on case when $1 then t.id = v.k else t.id = v.n end where case when $2 then txt = $3 else ci = $3 end",
                "opt k? | $1 $2 $3",
            ),
            ("select v.k from v left join t on case when $1 then t.id = 1 else t.id = 2 end", "many k? | $1"),
            ("select k from v where case when $1 <> '' then txt = $1 else true end", "many k? | $1"),
            ("select k from v where case when $1 <> '' then txt = $1 else n = 1 end", "many k? | $1"),
            ("select k from v where case when k > 0 then txt = $1 else ci = $2 end", "many k? | $1 $2"),
            ("select k from v where case k when 1 then txt = $1 else ci = $2 end", "many k? | $1 $2"),
            ("select k from v where case when random() < 0.5 then txt = 'a' else txt = 'b' end", "many k?"),
            ("select t.a from t, v where case when v.n > 0 then t.id = 1 else t.id = 2 end and v.txt = 'a'", "opt a"),
            ("select a from t where id = 1 offset 1", "opt a"),
            ("select a from t limit 1", "opt a"),
            // A function of one argument was taken for a cast, and any eight bytes for a number.
            ("select a from t limit exp(1)", "many a"),
            ("select a from t limit 1.5", "many a"),
            ("select a from t limit 1::smallint", "opt a"),
            ("select count(*) from t limit nothing_of(1)", "opt count"),
            ("select count(*) from t limit 0.4", "opt count"),
            ("select count(*) from t offset exp(0)", "opt count"),
            (
                "select a from t order by a fetch first 1 row with ties",
                "many a",
            ),
            ("select a from keyed where id = 1", "opt a"),
            (
                "select t.a, u.d from t left join u on u.id = t.b where t.id = 1",
                "opt a d?",
            ),
            (
                "select t.a, u.d from t left join u on t.id = 1 and u.id = t.b",
                "many a d?",
            ),
            (
                "select t.a, u.d from t full join u on t.id = u.id where t.id = 1",
                "many a d?",
            ),
            (
                "select t.a from t join u on u.t_id = t.id where u.id = 1",
                "opt a",
            ),
            ("select id from late where id = 1", "many id"),
            ("select a from parent where id = 1", "many a?"),
            ("select b from parts where id = 1", "opt b?"),
            ("select n from v where k = 1", "many n?"),
            ("select n from v where k = 1 and n > 0", "opt n"),
            ("select n from v where k = 1 and n > 1", "many n"),
            ("select 1 as x from v where txt = 'a'", "opt x"),
            ("select 1 as x from v where ci = 'a'", "opt x"),
            ("select 1 as x from v where ci::text = 'a'", "opt x"),
            ("select 1 as x from v where txt::citext = 'a'", "many x"),
            ("select 1 as x", "one x"),
            ("select 1 as x where $1", "opt x | $1"),
            ("select count(*) from t having count(*) > 1", "opt count"),
            ("select distinct id from t where id = 1", "opt id"),
            // Equal is not the same: 1 and 1.0, or letters in two cases.
            (
                "select n::text as x from v where n = 1 group by n::text",
                "many x",
            ),
            ("select distinct n::text as x from v where n = 1", "many x"),
            (
                "select distinct ci::text as x from v where ci = 'a'",
                "opt x",
            ),
            ("select n from v where n = 1 group by n", "opt n"),
            (
                "select lower(txt) as x, count(*) from v where txt = $1 group by 1",
                "opt x count | $1",
            ),
            (
                "select date_trunc('day', $1::timestamp) as x, count(*) from t group by 1",
                "opt x count | $1",
            ),
            (
                "select lower(name) as x, count(*) from t where lower(name) = 'a' group by lower(name)",
                "many x count",
            ),
            // Two of `A` and `a` are one `citext`, and two texts.
            (
                "update v set k = 1 from tag where v.txt = tag.ci::text and tag.ci = 'a' returning v.txt",
                "many txt",
            ),
            (
                "update v set k = 1 from tag where v.txt = tag.vc and tag.vc = 'a' returning v.txt",
                "opt txt",
            ),
            // There, or not there.
            (
                "select distinct u.id from t left join u on u.id = 1 and t.a > 0",
                "many id?",
            ),
            (
                "select distinct v.txt from t left join u on u.id = 1 and t.a > 0 join v on v.k = coalesce(u.d, 0) and v.n > 0",
                "many txt?",
            ),
            ("delete from t where id = 1 returning a", "opt a"),
            ("select a from t where id in (1)", "opt a"),
            // A subquery that does not look at the row is evaluated once.
            (
                "select a from t where id = (select max(id) from t)",
                "opt a",
            ),
            (
                "update t set b = 1 where id = (select id from t where c > 0 order by a for update skip locked limit 1) returning a",
                "opt a",
            ),
            (
                "select a from t where id = (select max(u.id) from u where u.t_id = t.a)",
                "many a",
            ),
            (
                "select a from t where id in (select id from t limit 1)",
                "many a",
            ),
            // A sequence is one row.
            (
                "select last_value, is_called from counter",
                "one last_value is_called",
            ),
        ],
    );
}

#[test]
fn rows_of_unusual_keys() {
    const SCHEMA: &str = "
        create type side as enum ('left', 'right');
        create table shelf (room int, at side, is_top bool, label text not null, place smallint not null unique, since date,
            code uuid unique, primary key (room, at, is_top));
        create unique index on shelf (lower(label));
        create unique index on shelf (room, coalesce(since, 'epoch')) where is_top;
        create unique index on shelf ((label || '!'), place);
        create table crate (name varchar(9) not null, mark varchar(9));
        create unique index on crate (lower(name::text));
        create unique index on crate (mark) where name::text <> '';
        create table box (shelf int, big bool);
        create unique index on box (shelf, big);
        create domain serial_no as int;
        create domain old_serial_no as serial_no;
        create domain face as text check (value <> '');
        create domain grams as numeric(10, 2);
        create table coin (id old_serial_no primary key, twin old_serial_no, face face not null unique, weight grams unique);
        create table the_house (is_it bool primary key default true check (is_it), name text);
        create table the_town (id int not null unique, name text not null, check (id = 1 and name <> ''));
        create table the_land (id int unique check (id = 1));
        create table the_world (name text);
        create unique index on the_world ((true));
        create table coil (length numeric(9, 3));
        create unique index on coil ((length::text));
        create table may_be_one (name text);
        create unique index on may_be_one ((true)) where name is not null;
        create table town_parent (id int not null unique check (id = 1) no inherit);
        create table town_child () inherits (town_parent);
        create table parcel (shelf int, slot int, gone bool not null default false, tag text);
        create unique index on parcel (shelf) where gone = false;
        create unique index on parcel (tag) where tag is not null;
        create unique index on parcel (slot) where not gone and tag is not null;
        create table piles (id int) partition by range (id);
        create table pile partition of piles default;
        create table not_yet (id int primary key);
        insert into not_yet values (1), (2);
        alter table not_yet add check (id = 1) not valid;";
    check(
        SCHEMA,
        &[
            // A boolean that is said to be true or false has one value; one that is not true may be null.
            (
                "select 1 as x from shelf where room = $1 and at = $2 and is_top",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from shelf where room = $1 and at = $2 and not is_top",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from shelf where room = $1 and at = $2 and is_top is false",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from box where shelf = 1 and big is true",
                "opt x",
            ),
            (
                "select 1 as x from box where shelf = 1 and big is not true",
                "many x",
            ),
            (
                "select 1 as x from shelf where room = $1 and is_top and not (at = 'left' and place > 1)",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf where room = $1 and (is_top or at = 'left')",
                "many x | $1",
            ),
            // Casts under which different values stay different.
            (
                "select 1 as x from shelf where code::text = $1",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf where place::text = $1 and at::text = $2",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from shelf where place = $1::bigint",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf where place::numeric = extract(year from current_date)",
                "opt x",
            ),
            (
                "select 1 as x from shelf where room::real = $1 and at = 'left' and is_top",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf where room::text = $1 and at::text = $2 and is_top",
                "opt x | $1 $2",
            ),
            (
                "select s.label from shelf s join box b on b.shelf::text = s.place::text where b.shelf = 1 and b.big",
                "opt label",
            ),
            // Indexes on expressions.
            (
                "select 1 as x from shelf where lower(label) = lower($1)",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf where lower($1) = lower(label)",
                "opt x | $1",
            ),
            // All that an index is on has one value where its columns have; equal numbers can be different ones.
            (
                "select 1 as x from shelf where label = $1",
                "opt x | $1",
            ),
            (
                "select 1 as x from crate where name = $1",
                "opt x | $1",
            ),
            (
                "select h.label from box b left join shelf h on h.label = $1 where b.shelf = 1 and b.big",
                "opt label? | $1",
            ),
            (
                "select 1 as x from coil where length = $1",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf where label > $1",
                "many x | $1",
            ),
            // A subquery that depends on what is determined: the latest of one room's.
            (
                "select 1 as x from shelf s where s.room = $1 and s.place = (select max(b.place) from shelf b where b.room = s.room)",
                "opt x | $1",
            ),
            (
                "select 1 as x from parcel p join shelf s on s.place = (select max(b.place) from shelf b where b.room = p.slot)
                 where p.shelf = $1 and not p.gone",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf s where s.place = (select max(b.place) from shelf b where b.room = s.room)",
                "many x",
            ),
            (
                "select 1 as x from shelf s where s.room = $1
                 and s.place = (select max(b.place) from shelf b where b.room = s.room and random() < 0.5)",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf s where s.room = $1
                 and s.place = (select max(b.place) from shelf b where b.room = s.room and b.label < s.label)",
                "many x | $1",
            ),
            (
                "delete from box where (shelf, big) = (select shelf, big from box order by shelf limit 1) returning 1 as x",
                "opt x",
            ),
            (
                "delete from box where (shelf, big) <= (select shelf, big from box order by shelf limit 1) returning 1 as x",
                "many x",
            ),
            (
                "select 1 as x from box b where (shelf, big) = (select s.place, s.is_top from shelf s where s.room > b.shelf limit 1)",
                "many x",
            ),
            // It may be evaluated for each row, and lock another one each time.
            (
                "delete from box where (shelf, big) in (select shelf, big from box limit 1 for update skip locked) returning 1 as x",
                "many x",
            ),
            // What others have locked, and what a sample takes, can be other rows each time.
            (
                "select 1 as x from shelf s where s.room = $1
                 and s.place = (select b.place from shelf b where b.room = s.room limit 1 for update skip locked)",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf s where s.room = $1
                 and s.place = (select max(b.place) from shelf b tablesample system (50) where b.room = s.room)",
                "many x | $1",
            ),
            // The number of a row is a key of its part.
            (
                "select room from (select room, row_number() over (order by place) as n from shelf) s where n = 1",
                "opt room",
            ),
            (
                "with s as (select room, at, row_number() over w as n from shelf window w as (partition by room, label order by at))
                 select room from s where n = $1 and room = $2",
                "many room | $1 $2",
            ),
            (
                "with s as (select room, row_number() over (partition by room order by at) as n, rank() over (order by at) as r from shelf)
                 select room from s where n = $1 and room = $2",
                "opt room | $1 $2",
            ),
            (
                "select n from (select rank() over (order by at) as n from shelf) s where n = 1",
                "many n",
            ),
            // pg_dump writes the casts that an index on `lower(name)` implies.
            (
                "select 1 as x from crate where lower(name) = lower($1)",
                "opt x | $1",
            ),
            (
                "select 1 as x from crate where mark = $1 and name <> ''",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf where upper(label) = $1",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf where lower(label) = label",
                "many x",
            ),
            (
                "select 1 as x from shelf where room = $1 and coalesce(since, 'epoch') = $2 and is_top",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from shelf where room = $1 and coalesce(since, 'epoch') = $2",
                "many x | $1 $2",
            ),
            (
                "select 1 as x from shelf where label || '!' = $1",
                "many x | $1",
            ),
            (
                "select b.big from shelf s join box b on b.shelf = s.room and b.big where lower(s.label) = $1",
                "opt big | $1",
            ),
            (
                "select s.room from box b left join shelf s on lower(s.label) = $1 where b.shelf = 1 and not b.big",
                "opt room? | $1",
            ),
            (
                "select b.big from box b left join shelf s on lower(s.label) = $1",
                "many big? | $1",
            ),
            // A predicate said in other words, or that follows.
            (
                "select 1 as x from parcel where shelf = 1 and not gone",
                "opt x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and gone is false",
                "opt x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and false = gone",
                "opt x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and gone",
                "many x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and gone is not true",
                "many x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and not (gone is true)",
                "many x",
            ),
            ("select 1 as x from parcel where tag = $1", "opt x | $1"),
            ("select 1 as x from parcel where tag like 'a%'", "many x"),
            (
                "select 1 as x from parcel where slot = 1 and gone = false and tag like 'a%'",
                "opt x",
            ),
            (
                "select 1 as x from parcel where slot = 1 and not gone and (tag = 'a' or tag = 'b')",
                "opt x",
            ),
            (
                "select 1 as x from parcel where slot = 1 and not gone and (tag = 'a' or shelf = 2)",
                "many x",
            ),
            (
                "select p.shelf from shelf s left join parcel p on p.slot = s.room and not p.gone and p.tag <> '' where lower(s.label) = $1",
                "opt shelf? | $1",
            ),
            (
                "select p.shelf from parcel p left join shelf s on p.slot = 1 and not p.gone and p.tag <> ''",
                "many shelf?",
            ),
            // The place of a row.
            (
                "delete from parcel where ctid = (select ctid from parcel limit 1 for update skip locked) returning slot",
                "opt slot?",
            ),
            (
                "with p as (select ctid from parcel limit 1) update parcel set gone = true from p where p.ctid = parcel.ctid returning slot",
                "opt slot?",
            ),
            ("select id from piles where ctid = '(0,1)'", "many id?"),
            ("select id from town_parent where ctid = '(0,1)'", "many id"),
            // Of domains, which are compared as what they are over.
            ("select face from coin where id = $1", "opt face | $1"),
            ("delete from coin where id = $1 returning face", "opt face | $1"),
            ("select c.face from coin c join coin d on d.id = c.twin where c.id = $1", "opt face | $1"),
            ("select c.id, d.face from coin c left join coin d on d.id = c.twin where c.id = $1", "opt id face? | $1"),
            ("select id from coin where face = $1", "opt id | $1"),
            ("select c.id from coin c join coin d on d.face = c.face where d.id = $1", "opt id | $1"),
            ("select id from coin where weight = $1", "opt id | $1"),
            ("select id from coin where weight::int = $1", "many id | $1"),
            ("select id from coin where id > $1", "many id | $1"),
            // Tables made to have one row.
            ("select name from the_house", "opt name?"),
            ("select name from the_town", "opt name"),
            ("select id from the_land", "many id?"),
            ("select name from the_world", "opt name?"),
            ("select name from may_be_one", "many name?"),
            (
                "select name from may_be_one where name is not null",
                "opt name",
            ),
            (
                "select h.name, w.name as world from the_house h left join the_world w on true",
                "opt name? world?",
            ),
            ("select id from town_parent", "many id"),
            ("select id from only town_parent", "opt id"),
            ("select id from not_yet", "many id"),
        ],
    );
}

/// What is asked around a query in FROM, a view or a common table expression is asked of the tables in it.
#[test]
fn rows_of_keys_inside() {
    const SCHEMA: &str = "
        create table guest (id int primary key, hotel int not null, mail text not null, room int, gone bool not null default false);
        create unique index on guest (lower(mail)) where not gone;
        create unique index on guest (room) where room is not null and not gone;
        create table hotel (id int primary key, name text not null, is_main bool not null);
        create unique index on hotel (is_main) where is_main;
        create view staying as select * from guest where not gone;
        create view guests as select g.*, lower(g.mail) as address, h.name as hotel_name, h.is_main from guest g
            join hotel h on h.id = g.hotel;
        create view regulars as select mail, count(*) as stays from guest group by mail;";
    check(
        SCHEMA,
        &[
            // An expression of columns from inside, and a condition that stands inside, around, or a level further in.
            (
                "select id from staying where lower(mail) = lower($1)",
                "opt id | $1",
            ),
            (
                "select id from guests where lower(mail) = $1 and not gone",
                "opt id | $1",
            ),
            (
                "select id from guests where address = $1 and gone = false",
                "opt id | $1",
            ),
            (
                "select s.id from (select g.*, 1 as one from guests g) s where s.address = $1 and not s.gone",
                "opt id | $1",
            ),
            (
                "with s as (select * from guest) select id from s where room = $1 and gone is false",
                "opt id | $1",
            ),
            (
                "select h.name, g.id from (select * from hotel) h left join staying g on g.hotel = h.id and lower(g.mail) = $1
                     where h.is_main",
                "opt name id? | $1",
            ),
            (
                "select g.id from hotel h join guests g on g.address = h.name and not g.gone where h.id = $1",
                "opt id | $1",
            ),
            (
                "select h.id, (select g.id from guests g where g.address = lower(h.name) and not g.gone) as g from hotel h",
                "many id g?",
            ),
            // Each of several entries has conditions of its own.
            (
                "select a.id from staying a, staying b where lower(a.mail) = $1 and lower(b.mail) = $2",
                "opt id | $1 $2",
            ),
            (
                "with s as (select * from guest) select a.id from s a, s b where lower(a.mail) = $1 and not b.gone",
                "many id | $1",
            ),
            // What is cut off or numbered inside is no more than that.
            (
                "select id from (select * from guest limit 5) s where lower(mail) = $1 and not gone",
                "opt id | $1",
            ),
            (
                "select id from (select *, count(*) over () from guest) s where lower(mail) = $1 and not gone",
                "opt id | $1",
            ),
            // What is asked is not enough, is of something else, or does not always hold.
            (
                "select id from guests where lower(mail) = $1",
                "many id | $1",
            ),
            (
                "select id from guests where lower(hotel_name) = $1 and not gone",
                "many id | $1",
            ),
            (
                "select id from guests where address = $1 or not gone",
                "many id | $1",
            ),
            (
                "select g.id from hotel h left join guests g on g.address = $1 and not g.gone",
                "many id? | $1",
            ),
            (
                "select h.id from guest g left join (select * from hotel) h on h.is_main and g.id = 1",
                "many id?",
            ),
            (
                "select g.id from guests g join hotel h on g.address = h.name and not g.gone",
                "many id",
            ),
            (
                "select stays from regulars where lower(mail) = $1",
                "many stays | $1",
            ),
            (
                "select n from (select lower(max(mail)) as n, hotel from guest where not gone group by hotel) s where n = $1",
                "many n | $1",
            ),
        ],
    );
}

#[test]
fn keys_that_take_nulls_for_equal() {
    // Before version 15, no key did: one without nulls has at most one row where it is null, too.
    let schema = "
        create table places (shelf int not null, slot int, gone int, box int unique, label text);
        do $$ begin
            if current_setting('server_version_num')::int >= 150000 then
                execute 'alter table places add unique nulls not distinct (shelf, slot, gone)';
            else
                alter table places alter slot set not null, alter gone set not null, add unique (shelf, slot, gone);
            end if;
        end $$;
        create table lent (box int primary key, shelf int);
        create view there as select * from places where gone is null;
    ";
    check(
        schema,
        &[
            (
                "select label from places where shelf = $1 and slot = $2 and gone is null",
                "opt label? | $1 $2",
            ),
            (
                "select label from places where shelf = 1 and slot is not distinct from $1 and gone is null",
                "opt label? | $1?",
            ),
            (
                "select label from there where shelf = $1 and slot = $2",
                "opt label? | $1 $2",
            ),
            (
                "select p.label from (select * from places where slot = 1) p where shelf = 1 and gone is null",
                "opt label?",
            ),
            (
                "select 1 from places where shelf = 1 and slot = 2 and gone is not null",
                "many ?column?",
            ),
            (
                "select 1 from places where shelf = 1 and slot = 2 and not gone is null",
                "many ?column?",
            ),
            (
                "select 1 from places where shelf = 1 and slot = 2 and gone is distinct from 3",
                "many ?column?",
            ),
            (
                "select 1 from places where shelf = 1 and slot = 2 and (gone is null or label = 'a')",
                "many ?column?",
            ),
            // Nulls are different to any other key.
            ("select 1 from places where box is null", "many ?column?"),
            (
                "select 1 from places where box is not distinct from $1",
                "many ?column? | $1?",
            ),
            (
                "select shelf from lent where box is not distinct from $1",
                "opt shelf? | $1?",
            ),
            (
                "select shelf from lent where $1 is not distinct from box",
                "opt shelf? | $1?",
            ),
            // What it is compared with is one value only if it cannot be left out.
            (
                "select 1 from lent l join places p on p.shelf = 1 and p.slot = 1 and p.gone is not distinct from l.shelf where l.box = 1",
                "opt ?column?",
            ),
            (
                "select 1 from places q left join lent l on l.box = 1 and q.label = 'a'
                join places p on p.shelf = 1 and p.slot = 1 and p.gone is not distinct from l.shelf
                where q.shelf = 1 and q.slot = 1 and q.gone = 1",
                "many ?column?",
            ),
            // A row that is left out is not one of the key's.
            (
                "select l.box from lent l left join places p on p.shelf = 1 and p.slot = 1 where p.gone is null",
                "many box",
            ),
        ],
    );
}

#[test]
fn keys_of_texts_that_differ_and_are_equal() {
    let schema = "
        create collation by_letter (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        create collation by_base (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
        create table names (name text collate by_letter unique, nick text collate by_letter, plain text unique, n int unique);
        create unique index on names (nick collate by_base);
        create table aka (id int primary key, name text collate by_letter not null, base text collate by_base not null);
    ";
    check(
        schema,
        &[
            ("select 1 from names where name = $1", "opt ?column? | $1"),
            ("select 1 from names where $1 = name", "opt ?column? | $1"),
            (
                "select 1 from names where name = $1 collate \"C\"",
                "opt ?column? | $1",
            ),
            (
                "select 1 from names where name in (select name from aka where id = $1)",
                "opt ?column? | $1",
            ),
            (
                "select 1 from names n join aka a on n.name = a.name where a.id = 1",
                "opt ?column?",
            ),
            (
                "select 1 from names where name = $1 collate by_base",
                "many ?column? | $1",
            ),
            ("select 1 from names where nick = $1", "many ?column? | $1"),
            (
                "select 1 from names where nick = $1 collate by_base",
                "opt ?column? | $1",
            ),
            (
                "select 1 from names where plain = $1 collate by_base",
                "many ?column? | $1",
            ),
            (
                "select 1 from names where n::text = $1 collate by_base",
                "many ?column? | $1",
            ),
            // Which of the equal ones it is, others can depend on.
            (
                "select 1 from names n join names m on m.plain = n.name collate \"C\" where n.name = $1",
                "opt ?column? | $1",
            ),
            (
                "select 1 from aka a join names m on m.plain = a.name collate \"C\" where a.name = $1",
                "many ?column? | $1",
            ),
            (
                "select name from aka where name = $1 group by name",
                "many name | $1",
            ),
        ],
    );
}
