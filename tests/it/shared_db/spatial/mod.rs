//! PostGIS shapes both ways, judged by PostGIS' own text.

mod boxes;
mod ewkb;

use geo_types::{
    Geometry, GeometryCollection, LineString, MultiPoint, Point, Polygon, line_string, point,
    polygon,
};
use howdah::{Param, Query, Srid, Value, query};

use super::support::spatial_pool;

#[tokio::test]
async fn shapes_are_what_postgis_says() {
    let (pool, _database) = spatial_pool().await;
    let area: Polygon = polygon!(exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 0.)],
        interiors: [[(x: 5., y: 2.), (x: 6., y: 2.), (x: 6., y: 3.), (x: 5., y: 2.)]]);
    let line: LineString = line_string![(x: 0., y: 0.), (x: 1., y: 1.5)];
    let points: MultiPoint = vec![point!(x: 1., y: 2.), point!(x: 3., y: 4.)].into();
    let shapes: Vec<(Geometry, &str)> = vec![
        (point!(x: 85.3, y: 27.7).into(), "POINT(85.3 27.7)"),
        (line.clone().into(), "LINESTRING(0 0,1 1.5)"),
        (
            area.clone().into(),
            "POLYGON((0 0,9 0,9 9,0 0),(5 2,6 2,6 3,5 2))",
        ),
        (points.into(), "MULTIPOINT((1 2),(3 4))"),
        (
            Geometry::MultiLineString(geo_types::MultiLineString(vec![line.clone()])),
            "MULTILINESTRING((0 0,1 1.5))",
        ),
        (
            Geometry::MultiPolygon(vec![area].into()),
            "MULTIPOLYGON(((0 0,9 0,9 9,0 0),(5 2,6 2,6 3,5 2)))",
        ),
        (
            Geometry::GeometryCollection(GeometryCollection(vec![
                line.into(),
                Geometry::GeometryCollection(GeometryCollection(vec![])),
            ])),
            "GEOMETRYCOLLECTION(LINESTRING(0 0,1 1.5),GEOMETRYCOLLECTION EMPTY)",
        ),
        (Geometry::LineString(LineString(vec![])), "LINESTRING EMPTY"),
    ];
    for (shape, text) in shapes {
        let (sent, equal, back): (String, bool, Geometry) =
            query("select st_astext($1::geometry), st_asewkb($1) = st_asewkb(st_geomfromtext($2)), st_geomfromtext($2)")
                .bind(shape.clone()).bind(text).fetch_one::<(_, _, _)>(&pool).await.unwrap();
        assert_eq!(sent, text);
        assert!(equal, "{text}");
        assert_eq!(back, shape);
    }
}

#[tokio::test]
async fn the_srid_a_column_wants_is_sent() {
    let (pool, _database) = spatial_pool().await;
    pool.batch_execute("create table spots (at geometry(Point, 3857), near geography)")
        .await
        .unwrap();
    let here: Point = point!(x: 1., y: 2.);
    let add = |at| {
        Query::<howdah::Exec>::new(
            "spots::add",
            "insert into spots values ($1, $2)",
            [at, Param::new(here)],
        )
    };
    add(Param::spatial(here, 3857)).fetch(&pool).await.unwrap();
    add(Param::spatial(None::<Point>, 3857))
        .fetch(&pool)
        .await
        .unwrap();
    let error = add(Param::spatial(here, 4326))
        .fetch(&pool)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("SRID (4326) does not match column SRID (3857)"),
        "{error}"
    );

    let srids: Vec<(i32, i32)> =
        query("select st_srid(at), st_srid(near::geometry) from spots where at is not null")
            .fetch_all::<(_, _)>(&pool)
            .await
            .unwrap();
    assert_eq!(srids, [(3857, 4326)]);
    let at = "select at from spots where at is not null";
    query(at)
        .fetch_one::<Value<Srid<3857, Point>>>(&pool)
        .await
        .unwrap();
    let error = query(at)
        .fetch_one::<Value<Srid<4326, Point>>>(&pool)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the value has SRID 3857 instead of 4326"),
        "{error}"
    );
}

#[tokio::test]
async fn what_a_shape_cannot_hold_is_an_error() {
    let (pool, _database) = spatial_pool().await;
    for (text, message) in [
        ("POINT Z (1 2 3)", "the shape has Z coordinates"),
        ("POINT M (1 2 3)", "the shape has M coordinates"),
        ("POINT ZM (1 2 3 4)", "the shape has Z and M coordinates"),
        ("POINT EMPTY", "the point is empty"),
        ("LINESTRING(0 0,1 1)", "the shape is a LineString"),
        (
            "CIRCULARSTRING(0 0,1 1,2 0)",
            "the shape is of a kind with curves or surfaces (8)",
        ),
    ] {
        let error = query("select st_geomfromtext($1) as at")
            .bind(text)
            .fetch_one::<Value<Point>>(&pool)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[tokio::test]
async fn each_shape_of_an_array_has_the_srid() {
    let (pool, _database) = spatial_pool().await;
    type Points<const SRID: i32> = Srid<SRID, Vec<Option<Point>>>;
    let shapes: Points<3857> = Srid(vec![Some(point!(x: 1., y: 2.)), None]);
    let sql = "select st_srid(($1::geometry[])[1]), $1";
    let (srid, back) = query(sql)
        .bind(shapes.clone())
        .fetch_one::<(i32, Points<3857>)>(&pool)
        .await
        .unwrap();
    assert_eq!((srid, back), (3857, shapes));
    let empty = query("select '{}'::geometry[] as at").fetch_one::<Value<Points<4326>>>(&pool);
    assert_eq!(empty.await.unwrap(), Srid(vec![]));
    let sql = "select array['SRID=4326;POINT(1 2)', 'SRID=3857;POINT(1 2)']::geometry[] as at";
    let error = query(sql)
        .fetch_one::<Value<Points<4326>>>(&pool)
        .await
        .unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("the value has SRID 3857 instead of 4326"),
        "{error}"
    );
}
