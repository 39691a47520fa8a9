//! The rows of many parents in one round trip, with a list for each parent.

use std::future::Future;

use super::asked::{Keys, asked_name, write_asked, write_is_asked};
use super::built::Built;
use super::select::{Select, SelectRow, write_cut};
use super::sql::Sql;
use crate::{Column, Error, Executor, Field, Many, PgRow, Row};

/// The rows of many parents, with a list for each parent; see [`Select::grouped_by`].
#[must_use = "a list does nothing until it is fetched"]
pub struct Grouped<'a, R> {
    built: Built<'a, Many<Numbered<R>>>,
    groups: usize,
}

impl<'a, R: SelectRow> Grouped<'a, R> {
    pub(super) fn new(
        select: Select<'a, R>,
        column: &'static Column,
        groups: usize,
        keys: Keys<'a>,
    ) -> Self {
        let mut sql = Sql::new("select ");
        let table = R::TABLE;
        sql.qualified(table.name, |sql| {
            sql.columns_of(R::FIELDS, table);
        });
        let asked = asked_name(table);
        sql.push(", ").push(asked).push(".number as ");
        sql.name(NUMBER).push(" from ");
        write_asked(&mut sql, table, &[Some(column)], vec![keys]);
        let Select {
            filter,
            order,
            limit,
            offset,
            lock,
        } = select;
        let lock = |sql: &mut Sql<'a>| {
            if let Some(lock) = lock {
                lock.write(sql, table);
            }
        };
        let order = (!order.is_empty()).then(|| {
            sql.fragment(|sql| {
                sql.qualified(table.name, |sql| {
                    sql.separated(", ", order, |sql, order| order.write(sql));
                });
            })
        });
        let on = |sql: &mut Sql<'a>| write_is_asked(sql, table, column.name, 0);
        match (limit, offset) {
            (None, None) => {
                sql.push(" join ").table(table).push(" on ");
                on(&mut sql);
                sql.qualified(table.name, |sql| {
                    filter.write_where(sql);
                });
            }
            _ => {
                sql.push(" cross join lateral (select * from ").table(table);
                sql.push(" where ");
                on(&mut sql);
                sql.qualified(table.name, |sql| {
                    filter.write_and(sql);
                });
                if let Some(order) = &order {
                    sql.push(" order by ").push(order);
                }
                write_cut(&mut sql, limit, offset);
                lock(&mut sql);
                sql.push(") as ").name(table.name);
            }
        }
        sql.push(" order by ").push(asked).push(".number");
        if let Some(order) = &order {
            sql.push(", ").push(order);
        }
        if (limit, offset) == (None, None) {
            lock(&mut sql);
        }
        Self {
            built: Built::new(R::NAME, sql),
            groups,
        }
    }

    /// The SQL text.
    #[must_use]
    pub fn sql(&self) -> &str {
        self.built.sql()
    }

    /// Returns a list of rows for each key, in the order of the keys.
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub fn fetch<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<Vec<Vec<R>>, Error>> + Send + use<'_, 'a, R, E>
    where
        R: for<'r> PgRow<'r> + Send,
    {
        let mut groups: Vec<Vec<R>> = Vec::new();
        groups.resize_with(self.groups, Vec::new);
        let rows = self.built.fetch(executor);
        async move {
            for Numbered { row, number } in rows.await? {
                if let Some(group) = groups.get_mut(number) {
                    group.push(row);
                }
            }
            Ok(groups)
        }
    }
}

const NUMBER: &str = "howdah_number";

/// A row, and the place of its parent's key in the list.
struct Numbered<R> {
    row: R,
    number: usize,
}

impl<'r, R: PgRow<'r>> PgRow<'r> for Numbered<R> {
    const FIELDS: &'static [Field] = &[Field::nested::<R>(""), Field::column::<i64>(NUMBER)];

    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        let found = row.nested()?;
        let number: i64 = row.get()?;
        // PostgreSQL counts from 1.
        let number = usize::try_from(number - 1).unwrap_or(usize::MAX);
        Ok(Self { row: found, number })
    }
}
