//! The steps for all tables: what is done through the builders, and the same in plain SQL.

use howdah::{ColumnDefault, Filter, Pool, Table, WriteField, WriteRow, copy_in};
use howdah_table_tests::Written;

use crate::check::{Counts, Outcome, at, ensure};
use crate::plain::{Copies, list, quoted};

/// The value of a column, to be compared. Blanks in `json`, which `serde_json::Value` does not keep, do not count.
fn value(table: &Table, name: &str) -> String {
    match table.column(name) {
        Some(column) if column.ty.name == "json" => format!("{}::jsonb", quoted(name)),
        _ => quoted(name),
    }
}

/// A table under way.
pub(crate) struct Steps<'p, T> {
    pub(crate) pool: &'p Pool,
    pub(crate) copies: Copies<'p>,
    pub(crate) rows: Vec<T>,
    /// The columns that inserts write, as a list.
    pub(crate) columns: String,
    /// Their values and those that are computed from them, as a list.
    compared: String,
}

impl<'p, T: Written> Steps<'p, T> {
    pub(crate) async fn new(pool: &'p Pool) -> Outcome<Self> {
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

    pub(crate) fn half(&self) -> usize {
        self.rows.len() / 2
    }

    pub(crate) async fn compare(&self, step: &str) -> Outcome<()> {
        self.copies.compare(step, &self.compared).await
    }

    /// Plain SQL's insert of the seed's rows that meet a condition.
    pub(crate) async fn plain_insert(&self, condition: &str) -> Outcome<()> {
        let (Copies { seed, plain, .. }, columns) = (&self.copies, &self.columns);
        let comma = if columns.is_empty() { "" } else { ", " };
        let insert = format!(
            "insert into {plain} ({columns}{comma}howdah_n) select {columns}{comma}howdah_n from {seed} where {condition} \
             order by howdah_n"
        );
        self.copies.run(insert).await
    }

    /// Inserts one half of the rows, one by one; returns them as they then are.
    pub(crate) async fn insert(&self, counts: &mut Counts) -> Outcome<Vec<T>> {
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
    pub(crate) async fn filters(&self, counts: &mut Counts) -> Outcome<()> {
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
    pub(crate) async fn clear(&self) -> Outcome<()> {
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
    pub(crate) async fn bulk_insert(&self, counts: &mut Counts) -> Outcome<()> {
        let (first, second) = self.rows.split_at(self.half());
        T::many(first)
            .execute(self.pool)
            .await
            .map_err(at("insert_many"))?;
        self.plain_insert(&format!("howdah_n < {}", self.half()))
            .await?;
        self.compare("insert_many").await?;
        // Without columns there is nothing to copy, and PostgreSQL copies into no view.
        let copied = match self.columns.is_empty() || self.copies.is_view {
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
