//! Many keys that rows are asked for by, as rows that stand beside a table: one for each key, with its number.

use super::filter::composite;
use super::sql::Sql;
use crate::{Accepts, Column, Encode, Param, SqlKind, SqlType, Table};

/// The values of one column of many keys.
pub enum Keys<'a> {
    /// As one array.
    List(Param<'a>),
    /// Each by itself, as those of a column of arrays: PostgreSQL has no arrays of arrays.
    Each(Vec<Param<'a>>),
}

impl<'a> Keys<'a> {
    /// The keys' values in this column.
    pub fn of<T: Encode + 'a>(column: Option<&'static Column>, values: Vec<T>) -> Self {
        // What is never sent as an array needs no code for that.
        if const { may_be_array(T::ACCEPTS) } && is_array(column) {
            let each = values.into_iter().map(Param::new);
            return Keys::Each(each.map(|one| one.in_column(column)).collect());
        }
        Keys::List(Param::for_column(values, column))
    }

    /// The same, of keys that have no other columns.
    pub fn lent<T: Encode>(column: Option<&'static Column>, values: &'a [T]) -> Self {
        if const { may_be_array(T::ACCEPTS) } && is_array(column) {
            let each = values.iter().map(T::as_param);
            return Keys::Each(each.map(|one| one.in_column(column)).collect());
        }
        Keys::List(Param::for_column(values, column))
    }
}

/// Whether an array is among the types that values can be sent as.
pub(super) const fn may_be_array(accepts: &Accepts) -> bool {
    match accepts {
        Accepts::Any | Accepts::Array(_) => true,
        Accepts::Domain { base, .. } => may_be_array(base),
        Accepts::OneOf(alternatives) => {
            let mut i = 0;
            while i < alternatives.len() {
                if may_be_array(&alternatives[i]) {
                    return true;
                }
                i += 1;
            }
            false
        }
        _ => false,
    }
}

/// Whether a column's values are sent as arrays.
pub(super) fn is_array(column: Option<&'static Column>) -> bool {
    column.is_some_and(|column| {
        let ty = column.sent_type().without_domains();
        matches!(ty.kind, SqlKind::Array(_))
    })
}

/// The parameters of keys of which each column is one array.
pub(super) fn lists(keys: Vec<Keys<'_>>) -> Result<Vec<Param<'_>>, Vec<Keys<'_>>> {
    if keys.iter().any(|keys| matches!(keys, Keys::Each(_))) {
        return Err(keys);
    }
    let lists = keys.into_iter().filter_map(|keys| match keys {
        Keys::List(list) => Some(list),
        Keys::Each(_) => None,
    });
    Ok(lists.collect())
}

/// What the keys are called, beside this table.
pub(super) fn asked_name(table: &Table) -> &'static str {
    match table.name {
        "howdah_asked" => "howdah_asked_keys",
        _ => "howdah_asked",
    }
}

/// Appends the condition that a column has the value that the key has at this place.
pub(super) fn write_is_asked(sql: &mut Sql<'_>, table: &Table, column: &str, place: usize) {
    sql.qualified(table.name, |sql| {
        sql.column(column);
    });
    sql.push(" = ").coming(table.carrier(column), |sql| {
        sql.push(asked_name(table));
        sql.push(&format!(".key_{}", place + 1));
    });
}

/// Appends the keys, of these columns, and their parameters.
pub(super) fn write_asked<'a>(
    sql: &mut Sql<'a>,
    table: &Table,
    columns: &[Option<&'static Column>],
    keys: Vec<Keys<'a>>,
) {
    match lists(keys) {
        Ok(lists) => {
            let numbers: Vec<usize> = lists.into_iter().map(|list| sql.bind(list)).collect();
            write_lists(sql, table, columns, &numbers);
        }
        Err(keys) => write_each(sql, table, columns, keys),
    }
}

/// Appends the keys, the columns of which are the parameters of these numbers: each an array. Without numbers, these are
/// the first ones.
pub(super) fn write_lists(
    sql: &mut Sql<'_>,
    table: &Table,
    columns: &[Option<&'static Column>],
    numbers: &[usize],
) {
    let number = |i: usize| numbers.get(i).copied().unwrap_or(i + 1);
    let list = |sql: &mut Sql<'_>, i: usize, column: Option<&'static Column>| {
        sql.number(number(i));
        if let Some(ty) = column.map(sent_type) {
            sql.push("::").ty(ty).push("[]");
        }
    };
    let each = || columns.iter().copied().enumerate();
    if !columns
        .iter()
        .flatten()
        .any(|column| composite(column).is_some())
    {
        sql.push("unnest(");
        sql.separated(", ", each(), |sql, (i, column)| list(sql, i, column));
        sql.push(") with ordinality");
        return write_names(sql, table, columns.len());
    }
    // Where a table stands, `unnest` takes composites apart as well.
    sql.push("(select ");
    for (i, column) in each() {
        sql.push("unnest(");
        list(sql, i, column);
        sql.push("), ");
    }
    sql.push("generate_subscripts(");
    list(sql, 0, columns.first().copied().flatten());
    sql.push(", 1)::bigint)");
    write_names(sql, table, columns.len());
}

/// Appends the keys row by row.
fn write_each<'a>(
    sql: &mut Sql<'a>,
    table: &Table,
    columns: &[Option<&'static Column>],
    keys: Vec<Keys<'a>>,
) {
    // How many there are, which an array that was not looked into does not say, but there is a column that does.
    let mut rows = 0;
    let numbers: Vec<Numbers> = keys
        .into_iter()
        .map(|keys| match keys {
            Keys::List(list) => Numbers::List(sql.bind(list)),
            Keys::Each(each) => {
                rows = each.len();
                Numbers::Each(each.into_iter().map(|one| sql.bind(one)).collect())
            }
        })
        .collect();
    let value = |sql: &mut Sql<'_>, row: usize, numbers: &Numbers, ty: Option<&SqlType>| {
        let (before, number, after) = match numbers {
            Numbers::List(number) => ("(", *number, format!("[])[{}]", row + 1)),
            Numbers::Each(each) => ("", each[row], String::new()),
        };
        sql.push(before).number(number).cast(ty).push(&after);
    };
    let types = || columns.iter().map(|column| column.map(sent_type));
    sql.push("(");
    if rows == 0 {
        // `values` without rows cannot be. The parameters that there are have to be somewhere.
        sql.push("select ");
        for (numbers, ty) in numbers.iter().zip(types()) {
            match numbers {
                Numbers::List(_) => value(sql, 0, numbers, ty),
                Numbers::Each(_) => {
                    sql.push("null").cast(ty);
                }
            }
            sql.push(", ");
        }
        sql.push("0::bigint where false");
    } else {
        sql.push("values ");
        sql.separated(", ", 0..rows, |sql, row| {
            sql.push("(");
            for (numbers, ty) in numbers.iter().zip(types()) {
                value(sql, row, numbers, ty);
                sql.push(", ");
            }
            sql.push(&format!("{}::bigint)", row + 1));
        });
    }
    sql.push(")");
    write_names(sql, table, columns.len());
}

/// The parameters of a column of keys.
enum Numbers {
    List(usize),
    Each(Vec<usize>),
}

fn write_names(sql: &mut Sql<'_>, table: &Table, columns: usize) {
    sql.push(" as ").push(asked_name(table)).push(" (");
    sql.separated(", ", 1..=columns, |sql, i| {
        sql.push(&format!("key_{i}"));
    });
    sql.push(", number)");
}

/// The type as which a key's value in a column is sent. Composites are compared as such, whatever domain is over them.
fn sent_type(column: &'static Column) -> &'static SqlType {
    composite(column).unwrap_or(column.sent_type())
}
