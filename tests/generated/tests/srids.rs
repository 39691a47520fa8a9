//! Shapes without an SRID of their own, as parameters beside columns that declare one.

mod support;

use geo_types::{Geometry, Point, polygon};
use howdah::{
    Array, Ewkb, PgDomain, PgInsert, PgRow, PgSelect, PgUpdate, Value, delete_many, query,
};
use howdah_generated_tests::golden::params_srids::{
    schema,
    types::{Place, Site},
    wells::*,
};
use support::pool;

#[tokio::test]
async fn shapes_are_sent_with_the_srid_of_the_column_beside_them() {
    let (pool, _database) = pool("params/srids").await.unwrap();
    let (spot, plan) = (Point::new(1.0, 2.0), Point::new(111_319.49, 222_684.21));
    let (site, shape) = (Site(spot), Geometry::from(spot));
    let (spots, sites, shapes) = ([spot], [site], [shape.clone()]);
    let area =
        Geometry::from(polygon![(x: 0., y: 1.), (x: 2., y: 1.), (x: 2., y: 3.), (x: 0., y: 3.)]);
    let add = add_well(
        1,
        spot,
        Some(&spots),
        Some(site),
        Some(&sites),
        Some(plan),
        Some(spot),
    );
    add.execute(&pool).await.unwrap();

    macro_rules! finds {
        ($($query:expr),* $(,)?) => {$(
            assert_eq!($query.fetch(&pool).await.unwrap(), [1], stringify!($query));
        )*};
    }
    finds![
        at_spot(spot),
        at_spots(&shapes),
        listed(spot, Point::new(0.0, 0.0)),
        seen_at(&[spot]),
        seen_once(&shape),
        dug_at(&shape),
        dug_at_any(&shapes),
        dug_at_site(site),
        close_to(spot),
        close_to_maybe(Some(&shape)),
        close_to_maybe(None),
        within_area(&area),
        at_middle(&area),
        unnested(&shapes),
        further_in(spot),
        cast_to_kind(&shape),
        close_to_place(&Place(shape.clone())),
        on_plan(&Geometry::from(plan)),
        same_as_sphere(&shape),
        on_sphere(spot),
    ];
    assert!(is_known(spot).fetch(&pool).await.unwrap());
    move_well(spot, 1).execute(&pool).await.unwrap();
}

#[derive(Clone, Copy, Debug, PartialEq, PgDomain)]
#[pg(transparent)]
struct Spot(Point);

#[derive(Clone, Copy, Debug, PartialEq, PgDomain)]
#[pg(name = "site")]
struct Dug(Point);

#[derive(PgRow, PgSelect, PgInsert)]
#[pg(table = schema::wells)]
struct Well {
    #[pg(key)]
    id: i32,
    spot: Spot,
    seen: Option<Array<Point>>,
    dug: Option<Site>,
    others: Option<Vec<Dug>>,
}

#[derive(PgRow, PgSelect)]
#[pg(table = schema::wells)]
struct AnyWell {
    spot: Ewkb,
}

#[derive(Debug, PartialEq, PgRow, PgSelect, PgInsert, PgUpdate)]
#[pg(table = schema::marks)]
struct Mark {
    #[pg(key)]
    spot: Point,
    note: Option<String>,
}

#[tokio::test]
async fn types_around_a_shape_are_sent_with_the_srid_of_the_column() {
    let (pool, _database) = pool("params/srids").await.unwrap();
    let spot = Point::new(1.0, 2.0);
    let well = Well {
        id: 1,
        spot: Spot(spot),
        seen: Some(vec![spot].into()),
        dug: Some(Site(spot)),
        others: Some(vec![Dug(spot)]),
    };
    well.insert_row().execute(&pool).await.unwrap();
    for filter in [
        Well::SPOT.eq(Spot(spot)),
        Well::SPOT.is_in(&[Spot(spot)]),
        Well::SEEN.eq(Array::from(vec![spot])),
        Well::DUG.eq(Site(spot)),
        Well::DUG.is_in(&[Site(spot)]),
        Well::OTHERS.has(Dug(spot)),
        Well::OTHERS.eq(vec![Dug(spot)]),
    ] {
        let sql = Well::select().filter(filter);
        assert_eq!(sql.count(&pool).await.unwrap(), 1);
    }
    let keys = [Spot(spot), Spot(Point::new(0.0, 0.0))];
    let groups = Well::select().grouped_by(Well::SPOT, &keys);
    let groups = groups.fetch(&pool).await.unwrap();
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0]);

    let bare = query("select 'POINT(1 2)'::geometry").fetch_one::<Value<Ewkb>>(&pool);
    let bare = bare.await.unwrap();
    for (shape, found) in [
        (bare.clone(), 1),
        (bare.with_srid(4326), 1),
        (bare.with_srid(3857), 0),
    ] {
        let wells = AnyWell::select().filter(AnyWell::SPOT.eq(shape));
        let wells = wells.fetch(&pool).await.unwrap();
        assert_eq!(wells.len(), found);
        assert!(wells.iter().all(|well| well.spot.srid() == 4326));
    }
}

#[tokio::test]
async fn a_shape_that_is_the_key_is_found() {
    let (pool, _database) = pool("params/srids").await.unwrap();
    let [first, second, third, nowhere] = [1.0, 2.0, 3.0, 4.0].map(|x| Point::new(x, 0.0));
    let mark = |spot| Mark { spot, note: None };
    let marks = [mark(first), mark(second), mark(third)];
    Mark::insert_many(&marks).execute(&pool).await.unwrap();

    let found = Mark::find(first).fetch(&pool).await.unwrap();
    assert_eq!(found, Some(mark(first)));
    assert!(Mark::exists(second).fetch(&pool).await.unwrap());
    assert!(!Mark::exists(nowhere).fetch(&pool).await.unwrap());
    let keys = [third, nowhere, first];
    let found = Mark::find_many(&keys).fetch(&pool).await.unwrap();
    assert_eq!(found, [mark(third), mark(first)]);
    let updated = Mark::update(first)
        .note(Some("old"))
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(updated, 1);
    let deleted = Mark::delete_many(&[first, nowhere]).execute(&pool).await;
    assert_eq!(deleted.unwrap(), 1);
    let deleted = delete_many(&schema::marks::TABLE, &[second])
        .execute(&pool)
        .await;
    assert_eq!(deleted.unwrap(), 1);
    assert_eq!(Mark::delete(third).execute(&pool).await.unwrap(), 1);
}
