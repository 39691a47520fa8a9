//! What is checked of a view, of a table without a key and of one with keys.

use howdah::{Error, Pool};
use howdah_table_tests::{Keyed, Rows, Written};

use crate::plain::{lacks_operator, quoted};
use crate::steps::Steps;

pub(crate) type Outcome<T> = Result<T, String>;

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) written: usize,
    pub(crate) read: usize,
    pub(crate) filters: usize,
}

impl Counts {
    pub(crate) fn add(&mut self, other: &Counts) {
        self.written += other.written;
        self.read += other.read;
        self.filters += other.filters;
    }
}

/// An error with the step that it is of.
pub(crate) fn at(step: &str) -> impl Fn(Error) -> String {
    move |error| format!("{step}: {error}")
}

pub(crate) fn ensure(condition: bool, message: impl FnOnce() -> String) -> Outcome<()> {
    if condition { Ok(()) } else { Err(message()) }
}

/// Two lists of rows, which are equal if they are shown alike: not all types can be compared.
pub(crate) fn same<T: std::fmt::Debug>(step: &str, found: &[T], expected: &[T]) -> Outcome<()> {
    let (found, expected) = (format!("{found:?}"), format!("{expected:?}"));
    ensure(found == expected, || {
        format!("{step}: found {found}, expected {expected}")
    })
}

/// A view: its rows are those that plain SQL reads.
pub(crate) async fn rows<T: Rows>(pool: &Pool) -> Outcome<Counts> {
    let table = T::TABLE;
    let name = format!("{}.{}", quoted(table.schema), quoted(table.name));
    let refreshed = pool
        .batch_execute(&format!("refresh materialized view {name}"))
        .await;
    // Other views are no such thing.
    if let Err(error) = refreshed
        && error.sqlstate() != Some("42809")
    {
        return Err(at("refresh")(error));
    }
    let rows = T::sorted().fetch(pool).await.map_err(at("fetch"))?;
    let plain = howdah::query(format!("select * from {name}"))
        .fetch_all::<T>(pool)
        .await
        .map_err(at("plain"))?;
    same("view", &rows, &plain)?;
    let count = T::sorted().count(pool).await.map_err(at("count"))?;
    ensure(count == rows.len() as i64, || {
        format!("count: {count} of {}", rows.len())
    })?;
    let mut counts = Counts {
        read: rows.len(),
        ..Counts::default()
    };
    for row in rows.iter().take(3) {
        for (column, operator, filter) in row.filters() {
            if operator == "=" {
                let found = T::sorted().filter(filter).count(pool).await;
                if found.as_ref().is_err_and(lacks_operator) {
                    continue;
                }
                let found = found.map_err(at(&format!("filter {column}")))?;
                ensure(found > 0, || format!("filter {column}: no row"))?;
                counts.filters += 1;
            }
        }
    }
    Ok(counts)
}

/// A table, or a view that is written through, whose rows have no key: inserts, reads, filters, deletions.
pub(crate) async fn written<T: Written>(pool: &Pool) -> Outcome<Counts> {
    let steps = Steps::<T>::new(pool).await?;
    // The rows of a view may be those of another test.
    steps.clear().await?;
    let mut counts = Counts::default();
    steps.insert(&mut counts).await?;
    steps.filters(&mut counts).await?;
    steps.clear().await?;
    steps.bulk_insert(&mut counts).await?;
    Ok(counts)
}

/// A table whose rows have keys: all that there is.
pub(crate) async fn keyed<T: Keyed>(pool: &Pool) -> Outcome<Counts> {
    let steps = Steps::<T>::new(pool).await?;
    // The rows of a view may be those of another test.
    steps.clear().await?;
    let mut counts = Counts::default();
    let inserted = steps.insert(&mut counts).await?;
    steps.filters(&mut counts).await?;
    steps.find(&inserted, &mut counts).await?;
    if T::CHANGES {
        steps.update(&inserted, &mut counts).await?;
    }
    if let Some(key) = T::TARGET {
        steps.upsert(key, &mut counts).await?;
    }
    steps.clear().await?;
    let inserted = steps.insert(&mut counts).await?;
    steps.delete(&inserted, &mut counts).await?;
    steps.clear().await?;

    steps.bulk_insert(&mut counts).await?;
    let all = T::sorted().fetch(pool).await.map_err(at("fetch"))?;
    if T::CHANGES && T::TARGET.is_some() {
        steps.update_many(&mut counts).await?;
    }
    if let Some(key) = T::TARGET {
        steps.upsert_many(key, &mut counts).await?;
    }
    let half = &all[..all.len() / 2];
    let removed = T::remove_many(half, pool)
        .await
        .map_err(at("delete_many"))?;
    ensure(removed == half.len() as u64, || {
        format!("delete_many: {removed} of {}", half.len())
    })?;
    counts.written += half.len();
    let left = T::find_all(&all, pool).await.map_err(at("find_many"))?;
    ensure(left.len() == all.len() - half.len(), || {
        format!("delete_many left {}", left.len())
    })?;
    Ok(counts)
}
