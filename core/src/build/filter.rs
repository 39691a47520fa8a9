//! Conditions on the rows of a table, made from typed columns. A condition is a tree of tests; a test is the SQL that a
//! person would have written, with its values as parameters.

use std::{marker::PhantomData, ops::Not};

use super::after::write_after;
use super::fragment::SqlFragment;
use super::page::PageColumn;
use super::part::Part;
use super::sql::Sql;
use crate::{Column, Param, SqlKind, SqlType, Table};

/// A condition on the rows of the table that `R` is read from.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
/// # use howdah::PgSelect;
/// # #[derive(howdah::PgRow, PgSelect)]
/// # #[pg(table = schema::places)]
/// # struct Place { #[pg(key)] id: i64, name: String, note: Option<String>, tags: Vec<String> }
/// let near = Place::NAME.starts_with("Kat").and(Place::NOTE.is_null().or(Place::TAGS.has("city")));
/// let places = Place::select().filter(near);
/// assert_eq!(
///     places.sql(),
///     r#"select "id", "name", "note", "tags" from "places" where "name" like $1 and ("note" is null or "tags" @> $2)"#
/// );
/// ```
#[must_use = "a condition does nothing by itself"]
pub struct Filter<'a, R> {
    node: Node<'a>,
    row: PhantomData<fn() -> R>,
}

enum Node<'a> {
    /// True if all of these are true.
    All(Vec<Node<'a>>),
    /// True if at least one of these is true.
    Any(Vec<Node<'a>>),
    Not(Box<Node<'a>>),
    /// True for rows that come after the row with these values, in the order of these columns.
    After(Vec<PageColumn>, Vec<Option<Param<'a>>>),
    Test(SqlFragment<'a>),
    /// SQL that the app wrote, which can be anything: always in parentheses.
    Sql(SqlFragment<'a>),
}

/// The type of a column with composite values. Its operators take any record, so a parameter compared with it needs a
/// cast.
pub(crate) fn composite(column: &'static Column) -> Option<&'static SqlType> {
    composite_type(&column.ty)
}

/// The type without its domains, if its values are composite.
pub(super) fn composite_type(ty: &'static SqlType) -> Option<&'static SqlType> {
    let ty = ty.without_domains();
    matches!(ty.kind, SqlKind::Composite).then_some(ty)
}

/// The SQL that tests whether a column is null, and whether it is not.
pub(super) fn null_tests(column: &'static Column) -> (&'static str, &'static str) {
    // A column that is converted on the way may be a composite as well.
    match composite(column).is_some() || column.carrier().is_some() {
        // `is null` is also true for a composite value whose fields are all null, and `is not null` is false for one
        // with a null field.
        true => (" is not distinct from null", " is distinct from null"),
        false => (" is null", " is not null"),
    }
}

impl<'a, R> Filter<'a, R> {
    /// The column of this name is equal to this value.
    #[doc(hidden)]
    pub fn column_is(table: &Table, column: &'static str, value: Param<'a>) -> Self {
        Self::of(Node::column_is(table, column, value))
    }

    /// True for every row.
    #[doc(hidden)]
    pub const fn every() -> Self {
        Self {
            node: Node::All(Vec::new()),
            row: PhantomData,
        }
    }

    pub(crate) fn test<const N: usize>(parts: [Part<'a>; N]) -> Self {
        Self::of(Node::Test(SqlFragment(Vec::from(parts))))
    }

    pub(super) fn after(columns: Vec<PageColumn>, values: Vec<Option<Param<'a>>>) -> Self {
        Self::of(Node::After(columns, values))
    }

    fn of(node: Node<'a>) -> Self {
        Self {
            node,
            row: PhantomData,
        }
    }

    /// True if this SQL is true for the row; see [`sql()`](crate::sql).
    ///
    /// Columns are written as in SQL. Where a statement knows more than one row, say which: in `only_where` of an
    /// [`InsertConflict`](crate::InsertConflict) by the name of the table, and in bulk statements by `t`.
    ///
    /// ```
    /// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
    /// # #[derive(howdah::PgRow, howdah::PgSelect)]
    /// # #[pg(table = schema::places)]
    /// # struct Place { #[pg(key)] id: i64, name: String }
    /// use howdah::Filter;
    ///
    /// let places = Place::select().filter(Filter::sql("id % 2 = 0 or name ilike 'a%'"));
    /// ```
    pub fn sql(sql: impl Into<SqlFragment<'a>>) -> Self {
        Self::of(Node::Sql(sql.into()))
    }

    /// True if all conditions are true. Without conditions, true for every row.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Node::All(filters.into_iter().map(|f| f.node).collect()))
    }

    /// True if at least one condition is true. Without conditions, false for every row.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Node::Any(filters.into_iter().map(|f| f.node).collect()))
    }

    /// True if both conditions are true.
    pub fn and(self, other: Self) -> Self {
        Self::of(self.node.and(other.node))
    }

    /// True if at least one of the two conditions is true.
    pub fn or(self, other: Self) -> Self {
        match self.node {
            Node::Any(mut any) => {
                any.push(other.node);
                Self::of(Node::Any(any))
            }
            node => Self::of(Node::Any(vec![node, other.node])),
        }
    }

    /// The same condition without the rows' type.
    pub(crate) fn erased(self) -> Filter<'a, ()> {
        Filter::of(self.node)
    }

    /// The same condition with borrowed parameters.
    pub(crate) fn by_ref(&self) -> Filter<'_, R> {
        Filter::of(self.node.by_ref())
    }

    /// Appends the condition, unless it is true for every row.
    pub(crate) fn write(self, sql: &mut Sql<'a>) {
        self.node.write_behind(sql, "");
    }

    /// Appends `where` and the condition, unless it is true for every row.
    pub(crate) fn write_where(self, sql: &mut Sql<'a>) {
        self.node.write_behind(sql, " where ");
    }

    /// Appends `and` and the condition, unless it is true for every row.
    pub(crate) fn write_and(self, sql: &mut Sql<'a>) {
        self.node.write_behind(sql, " and ");
    }
}

/// True if the condition is false. If the condition is null, as comparisons with null are in SQL, this is null as well, and
/// the row is not found.
impl<R> Not for Filter<'_, R> {
    type Output = Self;

    fn not(self) -> Self {
        Self::of(Node::Not(Box::new(self.node)))
    }
}

/// What a condition is part of, which decides whether it needs parentheses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    All,
    Any,
    Not,
}

// Not generic in the rows, so it is compiled once and not for each struct.
impl<'a> Node<'a> {
    fn column_is(table: &Table, column: &'static str, value: Param<'a>) -> Self {
        let found = table.column(column);
        let value = value.in_column(found);
        let value = match found {
            Some(found) => Part::compared(found, value),
            None => Part::Param(value),
        };
        Node::Test(SqlFragment(vec![
            Part::Column(column),
            Part::Words(" = "),
            value,
        ]))
    }

    fn by_ref(&self) -> Node<'_> {
        match self {
            Node::All(nodes) => Node::All(nodes.iter().map(Node::by_ref).collect()),
            Node::Any(nodes) => Node::Any(nodes.iter().map(Node::by_ref).collect()),
            Node::Not(node) => Node::Not(Box::new(node.by_ref())),
            Node::After(columns, values) => {
                let values = values.iter().map(|value| value.as_ref().map(Param::by_ref));
                Node::After(columns.clone(), values.collect())
            }
            Node::Test(test) => Node::Test(test.by_ref()),
            Node::Sql(test) => Node::Sql(test.by_ref()),
        }
    }

    fn and(self, other: Self) -> Self {
        match self {
            Node::All(mut all) => {
                all.push(other);
                Node::All(all)
            }
            node => Node::All(vec![node, other]),
        }
    }

    /// Appends these words and the condition, unless it is true for every row.
    fn write_behind(self, sql: &mut Sql<'a>, words: &str) {
        if !matches!(&self, Node::All(all) if all.is_empty()) {
            sql.push(words);
            self.write(sql, Inside::All);
        }
    }

    fn write(self, sql: &mut Sql<'a>, inside: Inside) {
        match self {
            Node::All(nodes) => list(sql, nodes, Inside::All, inside),
            Node::Any(nodes) => list(sql, nodes, Inside::Any, inside),
            Node::Not(node) => {
                sql.push("not ");
                node.write(sql, Inside::Not);
            }
            Node::After(columns, values) => write_after(sql, &columns, values),
            Node::Test(test) => write_test(sql, test, inside == Inside::Not),
            Node::Sql(test) => write_test(sql, test, true),
        }
    }
}

fn write_test<'a>(sql: &mut Sql<'a>, test: SqlFragment<'a>, wrapped: bool) {
    sql.push(if wrapped { "(" } else { "" });
    test.write(sql);
    sql.push(if wrapped { ")" } else { "" });
}

fn list<'a>(sql: &mut Sql<'a>, mut nodes: Vec<Node<'a>>, this: Inside, inside: Inside) {
    if nodes.len() == 1
        && let Some(only) = nodes.pop()
    {
        return only.write(sql, inside);
    }
    let (joined, empty) = match this {
        Inside::Any => (" or ", "false"),
        _ => (" and ", "true"),
    };
    if nodes.is_empty() {
        sql.push(empty);
        return;
    }
    let wrapped = inside != this;
    sql.push(if wrapped { "(" } else { "" });
    sql.separated(joined, nodes, |sql, node| node.write(sql, this));
    sql.push(if wrapped { ")" } else { "" });
}
