//! Rows that are inserted, read, updated and deleted, one by one and in bulk.

use howdah::{Upserted, Value, key, query};
use howdah_generated_tests::golden::types_text_only_tables::{schema, verify};

use crate::tables::{Frame, Map, Sheet, Trip, area, maps, pool, server_values, sheets};

#[tokio::test]
async fn single_rows_are_cast_both_ways() {
    let (pool, _database) = pool().await.unwrap();
    let [full, empty] = maps(&pool).await.unwrap();
    let insert = Map::insert()
        .id(1)
        .bounds(full.bounds)
        .room(full.room)
        .scan(full.scan.as_deref())
        .around(full.around)
        .tiles(&full.tiles)
        .length(full.length.as_deref())
        .owner(&full.owner);
    assert_eq!(insert.returning().fetch(&pool).await.unwrap(), full);
    let inserted = empty.insert_row().returning().fetch(&pool).await.unwrap();
    assert_eq!(inserted, empty);
    let found = Map::find(1).fetch(&pool).await.unwrap();
    assert_eq!(found.as_ref(), Some(&full));
    let all = Map::select().order_by(Map::ID).fetch(&pool).await.unwrap();
    assert_eq!(all, [full.clone(), empty.clone()]);
    let same = query("select st_ymin(bounds) = 0.1::float8 + 0.2::float8 from maps where id = 2");
    assert!(same.fetch_one::<Value<bool>>(&pool).await.unwrap());

    // What is there is updated, and what comes of it returned.
    let update = Map::update(2).bounds(area(9.0)).scan(full.scan.as_deref());
    let columns = update.returning_columns((Map::BOUNDS, Map::ID, Map::SCAN));
    let columns = columns.fetch(&pool).await.unwrap();
    assert_eq!(columns, Some((area(9.0), 2, full.scan.clone())));
    let changed = Map {
        id: 2,
        ..full.clone()
    };
    let updated = changed.update_row().returning().fetch(&pool).await.unwrap();
    assert_eq!(updated.as_ref(), Some(&changed));

    // A row that is there already is updated by the values of the insert.
    let upsert = Map { id: 2, ..empty };
    let outcome = upsert
        .insert_row()
        .on_conflict(key!(schema::maps::MAPS_PKEY))
        .only_where(Map::LENGTH.eq("0.1..2.50"))
        .do_update()
        .returning_outcome();
    let outcome = outcome.fetch(&pool).await.unwrap();
    assert_eq!(outcome, Some(Upserted::Updated(upsert.clone())));

    let columns = Map::select().order_by(Map::ID.desc()).columns(Map::TILES);
    let columns = columns.fetch(&pool).await.unwrap();
    assert_eq!(columns, [upsert.tiles.clone(), full.tiles.clone()]);
    let deleted = Map::delete(2).returning().fetch(&pool).await.unwrap();
    assert_eq!(deleted, Some(upsert));
    let deleted = Map::delete_where(Map::LENGTH.gt("0 .. 1"))
        .returning_columns(Map::AROUND)
        .fetch(&pool)
        .await
        .unwrap();
    assert_eq!(deleted, [full.around]);
}

#[tokio::test]
async fn many_rows_are_cast_both_ways() {
    let (pool, _database) = pool().await.unwrap();
    let rows = maps(&pool).await.unwrap();
    let inserted = Map::insert_many(&rows).returning().fetch(&pool).await;
    assert_eq!(inserted.unwrap(), rows);
    // The rows change places.
    let [mut full, mut empty] = rows;
    (full.id, empty.id) = (2, 1);
    let rows = [empty, full];
    let updated = Map::update_many(&rows).returning().fetch(&pool).await;
    let mut updated = updated.unwrap();
    updated.sort_by_key(|row| row.id);
    assert_eq!(updated, rows);
    let found = Map::find_many(&[2, 1]).fetch(&pool).await.unwrap();
    assert_eq!(found, [rows[1].clone(), rows[0].clone()]);

    let by_key = || key!(schema::maps::MAPS_PKEY);
    let [mut full, mut empty] = rows.clone();
    (full.id, empty.id) = (2, 3);
    let rows = [full, empty];
    let upsert = Map::upsert_many(&rows, by_key());
    let counts = upsert.execute_counted(&pool).await.unwrap();
    assert_eq!((counts.inserted, counts.updated), (1, 1));
    let tiles = Map::upsert_many(&rows, by_key()).returning_columns((Map::ID, Map::TILES));
    let tiles = tiles.fetch(&pool).await.unwrap();
    let expected: Vec<_> = rows.iter().map(|row| (row.id, row.tiles.clone())).collect();
    assert_eq!(tiles, expected);

    let rows = sheets(&pool).await.unwrap();
    let inserted = Sheet::insert_many(&rows).returning().fetch(&pool).await;
    assert_eq!(inserted.unwrap(), rows);
    let [mut full, mut empty] = rows;
    (full.id, empty.id) = (2, 1);
    let rows = [empty, full];
    assert_eq!(Sheet::update_many(&rows).execute(&pool).await.unwrap(), 2);
    let all = Sheet::select().order_by(Sheet::ID).fetch(&pool);
    assert_eq!(all.await.unwrap(), rows);
}

/// So many rows that they would be copied, if COPY could.
#[tokio::test]
async fn very_many_rows_are_inserted() {
    let (pool, _database) = pool().await.unwrap();
    let [full, _] = sheets(&pool).await.unwrap();
    let rows: Vec<Sheet> = (0..2_000).map(|id| Sheet { id, ..full.clone() }).collect();
    let inserted = Sheet::insert_many(&rows).execute(&pool).await.unwrap();
    assert_eq!(inserted, 2_000);
    let [full, _] = maps(&pool).await.unwrap();
    let rows: Vec<Map> = (0..10_000).map(|id| Map { id, ..full.clone() }).collect();
    assert_eq!(
        Map::insert_many(&rows).execute(&pool).await.unwrap(),
        10_000
    );
    let last = Map::find(9_999).fetch(&pool).await.unwrap();
    assert_eq!(last.as_ref(), rows.last());
    assert_eq!(
        Sheet::select()
            .filter(Sheet::SCAN.is_not_null())
            .count(&pool)
            .await
            .unwrap(),
        2_000
    );
}

#[tokio::test]
async fn what_the_server_refuses_names_the_statement() {
    let (pool, _database) = pool().await.unwrap();
    let [full, _] = sheets(&pool).await.unwrap();
    let wrong = Sheet {
        length: Some("no length".to_owned()),
        ..full.clone()
    };
    let error = wrong.insert_row().execute(&pool).await.unwrap_err();
    assert_eq!(error.query(), Some("Sheet::insert"), "{error}");
    assert!(error.to_string().contains("bad seg"), "{error}");
    let wrong = Sheet {
        scan: Some(b"no raster".to_vec()),
        ..full
    };
    let error = Sheet::insert_many(&[wrong.clone(), wrong])
        .execute(&pool)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("raster"), "{error}");
    assert_eq!(Sheet::select().count(&pool).await.unwrap(), 0);
}

/// Composites of such values are read as records, by the structs of their types.
#[tokio::test]
async fn composites_of_such_values_are_read() {
    let (pool, _database) = pool().await.unwrap();
    let (_, owner) = server_values(&pool).await.unwrap();
    let fill = r#"
        insert into journeys values
            (1, ('all', array[('$owner', 1, 'BOX(0 0,1 2)'), null]::stay[], null, array[null::raster]),
                array[null, (null, '{}', (null, 7, null), null)]::journey[], (null, 3, 'BOX(1 1,2 2)')),
            (2, null, '{}', null)"#;
    pool.batch_execute(&fill.replace("$owner", &owner))
        .await
        .unwrap();
    let trips = Trip::select().order_by(Trip::ID).fetch(&pool);
    let [first, second] = &trips.await.unwrap()[..] else {
        panic!("there are two");
    };
    assert_eq!((first.id, second.id), (1, 2));
    let whole = first.whole.as_ref().unwrap();
    let stays = whole.stays.as_ref().unwrap();
    let stay = stays[0].as_ref().unwrap();
    assert_eq!(stay.from.as_ref(), Some(&owner));
    assert_eq!(stay.around.unwrap().0.max, [1.0, 2.0]);
    assert!(stays[1].is_none() && first.more[0].is_none());
    assert_eq!(whole.scans, Some(vec![None]));
    let more = first.more[1].as_ref().unwrap();
    assert_eq!(more.last_one.as_ref().unwrap().n, Some(7));
    assert_eq!(
        first.longest.as_ref().unwrap().0.around.map(|f| f.0.min),
        Some([1.0; 2])
    );
    assert!(second.whole.is_none() && second.more.is_empty() && second.longest.is_none());
    // A composite with a field that is null is not null.
    let known = Trip::select().filter(Trip::WHOLE.is_not_null());
    let known = known.fetch(&pool).await.unwrap();
    assert_eq!(known.iter().map(|trip| trip.id).collect::<Vec<_>>(), [1]);
    let unknown = Trip::select().filter(Trip::WHOLE.is_null());
    let unknown = unknown.fetch(&pool).await.unwrap();
    assert_eq!(unknown.iter().map(|trip| trip.id).collect::<Vec<_>>(), [2]);
}

/// The gate compares the types that columns have, not those as which they travel.
#[tokio::test]
async fn verify_compares_the_types_of_the_columns() {
    let (pool, _database) = pool().await.unwrap();
    verify(&pool).await.unwrap();
    pool.batch_execute(
        "alter table sheets alter length type text, alter bounds type geometry using bounds::geometry",
    )
    .await
    .unwrap();
    let error = verify(&pool).await.unwrap_err();
    let differences: Vec<_> = error.differences().iter().map(|d| d.message()).collect();
    assert_eq!(
        differences,
        [
            "column `public.sheets.bounds` is of type `public.geometry`, it was `public.box2d`",
            "column `public.sheets.length` is of type `text`, it was `public.seg`",
        ]
    );
}

/// A struct of one's own for some of the columns, and a newtype for a domain.
#[tokio::test]
async fn rows_are_returned_as_other_structs() {
    #[derive(Debug, PartialEq, howdah::PgRow)]
    struct Part {
        around: Option<Frame>,
        id: i32,
    }
    let (pool, _database) = pool().await.unwrap();
    let rows = sheets(&pool).await.unwrap();
    let parts = Sheet::insert_many(&rows).returning_as::<Part>();
    let parts = parts.fetch(&pool).await.unwrap();
    let expected: Vec<_> = rows
        .iter()
        .map(|row| Part {
            around: row.around,
            id: row.id,
        })
        .collect();
    assert_eq!(parts, expected);
    let parts = Sheet::select().order_by(Sheet::ID).build_as::<Part>();
    assert_eq!(
        parts.sql(),
        r#"select "around"::"public"."geometry" as "around", "id" from "sheets" order by "sheets"."id""#
    );
    assert_eq!(parts.fetch(&pool).await.unwrap(), expected);
}
