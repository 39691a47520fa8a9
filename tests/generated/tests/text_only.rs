//! Types that the server has no binary form of: what is generated casts them, both ways.

mod support;

use howdah::{Box2d, Box3d, Pool, Value, query};
use howdah_generated_tests::golden::types_text_only::{
    maps::{self, AddParams},
    types::Frame,
};
use support::pool;

/// Boxes, rasters and the text of others go there and come back, to the last bit.
#[tokio::test]
async fn types_without_a_binary_form_make_the_round_trip() {
    let (pool, _database) = pool("types/text_only").await.unwrap();
    let bounds = Box2d {
        min: [0.1, 0.300_000_000_000_000_04],
        max: [1e300, 12_345_678_901_234.123],
    };
    let line = Box2d {
        max: [bounds.min[0], 7.0],
        ..bounds
    };
    let point = Box2d {
        min: [-0.1; 2],
        max: [-0.1; 2],
    };
    let room = Box3d {
        min: [f64::MIN_POSITIVE, -0.7, 1.0 / 3.0],
        max: [0.1 + 0.2, 0.0, f64::MAX],
    };
    let flat = Box3d {
        max: [room.max[0], 0.0, room.min[2]],
        ..room
    };
    let scan =
        query("select st_asraster(st_buffer('POINT(1 1)'::geometry, 1), 3, 5, '32BF', 0.1)::bytea");
    let scan: Vec<u8> = scan.fetch_one::<Value<_>>(&pool).await.unwrap();
    let owner = query("select current_user || '=r*/' || current_user");
    let owner: String = owner.fetch_one::<Value<_>>(&pool).await.unwrap();
    let full = AddParams {
        id: 1,
        bounds,
        room: Some(room),
        scan: Some(&scan),
        around: Some(Frame(line)),
        tiles: &[bounds, line, point],
        length: Some("0.1 .. 2.50"),
        owner: &owner,
    };
    let added = maps::add(full.clone()).fetch(&pool).await.unwrap();
    let tiles = vec![Some(bounds), Some(line), Some(point)];
    assert_eq!((added.id, &added.tiles), (1, &tiles));
    let found = maps::find(1).fetch(&pool).await.unwrap().unwrap();
    assert_eq!(
        (found.bounds, found.room, found.scan, found.around),
        (bounds, Some(room), Some(scan.clone()), Some(Frame(line)))
    );
    assert_eq!(
        (found.tiles, found.length.as_deref(), found.owner),
        (tiles, Some("0.1 .. 2.50"), owner.clone())
    );

    let empty = AddParams {
        id: 2,
        bounds: point,
        room: Some(flat),
        scan: None,
        around: None,
        tiles: &[],
        length: None,
        owner: &owner,
    };
    maps::add(empty).fetch(&pool).await.unwrap();
    let found = maps::find(2).fetch(&pool).await.unwrap().unwrap();
    assert_eq!(
        (found.room, found.scan, found.around, found.length),
        (Some(flat), None, None, None)
    );
    assert!(maps::find(3).fetch(&pool).await.unwrap().is_none());

    // The server agrees that they are the same.
    let same = query(
        "select bounds::text = 'BOX(0.1 0.30000000000000004,1e300 12345678901234.123)'::box2d::text
             and st_xmax(room) = 0.1::float8 + 0.2::float8 and st_bandpixeltype(scan) = '32BF'
         from maps where id = 1",
    );
    assert!(same.fetch_one::<Value<bool>>(&pool).await.unwrap());

    let all = maps::by_room(None).fetch(&pool).await.unwrap();
    let ids: Vec<_> = all.iter().map(|map| map.id).collect();
    assert_eq!(ids, [2, 1]);
    let found = async |scans: &[&[u8]]| maps::scans(scans).fetch(&pool).await;
    assert_eq!(found(&[&scan, &scan]).await.unwrap(), [1]);
    assert!(found(&[]).await.unwrap().is_empty());
    // More dimensions are not flattened.
    let none: [Vec<u8>; 0] = [];
    assert!(maps::scans(&none).fetch(&pool).await.unwrap().is_empty());
    let square = query(maps::scans(&none).sql()).bind(vec![vec![scan.clone()], vec![scan.clone()]]);
    let error = square.fetch_all::<Value<i32>>(&pool).await.unwrap_err();
    assert!(
        error.to_string().contains("has more than one dimension"),
        "{error}"
    );
    let error = found(&[b"no raster"]).await.unwrap_err();
    assert_eq!(error.query(), Some("maps::scans"), "{error}");
    assert_eq!(all[0].scans, [Some(scan), None]);
    let one = maps::by_room(Some(room)).fetch(&pool).await.unwrap();
    assert_eq!((one.len(), one[0].room), (1, Some(room)));
    let extent = maps::extent().fetch(&pool).await.unwrap().unwrap();
    assert_eq!((extent.min, extent.max), ([-0.1; 2], bounds.max));
    pool.batch_execute("delete from maps").await.unwrap();
    assert_eq!(maps::extent().fetch(&pool).await.unwrap(), None);

    // What is said to be refused is refused, by the server and by name.
    let error = maps::move_away().fetch(&pool).await.unwrap_err();
    assert!(error.to_string().contains("box2d"), "{error}");
}

/// Composites that hold such values are sent as records of their fields.
#[tokio::test]
async fn composites_of_types_without_a_binary_form_leave_the_server_whole() {
    let (pool, _database) = pool("types/text_only").await.unwrap();
    let fill = r#"
        insert into journeys values
            (1, ('all', array[('=r/postgres', 1, 'BOX(0 0,1 2)'), null, (null, null, null)]::stay[],
                ('=r/postgres', 2, null), null, null, '{}'), array[null, ('none', '{}', null, (null, 7, null), array[null::raster], null)]::journey[],
                (null, 3, 'BOX(1 1,2 2)')),
            (2, null, '{}', null),
            (3, (null, null, null, null, null, null), '{}', null);
        insert into maps values (1, 'BOX(0 0,1 2)', null, null, null, '{}', null, '=r/postgres');
    "#;
    let user = user(&pool).await.unwrap();
    let fill = fill.replace("postgres", &user);
    pool.batch_execute(&fill).await.unwrap();
    let all = maps::journeys().fetch(&pool).await.unwrap();

    let whole = all[0].whole.as_ref().unwrap();
    let stays = whole.stays.as_ref().unwrap();
    let first = stays[0].as_ref().unwrap();
    let frame = Frame(Box2d {
        min: [0.0, 0.0],
        max: [1.0, 2.0],
    });
    assert_eq!(first.from, Some(format!("=r/{user}")));
    assert_eq!((first.n, first.around), (Some(1), Some(frame)));
    assert!(stays[1].is_none());
    let nothing = stays[2].as_ref().unwrap();
    assert!(nothing.from.is_none() && nothing.n.is_none() && nothing.around.is_none());
    assert_eq!(whole.first.as_ref().unwrap().0.n, Some(2));
    assert!(whole.last_one.is_none() && whole.scans.is_none());
    assert_eq!(whole.mood, Some(vec![]));
    assert!(all[0].more[0].is_none());
    let none = all[0].more[1].as_ref().unwrap();
    assert!(none.stays.as_ref().unwrap().is_empty());
    assert_eq!(none.last_one.as_ref().unwrap().n, Some(7));
    assert_eq!(none.scans, Some(vec![None]));
    assert_eq!(all[0].longest.as_ref().unwrap().0.n, Some(3));
    assert_eq!(all[0].stays.as_ref().unwrap().len(), 3);

    // A composite that is null, and one of nulls.
    assert!(all[1].whole.is_none() && all[1].more.is_empty() && all[1].longest.is_none());
    assert!(all[2].whole.as_ref().unwrap().name.is_none());

    let rows = maps::whole().fetch(&pool).await.unwrap();
    assert_eq!((rows[0].id, rows[0].bounds), (1, frame.0));

    // Dimensions that the Rust type does not have are no less an error than they are elsewhere.
    pool.batch_execute("update journeys set more = array[more, more] where id = 1")
        .await
        .unwrap();
    let error = maps::journeys().fetch(&pool).await.unwrap_err();
    assert!(
        error.to_string().contains("more than one dimension"),
        "{error}"
    );
}

async fn user(pool: &Pool) -> Result<String, howdah::Error> {
    let user = query("select current_user::text");
    user.fetch_one::<Value<_>>(pool).await
}

/// A range has a binary form where its bounds have one. Without, it is its text.
#[tokio::test]
async fn ranges_over_types_without_a_binary_form_make_the_round_trip() {
    let (pool, _database) = pool("types/text_only").await.unwrap();
    let others = ["(,\"2 .. 3\")", "empty"].map(str::to_owned);
    let add = maps::add_spans(1, Some("[1,\"2 .. 3\")"), &others, Some("{[1,2),[3,)}"));
    add.execute(&pool).await.unwrap();
    let none = maps::add_spans(2, None, &[""; 0], None);
    none.execute(&pool).await.unwrap();
    let spans = maps::spans().fetch(&pool).await.unwrap();
    let (full, empty) = (&spans[0], &spans[1]);
    assert_eq!(full.span.as_deref(), Some("[1,\"2 .. 3\")"));
    assert_eq!(full.others, others.map(Some));
    assert_eq!(full.gaps.as_deref(), Some("{[1,2),[3,)}"));
    assert_eq!((&empty.span, &empty.gaps), (&None, &None));
    assert!(empty.others.is_empty());
}
