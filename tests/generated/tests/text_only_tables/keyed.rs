//! Columns of such types as keys, in conditions and in orders.

use howdah::{ErrorKind, key, page_order};
use howdah_generated_tests::golden::types_text_only_tables::schema;

use crate::tables::{Frame, Map, Note, Sheet, Span, area, maps, pool, server_values, span};

/// In the order of their type. That of their texts is another.
const IN_ORDER: [&str; 4] = ["-3 .. 1", "-2", "1 .. 2", "9"];

#[tokio::test]
async fn rows_are_found_by_keys() {
    let (pool, _database) = pool().await.unwrap();
    let (scan, owner) = server_values(&pool).await.unwrap();
    let mut rows = IN_ORDER.map(span);
    rows[0].owners = Some(vec![Some(owner.clone()), None]);
    rows[1].scans = Some(vec![None, Some(scan.clone()), Some(scan)]);
    rows[2].lots = Some(vec![Some(Frame(area(3.0))), None]);
    (rows[3].owners, rows[3].scans) = (Some(vec![]), Some(vec![]));
    for row in &rows {
        let inserted = row.insert_row().returning().fetch(&pool).await.unwrap();
        assert_eq!(&inserted, row);
    }
    // A key that is written in another way is the same key.
    let found = Span::find("1..2").fetch(&pool).await.unwrap();
    assert_eq!(found.as_ref(), Some(&rows[2]));
    assert!(Span::exists("-2").fetch(&pool).await.unwrap());
    assert!(!Span::exists("8").fetch(&pool).await.unwrap());
    let keys = ["9", "8", "-2"];
    let found = Span::find_many(&keys).fetch(&pool).await.unwrap();
    assert_eq!(found, [rows[3].clone(), rows[1].clone()]);

    let order = || Span::select().order_by(Span::AT);
    assert_eq!(order().fetch(&pool).await.unwrap(), rows);
    let last = Span::select().order_by(Span::AT.desc()).fetch_first(&pool);
    assert_eq!(last.await.unwrap().as_ref(), rows.last());
    let groups = order().grouped_by(Span::AT, &keys).fetch(&pool);
    let groups = groups.await.unwrap();
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0, 1]);
    let groups = order().limit(1).grouped_by(Span::AT, &keys).fetch(&pool);
    assert_eq!(groups.await.unwrap()[2], [rows[1].clone()]);
    let page = Span::select().page(2, page_order!(Span::AT.asc()), Some(("-3 .. 1",)));
    assert_eq!(page.fetch(&pool).await.unwrap(), rows[1..3]);
    let order = page_order!(Span::NOTE.asc(), Span::AT.desc());
    let page = Span::select().page(9, order, Some((None::<&str>, "9")));
    let page: Vec<_> = page.fetch(&pool).await.unwrap();
    assert_eq!(
        page.iter().map(|row| &row.at[..]).collect::<Vec<_>>(),
        ["1 .. 2", "-2", "-3 .. 1"]
    );

    let delete = Span::delete_many(&keys).only_where(Span::AT.lt("1 .. 2"));
    let deleted = delete.returning().fetch(&pool).await.unwrap();
    assert_eq!(deleted, [rows[1].clone()]);
    let deleted = Span::delete_many(&keys).execute(&pool).await.unwrap();
    assert_eq!(deleted, 1);
}

#[tokio::test]
async fn rows_are_updated_by_keys() {
    let (pool, _database) = pool().await.unwrap();
    let (scan, owner) = server_values(&pool).await.unwrap();
    let rows = IN_ORDER.map(span);
    Span::insert_many(&rows).execute(&pool).await.unwrap();
    let lots = [Some(Frame(area(0.0))), None];
    let update = Span::update("-2", 1).lots(Some(&lots[..]));
    let updated = update.returning().fetch(&pool).await.unwrap().unwrap();
    assert_eq!(
        (updated.version, updated.lots.as_ref().unwrap().len()),
        (2, 2)
    );
    let stale = rows[1].update_row().execute(&pool).await.unwrap_err();
    assert_eq!(stale.kind(), ErrorKind::Stale);

    let mut changed = rows.clone();
    for row in &mut changed {
        row.owners = Some(vec![None, Some(owner.clone())]);
        row.scans = Some(vec![Some(scan.clone())]);
    }
    let updated = Span::update_many(&changed).returning().fetch(&pool).await;
    let mut updated = updated.unwrap();
    updated.sort_by_key(|row| IN_ORDER.iter().position(|at| *at == row.at));
    let mut expected = [changed[0].clone(), changed[2].clone(), changed[3].clone()];
    for row in &mut expected {
        row.version = 2;
    }
    assert_eq!(updated, expected);

    // Without arrays, the rows are sent in another way.
    let note = |at: &str| Note {
        at: at.to_owned(),
        note: Some(format!("at {at}")),
        version: 2,
    };
    let notes = IN_ORDER.map(note);
    assert_eq!(Note::update_many(&notes).execute(&pool).await.unwrap(), 4);
    let more = [note("-2"), note("5")];
    let by_key = key!(schema::spans::SPANS_PKEY);
    let upsert = Note::upsert_many(&more, by_key).execute_counted(&pool);
    let counts = upsert.await.unwrap();
    assert_eq!((counts.inserted, counts.updated), (1, 1));
    let version = Note::find("-2")
        .fetch(&pool)
        .await
        .unwrap()
        .unwrap()
        .version;
    assert_eq!(version, 4);
    assert_eq!(Span::delete("5", 2).execute(&pool).await.unwrap(), 1);
}

#[tokio::test]
async fn conditions_compare_values_of_the_columns_type() {
    let (pool, _database) = pool().await.unwrap();
    let (_, owner) = server_values(&pool).await.unwrap();
    let mut rows = IN_ORDER.map(span);
    rows[0].owners = Some(vec![Some(owner.clone()), None]);
    Span::insert_many(&rows).execute(&pool).await.unwrap();
    let (two, none) = (["-2", "9"], [] as [&str; 0]);
    let owners = [&owner[..]];
    let cases = [
        ("eq", Span::AT.eq("-2"), vec!["-2"]),
        ("ne", Span::AT.ne("-2"), vec!["-3 .. 1", "1 .. 2", "9"]),
        ("lt", Span::AT.lt("1 .. 2"), vec!["-3 .. 1", "-2"]),
        ("ge", Span::AT.ge("1 .. 2"), vec!["1 .. 2", "9"]),
        (
            "between",
            Span::AT.between("-2", "1..2"),
            vec!["-2", "1 .. 2"],
        ),
        ("is_in", Span::AT.is_in(&two), vec!["-2", "9"]),
        ("is_in none", Span::AT.is_in(&none), vec![]),
        (
            "is_not_in",
            Span::AT.is_not_in(&two),
            vec!["-3 .. 1", "1 .. 2"],
        ),
        ("is_not_in none", !Span::AT.is_not_in(&none), vec![]),
        (
            "starts_with",
            Span::AT.starts_with("-"),
            vec!["-3 .. 1", "-2"],
        ),
        ("like", Span::AT.like("%..%"), vec!["-3 .. 1", "1 .. 2"]),
        ("has", Span::OWNERS.has(&owner[..]), vec!["-3 .. 1"]),
        ("has_all", Span::OWNERS.has_all(&owners), vec!["-3 .. 1"]),
        ("has_any", Span::OWNERS.has_any(&owners), vec!["-3 .. 1"]),
        ("is_within", Span::OWNERS.is_within(&owners), vec![]),
        ("is_null", Span::OWNERS.is_null(), vec!["-2", "1 .. 2", "9"]),
    ];
    for (name, filter, expected) in cases {
        let found = Span::select()
            .filter(filter)
            .order_by(Span::AT)
            .fetch(&pool);
        let found: Vec<_> = found.await.unwrap().into_iter().map(|row| row.at).collect();
        assert_eq!(found, expected, "{name}");
    }

    for row in maps(&pool).await.unwrap() {
        row.insert_row().execute(&pool).await.unwrap();
    }
    let full = Map::find(1).fetch(&pool).await.unwrap().unwrap();
    let scan = full.scan.as_ref().unwrap();
    let same = Map::select().filter(Map::SCAN.eq(scan)).fetch(&pool);
    assert_eq!(same.await.unwrap().len(), 1);
    let scans = [scan];
    let same = Map::select().filter(Map::SCAN.is_in(&scans)).count(&pool);
    assert_eq!(same.await.unwrap(), 1);
    // Boxes have no such operator, which the server says.
    let same = Sheet::select().filter(Sheet::ROOM.eq(full.room.unwrap()));
    let error = same.fetch(&pool).await.unwrap_err();
    assert!(error.to_string().contains("box3d = "), "{error}");
}

/// Statements about other columns are what they were.
#[test]
fn only_columns_that_need_it_are_cast() {
    let select = Note::select().columns(Note::NOTE).sql().to_owned();
    assert_eq!(select, r#"select "note" from "spans""#);
    let update = Note::update("-2", 1).note(Some("a"));
    assert_eq!(
        update.sql(),
        r#"update "spans" set "note" = $1, "version" = "version" + 1 where "at" = ($2::text::"public"."seg") and "version" = $3"#
    );
    let notes = [(); 2].map(|()| Note {
        at: "1".to_owned(),
        note: None,
        version: 1,
    });
    assert_eq!(
        Note::insert_many(&notes).sql().unwrap(),
        r#"insert into "spans" as t ("at", "note", "version") select (unnest($1::text[])::"public"."seg") as "at", unnest($2::text[]) as "note", unnest($3::integer[]) as "version""#
    );
    let spans = IN_ORDER.map(span);
    assert_eq!(
        Span::update_many(&spans[..1])
            .only(Span::LOTS)
            .sql()
            .unwrap(),
        r#"update "spans" as t set "lots" = u."lots", "version" = "t"."version" + 1 from (values (null, null, null::integer), (($1::text::"public"."seg"), ($2::"geometry"[]::"public"."_frame"), $3)) as u ("at", "lots", "version") where t."at" = u."at" and t."version" = u."version""#
    );
}
