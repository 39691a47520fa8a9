//! SQL that an app writes itself where a builder has no method for it, with its values as parameters.

use super::part::Part;
use super::sql::Sql;
use crate::{Encode, Param};

/// A piece of SQL with its values, for the places where a builder takes one: [`Filter::sql`](crate::Filter::sql),
/// [`Order::sql`](crate::Order::sql), and `set_to_sql` of an update or an upsert. [`sql`] makes it.
#[must_use = "SQL does nothing by itself"]
pub struct SqlFragment<'a>(pub(super) Vec<Part<'a>>);

/// A piece of SQL for a builder. It is not checked while compiling: the server checks it when the statement is prepared.
/// Without values, the text alone is enough where a [`SqlFragment`] is expected.
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
/// # #[derive(howdah::PgRow, howdah::PgSelect)]
/// # #[pg(table = schema::places)]
/// # struct Place { #[pg(key)] id: i64, name: String }
/// use howdah::{Filter, sql};
///
/// let same_name = Filter::sql(sql("lower(name) = lower(").push_bind("Oslo").push(")"));
/// let places = Place::select().filter(same_name.and(Place::ID.gt(7)));
/// assert_eq!(
///     places.sql(),
///     r#"select "id", "name" from "places" where (lower(name) = lower($1)) and "id" > $2"#
/// );
/// ```
pub fn sql<'a>(text: &'static str) -> SqlFragment<'a> {
    SqlFragment(vec![Part::Words(text)])
}

impl<'a> SqlFragment<'a> {
    /// Appends SQL, unchanged. A space before it is yours to write.
    pub fn push(mut self, text: &'static str) -> Self {
        self.0.push(Part::Words(text));
        self
    }

    /// Appends the next parameter of the statement, and sets its value. The server decides on its type: where it cannot
    /// tell, or decides on another one, follow it by a cast, such as `.push("::bigint")`.
    pub fn push_bind<T: Encode + 'a>(mut self, value: T) -> Self {
        self.0.push(Part::Param(Param::new(value)));
        self
    }
}

impl<'a> SqlFragment<'a> {
    /// The same piece with borrowed parameters.
    pub(super) fn by_ref(&self) -> SqlFragment<'_> {
        SqlFragment(self.0.iter().map(Part::by_ref).collect())
    }

    pub(super) fn write(self, sql: &mut Sql<'a>) {
        for part in self.0 {
            part.write(sql);
        }
    }
}

impl From<&'static str> for SqlFragment<'_> {
    fn from(text: &'static str) -> Self {
        sql(text)
    }
}

impl std::fmt::Debug for SqlFragment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqlFragment").finish_non_exhaustive()
    }
}
