//! Apps that have a schema for each tenant choose it by `search_path`: all statements of a struct are about the same table,
//! one row or many.

use howdah::{
    PgInsert, PgRow, PgSelect, PgUpdate, Pool, Value, copy::Csv, copy_in, copy_out, key, query,
};

use crate::shared_db::{
    pg_schema::{self, reviews},
    support,
};

#[derive(Clone, Debug, PartialEq, PgInsert, PgRow, PgSelect, PgUpdate)]
#[pg(table = reviews)]
struct Review {
    #[pg(key)]
    id: i64,
    place: i64,
    stars: i16,
}

fn reviews(ids: std::ops::Range<i64>) -> Vec<Review> {
    let review = |id| Review {
        id,
        place: 1,
        stars: 5,
    };
    ids.map(review).collect()
}

async fn count(pool: &Pool, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    query(sql).fetch_one::<Value<i64>>(pool).await.unwrap()
}

#[tokio::test]
async fn one_row_and_many_are_written_where_the_search_path_says() {
    let (public, database) = support::pool().await;
    public.batch_execute(pg_schema::SQL).await.unwrap();
    let tenant =
        "create schema tenant; create table tenant.reviews (like public.reviews including all)";
    public.batch_execute(tenant).await.unwrap();
    let url = database.url();
    let join = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{join}options=-c%20search_path%3Dtenant,public");
    let pool = Pool::connect(&url).await.unwrap();

    let one = Review::insert().id(0).place(1).stars(5);
    one.execute(&pool).await.unwrap();
    for ids in [1..2, 2..10, 10..1_000] {
        let rows = reviews(ids);
        Review::insert_many(&rows).execute(&pool).await.unwrap();
    }
    let rows = reviews(1_000..1_010);
    copy_in(reviews::TABLE)
        .from_rows(&rows, &pool)
        .await
        .unwrap();
    assert_eq!(count(&pool, "tenant.reviews").await, 1_010);

    for number in [1, 700] {
        let rows = reviews(0..number);
        Review::update_many(&rows).execute(&pool).await.unwrap();
        let upsert = Review::insert_many(&rows).on_conflict(key!(reviews::REVIEWS_PKEY));
        let upserted = upsert.do_update().execute(&pool).await.unwrap();
        assert_eq!(upserted, number as u64);
    }
    let all: Vec<Review> = Review::select().fetch(&pool).await.unwrap();
    assert_eq!(all.len(), 1_010);
    let mut copied = Vec::new();
    copy_out(reviews::TABLE)
        .to_writer(Csv::new(), &mut copied, &pool)
        .await
        .unwrap();
    assert_eq!(copied.iter().filter(|byte| **byte == b'\n').count(), 1_010);
    let ids: Vec<i64> = (0..1_010).collect();
    Review::delete_many(&ids).execute(&pool).await.unwrap();

    assert_eq!(count(&pool, "tenant.reviews").await, 0);
    assert_eq!(count(&public, "public.reviews").await, 0);
}
