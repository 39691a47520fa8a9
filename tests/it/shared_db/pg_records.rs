//! Rows inside of rows: records, composites and whole rows of tables, and arrays of them, read by
//! `#[derive(PgRow)]` in binary, a parent with its children from one query.

use howdah::{ErrorKind, PgRow, Pool, Record, Value};
use howdah_codegen::scratch::Database;

use super::support::pool;

#[derive(Debug, PartialEq, PgRow)]
struct Author {
    id: i32,
    name: String,
    born: Option<i32>,
}

#[derive(Debug, PartialEq, PgRow)]
struct Book {
    title: String,
    pages: Option<i16>,
    kinds: Vec<String>,
}

#[derive(Debug, PartialEq, PgRow)]
struct WithBooks {
    name: String,
    #[pg(record)]
    books: Vec<Book>,
    #[pg(record)]
    best: Option<Book>,
    #[pg(record)]
    rated: Option<Vec<Option<Rated>>>,
}

#[derive(Debug, PartialEq, PgRow)]
struct Rated {
    stars: i32,
    #[pg(record)]
    by: Option<Author>,
}

async fn library() -> (Pool, Database) {
    let (pool, database) = pool().await;
    pool.batch_execute(
        "create type kind as enum ('novel', 'poem');
         create table authors (id integer primary key, name text not null, born integer);
         create table books (
             kinds text[] not null, id integer primary key, author integer not null references authors,
             pages smallint, title text not null, kind kind not null default 'novel'
         );
         insert into authors values (1, 'Ann', null), (2, 'Bob', 1970);
         insert into books (kinds, id, author, pages, title) values
             ('{a,b}', 1, 1, 100, 'First'), ('{}', 2, 1, null, 'Second'), ('{c}', 3, 2, 5, 'Third');",
    )
    .await
    .unwrap();
    (pool, database)
}

fn book(title: &str, pages: Option<i16>, kinds: &[&str]) -> Book {
    Book {
        title: title.into(),
        pages,
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
    }
}

#[tokio::test]
async fn parents_come_with_their_children_from_one_query() {
    let (pool, _database) = library().await;
    let found = howdah::query(
        "select a.name,
                array(select b from books b where b.author = a.id order by b.id) as books,
                (select b from books b where b.author = a.id and b.pages > 50) as best,
                (select array_agg(case when b.pages is not null then row(b.id * 10, a) end order by b.id)
                 from books b where b.author = a.id and a.id = 1) as rated
         from authors a order by a.id",
    )
    .fetch_all::<WithBooks>(&pool)
    .await;
    // An anonymous record does not say what an author is.
    let error = found.unwrap_err();
    assert_eq!(
        (error.kind(), error.column()),
        (ErrorKind::Decode, Some("rated"))
    );

    let found = howdah::query(
        "select a.name,
                array(select b from books b where b.author = a.id order by b.id) as books,
                (select b from books b where b.author = a.id and b.pages > 50) as best,
                (select array_agg(case when b.pages is not null then row(b.id * 10, row(a.id, a.name, a.born)) end
                     order by b.id)
                 from books b where b.author = a.id and a.id = 1) as rated
         from authors a order by a.id",
    )
    .fetch_all::<WithBooks>(&pool)
    .await
    .unwrap();
    let ann = Author {
        id: 1,
        name: "Ann".into(),
        born: None,
    };
    let rated = Rated {
        stars: 10,
        by: Some(ann),
    };
    let expected = [
        WithBooks {
            name: "Ann".into(),
            books: vec![
                book("First", Some(100), &["a", "b"]),
                book("Second", None, &[]),
            ],
            best: Some(book("First", Some(100), &["a", "b"])),
            rated: Some(vec![Some(rated), None]),
        },
        WithBooks {
            name: "Bob".into(),
            books: vec![book("Third", Some(5), &["c"])],
            best: None,
            rated: None,
        },
    ];
    assert_eq!(found, expected);
}

#[derive(Debug, PartialEq, PgRow)]
struct BookAndAuthor {
    #[pg(record)]
    b: Book,
    #[pg(record)]
    a: Option<Author>,
}

#[tokio::test]
async fn whole_rows_are_read_by_the_names_of_their_columns() {
    let (pool, _database) = library().await;
    let sql = "select b, a from books b left join authors a on a.id = b.author and a.born is not null order by b.id";
    let found = howdah::query(sql)
        .fetch_all::<BookAndAuthor>(&pool)
        .await
        .unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].a, None);
    assert_eq!(found[2].a.as_ref().unwrap().name, "Bob");
    assert_eq!(found[2].b, book("Third", Some(5), &["c"]));
}

#[tokio::test]
async fn tuples_read_records_and_composites_by_place() {
    let (pool, _database) = library().await;
    let sql = "select array(select a from authors a order by a.id)";
    let found = howdah::query(sql)
        .fetch_one::<Value<Vec<Record<(i32, String, Option<i32>)>>>>(&pool)
        .await
        .unwrap();
    assert_eq!(found[1].0, (2, "Bob".to_owned(), Some(1970)));
}

#[derive(Debug, PartialEq, PgRow)]
struct Borrowed<'r> {
    name: &'r str,
    #[pg(record)]
    books: Vec<Title<'r>>,
}

#[derive(Debug, PartialEq, PgRow)]
struct Title<'r> {
    title: &'r str,
    #[pg(default)]
    edition: i32,
}

#[tokio::test]
async fn records_can_borrow_and_lack_what_has_a_default() {
    let (pool, _database) = library().await;
    let sql = "select name, array(select b from books b where author = a.id order by id) as books from authors a where id = 1";
    let rows = howdah::query(sql).fetch_rows(&pool).await.unwrap();
    let rows: Vec<Borrowed<'_>> = rows.read().unwrap().map(Result::unwrap).collect();
    let title = |title| Title { title, edition: 0 };
    let expected = Borrowed {
        name: "Ann",
        books: vec![title("First"), title("Second")],
    };
    assert_eq!(rows, [expected]);
}

#[derive(Debug, PartialEq, PgRow)]
struct Flat {
    #[pg(record)]
    one: Outer,
}

#[derive(Debug, PartialEq, PgRow)]
struct Outer {
    id: i32,
    #[pg(flatten(prefix = "book_"))]
    book: Option<Inner>,
}

#[derive(Debug, PartialEq, PgRow)]
struct Inner {
    title: String,
    pages: Option<i16>,
}

#[tokio::test]
async fn nested_structs_are_nested_in_records_as_well() {
    let (pool, _database) = library().await;
    for (one, expected) in [
        ("row(1, 'T'::text, 3::int2)", Some(("T", Some(3)))),
        ("row(1, null::text, null::int2)", None),
        (
            "(select x from (select 1 as id, 'T' as book_title, 3::int2 as book_pages) x)",
            Some(("T", Some(3))),
        ),
    ] {
        let found = howdah::query(format!("select {one} as one"));
        let found = found.fetch_one::<Flat>(&pool).await.unwrap().one;
        let book = found.book.map(|book| (book.title, book.pages));
        let expected = expected.map(|(title, pages)| (title.to_owned(), pages));
        assert_eq!((found.id, book), (1, expected), "{one}");
    }
}

#[derive(Debug, PgRow)]
struct Many {
    #[pg(record)]
    #[expect(dead_code, reason = "only whether it can be read is asked")]
    many: Vec<Author>,
}

#[tokio::test]
async fn what_does_not_fit_is_said_with_its_place() {
    let (pool, _database) = library().await;
    for (many, kind, message) in [
        (
            "array[row(1, 'a', 2), row(2, null::text, 3)]",
            ErrorKind::Decode,
            "column `many`: unexpected null in field `name` of element 1",
        ),
        (
            "array[row(1, 'a')]",
            ErrorKind::Decode,
            "column `many`: the record has 2 fields instead of 3 in element 0",
        ),
        (
            "array[row(1, 2, 3)]",
            ErrorKind::Decode,
            "column `many`: the SQL type is int4 in field `name` of element 0",
        ),
        (
            "array(select b from books b)",
            ErrorKind::Mapping,
            "column `many`: the column is public.books[], but `Vec<Author>` holds array of a record of 3 fields",
        ),
    ] {
        let error = howdah::query(format!("select {many} as many"))
            .fetch_one::<Many>(&pool)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(message), "{error}");
    }
}
