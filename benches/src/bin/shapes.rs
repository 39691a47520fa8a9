//! `shapes`: rows with PostGIS shapes, read into those of `geo_types`, compared with tokio-postgres and `geozero`. It
//! needs PostGIS.

use std::hint::black_box;

use geo_types::{Geometry, Point, Polygon};
use geozero::wkb;
use howdah::{PgRow, Pool, query};
use howdah_benches::database::prepare;
use howdah_benches::measure::beside;
use howdah_benches::peers::Failure;
use tokio_postgres::{Client, NoTls};

/// A row, read by howdah.
#[derive(PgRow)]
#[expect(dead_code, reason = "read, not used")]
struct Place {
    id: i32,
    location: Point,
    area: Polygon,
}

/// A row, read by geozero, which reads any kind of shape.
#[expect(dead_code, reason = "read, not used")]
struct Read {
    id: i32,
    location: Option<Geometry>,
    area: Option<Geometry>,
}

/// This many places, each with a circle of 4 times this many corners.
const PLACES: &str = "\
create extension postgis;
create table places as
select n as id, round, st_setsrid(st_makepoint(n % 180, n % 90), 4326)::geometry(point, 4326) as location,
    st_setsrid(st_buffer(st_makepoint(n % 180, n % 90), 1, round), 4326)::geometry(polygon, 4326) as area
from generate_series(1, 1000) n, (values (1), (10), (100)) r (round);
analyze places";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let database = prepare(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql"))?;
    let pool = Pool::builder(database.url())?.max_size(1).build()?;
    pool.batch_execute(PLACES).await?;
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await?;
    tokio::spawn(connection);
    println!(
        "| corners of each of 1,000 polygons | howdah, a row | beside tokio-postgres with geozero |\n| --- | --- | --- |"
    );
    for round in [1, 10, 100] {
        places(&pool, &client, round).await?;
    }
    Ok(())
}

async fn places(pool: &Pool, client: &Client, round: i32) -> Result<(), Failure> {
    let sql = "select id, location, area from places where round = $1";
    let prepared = client.prepare(sql).await?;
    let howdah = async || {
        let rows = query(sql).bind(round).fetch_all::<Place>(pool).await?;
        black_box(rows);
        Ok(())
    };
    let bare = async || {
        let rows = client.query(&prepared, &[&round]).await?;
        let read = |row: &tokio_postgres::Row| {
            Ok(Read {
                id: row.try_get(0)?,
                location: row.try_get::<_, wkb::Decode<Geometry>>(1)?.geometry,
                area: row.try_get::<_, wkb::Decode<Geometry>>(2)?.geometry,
            })
        };
        let rows: Result<Vec<Read>, tokio_postgres::Error> = rows.iter().map(read).collect();
        black_box(rows?);
        Ok(())
    };
    beside(4 * round as usize + 1, 1_000, howdah, bare).await
}
