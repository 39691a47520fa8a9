//! PostGIS' boxes, by way of the geometries that the server casts them to and from.

use howdah::{Box2d, Box3d, ErrorKind, Value, query};
use proptest::prelude::*;

use crate::shared_db::support::spatial_pool;
use crate::shared_db::types::samples;

/// Where boxes begin and end: of any size, and often of none.
fn extents() -> impl Strategy<Value = [(f64, f64); 3]> {
    let number = prop_oneof![
        any::<f64>().prop_filter("finite", |number| number.is_finite()),
        -10.0..10.0,
        Just(0.0),
    ];
    proptest::array::uniform3((number.clone(), number, any::<bool>())).prop_map(|axes| {
        axes.map(|(a, b, flat)| match flat {
            true => (a, a),
            // Zero has one sign only here: to the server, a box from -0 to 0 is a point.
            false => (a.min(b) + 0.0, a.max(b) + 0.0),
        })
    })
}

#[tokio::test]
async fn boxes_come_back_to_the_last_bit() {
    let (pool, _database) = spatial_pool().await;
    for [x, y, z] in samples(extents(), 200) {
        let flat = Box2d {
            min: [x.0, y.0],
            max: [x.1, y.1],
        };
        let sql = "select b::geometry, st_xmin(b), st_ymin(b), st_xmax(b), st_ymax(b)
                   from (select $1::geometry::box2d) as _ (b)";
        type Row = (Box2d, f64, f64, f64, f64);
        let row = query(sql).bind(flat).fetch_one::<Row>(&pool).await.unwrap();
        assert_eq!(row, (flat, x.0, y.0, x.1, y.1));

        let solid = Box3d {
            min: [x.0, y.0, z.0],
            max: [x.1, y.1, z.1],
        };
        let sql = "select b::geometry[], st_zmin(b[2]), st_zmax(b[2])
                   from (select $1::geometry[]::box3d[]) as _ (b)";
        type Solids = (Vec<Option<Box3d>>, f64, f64);
        let sent = query(sql).bind([None, Some(solid)]);
        let row = sent.fetch_one::<Solids>(&pool).await.unwrap();
        assert_eq!(row, (vec![None, Some(solid)], z.0, z.1));
    }
}

/// A shape that is no box is not taken for its extent.
#[tokio::test]
async fn a_shape_that_is_no_box_is_an_error() {
    let (pool, _database) = spatial_pool().await;
    let shapes = [
        "POLYGON((0 0,1 0,1 1,0 0))",
        "LINESTRING(0 0,1 1)",
        "MULTIPOINT(0 0,1 1)",
        "POLYGON Z ((0 0 0,0 1 0,1 1 0,1 0 0,0 0 0))",
        "POLYGON EMPTY",
    ];
    for shape in shapes {
        let read = query("select $1::text::geometry as bounds").bind(shape);
        let error = read.fetch_one::<Value<Box2d>>(&pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{shape}: {error}");
        let text = error.to_string();
        assert!(
            text.contains("`bounds`") && text.contains("not a box"),
            "{text}"
        );
    }
    let swapped = Box2d {
        min: [1.0, 0.0],
        max: [0.0, 0.0],
    };
    let sent = query("select $1::geometry::box2d::text").bind(swapped);
    let error = sent.fetch_one::<Value<String>>(&pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode, "{error}");
}
