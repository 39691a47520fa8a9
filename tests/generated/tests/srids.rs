//! Shapes without an SRID of their own, as parameters beside columns that declare one.

use std::fs;
use std::path::Path;

use geo_types::{Geometry, Point, polygon};
use howdah::Pool;
use howdah_codegen::scratch::{Database, Server};
use howdah_generated_tests::golden::params_srids::types::Site;
use howdah_generated_tests::golden::params_srids::wells::*;

async fn pool() -> Result<(Pool, Database), Box<dyn std::error::Error>> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/params/srids");
    let schema = fs::read_to_string(golden.join("schema.sql"))?;
    let database = Server::shared()?.database()?;
    let pool = Pool::connect(database.url()).await?;
    pool.batch_execute(&schema).await?;
    Ok((pool, database))
}

#[tokio::test]
async fn shapes_are_sent_with_the_srid_of_the_column_beside_them() {
    let (pool, _database) = pool().await.unwrap();
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
        on_plan(&Geometry::from(plan)),
        same_as_sphere(&shape),
        on_sphere(spot),
    ];
    assert!(is_known(spot).fetch(&pool).await.unwrap());
    move_well(spot, 1).execute(&pool).await.unwrap();
}
