//! Whole rows of tables as values: they are read into the struct that `select *` has.

mod support;

use howdah::query;
use howdah_generated_tests::golden::types_empty::{
    holds,
    types::{Bare, Nothing},
};
use howdah_generated_tests::golden::types_records::{people, types::PeopleRow};
use support::pool;

/// The ids of some and of none.
fn ids(people: &[PeopleRow]) -> Vec<i32> {
    people.iter().map(|person| person.id).collect()
}

#[tokio::test]
async fn whole_rows_are_read_as_the_rows_of_their_table() {
    let (pool, _database) = pool("types/records").await.unwrap();
    let rows = "insert into people values (1, 'Ada', 'happy', 'ada@x', null), (2, 'Bob', 'sad', 'b@x', 1), (3, 'Cy', 'sad', null, 1)";
    query(rows).execute(&pool).await.unwrap();

    let ada = people::whole(1).fetch(&pool).await.unwrap().unwrap();
    let (of_record, one) = ada.counted.0;
    assert_eq!((ada.p.name.as_str(), ada.p.boss, one), ("Ada", None, 1));
    assert_eq!(format!("{:?}", ada.p), format!("{of_record:?}"));

    // The side of a left join that is not there, and one whose nullable columns are null.
    let pairs = people::bosses().fetch(&pool).await.unwrap();
    let pairs = pairs
        .into_iter()
        .map(|pair| (pair.p.id, pair.boss.map(|boss| boss.id)));
    assert_eq!(pairs.collect::<Vec<_>>(), [(1, None), (2, Some(1))]);

    let teams = people::teams().fetch(&pool).await.unwrap();
    let teams = teams.into_iter().map(|team| team.team.as_deref().map(ids));
    assert_eq!(teams.collect::<Vec<_>>(), [Some(vec![2, 3]), None, None]);

    let everybody: Vec<PeopleRow> = people::everybody().fetch(&pool).await.unwrap();
    assert_eq!(ids(&everybody), [1, 2, 3]);

    let made = people::made().fetch(&pool).await.unwrap();
    assert_eq!((made.id, made.name), (Some(1), None));
}

/// A column that was added later, and one that was dropped, are found by their names or not at all.
#[tokio::test]
async fn a_changed_table_does_not_mix_up_the_fields_of_its_rows() {
    let (pool, _database) = pool("types/records").await.unwrap();
    let change = "insert into people values (1, 'Ada', 'happy', null, null);
        alter table people add nick text not null default 'x', drop column mail, add mail email";
    pool.batch_execute(change).await.unwrap();
    let error = people::whole(1).fetch(&pool).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "query `people::whole`, column `p`: `PeopleRow` was made for another public.people: the fields `id`, \
         `name`, `mood`, `mail`, `boss` were expected; there are `id`, `name`, `mood`, `boss`, `nick`, `mail`"
    );
    let change = "alter table people drop column mail, drop column boss, drop column nick;
        alter table people add mail email, add boss text";
    pool.batch_execute(change).await.unwrap();
    let error = people::whole(1).fetch(&pool).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "query `people::whole`, column `p`: `PeopleRow` was made for another public.people: its field `boss` is text, \
         where integer was expected"
    );
}

#[tokio::test]
async fn rows_without_fields_are_written_and_read() {
    let (pool, _database) = pool("types/empty").await.unwrap();
    let add = holds::add(1, Some(&Nothing {}), Some(&Bare {}), &[Nothing {}]);
    assert_eq!(add.fetch(&pool).await.unwrap(), 1);
    let all = holds::all().fetch(&pool).await.unwrap();
    let [held] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert!(held.a.is_some() && held.b.is_some() && held.c.len() == 1);

    query("insert into bare default values")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(holds::bares().fetch(&pool).await.unwrap().len(), 1);
    assert_eq!(holds::count_bares().fetch(&pool).await.unwrap(), 1);
}
