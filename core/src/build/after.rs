//! The condition that a row comes after another one in an order of pages.

use super::filter::null_tests;
use super::order::Direction;
use super::page::PageColumn;
use super::sql::Sql;
use crate::Param;

/// Appends the condition that a row comes after these values in the order.
pub(super) fn write_after<'a>(
    sql: &mut Sql<'a>,
    columns: &[PageColumn],
    values: Vec<Option<Param<'a>>>,
) {
    let values: Vec<Option<usize>> = values
        .into_iter()
        .map(|value| value.map(|param| sql.bind(param)))
        .collect();
    let (Some(first), Some(known)) = (columns.first(), all(&values)) else {
        return write_each_after(sql, columns, &values);
    };
    let alike = columns
        .iter()
        .all(|c| c.direction == first.direction && !c.column.nullable);
    if !alike {
        return write_each_after(sql, columns, &values);
    }
    // A condition on the first column, which lets an index on these columns skip the rows before.
    let (open, close) = if columns.len() == 1 {
        ("", "")
    } else {
        ("(", ")")
    };
    sql.push(open);
    sql.separated(", ", columns, |sql, column| {
        sql.column(column.column.name);
    });
    sql.push(close).push(match first.direction {
        Direction::Ascending => " > ",
        Direction::Descending => " < ",
    });
    sql.push(open);
    sql.separated(", ", columns.iter().zip(known), |sql, (column, number)| {
        sql.compared_number(number, column.column);
    });
    sql.push(close);
}

/// All values, if none is null.
fn all(values: &[Option<usize>]) -> Option<Vec<usize>> {
    values.iter().copied().collect()
}

/// `a` is after, or it is equal and `b` is after, and so on.
fn write_each_after(sql: &mut Sql<'_>, columns: &[PageColumn], values: &[Option<usize>]) {
    let pairs: Vec<_> = columns.iter().zip(values).collect();
    // After null, which comes last, there is nothing more.
    let last = |(column, value): &(&PageColumn, &Option<usize>)| {
        value.is_none() && column.direction == Direction::Ascending
    };
    let places: Vec<usize> = (0..pairs.len()).filter(|i| !last(&pairs[*i])).collect();
    if places.is_empty() {
        sql.push("false");
        return;
    }
    write_bound(sql, &pairs);
    sql.push("(");
    sql.separated(" or ", places, |sql, place| {
        sql.push("(");
        sql.separated(" and ", 0..=place, |sql, i| {
            let (column, value) = pairs[i];
            if i == place {
                write_one_after(sql, column, *value);
            } else {
                sql.column(column.column.name);
                match value {
                    Some(number) => sql.push(" = ").compared_number(*number, column.column),
                    None => sql.push(null_tests(column.column).0),
                };
            }
        });
        sql.push(")");
    });
    sql.push(")");
}

/// Appends a condition on the first column that holds in each alternative. It follows from the rest, but an index scan
/// can start at it, and not at alternatives.
fn write_bound(sql: &mut Sql<'_>, pairs: &[(&PageColumn, &Option<usize>)]) {
    let [(column, Some(number)), _, ..] = pairs else {
        return;
    };
    let operator = match column.direction {
        Direction::Ascending if column.column.nullable => return,
        Direction::Ascending => " >= ",
        Direction::Descending => " <= ",
    };
    sql.column(column.column.name).push(operator);
    sql.compared_number(*number, column.column);
    sql.push(" and ");
}

fn write_one_after(sql: &mut Sql<'_>, column: &PageColumn, value: Option<usize>) {
    let name = column.column.name;
    let Some(number) = value else {
        sql.column(name).push(null_tests(column.column).1);
        return;
    };
    let with_nulls = column.direction == Direction::Ascending && column.column.nullable;
    sql.push(if with_nulls { "(" } else { "" }).column(name);
    sql.push(match column.direction {
        Direction::Ascending => " > ",
        Direction::Descending => " < ",
    });
    sql.compared_number(number, column.column);
    if with_nulls {
        sql.push(" or ").column(name);
        sql.push(null_tests(column.column).0).push(")");
    }
}
