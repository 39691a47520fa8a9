//! The rows of many parents in one round trip, with a list for each parent.

use std::future::Future;

use super::asked::{Keys, asked_name, write_asked, write_is_asked};
use super::built::Built;
use super::select::{Select, SelectRow, write_cut};
use super::sql::Sql;
use crate::{Column, Error, Executor, Field, Many, Operand, PgRow, Row, TypedColumn};

/// The rows of many parents, with a list for each parent; see [`Select::grouped_by`].
#[must_use = "a list does nothing until it is fetched"]
pub struct Grouped<'a, R> {
    built: Built<'a, Many<Numbered<R>>>,
    groups: usize,
}

impl<'a, R: SelectRow> Grouped<'a, R> {
    pub(super) fn new(
        select: Select<'a, R>,
        columns: &[&'static Column],
        groups: usize,
        keys: Vec<Keys<'a>>,
    ) -> Self {
        let mut sql = Sql::new("select ");
        let table = R::TABLE;
        sql.qualified(table.name, |sql| {
            sql.columns_of(R::FIELDS, table);
        });
        let asked = asked_name(table);
        sql.push(", ").push(asked).push(".number as ");
        sql.name(NUMBER).push(" from ");
        let sent: Vec<_> = columns.iter().copied().map(Some).collect();
        write_asked(&mut sql, table, &sent, keys);
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
        let on = |sql: &mut Sql<'a>| {
            sql.separated(" and ", columns.iter().enumerate(), |sql, (i, column)| {
                write_is_asked(sql, table, column.name, i);
            });
        };
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

/// The columns that hold the key of a row's parent: one column for keys of type `K`, or a tuple of columns for keys that are
/// tuples; see [`Select::grouped_by`].
pub trait GroupColumns<R, K> {
    #[doc(hidden)]
    fn columns(&self) -> Vec<&'static Column>;

    #[doc(hidden)]
    fn keys<'a>(&self, keys: &'a [K]) -> Vec<Keys<'a>>;
}

impl<R, T, V, K: Operand<V>> GroupColumns<R, K> for TypedColumn<R, T, V> {
    fn columns(&self) -> Vec<&'static Column> {
        vec![self.column()]
    }

    fn keys<'a>(&self, keys: &'a [K]) -> Vec<Keys<'a>> {
        vec![Keys::lent(Some(self.column()), keys)]
    }
}

macro_rules! tuples {
    ($($($ty:ident $value:ident $key:ident $place:tt)+;)+) => {$(
        impl<R, $($ty, $value, $key: Operand<$value>),+> GroupColumns<R, ($($key,)+)>
            for ($(TypedColumn<R, $ty, $value>,)+)
        {
            fn columns(&self) -> Vec<&'static Column> {
                vec![$(self.$place.column()),+]
            }

            fn keys<'a>(&self, keys: &'a [($($key,)+)]) -> Vec<Keys<'a>> {
                vec![$({
                    let values: Vec<&'a $key> = keys.iter().map(|key| &key.$place).collect();
                    Keys::of(Some(self.$place.column()), values)
                }),+]
            }
        }
    )+};
}

tuples! {
    A AV AK 0 B BV BK 1;
    A AV AK 0 B BV BK 1 C CV CK 2;
    A AV AK 0 B BV BK 1 C CV CK 2 D DV DK 3;
}
