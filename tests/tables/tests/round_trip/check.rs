//! The steps: what is done through the builders, and the same in plain SQL.

use howdah::{
    ColumnDefault, Error, Filter, Key, Pool, Table, UpdateRow, WriteField, WriteRow, copy_in,
};
use howdah_table_tests::{Keyed, Rows, Written};

use crate::plain::{Copies, lacks_operator, list, quoted};

pub(crate) type Outcome<T> = Result<T, String>;

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    written: usize,
    read: usize,
    filters: usize,
}

impl Counts {
    pub(crate) fn add(&mut self, other: &Counts) {
        self.written += other.written;
        self.read += other.read;
        self.filters += other.filters;
    }
}

/// An error with the step that it is of.
fn at(step: &str) -> impl Fn(Error) -> String {
    move |error| format!("{step}: {error}")
}

fn ensure(condition: bool, message: impl FnOnce() -> String) -> Outcome<()> {
    if condition { Ok(()) } else { Err(message()) }
}

/// Two lists of rows, which are equal if they are shown alike: not all types can be compared.
fn same<T: std::fmt::Debug>(step: &str, found: &[T], expected: &[T]) -> Outcome<()> {
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

/// A table whose rows have no key: inserts, reads, filters, deletions.
pub(crate) async fn written<T: Written>(pool: &Pool) -> Outcome<Counts> {
    let steps = Steps::<T>::new(pool).await?;
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

/// The value of a column, to be compared. Blanks in `json`, which `serde_json::Value` does not keep, do not count.
fn value(table: &Table, name: &str) -> String {
    match table.column(name) {
        Some(column) if column.ty.name == "json" => format!("{}::jsonb", quoted(name)),
        _ => quoted(name),
    }
}

struct Steps<'p, T> {
    pool: &'p Pool,
    copies: Copies<'p>,
    rows: Vec<T>,
    /// The columns that inserts write, as a list.
    columns: String,
    /// Their values and those that are computed from them, as a list.
    compared: String,
}

impl<'p, T: Written> Steps<'p, T> {
    async fn new(pool: &'p Pool) -> Outcome<Self> {
        let table: &'static Table = <T as WriteRow>::TABLE;
        let copies = Copies::of(pool, table).await?;
        let read = format!("select * from {} order by howdah_n", copies.seed);
        let rows = howdah::query(read)
            .fetch_all::<T>(pool)
            .await
            .map_err(at("read"))?;
        let written: &[WriteField] = <T as WriteRow>::FIELDS;
        let written: Vec<&str> = written.iter().map(|field| field.column).collect();
        let computed = table
            .columns
            .iter()
            .filter(|column| column.default == ColumnDefault::Generated);
        let columns = list("", written.iter().copied());
        let compared = written
            .iter()
            .copied()
            .chain(computed.map(|column| column.name));
        let compared: Vec<_> = compared.map(|name| value(table, name)).collect();
        let compared = compared.join(", ");
        Ok(Self {
            pool,
            copies,
            rows,
            columns,
            compared,
        })
    }

    fn half(&self) -> usize {
        self.rows.len() / 2
    }

    async fn compare(&self, step: &str) -> Outcome<()> {
        self.copies.compare(step, &self.compared).await
    }

    /// Plain SQL's insert of the seed's rows that meet a condition.
    async fn plain_insert(&self, condition: &str) -> Outcome<()> {
        let (Copies { seed, plain, .. }, columns) = (&self.copies, &self.columns);
        let comma = if columns.is_empty() { "" } else { ", " };
        let insert = format!(
            "insert into {plain} ({columns}{comma}howdah_n) select {columns}{comma}howdah_n from {seed} where {condition} \
             order by howdah_n"
        );
        self.copies.run(insert).await
    }

    /// Inserts one half of the rows, one by one; returns them as they then are.
    async fn insert(&self, counts: &mut Counts) -> Outcome<Vec<T>> {
        let mut inserted = Vec::new();
        for (number, row) in self.rows[..self.half()].iter().enumerate() {
            let insert = if number % 2 == 0 {
                row.by_column()
            } else {
                row.whole()
            };
            let insert = insert.returning().fetch(self.pool).await;
            inserted.push(insert.map_err(at("insert"))?);
        }
        self.plain_insert(&format!("howdah_n < {}", self.half()))
            .await?;
        self.compare("insert").await?;
        counts.written += inserted.len();
        Ok(inserted)
    }

    /// Filters on each column, by each of some rows.
    async fn filters(&self, counts: &mut Counts) -> Outcome<()> {
        let columns: Vec<&str> = <T as WriteRow>::FIELDS
            .iter()
            .map(|field| field.column)
            .collect();
        for (number, row) in self.rows.iter().enumerate().step_by(7) {
            for (column, operator, filter) in row.filters() {
                if !columns.contains(&column) {
                    continue;
                }
                let Some(expected) = self.copies.count(column, operator, number).await? else {
                    continue;
                };
                let found = T::sorted().filter(filter).count(self.pool).await;
                if found
                    .as_ref()
                    .is_err_and(|error| error.to_string().contains("find array type"))
                {
                    // `is_in` needs an array of what the column holds, which arrays in domains have not.
                    continue;
                }
                let found = found.map_err(at(&format!("filter {column} {operator}")))?;
                ensure(found == expected, || {
                    format!("filter {column} {operator}: {found}, not {expected}: {row:?}")
                })?;
                counts.filters += 1;
            }
        }
        Ok(())
    }

    /// Deletes all rows.
    async fn clear(&self) -> Outcome<()> {
        T::remove_where(Filter::all([]))
            .execute(self.pool)
            .await
            .map_err(at("delete_where"))?;
        self.copies
            .run(format!("delete from {}", self.copies.plain))
            .await?;
        self.compare("delete_where").await
    }

    /// Inserts one half of the rows by one statement, and the other by COPY.
    async fn bulk_insert(&self, counts: &mut Counts) -> Outcome<()> {
        let (first, second) = self.rows.split_at(self.half());
        T::many(first)
            .execute(self.pool)
            .await
            .map_err(at("insert_many"))?;
        self.plain_insert(&format!("howdah_n < {}", self.half()))
            .await?;
        self.compare("insert_many").await?;
        // Without columns there is nothing to copy.
        let copied = match self.columns.is_empty() {
            true => T::many(second).execute(self.pool).await,
            false => {
                copy_in(<T as WriteRow>::TABLE)
                    .from_rows(second.iter(), self.pool)
                    .await
            }
        };
        copied.map_err(at("copy_in"))?;
        self.plain_insert(&format!("howdah_n >= {}", self.half()))
            .await?;
        self.compare("copy_in").await?;
        counts.written += self.rows.len();
        counts.read += self.rows.len();
        let read = T::sorted().fetch(self.pool).await.map_err(at("select"))?;
        ensure(read.len() == self.rows.len(), || {
            format!("select: {} rows", read.len())
        })
    }
}

impl<T: Keyed> Steps<'_, T> {
    fn key(&self) -> Vec<&'static str> {
        <T as UpdateRow>::KEY.to_vec()
    }

    /// The assignments of an update that leaves the key alone, from a table.
    fn assignments(&self, from: &str) -> String {
        let written = <T as WriteRow>::FIELDS.iter().map(|field| field.column);
        let set = written
            .filter(|column| !self.key().contains(column))
            .map(quoted);
        set.map(|column| format!("{column} = {from}.{column}"))
            .collect::<Vec<_>>()
            .join(", ")
    }

    async fn find(&self, inserted: &[T], counts: &mut Counts) -> Outcome<()> {
        for row in inserted {
            let found = row.found().fetch(self.pool).await.map_err(at("find"))?;
            same("find", &Vec::from_iter(&found), &[row])?;
            ensure(
                row.is_there()
                    .fetch(self.pool)
                    .await
                    .map_err(at("exists"))?,
                || "exists: no".to_owned(),
            )?;
        }
        let backwards: Vec<T> = inserted.iter().rev().cloned().collect();
        let found = T::find_all(&backwards, self.pool)
            .await
            .map_err(at("find_many"))?;
        same("find_many", &found, &backwards)?;
        let order = list("", self.key());
        let sorted = format!("select * from {} order by {order}", self.copies.real);
        let plain = howdah::query(sorted)
            .fetch_all::<T>(self.pool)
            .await
            .map_err(at("plain"))?;
        same(
            "order_by",
            &T::sorted().fetch(self.pool).await.map_err(at("order_by"))?,
            &plain,
        )?;
        counts.read += 4 * inserted.len();
        Ok(())
    }

    /// Gives each row of the first half the values of one of the second.
    async fn update(&self, inserted: &[T], counts: &mut Counts) -> Outcome<()> {
        let half = self.half();
        for (number, (old, new)) in inserted.iter().zip(&self.rows[half..]).enumerate() {
            let whole = new.with_key_of(old);
            let update = if number % 2 == 0 {
                new.change(old)
            } else {
                whole.change_whole()
            };
            let updated = update
                .returning()
                .fetch(self.pool)
                .await
                .map_err(at("update"))?;
            ensure(updated.is_some(), || format!("update: not found: {old:?}"))?;
        }
        self.plain_update().await?;
        counts.written += inserted.len();
        self.compare("update").await
    }

    async fn plain_update(&self) -> Outcome<()> {
        let (Copies { seed, plain, .. }, half) = (&self.copies, self.half());
        let set = self.assignments("s");
        self.copies
            .run(format!(
                "update {plain} p set {set} from {seed} s where s.howdah_n = p.howdah_n + {half}"
            ))
            .await
    }

    /// Puts the first rows back as they were, and inserts others by the same statement.
    async fn upsert(&self, key: Key<T>, counts: &mut Counts) -> Outcome<()> {
        let (half, most) = (self.half(), self.half() + self.half() / 2);
        for (number, row) in self.rows[..most].iter().enumerate() {
            let upsert = || row.by_column().on_conflict(key).do_update();
            match upsert().returning_outcome().fetch(self.pool).await {
                Ok(outcome) => ensure(outcome.is_inserted() == (number >= half), || {
                    format!("upsert of row {number}: {outcome:?}")
                })?,
                Err(error)
                    if error
                        .to_string()
                        .contains("a partitioned table does not tell") =>
                {
                    let row = upsert().returning().fetch(self.pool).await;
                    row.map_err(at("upsert"))?;
                }
                Err(error) => return Err(at("upsert")(error)),
            }
        }
        self.plain_upsert(most).await?;
        self.compare("upsert").await?;
        let again = self.rows[0].by_column().on_conflict(key).do_nothing();
        let again = again.execute(self.pool).await.map_err(at("do_nothing"))?;
        ensure(again == 0, || format!("do_nothing: {again} rows"))?;
        counts.written += most;
        self.compare("do_nothing").await
    }

    async fn plain_upsert(&self, rows: usize) -> Outcome<()> {
        let (Copies { seed, plain, .. }, columns) = (&self.copies, &self.columns);
        let (key, set) = (list("", self.key()), self.assignments("excluded"));
        let action = if set.is_empty() {
            "nothing".to_owned()
        } else {
            format!("update set {set}")
        };
        let upsert = format!(
            "insert into {plain} ({columns}, howdah_n) select {columns}, howdah_n from {seed} where howdah_n < {rows} \
             on conflict ({key}) do {action}"
        );
        self.copies.run(upsert).await
    }

    /// Deletes every other row.
    async fn delete(&self, inserted: &[T], counts: &mut Counts) -> Outcome<()> {
        for row in inserted.iter().step_by(2) {
            let deleted = row
                .remove()
                .returning()
                .fetch(self.pool)
                .await
                .map_err(at("delete"))?;
            same("delete", &Vec::from_iter(&deleted), &[row])?;
        }
        self.copies
            .run(format!(
                "delete from {} where howdah_n % 2 = 0",
                self.copies.plain
            ))
            .await?;
        counts.written += inserted.len() / 2;
        self.compare("delete").await
    }

    /// Exchanges the values of the second half's rows for the first half's.
    async fn update_many(&self, counts: &mut Counts) -> Outcome<()> {
        let half = self.half();
        let (first, second) = self.rows.split_at(half);
        // Their values are to be unique.
        T::remove_many(second, self.pool)
            .await
            .map_err(at("delete_many"))?;
        self.copies
            .run(format!(
                "delete from {} where howdah_n >= {half}",
                self.copies.plain
            ))
            .await?;
        let rows: Vec<T> = first
            .iter()
            .zip(second)
            .map(|(old, new)| new.with_key_of(old))
            .collect();
        let updated = T::change_many(&rows)
            .execute(self.pool)
            .await
            .map_err(at("update_many"))?;
        ensure(updated == rows.len() as u64, || {
            format!("update_many: {updated} rows")
        })?;
        self.plain_update().await?;
        counts.written += rows.len();
        self.compare("update_many").await
    }

    async fn upsert_many(&self, key: Key<T>, counts: &mut Counts) -> Outcome<()> {
        let upsert = T::many(&self.rows).on_conflict(key).do_update();
        upsert.execute(self.pool).await.map_err(at("upsert_many"))?;
        self.plain_upsert(self.rows.len()).await?;
        counts.written += self.rows.len();
        self.compare("upsert_many").await
    }
}
