//! `#[derive(PgRow)]` on rows that a real server sends: where each field finds its value, and the error if it finds
//! none.

use howdah::{Error, ErrorKind, One, PgRow, Pool, Query, RowType};
use howdah_codegen::scratch::Server;

/// Reads the one row of `sql`.
async fn read<R: RowType>(sql: &'static str) -> Result<R::Output, Error> {
    let database = Server::shared().unwrap().database().unwrap();
    let pool = Pool::connect(database.url()).await.unwrap();
    howdah::query(sql).fetch_one::<R>(&pool).await
}

/// What reading the row fails with.
async fn refusal<R: RowType>(sql: &'static str) -> Error {
    match read::<R>(sql).await {
        Ok(_) => panic!("`{sql}` was read"),
        Err(error) => error,
    }
}

#[derive(Debug, PartialEq, PgRow)]
struct Place {
    id: i64,
    name: String,
    note: Option<String>,
}

#[tokio::test]
async fn fields_find_their_columns_by_name_in_any_order() {
    let sql = "select null::text as note, true as more, 'Oslo' as name, 7::int8 as id";
    let place = read::<Place>(sql).await.unwrap();
    assert_eq!(
        place,
        Place {
            id: 7,
            name: "Oslo".into(),
            note: None
        }
    );
}

#[derive(Debug, PartialEq, PgRow)]
#[pg(rename_all = "camelCase")]
struct Renamed {
    created_by: String,
    r#type: String,
    #[pg(rename = "Odd name")]
    odd: i32,
}

#[tokio::test]
async fn columns_have_the_names_that_the_attributes_say() {
    let sql = r#"select 'me' as "createdBy", 'city' as type, 1 as "Odd name""#;
    let row = read::<Renamed>(sql).await.unwrap();
    assert_eq!(
        row,
        Renamed {
            created_by: "me".into(),
            r#type: "city".into(),
            odd: 1
        }
    );
}

#[derive(Debug, PartialEq, PgRow)]
struct Located {
    name: String,
    #[pg(flatten)]
    audit: Audit,
    #[pg(flatten(prefix = "country_"))]
    country: Option<Country>,
}

#[derive(Debug, PartialEq, PgRow)]
struct Audit {
    version: i32,
}

#[derive(Debug, PartialEq, PgRow)]
struct Country {
    code: String,
    note: Option<String>,
}

#[tokio::test]
async fn nested_structs_read_the_columns_of_their_prefix() {
    let sql =
        "select 'Oslo' as name, 3 as version, 'NO' as country_code, null::text as country_note";
    let country = Country {
        code: "NO".into(),
        note: None,
    };
    let expected = Located {
        name: "Oslo".into(),
        audit: Audit { version: 3 },
        country: Some(country),
    };
    assert_eq!(read::<Located>(sql).await.unwrap(), expected);
}

#[tokio::test]
async fn an_optional_struct_is_absent_when_its_columns_are_all_null() {
    let sql = "select 'Atlantis' as name, 1 as version, null::text as country_code, null::text as country_note";
    assert_eq!(read::<Located>(sql).await.unwrap().country, None);
}

#[tokio::test]
async fn an_optional_struct_of_which_a_part_is_null_is_an_error() {
    let sql =
        "select 'X' as name, 1 as version, null::text as country_code, 'note' as country_note";
    let error = refusal::<Located>(sql).await;
    assert_eq!(
        (error.kind(), error.column()),
        (ErrorKind::Decode, Some("country_code"))
    );
}

#[derive(Debug, PartialEq, PgRow)]
struct Documents {
    #[pg(json)]
    hours: Vec<(u8, u8)>,
    #[pg(json)]
    extra: Option<Vec<String>>,
}

#[tokio::test]
async fn json_documents_are_read_into_any_type() {
    let sql = r#"select '[[9, 17]]'::jsonb as hours, '["a"]'::json as extra"#;
    let expected = Documents {
        hours: vec![(9, 17)],
        extra: Some(vec!["a".into()]),
    };
    assert_eq!(read::<Documents>(sql).await.unwrap(), expected);
    for nothing in [
        "select '[]'::jsonb as hours, null::jsonb as extra",
        "select '[]'::jsonb as hours, 'null'::jsonb as extra",
    ] {
        assert_eq!(read::<Documents>(nothing).await.unwrap().extra, None);
    }
}

#[derive(Debug, PartialEq, PgRow)]
struct Converted {
    #[pg(try_from = i64)]
    population: u64,
    #[pg(try_from = i32)]
    floors: Option<u8>,
}

#[tokio::test]
async fn conversions_keep_what_fits_and_tell_what_does_not() {
    let row = read::<Converted>("select 5::int8 as population, 3 as floors")
        .await
        .unwrap();
    assert_eq!(
        row,
        Converted {
            population: 5,
            floors: Some(3)
        }
    );
    let row = read::<Converted>("select 5::int8 as population, null::int4 as floors")
        .await
        .unwrap();
    assert_eq!(row.floors, None);

    let error = refusal::<Converted>("select -5::int8 as population, 3 as floors").await;
    assert_eq!(
        (error.kind(), error.column()),
        (ErrorKind::Decode, Some("population"))
    );
    assert!(
        error
            .to_string()
            .contains("out of range integral type conversion"),
        "{error}"
    );
    let error = refusal::<Converted>("select 5::int8 as population, 300 as floors").await;
    assert_eq!(error.column(), Some("floors"));
}

#[derive(Debug, PartialEq, PgRow)]
#[pg(default)]
struct Settings {
    page_size: i64,
    #[pg(default)]
    theme: String,
    #[pg(skip)]
    cached: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            page_size: 50,
            theme: "dark".into(),
            cached: true,
        }
    }
}

#[tokio::test]
async fn absent_columns_get_the_default_of_struct_or_field() {
    let absent = read::<Settings>("select true as cached").await.unwrap();
    assert_eq!(
        absent,
        Settings {
            page_size: 50,
            theme: String::new(),
            cached: false
        }
    );
    let there = read::<Settings>("select 'light' as theme, 9::int8 as page_size")
        .await
        .unwrap();
    assert_eq!(
        there,
        Settings {
            page_size: 9,
            theme: "light".into(),
            cached: false
        }
    );
}

#[tokio::test]
async fn a_default_does_not_stand_for_null() {
    let error = refusal::<Settings>("select null::int8 as page_size").await;
    assert_eq!(
        (error.kind(), error.column()),
        (ErrorKind::Decode, Some("page_size"))
    );
}

#[derive(Debug, PartialEq, PgRow)]
struct Pair(i64, #[pg(skip)] bool, Option<String>);

#[derive(Debug, PartialEq, PgRow)]
#[pg(transparent)]
struct Count {
    rows: i64,
}

#[tokio::test]
async fn tuple_and_transparent_structs_read_by_position() {
    let pair = read::<Pair>("select 1::int8 as x, 'a' as x").await.unwrap();
    assert_eq!(pair, Pair(1, false, Some("a".into())));
    assert_eq!(
        read::<Count>("select count(*) from (values (1), (2)) as v")
            .await
            .unwrap()
            .rows,
        2
    );
    let error = refusal::<Pair>("select 1::int8, 'a', 'b'").await;
    assert_eq!(error.kind(), ErrorKind::Mapping);
}

#[derive(Debug, PartialEq, PgRow)]
struct Keyed<K> {
    id: K,
    #[pg(flatten(prefix = "other_"))]
    other: Option<Pairs<K>>,
}

#[derive(Debug, PartialEq, PgRow)]
struct Pairs<K> {
    ids: Vec<K>,
}

#[tokio::test]
async fn generic_structs_are_checked_for_each_type() {
    let sql = "select 'a' as id, array['b', 'c'] as other_ids";
    let other = Some(Pairs {
        ids: vec!["b".to_owned(), "c".to_owned()],
    });
    assert_eq!(
        read::<Keyed<String>>(sql).await.unwrap(),
        Keyed {
            id: "a".into(),
            other
        }
    );
    assert_eq!(refusal::<Keyed<i64>>(sql).await.kind(), ErrorKind::Mapping);
}

#[tokio::test]
async fn two_columns_of_a_wanted_name_are_ambiguous() {
    let error =
        refusal::<Place>("select 1::int8 as id, 2::int8 as id, 'x' as name, '' as note").await;
    assert_eq!(
        (error.kind(), error.column()),
        (ErrorKind::Mapping, Some("id"))
    );
    assert!(
        error
            .to_string()
            .contains("more than one column of this name"),
        "{error}"
    );
}

#[tokio::test]
async fn a_missing_column_is_told_with_query_column_and_field() {
    let database = Server::shared().unwrap().database().unwrap();
    let pool = Pool::connect(database.url()).await.unwrap();
    let query: Query<'_, One<Place>> = Query::new(
        "places::find_place",
        "select 1::int8 as id, 'x' as name",
        [],
    );
    let error = query.fetch(&pool).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "query `places::find_place`: the result has no column `note` for `Place::note`; it has `id`, `name`"
    );
}
