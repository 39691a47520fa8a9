//! PostGIS shapes of every kind and dimension, as their bytes and as other crates' shapes.

use geojson::{Geometry, GeometryValue};
use howdah::{Ewkb, Json, Param, Pool, Srid, Value, query};
use proptest::prelude::*;
use wkt::Wkt;

use crate::shared_db::support::spatial_pool;
use crate::shared_db::types::{refusal, round_trip::told, samples};

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
    let add = |at| {
        howdah::Query::<howdah::Exec>::new(
            "peaks::add",
            "insert into peaks values ($1)",
            [Param::spatial(at, 4326)],
        )
    };
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

/// Texts of shapes of the seven kinds with these coordinates, empty and nested ones among them.
fn texts(name: &'static str, count: usize) -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (-100_000..100_000_i32).prop_map(|number| f64::from(number) / 64.0),
        any::<f64>().prop_filter("finite", |number| number.is_finite()),
    ];
    let position = proptest::collection::vec(number, count).prop_map(|numbers| {
        let numbers: Vec<String> = numbers.iter().map(f64::to_string).collect();
        numbers.join(" ")
    });
    let list = |parts: Vec<String>| format!("({})", parts.join(","));
    let line = proptest::collection::vec(position.clone(), 2..5).prop_map(list);
    let ring = proptest::collection::vec(position.clone(), 3..6).prop_map(move |mut ring| {
        ring.push(ring[0].clone());
        list(ring)
    });
    let polygon = proptest::collection::vec(ring, 1..3).prop_map(list);
    let part = move |kind: &'static str, part: BoxedStrategy<String>| {
        let empty = Just(format!("{kind} {name} EMPTY"));
        prop_oneof![1 => empty, 4 => part.prop_map(move |part| format!("{kind} {name} {part}"))]
    };
    let some = move |part: BoxedStrategy<String>| {
        proptest::collection::vec(part, 1..4).prop_map(list).boxed()
    };
    let point = position
        .prop_map(|position| format!("({position})"))
        .boxed();
    let (line, polygon) = (line.boxed(), polygon.boxed());
    let single = prop_oneof![
        part("POINT", point.clone()),
        part("LINESTRING", line.clone()),
        part("POLYGON", polygon.clone()),
        part("MULTIPOINT", some(point)),
        part("MULTILINESTRING", some(line)),
        part("MULTIPOLYGON", some(polygon)),
    ];
    let collection = move |inner: BoxedStrategy<String>| part("GEOMETRYCOLLECTION", some(inner));
    single.prop_recursive(3, 12, 3, move |inner| collection(inner.boxed()))
}

/// Shapes of one kind of coordinates, as PostGIS has them.
async fn shapes(pool: &Pool, name: &'static str, count: usize, srid: i32) -> Vec<Ewkb> {
    let mut shapes = Vec::new();
    for text in samples(texts(name, count), 30) {
        let read = query("select st_geomfromtext($1, $2)")
            .bind(&text)
            .bind(srid);
        shapes.push(read.fetch_one::<Value<Ewkb>>(pool).await.unwrap());
    }
    shapes
}

const COORDINATES: [(&str, usize); 4] = [("", 2), ("Z", 3), ("M", 3), ("ZM", 4)];

/// PostGIS compares bounding boxes, of which NaN and empty shapes have none, so that texts alone are compared: they show
/// each byte.
#[tokio::test]
async fn shapes_with_any_coordinates() {
    let (pool, _database) = spatial_pool().await;
    for (name, count) in COORDINATES {
        let shapes = shapes(&pool, name, count, 4326).await;
        told("geometry", Ewkb::to_string)
            .without_equality()
            .run(&pool, shapes.clone())
            .await;
        let wkts = shapes.iter().map(|shape| Wkt::try_from(shape).unwrap());
        told("geometry", Wkt::to_string)
            .without_equality()
            .run(&pool, wkts)
            .await;
        let plain = shapes
            .iter()
            .filter_map(|shape| geo_types::Geometry::try_from(shape).ok());
        let plain: Vec<_> = plain.collect();
        assert_eq!(plain.is_empty(), count > 2, "{name}");
        if count == 2 {
            told("geometry", |shape| {
                Ewkb::from_geometry(shape, 0).unwrap().to_string()
            })
            .without_equality()
            .run(&pool, plain)
            .await;
        }
        for shape in shapes {
            let back = Ewkb::from_geometry(&Wkt::try_from(&shape).unwrap(), 4326).unwrap();
            assert_eq!(back, shape);
            let Ok(plain) = geo_types::Geometry::try_from(&shape) else {
                continue;
            };
            assert_eq!(Ewkb::from_geometry(&plain, 4326).unwrap(), shape);
        }
    }
    let on_earth = [
        "POINT(1 2)",
        "POLYGON((0 0,1 0,1 1,0 0))",
        "LINESTRING Z EMPTY",
    ];
    let on_earth = on_earth.map(|text| text.parse::<Wkt<f64>>().unwrap());
    told("geography", Wkt::to_string)
        .without_equality()
        .run(&pool, on_earth)
        .await;
}

/// All coordinates in their order.
fn numbers(shape: &GeometryValue) -> Vec<f64> {
    let text = shape.to_string();
    let parts = text.split(['[', ']', ',', '{', '}', ':']);
    parts.filter_map(|part| part.parse().ok()).collect()
}

#[tokio::test]
async fn geojson_is_what_postgis_says_it_is() {
    let (pool, _database) = spatial_pool().await;
    for (name, count) in COORDINATES {
        for shape in shapes(&pool, name, count, 4326).await {
            let Ok(geometry) = Geometry::try_from(&shape) else {
                let (lost, text) = (shape.has_m(), shape.to_string());
                assert!(
                    lost || text.contains("F87F"),
                    "{text}: an M coordinate or an empty point"
                );
                continue;
            };
            // Seventeen digits are all that a number has.
            let sql = "select case when geometrytype($1::geometry) <> 'GEOMETRYCOLLECTION' \
                       then st_asgeojson($1::geometry, 17)::jsonb end, $2::geometry";
            let asked = query(sql).bind(&shape).bind(geometry.clone());
            type Row = (Option<Json<Geometry>>, Geometry);
            let (theirs, back) = asked.fetch_one::<Row>(&pool).await.unwrap();
            assert_eq!(back, geometry);
            // PostGIS refuses collections in collections.
            if let Some(Json(theirs)) = theirs {
                assert_eq!(theirs.value.type_name(), geometry.value.type_name());
                let [theirs, ours] = [theirs, geometry.clone()].map(|shape| numbers(&shape.value));
                // JSON is read to all but the last bit.
                let near = |(a, b): (&f64, &f64)| a == b || ((a - b) / a).abs() < 1e-14;
                let close = theirs.iter().zip(&ours).all(near);
                assert!(close && theirs.len() == ours.len(), "{shape}");
            }
            // Empty shapes of three coordinates do not say so in JSON.
            if !Ewkb::try_from(&geometry).is_ok_and(|again| again == shape) {
                let empty = query("select st_npoints($1) = 0").bind(&shape);
                assert!(
                    empty.fetch_one::<Value<bool>>(&pool).await.unwrap(),
                    "{shape}"
                );
            }
        }
    }
    let error = refusal::<Geometry>(&pool, "st_geomfromtext('POINT(1 2)', 3857)").await;
    assert!(
        error.ends_with(
            "the value has SRID 3857, and GeoJSON none but 4326, `Geometry` cannot hold it: `howdah::Ewkb` can"
        ),
        "{error}"
    );
    let ragged: Geometry = r#"{"type":"LineString","coordinates":[[1,2],[1,2,3]]}"#
        .parse()
        .unwrap();
    assert!(Ewkb::try_from(&ragged).is_err());
    type Mercator = Srid<3857, Wkt<f64>>;
    let srid = refusal::<Mercator>(&pool, "st_geomfromtext('POINT Z (1 2 3)', 4326)").await;
    assert!(
        srid.contains("the value has SRID 4326 instead of 3857"),
        "{srid}"
    );
}
