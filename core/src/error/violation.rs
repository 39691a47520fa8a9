//! The constraint that an error is about.

use tokio_postgres::error::{DbError, SqlState};

use crate::{Column, Constraint, ConstraintKind, Error, names::named};

/// The constraints that a statement can violate: an enum with a variant for each. `howdah generate` writes one for each query
/// that writes, and for the inserts, updates and deletions of each table's rows; [`Error::violation`] finds the variant.
pub trait Violation: Sized + 'static {
    /// Each variant with the server's names for its constraint. The first entry that matches counts, so entries in
    /// `public`, which match any schema, come last. A variant has several entries if a table is partitioned, because
    /// the constraints of partitions have other names.
    const ALL: &'static [(Self, Violated)];
}

/// The server's names for a violated constraint. A constraint in `public` matches any schema, because the search path
/// can find it in another one.
#[derive(Clone, Copy, Debug)]
pub enum Violated {
    /// The schema, the table, and the constraint or unique index.
    Constraint(&'static str, &'static str, &'static str),
    /// The schema, the table, and the column that cannot be null.
    NotNull(&'static str, &'static str, &'static str),
    /// The schema, the domain, and its check.
    DomainCheck(&'static str, &'static str, &'static str),
    /// The schema and the domain, which cannot be null. The server does not tell the constraint's name.
    DomainNotNull(&'static str, &'static str),
}

impl Error {
    /// The variant of `V` for the violated constraint. `None` if it is another error.
    ///
    /// The constraints of a partition that was made after `howdah generate` are not recognized until the next
    /// `howdah generate`: errors name the partition and its constraint, and generated code does not know their names.
    /// [`is_unique_violation`](Self::is_unique_violation) and its siblings do not depend on names.
    ///
    /// ```
    /// use howdah::{Violated, Violation};
    ///
    /// /// As `howdah generate` writes it for the query `add_user`.
    /// #[derive(Debug)]
    /// pub enum AddUserViolation {
    ///     /// `UNIQUE (email)` of `public.users`
    ///     UsersEmailKey,
    ///     /// `NOT NULL name` of `public.users`
    ///     UsersNameNotNull,
    /// }
    ///
    /// impl Violation for AddUserViolation {
    ///     const ALL: &'static [(Self, Violated)] = &[
    ///         (Self::UsersEmailKey, Violated::Constraint("public", "users", "users_email_key")),
    ///         (Self::UsersNameNotNull, Violated::NotNull("public", "users", "name")),
    ///     ];
    /// }
    ///
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// let add = howdah::query("insert into users (email) values ($1)").bind("a@b.c");
    /// if let Err(error) = add.execute(pool).await {
    ///     match error.violation() {
    ///         Some(AddUserViolation::UsersEmailKey) => println!("that address is taken"),
    ///         Some(AddUserViolation::UsersNameNotNull) => println!("a user needs a name"),
    ///         None => return Err(error),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn violation<V: Violation>(&self) -> Option<&'static V> {
        let error = self.database()?;
        let found = V::ALL.iter().find(|(_, violated)| violated.is_of(error));
        found.map(|(violation, _)| violation)
    }

    /// Whether this is the error that `constraint` was violated. The server's error names the constraint, its table or
    /// domain, and the schema. A constraint in `public` matches in any schema if name and table are the same, because
    /// the search path can find it in the schema of a tenant or of a test. [`Error::schema`] tells the schema.
    ///
    /// Before PostgreSQL 18, an error about a null names only the column, and is recognized by it. In a partitioned table,
    /// the constraints of a partition have other names than those of the table, and errors name the partition's constraint.
    ///
    /// ```
    /// # mod schema { pub mod users {
    /// # use howdah::{Constraint, ConstraintKind};
    /// # pub const USERS_EMAIL_KEY: Constraint = Constraint { schema: "public", table: "users",
    /// #     name: "users_email_key", kind: ConstraintKind::Unique, columns: &["email"], deferrable: false };
    /// # } }
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// let add = howdah::query("insert into users (email) values ($1)").bind("a@b.c");
    /// match add.execute(pool).await {
    ///     Err(error) if error.is(&schema::users::USERS_EMAIL_KEY) => println!("that address is taken"),
    ///     other => drop(other?),
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is(&self, constraint: &Constraint) -> bool {
        let Constraint {
            schema,
            table,
            name,
            kind,
            columns,
            ..
        } = *constraint;
        let violated = match (kind, columns) {
            (ConstraintKind::NotNull, [column]) => Violated::NotNull(schema, table, column),
            (ConstraintKind::DomainCheck, _) => Violated::DomainCheck(schema, table, name),
            (ConstraintKind::DomainNotNull, _) => Violated::DomainNotNull(schema, table),
            _ => Violated::Constraint(schema, table, name),
        };
        self.database().is_some_and(|error| violated.is_of(error))
    }

    /// Whether this is the error of a null in `column`, which cannot be null.
    #[must_use]
    pub fn is_null_in(&self, column: &Column) -> bool {
        self.is_not_null_violation()
            && self.table() == Some(column.table)
            && self.column() == Some(column.name)
    }
}

impl Violated {
    /// Whether the error is about this constraint.
    fn is_of(self, error: &DbError) -> bool {
        let is_null = || *error.code() == SqlState::NOT_NULL_VIOLATION;
        let (schema, fits) = match self {
            Self::Constraint(schema, table, name) => (
                schema,
                error.constraint() == Some(name) && error.table() == Some(table),
            ),
            Self::NotNull(schema, table, column) => (
                schema,
                is_null() && error.column() == Some(column) && error.table() == Some(table),
            ),
            Self::DomainCheck(schema, domain, name) => (
                schema,
                error.constraint() == Some(name) && error.datatype() == Some(domain),
            ),
            Self::DomainNotNull(schema, domain) => {
                (schema, is_null() && error.datatype() == Some(domain))
            }
        };
        fits && named(schema).is_none_or(|schema| error.schema() == Some(schema))
    }
}
