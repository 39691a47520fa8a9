//! PostgreSQL's own shapes, and cubes.

use howdah::{Cube, geometric as g};
use proptest::prelude::*;

use super::{round_trip::round_trip, samples};
use crate::shared_db::support::pool;

fn point() -> impl Strategy<Value = g::Point> {
    // Without an exponent, numbers print alike.
    let number = || (-1_000_000..1_000_000_i32).prop_map(|number| f64::from(number) / 64.0);
    let edges = [
        0.0,
        -0.0,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    let number = || prop_oneof![8 => number(), 1 => proptest::sample::select(edges.to_vec())];
    (number(), number()).prop_map(|(x, y)| g::Point { x, y })
}

#[tokio::test]
async fn shapes() {
    let (pool, _database) = pool().await;
    let some = |count| samples(point(), count).into_iter();
    round_trip("point")
        .without_equality()
        .run(&pool, some(30))
        .await;
    let segments = some(20).zip(some(20).skip(3));
    let segments = segments.map(|(start, end)| g::LineSegment { start, end });
    round_trip("lseg")
        .without_order()
        .run(&pool, segments)
        .await;
    let boxes = some(20).zip(some(20).skip(7)).map(|(a, b)| g::Box {
        upper_right: g::Point {
            x: a.x.max(b.x),
            y: a.y.max(b.y),
        },
        lower_left: g::Point {
            x: a.x.min(b.x),
            y: a.y.min(b.y),
        },
    });
    round_trip("box").without_equality().run(&pool, boxes).await;
    let points = || samples(proptest::collection::vec(point(), 1..6), 20).into_iter();
    let polygons = points().map(|points| g::Polygon { points });
    round_trip("polygon")
        .without_equality()
        .run(&pool, polygons)
        .await;
    let paths = points().enumerate().map(|(i, points)| g::Path {
        closed: i % 2 == 0,
        points,
    });
    round_trip("path")
        .without_equality()
        .run(&pool, paths)
        .await;
    let circles = some(20).enumerate().map(|(i, center)| g::Circle {
        center,
        radius: i as f64 / 4.0,
    });
    round_trip("circle")
        .without_equality()
        .run(&pool, circles)
        .await;
    let lines =
        [(1.5, -2.0, 0.25), (0.0, 1.0, 0.0), (-1.0, 0.0, 7.0)].map(|(a, b, c)| g::Line { a, b, c });
    round_trip("line")
        .without_equality()
        .run(&pool, lines)
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
    round_trip("cube").run(&pool, cubes).await;
}
