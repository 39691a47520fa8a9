//! Tables whose keys and columns are composites, arrays, and domains over these: what finds their rows. And tables that are
//! called as statements call other things.

use howdah::{
    ColumnDefault, Constraint, ConstraintKind, Filter, PgComposite, PgDomain, PgInsert, PgRow,
    PgSelect, PgUpdate, Pool, SqlType, Table, key, query, types,
};
use howdah_codegen::scratch::Database;
use howdah_tests::{column, key as constraint, nullable, with_default};

use super::support::pool;

const SQL: &str = "
    create type seat as (coach int, place int);
    create domain reserved as seat;
    create domain route as text[];
    create table seats (seat seat primary key, holder text not null);
    create table reserved_seats (seat reserved, day int, primary key (day, seat));
    create table routes (stops text[], day int, via route, seats seat[], held reserved[], primary key (stops, day));
    create table howdah_asked (id int primary key, of int not null);
    create table excluded (id int primary key, of int not null, version int not null default 1);
";

const SEAT: SqlType = SqlType::composite("public", "seat");
const RESERVED: SqlType = SqlType::domain("public", "reserved", &SEAT);

mod seats {
    use super::*;
    pub(crate) const TABLE: Table = Table {
        schema: "public",
        name: "seats",
        columns: &[
            column("seats", "seat", SEAT),
            column("seats", "holder", types::TEXT),
        ],
        constraints: &[PKEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    const PKEY: Constraint = constraint(
        "public",
        "seats",
        "seats_pkey",
        ConstraintKind::PrimaryKey,
        &["seat"],
    );
}

mod reserved_seats {
    use super::*;
    pub(crate) const TABLE: Table = Table {
        schema: "public",
        name: "reserved_seats",
        columns: &[
            column("reserved_seats", "seat", RESERVED),
            column("reserved_seats", "day", types::INT4),
        ],
        constraints: &[PKEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    const PKEY: Constraint = constraint(
        "public",
        "reserved_seats",
        "reserved_seats_pkey",
        ConstraintKind::PrimaryKey,
        &["day", "seat"],
    );
}

mod routes {
    use super::*;
    const VIA: SqlType = SqlType::domain("public", "route", &types::TEXT_ARRAY);
    const SEATS: SqlType = SqlType::array("public", "_seat", &SEAT);
    const HELD: SqlType = SqlType::array("public", "_reserved", &RESERVED);
    pub(crate) const TABLE: Table = Table {
        schema: "public",
        name: "routes",
        columns: &[
            column("routes", "stops", types::TEXT_ARRAY),
            column("routes", "day", types::INT4),
            nullable(column("routes", "via", VIA)),
            nullable(column("routes", "seats", SEATS)),
            nullable(column("routes", "held", HELD)),
        ],
        constraints: &[PKEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    const PKEY: Constraint = constraint(
        "public",
        "routes",
        "routes_pkey",
        ConstraintKind::PrimaryKey,
        &["stops", "day"],
    );
}

mod howdah_asked {
    use super::*;
    pub(crate) const TABLE: Table = Table {
        schema: "public",
        name: "howdah_asked",
        columns: &[
            column("howdah_asked", "id", types::INT4),
            column("howdah_asked", "of", types::INT4),
        ],
        constraints: &[PKEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    const PKEY: Constraint = constraint(
        "public",
        "howdah_asked",
        "howdah_asked_pkey",
        ConstraintKind::PrimaryKey,
        &["id"],
    );
}

mod excluded {
    use super::*;
    pub(crate) const TABLE: Table = Table {
        schema: "public",
        name: "excluded",
        columns: &[
            column("excluded", "id", types::INT4),
            column("excluded", "of", types::INT4),
            with_default(
                column("excluded", "version", types::INT4),
                ColumnDefault::Value,
            ),
        ],
        constraints: &[PKEY],
        primary_key: Some(&PKEY),
        hidden: &[],
    };
    pub(crate) const PKEY: Constraint = constraint(
        "public",
        "excluded",
        "excluded_pkey",
        ConstraintKind::PrimaryKey,
        &["id"],
    );
}

#[derive(Clone, Debug, PartialEq, PgComposite)]
struct Seat {
    coach: i32,
    place: i32,
}

#[derive(Clone, Debug, PartialEq, PgDomain)]
struct Reserved(Seat);

#[derive(Clone, Debug, PartialEq, PgDomain)]
#[pg(name = "route")]
struct Via(Vec<String>);

#[derive(Clone, Debug, PartialEq, PgRow, PgSelect, PgInsert, PgUpdate)]
#[pg(table = seats)]
struct Taken {
    #[pg(key)]
    seat: Seat,
    holder: String,
}

#[derive(Clone, Debug, PartialEq, PgRow, PgSelect, PgInsert)]
#[pg(table = reserved_seats)]
struct ReservedSeat {
    #[pg(key)]
    day: i32,
    #[pg(key)]
    seat: Reserved,
}

#[derive(Clone, Debug, PartialEq, PgRow, PgSelect, PgInsert)]
#[pg(table = routes)]
struct Route {
    #[pg(key)]
    stops: Vec<String>,
    #[pg(key)]
    day: i32,
    via: Option<Via>,
    seats: Option<Vec<Seat>>,
    held: Option<Vec<Reserved>>,
}

/// The same table, of which the day is not asked for.
#[derive(Clone, Debug, PartialEq, PgRow, PgSelect)]
#[pg(table = routes)]
struct PlainRoute {
    day: i32,
    via: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, PgRow, PgSelect)]
#[pg(table = howdah_asked)]
struct Asked {
    #[pg(key)]
    id: i32,
    of: i32,
}

#[derive(Clone, Debug, PartialEq, PgRow, PgSelect, PgInsert, PgUpdate)]
#[pg(table = excluded)]
struct Excluded {
    #[pg(key)]
    id: i32,
    of: i32,
    #[pg(version)]
    version: i32,
}

const fn seat(coach: i32, place: i32) -> Seat {
    Seat { coach, place }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

async fn tables() -> (Pool, Database) {
    let (pool, database) = pool().await;
    pool.batch_execute(SQL).await.unwrap();
    (pool, database)
}

#[tokio::test]
async fn keys_may_be_composites() {
    let (pool, _database) = tables().await;
    let rows: Vec<Taken> = (1..=3)
        .map(|place| Taken {
            seat: seat(1, place),
            holder: format!("holder {place}"),
        })
        .collect();
    Taken::insert_many(&rows).execute(&pool).await.unwrap();
    let found = Taken::find(seat(1, 2)).fetch(&pool).await.unwrap();
    assert_eq!(found.as_ref(), Some(&rows[1]));
    let there = async |seat| Taken::exists(seat).fetch(&pool).await.unwrap();
    assert!(there(seat(1, 2)).await);
    assert!(!there(seat(2, 1)).await);
    let keys = [seat(1, 3), seat(9, 9), seat(1, 1), seat(1, 3)];
    let found = Taken::find_many(&keys).fetch(&pool).await.unwrap();
    assert_eq!(found, [&rows[2], &rows[0], &rows[2]].map(Clone::clone));
    assert_eq!(Taken::find_many(&[]).fetch(&pool).await.unwrap(), []);
    let groups = Taken::select().limit(1).grouped_by(Taken::SEAT, &keys);
    let groups = groups.fetch(&pool).await.unwrap();
    assert_eq!(
        groups.iter().map(Vec::len).collect::<Vec<_>>(),
        [1, 0, 1, 1]
    );
    let deleted = Taken::delete(seat(1, 1)).execute(&pool).await.unwrap();
    assert_eq!(deleted, 1);
}

#[tokio::test]
async fn keys_may_be_domains_over_composites() {
    let (pool, _database) = tables().await;
    let rows: Vec<ReservedSeat> = (1..=3)
        .map(|day| ReservedSeat {
            day,
            seat: Reserved(seat(1, day)),
        })
        .collect();
    ReservedSeat::insert_many(&rows)
        .execute(&pool)
        .await
        .unwrap();
    let held = Reserved(seat(1, 2));
    let found = ReservedSeat::find(2, held.clone()).fetch(&pool).await;
    assert_eq!(found.unwrap(), Some(rows[1].clone()));
    let keys = [
        (3, Reserved(seat(1, 3))),
        (2, held),
        (2, Reserved(seat(1, 1))),
    ];
    let found = ReservedSeat::find_many(&keys).fetch(&pool).await.unwrap();
    assert_eq!(found, [rows[2].clone(), rows[1].clone()]);
}

/// Routes of different lengths, of days 1 to 3.
async fn routes() -> (Pool, Database, Vec<Route>) {
    let (pool, database) = tables().await;
    let rows = [&["a", "b", "c"][..], &["a", "d"], &[]]
        .into_iter()
        .zip(1..)
        .map(|(stops, day)| Route {
            stops: texts(stops),
            day,
            via: (day != 2).then(|| Via(texts(stops))),
            seats: Some((0..day).map(|place| seat(day, place)).collect()),
            held: Some((0..day).map(|place| Reserved(seat(day, place))).collect()),
        });
    let rows: Vec<Route> = rows.collect();
    Route::insert_many(&rows).execute(&pool).await.unwrap();
    (pool, database, rows)
}

#[tokio::test]
async fn keys_may_be_arrays_of_any_length() {
    let (pool, _database, rows) = routes().await;
    let [abc, ad, empty] = [&rows[0], &rows[1], &rows[2]].map(|row| (&row.stops[..], row.day));
    let found = Route::find(abc.0, abc.1).fetch(&pool).await.unwrap();
    assert_eq!(found.as_ref(), Some(&rows[0]));
    let keys = [empty, (&ad.0[..1], 2), ad, abc, empty];
    let found = Route::find_many(&keys).fetch(&pool).await.unwrap();
    let found: Vec<i32> = found.iter().map(|route| route.day).collect();
    assert_eq!(found, [3, 2, 1, 3]);
    assert_eq!(Route::find_many(&[]).fetch(&pool).await.unwrap(), []);
    let keys = [ad.0, empty.0, abc.0];
    let days = async |select: howdah::Select<'_, Route>, keys: &[&[String]]| -> Vec<Vec<i32>> {
        let groups = select
            .grouped_by(Route::STOPS, keys)
            .fetch(&pool)
            .await
            .unwrap();
        groups
            .iter()
            .map(|rows| rows.iter().map(|row| row.day).collect())
            .collect()
    };
    assert_eq!(days(Route::select(), &keys).await, [[2], [3], [1]]);
    let later = Route::select().filter(Route::DAY.gt(1)).limit(5);
    assert_eq!(days(later, &keys).await, [vec![2], vec![3], vec![]]);
    assert_eq!(days(Route::select(), &[]).await, [[0_i32; 0]; 0]);
}

#[tokio::test]
async fn conditions_hold_of_arrays_and_of_what_is_in_them() {
    let (pool, _database, rows) = routes().await;
    let days = async |filter: Filter<'_, Route>| {
        let list = Route::select().filter(filter).order_by(Route::DAY);
        list.columns(Route::DAY).fetch(&pool).await.unwrap()
    };
    let stops: [&[String]; 2] = [&rows[0].stops, &rows[2].stops];
    assert_eq!(days(Route::STOPS.is_in(&stops)).await, [1, 3]);
    assert_eq!(days(Route::STOPS.is_not_in(&stops)).await, [2]);
    assert_eq!(days(!Route::STOPS.is_in(&stops)).await, [2]);
    let none: [&[String]; 0] = [];
    assert_eq!(days(Route::STOPS.is_in(&none)).await, [0; 0]);
    assert_eq!(days(Route::STOPS.is_not_in(&none)).await, [1, 2, 3]);
    let via = [Via(texts(&["a", "b", "c"])), Via(texts(&["a", "d"]))];
    assert_eq!(days(Route::VIA.is_in(&via)).await, [1]);
    assert_eq!(days(Route::VIA.is_not_in(&via)).await, [3]);
    let seats = [rows[1].seats.clone().unwrap()];
    assert_eq!(days(Route::SEATS.is_in(&seats)).await, [2]);
    assert_eq!(days(Route::SEATS.has(seat(2, 1))).await, [2]);
    assert_eq!(
        days(Route::SEATS.has_all(&[seat(2, 1), seat(2, 0)])).await,
        [2]
    );
    let held = Reserved(seat(3, 2));
    assert_eq!(days(Route::HELD.has(held.clone())).await, [3]);
    assert_eq!(days(Route::HELD.has_any(&[held])).await, [3]);
    // The field may be a list, though the column is a domain.
    let via = [texts(&["a", "b", "c"])];
    let plain = PlainRoute::select().filter(PlainRoute::VIA.is_in(&via));
    let plain = plain.fetch(&pool).await;
    assert_eq!(plain.unwrap().len(), 1);
}

#[tokio::test]
async fn a_table_may_be_called_as_the_row_that_an_insert_excludes() {
    let (pool, _database) = tables().await;
    let upsert = |of| {
        let insert = Excluded::insert().id(1).of(of);
        insert.on_conflict(key!(excluded::PKEY))
    };
    let row = upsert(1).do_update().returning().fetch(&pool).await;
    assert_eq!(
        row.unwrap(),
        Excluded {
            id: 1,
            of: 1,
            version: 1
        }
    );
    let row = upsert(2).do_update().returning_outcome().fetch(&pool).await;
    let row = row.unwrap();
    assert!(!row.is_inserted());
    assert_eq!(
        row.into_row(),
        Excluded {
            id: 1,
            of: 2,
            version: 2
        }
    );
    let kept = upsert(3)
        .only_where(Excluded::OF.gt(2))
        .do_update()
        .returning();
    assert_eq!(kept.fetch(&pool).await.unwrap(), None);
    assert_eq!(upsert(3).do_nothing().execute(&pool).await.unwrap(), 0);
    let rows = [Excluded {
        id: 1,
        of: 4,
        version: 2,
    }];
    let many = Excluded::upsert_many(&rows, key!(excluded::PKEY));
    assert_eq!(many.returning().fetch(&pool).await.unwrap()[0].of, 4);
}

#[tokio::test]
async fn a_table_may_be_called_as_the_keys_are() {
    let (pool, _database) = tables().await;
    query("insert into howdah_asked values (1, 7), (2, 7), (3, 8)")
        .execute(&pool)
        .await
        .unwrap();
    let found = Asked::find_many(&[3, 1]).fetch(&pool).await.unwrap();
    assert_eq!(found, [Asked { id: 3, of: 8 }, Asked { id: 1, of: 7 }]);
    let list = Asked::select().order_by(Asked::ID.desc());
    let groups = list
        .grouped_by(Asked::OF, &[8, 7])
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
}
