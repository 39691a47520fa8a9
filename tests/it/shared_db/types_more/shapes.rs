//! PostgreSQL's own shapes, cubes, and PostGIS shapes of every kind and dimension.

use howdah::{Cube, Ewkb, Param, Value, geometric, query};
use proptest::prelude::*;

use super::{check_all, refusal, samples};
use crate::shared_db::support::{pool, spatial_pool};

fn point() -> impl Strategy<Value = geometric::Point> {
    // Without an exponent, numbers print alike.
    let number = || (-1_000_000..1_000_000_i32).prop_map(|number| f64::from(number) / 64.0);
    (number(), number()).prop_map(|(x, y)| geometric::Point { x, y })
}

#[tokio::test]
async fn shapes_without_equality_of_their_own() {
    let (pool, _database) = pool().await;
    check_all(&pool, "point", samples(point(), 10)).await;
    let segments = samples((point(), point()), 10);
    let segments = segments
        .into_iter()
        .map(|(start, end)| geometric::LineSegment { start, end });
    check_all(&pool, "lseg", segments).await;
    let boxes = samples((point(), 0..9_u8), 10)
        .into_iter()
        .map(|(lower_left, size)| geometric::Box {
            upper_right: geometric::Point {
                x: lower_left.x + f64::from(size),
                y: lower_left.y + 1.5,
            },
            lower_left,
        });
    for value in boxes {
        // Arrays of boxes have another separator, which the text of arrays alone shows.
        let sql = "select $1::box::text, $1, array[$1, null]";
        let (text, back, array): (String, geometric::Box, Vec<Option<geometric::Box>>) = query(sql)
            .bind(value)
            .fetch_one::<(_, _, _)>(&pool)
            .await
            .unwrap();
        assert_eq!(
            (text, back, array),
            (value.to_string(), value, vec![Some(value), None])
        );
    }
    let points = || samples(proptest::collection::vec(point(), 1..6), 10).into_iter();
    check_all(
        &pool,
        "polygon",
        points().map(|points| geometric::Polygon { points }),
    )
    .await;
    let paths = points().enumerate().map(|(i, points)| geometric::Path {
        closed: i % 2 == 0,
        points,
    });
    check_all(&pool, "path", paths).await;
    check_all(
        &pool,
        "circle",
        samples(point(), 10)
            .into_iter()
            .map(|center| geometric::Circle {
                center,
                radius: 2.5,
            }),
    )
    .await;
    check_all(
        &pool,
        "line",
        [geometric::Line {
            a: 1.5,
            b: -2.0,
            c: 0.25,
        }],
    )
    .await;
}

#[tokio::test]
async fn cubes() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create extension cube").await.unwrap();
    let cube = |corner: &[f64], opposite: Option<&[f64]>| Cube {
        corner: corner.to_vec(),
        opposite: opposite.map(<[f64]>::to_vec),
    };
    let cubes = [
        cube(&[1.0, 2.5], None),
        cube(&[1.0, 2.0, 3.0], Some(&[4.0, 5.0, 6.5])),
        cube(&[0.0; 100], None),
    ];
    check_all(&pool, "cube", cubes).await;
}

#[tokio::test]
async fn postgis_shapes_of_every_kind_and_dimension() {
    let (pool, _database) = spatial_pool().await;
    let texts = [
        ("POINT Z (1 2 3)", "Point", true, false),
        ("POINT M (1 2 3)", "Point", false, true),
        ("POINT ZM (1 2 3 4)", "Point", true, true),
        ("POINT EMPTY", "Point", false, false),
        ("LINESTRING Z EMPTY", "LineString", true, false),
        (
            "POLYGON Z ((0 0 1,1 0 1,1 1 1,0 0 1))",
            "Polygon",
            true,
            false,
        ),
        ("MULTIPOINT M (1 2 3,4 5 6)", "MultiPoint", false, true),
        (
            "MULTILINESTRING ((0 0,1 1),(2 2,3 3))",
            "MultiLineString",
            false,
            false,
        ),
        (
            "MULTIPOLYGON (((0 0,1 0,1 1,0 0)))",
            "MultiPolygon",
            false,
            false,
        ),
        (
            "GEOMETRYCOLLECTION Z (POINT Z (1 2 3),GEOMETRYCOLLECTION Z EMPTY)",
            "GeometryCollection",
            true,
            false,
        ),
        (
            "CIRCULARSTRING (0 0,1 1,2 0)",
            "CircularString",
            false,
            false,
        ),
        (
            "COMPOUNDCURVE (CIRCULARSTRING (0 0,1 1,2 0),(2 0,3 0))",
            "CompoundCurve",
            false,
            false,
        ),
        (
            "CURVEPOLYGON (CIRCULARSTRING (0 0,2 2,4 0,2 -2,0 0))",
            "CurvePolygon",
            false,
            false,
        ),
        (
            "MULTICURVE ((0 0,1 1),CIRCULARSTRING (0 0,1 1,2 0))",
            "MultiCurve",
            false,
            false,
        ),
        (
            "MULTISURFACE (((0 0,1 0,1 1,0 0)))",
            "MultiSurface",
            false,
            false,
        ),
        (
            "POLYHEDRALSURFACE Z (((0 0 0,0 1 0,1 1 0,0 0 0)))",
            "PolyhedralSurface",
            true,
            false,
        ),
        ("TIN Z (((0 0 0,0 1 0,1 1 0,0 0 0)))", "Tin", true, false),
        ("TRIANGLE ((0 0,1 0,1 1,0 0))", "Triangle", false, false),
    ];
    for (text, kind, z, m) in texts {
        for srid in [0, 4326] {
            let read = query("select st_geomfromtext($1, $2)")
                .bind(text)
                .bind(srid);
            let shape = read.fetch_one::<Value<Ewkb>>(&pool).await.unwrap();
            assert_eq!(
                (shape.kind(), shape.has_z(), shape.has_m(), shape.srid()),
                (kind, z, m, srid),
                "{text}"
            );
            let sql = "select $1::geometry::text, $1::geometry, st_asewkb($1, 'XDR'), array[$1, null], st_ndims($1) > 2";
            let (hex, back, big_endian, array, more): (
                String,
                Ewkb,
                Vec<u8>,
                Vec<Option<Ewkb>>,
                bool,
            ) = query(sql)
                .bind(shape.clone())
                .fetch_one::<(_, _, _, _, _)>(&pool)
                .await
                .unwrap();
            assert_eq!(
                (hex, &back, more),
                (shape.to_string(), &shape, z || m),
                "{text}"
            );
            assert_eq!(array, [Some(shape.clone()), None]);
            // The other byte order is the same shape.
            let other = Ewkb::new(big_endian).unwrap();
            assert_eq!((other.kind(), other.srid()), (kind, srid));
            let same = query("select $1::geometry::text = $2")
                .bind(other)
                .bind(shape.to_string());
            assert!(
                same.fetch_one::<Value<bool>>(&pool).await.unwrap(),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn the_srid_of_a_shape_is_checked() {
    let (pool, _database) = spatial_pool().await;
    pool.batch_execute("create table peaks (at geography(PointZ, 4326))")
        .await
        .unwrap();
    let read =
        query("select st_geomfromtext('POINT Z (86.9 27.9 8848)')").fetch_one::<Value<Ewkb>>(&pool);
    let peak = read.await.unwrap();
    static ADD: howdah::Statement =
        howdah::Statement::new("peaks::add", "insert into peaks values ($1)");
    let add = |at| howdah::Query::<howdah::Exec>::new(&ADD, vec![Param::spatial(at, 4326)]);
    add(peak.clone()).fetch(&pool).await.unwrap();
    let error = add(peak.with_srid(3857))
        .fetch(&pool)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("the value has SRID 3857 instead of 4326"),
        "{error}"
    );
    let back = query("select at from peaks")
        .fetch_one::<Value<Ewkb>>(&pool)
        .await
        .unwrap();
    assert_eq!(back, peak.with_srid(4326));
    let error = geo_types::Geometry::try_from(&back).unwrap_err();
    assert_eq!(error.to_string(), "the shape has Z coordinates");
    let error = refusal::<Ewkb>(&pool, "'a'::text").await;
    assert!(error.contains("holds geometry or geography"), "{error}");
}
