//! `#[derive(PgSelect)]` on a real server: rows by key, conditions, orders, pages, and children of many parents.

use howdah::{
    Filter, PgInsert, PgRow, PgSelect, PgUpdate, Pool, Range, Value, page_order, query, sql,
};
use howdah_codegen::scratch::Database;

use super::pg_schema::{self as schema, SQL};
use super::support::{pool, spatial_pool};

#[derive(Clone, Debug, PartialEq, PgRow, PgInsert, PgSelect)]
#[pg(table = schema::places)]
struct Place {
    #[pg(key, generated)]
    id: i64,
    name: String,
    note: Option<String>,
    tags: Vec<String>,
    open: Option<Range<i32>>,
    #[pg(try_from = i64)]
    population: u64,
}

#[derive(Clone, Debug, PartialEq, PgRow, PgInsert, PgSelect)]
#[pg(table = schema::reviews)]
struct Review {
    #[pg(key, generated)]
    id: i64,
    place: i64,
    stars: i16,
    words: Option<String>,
}

/// Five places, of ids 1 to 5.
async fn places() -> (Pool, Database) {
    let (pool, database) = pool().await;
    pool.batch_execute(SQL).await.unwrap();
    for (name, note, tags, open, population) in [
        ("Agra", Some("x"), &["city", "old"][..], Some(9..17), 5),
        ("Bonn", None, &["city"], Some(0..24), 3),
        ("Cork_1", Some("x"), &[], None, 3),
        ("Cork%1", Some("y"), &["old"], None, 4),
        ("CorkA1", None, &["new"], Some(10..11), 3),
    ] {
        let insert = Place::insert().name(name).note(note).population(population);
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let insert = insert.open(open.map(Into::into)).tags(&tags);
        insert.execute(&pool).await.unwrap();
    }
    (pool, database)
}

async fn ids(pool: &Pool, filter: howdah::Filter<'_, Place>) -> Vec<i64> {
    let list = Place::select().filter(filter).order_by(Place::ID.asc());
    list.columns(Place::ID).fetch(pool).await.unwrap()
}

#[tokio::test]
async fn rows_are_found_by_their_keys() {
    let (pool, _database) = places().await;
    let find = Place::find(2);
    assert_eq!(
        find.sql(),
        r#"select "id", "name", "note", "tags", "open", "population" from "places" where "id" = $1"#
    );
    assert_eq!(find.fetch(&pool).await.unwrap().unwrap().name, "Bonn");
    assert_eq!(Place::find(99).fetch(&pool).await.unwrap(), None);
    assert!(Place::exists(1).fetch(&pool).await.unwrap());
    assert!(!Place::exists(99).fetch(&pool).await.unwrap());
    let found = Place::find_many(&[4, 99, 1, 4]).fetch(&pool).await.unwrap();
    let found: Vec<i64> = found.iter().map(|place| place.id).collect();
    assert_eq!(found, [4, 1, 4]);
    assert_eq!(Place::find_many(&[]).fetch(&pool).await.unwrap(), []);
}

#[tokio::test]
async fn each_condition_finds_what_it_says() {
    let (pool, _database) = places().await;
    let names = ["Agra".to_owned(), "Bonn".to_owned()];
    for (filter, expected) in [
        (Place::NAME.eq("Bonn"), &[2][..]),
        (Place::NAME.ne("Bonn"), &[1, 3, 4, 5]),
        (Place::ID.lt(3), &[1, 2]),
        (Place::ID.le(3), &[1, 2, 3]),
        (Place::ID.gt(3), &[4, 5]),
        (Place::ID.ge(3), &[3, 4, 5]),
        (Place::ID.between(2, 4), &[2, 3, 4]),
        (Place::NAME.is_in(&names), &[1, 2]),
        (Place::ID.is_in(&[] as &[i64]), &[]),
        (Place::ID.is_not_in(&[1, 2, 3]), &[4, 5]),
        (Place::NOTE.is_null(), &[2, 5]),
        (Place::NOTE.is_not_null(), &[1, 3, 4]),
        (Place::NOTE.eq("x"), &[1, 3]),
        (Place::NAME.starts_with("Cork_"), &[3]),
        (Place::NAME.starts_with("Cork%"), &[4]),
        (Place::NAME.has_text("k_"), &[3]),
        (Place::NAME.like("Cork_1"), &[3, 4, 5]),
        (Place::NAME.ilike("BO%"), &[2]),
        (Place::TAGS.has("old"), &[1, 4]),
        (Place::TAGS.has_all(&["city", "old"]), &[1]),
        (Place::TAGS.has_any(&["new", "old"]), &[1, 4, 5]),
        (Place::TAGS.is_within(&["city"]), &[2, 3]),
        (Place::TAGS.eq(["city"]), &[2]),
        (Place::OPEN.includes(9), &[1, 2]),
        (Place::OPEN.includes_all((9..11).into()), &[1, 2]),
        (Place::OPEN.overlaps((10..12).into()), &[1, 2, 5]),
        (
            Place::ID
                .eq(1)
                .or(Place::ID.eq(2))
                .and(Place::NOTE.is_null()),
            &[2],
        ),
        (
            Place::ID
                .eq(1)
                .or(Place::ID.eq(2).and(Place::NOTE.is_null())),
            &[1, 2],
        ),
        (!Place::NOTE.eq("x"), &[4]),
        (!Place::ID.eq(1).or(Place::ID.eq(2)), &[3, 4, 5]),
        (howdah::Filter::all([]), &[1, 2, 3, 4, 5]),
        (howdah::Filter::any([]), &[]),
    ] {
        assert_eq!(ids(&pool, filter).await, expected);
    }
}

/// Places with tags that may be null, as the elements of any array may.
#[derive(PgRow, PgSelect)]
#[pg(table = schema::places)]
struct Tagged {
    id: i64,
    tags: Vec<Option<String>>,
}

#[tokio::test]
async fn elements_that_may_be_null_are_compared_with_what_is_not() {
    let (pool, _database) = places().await;
    howdah::query("update places set tags = array['old', null] where id = 1")
        .execute(&pool)
        .await
        .unwrap();
    for (filter, expected) in [
        (Tagged::TAGS.has("old"), &[1, 4][..]),
        (Tagged::TAGS.has(Some("old".to_owned())), &[1, 4]),
        (Tagged::TAGS.has(None::<String>), &[]),
        (Tagged::TAGS.has_all(&["city"]), &[2]),
        (Tagged::TAGS.has_any(&["new", "old"]), &[1, 4, 5]),
        (Tagged::TAGS.is_within(&["city".to_owned()]), &[2, 3]),
    ] {
        let list = Tagged::select().filter(filter).order_by(Tagged::ID.asc());
        let found = list.fetch(&pool).await.unwrap();
        let with_null = found.iter().filter(|tagged| tagged.tags.contains(&None));
        assert!(with_null.map(|tagged| tagged.id).all(|id| id == 1));
        let found: Vec<i64> = found.iter().map(|tagged| tagged.id).collect();
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn an_index_on_an_array_serves_the_conditions_on_its_elements() {
    let (pool, _database) = places().await;
    let index = "create index tags_index on places using gin (tags)";
    pool.batch_execute(index).await.unwrap();
    let options = howdah::TransactionOptions::new().setting("enable_seqscan", "off");
    for filter in [
        Place::TAGS.has("old"),
        Place::TAGS.has_all(&["old"]),
        Place::TAGS.has_any(&["old"]),
    ] {
        let list = Place::select().filter(filter);
        let tx = pool.begin_with(&options).await.unwrap();
        let explain = query(format!(
            "explain {}",
            list.sql().replace("$1", "array['old']")
        ));
        let plan = explain.fetch_all::<Value<String>>(&tx).await.unwrap();
        assert!(plan.join("\n").contains("tags_index"), "{plan:#?}");
    }
}

#[tokio::test]
async fn bytes_are_compared_with_what_is_borrowed_and_with_arrays() {
    #[derive(PgRow, PgInsert, PgSelect)]
    #[pg(table = schema::places)]
    struct Sealed {
        name: String,
        seal: Option<Vec<u8>>,
    }

    let (pool, _database) = places().await;
    let seal = vec![0, 255];
    let sealed = Sealed::insert().name("Delft").seal(Some(&seal));
    sealed.execute(&pool).await.unwrap();
    for filter in [
        Sealed::SEAL.eq(&seal),
        Sealed::SEAL.eq(&seal[..]),
        Sealed::SEAL.eq([0, 255]),
        Sealed::SEAL.is_in(&[&b"other"[..], &seal]),
        Sealed::SEAL.is_in(std::slice::from_ref(&seal)),
    ] {
        let found = Sealed::select().filter(filter).fetch(&pool).await.unwrap();
        assert_eq!((found.len(), &*found[0].name), (1, "Delft"));
        assert_eq!(found[0].seal, Some(seal.clone()));
    }
}

#[tokio::test]
async fn conditions_are_in_parentheses_where_they_have_to_be() {
    let (a, b, c) = (|| Place::ID.eq(1), || Place::ID.eq(2), || Place::ID.eq(3));
    for (filter, expected) in [
        (
            a().and(b()).and(c()),
            r#""id" = $1 and "id" = $2 and "id" = $3"#,
        ),
        (
            a().or(b()).and(c()),
            r#"("id" = $1 or "id" = $2) and "id" = $3"#,
        ),
        (
            a().and(b().or(c())),
            r#""id" = $1 and ("id" = $2 or "id" = $3)"#,
        ),
        (
            a().and(b()).or(c()),
            r#"(("id" = $1 and "id" = $2) or "id" = $3)"#,
        ),
        ((!a()).and(b()), r#"not ("id" = $1) and "id" = $2"#),
        (!a().or(b()), r#"not ("id" = $1 or "id" = $2)"#),
    ] {
        let sql = Place::select()
            .filter(filter)
            .columns(Place::ID)
            .sql()
            .to_owned();
        assert_eq!(
            sql,
            format!(r#"select "id" from "places" where {expected}"#)
        );
    }
}

#[tokio::test]
async fn lists_are_sorted_cut_counted_and_streamed() {
    let (pool, _database) = places().await;
    let list = || {
        let list = Place::select().order_by(Place::POPULATION.desc());
        list.order_by(Place::NAME).limit(2).offset(1)
    };
    assert_eq!(
        list().columns((Place::ID, Place::NOTE)).sql(),
        r#"select "id", "note" from "places" order by "population" desc, "name" limit $1 offset $2"#
    );
    let found = list().fetch(&pool).await.unwrap();
    let found: Vec<&str> = found.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(found, ["Cork%1", "Bonn"]);
    assert_eq!(list().count(&pool).await.unwrap(), 2);
    assert!(list().exists(&pool).await.unwrap());
    assert_eq!(Place::select().count(&pool).await.unwrap(), 5);
    assert!(
        !Place::select()
            .filter(Place::ID.gt(9))
            .exists(&pool)
            .await
            .unwrap()
    );
    let first = Place::select()
        .order_by(Place::ID.desc())
        .fetch_first(&pool);
    assert_eq!(first.await.unwrap().unwrap().id, 5);
    // There is no first one of none.
    let none = Place::select().limit(0).fetch_first(&pool);
    assert!(none.await.unwrap().is_none());
    let mut stream = list().stream(&pool).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().name, "Cork%1");
}

/// Goes through all pages of two rows, and returns the ids of all rows in the order that they came.
macro_rules! pages {
    ($pool:expr, ($($order:expr),+), $position:expr) => {{
        let (mut after, mut ids) = (None, Vec::new());
        loop {
            let order = page_order!($($order),+);
            let page = match after {
                None => Place::select().first_page(2, order),
                Some(_) => Place::select().page(2, order, after),
            };
            let page = page.fetch($pool).await.unwrap();
            ids.extend(page.iter().map(|place| place.id));
            match page.last() {
                Some(last) => after = Some($position(last.clone())),
                None => break ids,
            }
        }
    }};
}

#[tokio::test]
async fn pages_miss_no_row_and_repeat_none() {
    let (pool, _database) = places().await;
    let one = pages!(&pool, (Place::ID.desc()), |last: Place| (last.id,));
    assert_eq!(one, [5, 4, 3, 2, 1]);
    let alike = pages!(
        &pool,
        (Place::POPULATION.asc(), Place::ID.asc()),
        |last: Place| { (last.population as i64, last.id) }
    );
    assert_eq!(alike, [2, 3, 5, 4, 1]);
    let mixed = pages!(
        &pool,
        (Place::POPULATION.desc(), Place::ID.asc()),
        |last: Place| { (last.population as i64, last.id) }
    );
    assert_eq!(mixed, [1, 4, 2, 3, 5]);
    let nulls_last = pages!(
        &pool,
        (Place::NOTE.asc(), Place::ID.desc()),
        |last: Place| { (last.note, last.id) }
    );
    assert_eq!(nulls_last, [3, 1, 4, 5, 2]);
    let nulls_first = pages!(
        &pool,
        (Place::NOTE.desc(), Place::ID.asc()),
        |last: Place| { (last.note, last.id) }
    );
    assert_eq!(nulls_first, [2, 5, 4, 1, 3]);
    let by_name = pages!(&pool, (Place::NAME.asc()), |last: Place| (last.name,));
    assert_eq!(by_name.len(), 5);
}

#[tokio::test]
async fn pages_begin_where_an_index_can_find() {
    let where_of = |select: howdah::Select<'_, Place>| {
        let sql = select.columns(Place::ID).sql().to_owned();
        let (_, after) = sql.split_once(" where ").unwrap();
        after.split_once(" order by").unwrap().0.to_owned()
    };
    let alike = page_order!(Place::NAME.desc(), Place::ID.desc());
    assert_eq!(
        where_of(Place::select().page(9, alike, Some(("a", 1)))),
        r#"("name", "id") < ($1, $2)"#
    );
    let mixed = page_order!(Place::NAME.desc(), Place::ID.asc());
    assert_eq!(
        where_of(Place::select().page(9, mixed, Some(("a", 1)))),
        r#""name" <= $1 and (("name" < $1) or ("name" = $1 and "id" > $2))"#
    );
    let nulls_last = page_order!(Place::NOTE.asc(), Place::ID.asc());
    assert_eq!(
        where_of(Place::select().page(9, nulls_last, Some((Some("a"), 1)))),
        r#"((("note" > $1 or "note" is null)) or ("note" = $1 and "id" > $2))"#
    );
}

#[tokio::test]
async fn the_children_of_many_parents_come_in_one_statement() {
    let (pool, _database) = places().await;
    for (place, stars, words) in [(1, 5, None), (1, 3, Some("a")), (2, 1, None), (1, 4, None)] {
        let insert = Review::insert().place(place).stars(stars).words(words);
        insert.execute(&pool).await.unwrap();
    }
    let places = [2, 9, 1, 2];
    let stars = |reviews: &Vec<Vec<Review>>| -> Vec<Vec<i16>> {
        reviews
            .iter()
            .map(|of| of.iter().map(|r| r.stars).collect())
            .collect()
    };
    let list = || Review::select().order_by(Review::STARS.desc());
    let grouped = list().grouped_by(Review::PLACE, &places).fetch(&pool);
    let expected: &[&[i16]] = &[&[1], &[], &[5, 4, 3], &[1]];
    assert_eq!(stars(&grouped.await.unwrap()), expected);
    let best = list().filter(Review::WORDS.is_null()).limit(1);
    let best = best.grouped_by(Review::PLACE, &places).fetch(&pool);
    let expected: &[&[i16]] = &[&[1], &[], &[5], &[1]];
    assert_eq!(stars(&best.await.unwrap()), expected);
    let rest = list()
        .offset(1)
        .grouped_by(Review::PLACE, &places)
        .fetch(&pool);
    let expected: &[&[i16]] = &[&[], &[], &[4, 3], &[]];
    assert_eq!(stars(&rest.await.unwrap()), expected);
    let order = page_order!(Review::STARS.asc(), Review::ID.asc());
    let page = Review::select().page(1, order, Some((3, 2)));
    let page = page.grouped_by(Review::PLACE, &places).fetch(&pool);
    let expected: &[&[i16]] = &[&[], &[], &[4], &[]];
    assert_eq!(stars(&page.await.unwrap()), expected);
    // Keys of more than one column.
    let both = (Review::PLACE, Review::STARS);
    let keys = [(1, 4), (2, 4), (2, 1), (1, 4)];
    let expected: &[&[i16]] = &[&[4], &[], &[1], &[4]];
    for list in [list(), list().limit(1)] {
        let grouped = list.grouped_by(both, &keys).fetch(&pool);
        assert_eq!(stars(&grouped.await.unwrap()), expected);
    }
    let none = list().grouped_by(both, &[] as &[(i64, i16)]);
    assert_eq!(none.fetch(&pool).await.unwrap(), Vec::<Vec<Review>>::new());
    let none = list().grouped_by(Review::PLACE, &[] as &[i64]);
    assert_eq!(none.fetch(&pool).await.unwrap(), Vec::<Vec<Review>>::new());
}

#[derive(Debug, PartialEq, PgRow, PgInsert, PgSelect)]
#[pg(table = schema::order)]
struct Order {
    #[pg(key)]
    select: i32,
    #[pg(key, rename = "Größe")]
    size: String,
    user: Option<String>,
}

#[tokio::test]
async fn composite_keys_are_found_one_and_many() {
    let (pool, _database) = places().await;
    for (select, size) in [(1, "s"), (1, "m"), (5, "s")] {
        Order::insert()
            .select(select)
            .size(size)
            .execute(&pool)
            .await
            .unwrap();
    }
    assert!(Order::find(1, "m").fetch(&pool).await.unwrap().is_some());
    assert!(Order::find(5, "m").fetch(&pool).await.unwrap().is_none());
    let keys = [(5, "s"), (5, "m"), (1, "s")];
    let found = Order::find_many(&keys).fetch(&pool).await.unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|order| (order.select, order.size.as_str()))
        .collect();
    assert_eq!(found, [(5, "s"), (1, "s")]);
    let order = page_order!(Order::SELECT.asc(), Order::SIZE.desc());
    let page = Order::select()
        .page(9, order, Some((1, "s")))
        .fetch(&pool)
        .await
        .unwrap();
    let page: Vec<_> = page
        .iter()
        .map(|order| (order.select, order.size.as_str()))
        .collect();
    assert_eq!(page, [(1, "m"), (5, "s")]);
}

#[derive(Debug, PartialEq, PgRow, PgInsert, PgSelect)]
#[pg(table = schema::spots)]
struct Spot {
    #[pg(key)]
    id: i32,
    at: geo_types::Point<f64>,
    area: Option<geo_types::Polygon<f64>>,
}

#[tokio::test]
async fn shapes_have_the_srid_of_their_column_and_conditions_of_their_own() {
    let (pool, _database) = spatial_pool().await;
    pool.batch_execute(
        "create table spots (id integer primary key, at geometry(Point, 4326) not null, \
         area geometry(Polygon, 3857))",
    )
    .await
    .unwrap();
    let point = geo_types::Point::new;
    for (id, x) in [(1, 0.0), (2, 5.0), (3, 50.0)] {
        Spot::insert()
            .id(id)
            .at(point(x, 0.0))
            .execute(&pool)
            .await
            .unwrap();
    }
    let square = geo_types::Rect::new((-1.0, -1.0), (6.0, 1.0)).to_polygon();
    let spot = Spot {
        id: 4,
        at: point(6.0, 0.0),
        area: Some(square.clone()),
    };
    spot.insert_row().execute(&pool).await.unwrap();
    let ids = |filter| {
        let list = Spot::select()
            .filter(filter)
            .order_by(Spot::AT.nearest_to(point(6.0, 0.0)));
        let list = list.columns(Spot::ID);
        let pool = &pool;
        async move { list.fetch(pool).await.unwrap() }
    };
    assert_eq!(
        ids(Spot::AT.is_within_distance(point(5.5, 0.0), 1.0)).await,
        [4, 2]
    );
    assert_eq!(ids(Spot::AT.is_covered_by(&square)).await, [4, 2, 1]);
    assert_eq!(ids(Spot::AT.intersects(point(50.0, 0.0))).await, [3]);
    assert_eq!(ids(Spot::AREA.covers(point(0.0, 0.0))).await, [4]);
}

/// A place that the app knows by names of its own.
#[derive(Clone)]
struct Corner {
    east: f64,
    north: f64,
}

impl From<Corner> for geo_types::Point<f64> {
    fn from(corner: Corner) -> Self {
        Self::new(corner.east, corner.north)
    }
}

#[derive(PgInsert, PgUpdate)]
#[pg(table = schema::spots)]
struct CornerSpot {
    #[pg(key)]
    id: i32,
    #[pg(try_from = geo_types::Point<f64>)]
    at: Corner,
}

#[tokio::test]
async fn shapes_that_fields_become_get_the_srid_of_the_column() {
    let (pool, _database) = spatial_pool().await;
    pool.batch_execute(
        "create table spots (id integer primary key, at geometry(Point, 4326) not null)",
    )
    .await
    .unwrap();
    let corner = |east| Corner { east, north: 2.0 };
    let spot = CornerSpot {
        id: 1,
        at: corner(1.0),
    };
    spot.insert_row().execute(&pool).await.unwrap();
    let more = [CornerSpot {
        id: 2,
        at: corner(2.0),
    }];
    CornerSpot::insert_many(&more).execute(&pool).await.unwrap();
    CornerSpot::insert()
        .id(3)
        .at(corner(3.0))
        .execute(&pool)
        .await
        .unwrap();
    CornerSpot::update(1)
        .at(corner(4.0))
        .execute(&pool)
        .await
        .unwrap();
    let spots: Vec<String> = query("select st_asewkt(at) from spots order by id")
        .fetch_all::<Value<String>>(&pool)
        .await
        .unwrap();
    assert_eq!(
        spots,
        [
            "SRID=4326;POINT(4 2)",
            "SRID=4326;POINT(2 2)",
            "SRID=4326;POINT(3 2)"
        ]
    );
}

#[tokio::test]
async fn conditions_and_orders_can_be_sql_with_values() {
    let (pool, _database) = places().await;
    let starts = |name: &'static str| {
        sql("lower(name) like lower(")
            .push_bind(name)
            .push(") || '%'")
    };
    let list = Place::select()
        .filter(Filter::sql("id % 2 = 1 or id = 4"))
        .filter(Filter::sql(starts("cORK")).and(Place::ID.gt(3)))
        .order_by(howdah::Order::sql(
            sql("id % ").push_bind(5_i64).push(" desc"),
        ))
        .order_by(Place::ID);
    let list = list.columns(Place::ID);
    assert_eq!(
        list.sql(),
        r#"select "id" from "places" where (id % 2 = 1 or id = 4) and (lower(name) like lower($1) || '%') and "id" > $2 order by id % $3 desc, "id""#
    );
    assert_eq!(list.fetch(&pool).await.unwrap(), [4, 5]);
    assert_eq!(ids(&pool, !Filter::sql(starts("c"))).await, [1, 2]);
    let either = Filter::any([Filter::sql(starts("a")), Place::ID.eq(2)]);
    let either = Place::select().filter(either);
    assert_eq!(either.by_ref().count(&pool).await.unwrap(), 2);
    assert!(either.by_ref().exists(&pool).await.unwrap());
    assert_eq!(either.fetch(&pool).await.unwrap().len(), 2);
}

#[tokio::test]
async fn nulls_come_where_they_should() {
    let (pool, _database) = places().await;
    let notes = async |order: howdah::Order<'static, Place>| {
        let list = Place::select().order_by(order).order_by(Place::ID);
        list.columns(Place::ID).fetch(&pool).await.unwrap()
    };
    assert_eq!(
        notes(Place::NOTE.asc().nulls_first()).await,
        [2, 5, 1, 3, 4]
    );
    assert_eq!(
        notes(Place::NOTE.desc().nulls_last()).await,
        [4, 1, 3, 2, 5]
    );
    assert_eq!(notes(Place::NOTE.asc().nulls_last()).await, [1, 3, 4, 2, 5]);
}

#[tokio::test]
async fn rows_are_locked_until_the_transaction_ends() {
    let (pool, _database) = places().await;
    let lists = || Place::select().filter(Place::ID.le(3)).order_by(Place::ID);
    let ids = |places: Vec<Place>| places.iter().map(|place| place.id).collect::<Vec<_>>();
    let tx = pool.begin().await.unwrap();
    let two = lists().limit(2).for_update();
    assert!(
        two.sql()
            .ends_with(r#"order by "id" limit $2 for update of "places""#)
    );
    assert_eq!(ids(two.fetch(&tx).await.unwrap()), [1, 2]);

    let rest = lists().skip_locked().fetch(&pool).await.unwrap();
    assert_eq!(ids(rest), [3]);
    let by_note = lists().for_share().skip_locked();
    let by_note = by_note
        .grouped_by(Place::NOTE, &["x"])
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(by_note.into_iter().map(ids).collect::<Vec<_>>(), [[3]]);
    let first = lists().limit(1).for_no_key_update().skip_locked();
    let first = first
        .grouped_by(Place::NOTE, &["x"])
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(first.into_iter().map(ids).collect::<Vec<_>>(), [[3]]);
    let refused = lists()
        .for_key_share()
        .no_wait()
        .fetch(&pool)
        .await
        .unwrap_err();
    assert_eq!(refused.sqlstate(), Some("55P03"));
    assert_eq!(lists().no_wait().count(&pool).await.unwrap(), 3);
    assert!(lists().no_wait().exists(&pool).await.unwrap());

    tx.commit().await.unwrap();
    assert_eq!(
        ids(lists().no_wait().fetch(&pool).await.unwrap()),
        [1, 2, 3]
    );
}
