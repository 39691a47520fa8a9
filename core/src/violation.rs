//! Finds out which constraint an error is about.

use tokio_postgres::error::{DbError, SqlState};

use crate::{Column, Constraint, ConstraintKind, Error, names::named};

impl Error {
    /// Whether this is the error that `constraint` was violated. The server's error names the constraint, its table or
    /// domain, and the schema. What is in `public` is taken for what the search path finds: a constraint of that name and
    /// table matches in any schema, such as that of a tenant or of a test. [`Error::schema`] says which it is.
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
        } = constraint;
        match (kind, columns) {
            (ConstraintKind::NotNull, [column]) => refused_null(self, schema, table, column),
            (ConstraintKind::DomainCheck, _) => refused_by_domain(self, schema, table, name),
            (ConstraintKind::DomainNotNull, _) => refused_null_by_domain(self, schema, table, name),
            _ => refused_by(self, schema, table, name),
        }
    }

    /// Whether this is the error that a null was to be stored in `column`, which cannot be null.
    #[must_use]
    pub fn is_null_in(&self, column: &Column) -> bool {
        self.is_not_null_violation()
            && self.table() == Some(column.table)
            && self.column() == Some(column.name)
    }
}

/// Whether the error is about something in this schema; in any, if the search path finds it.
fn is_in(error: &DbError, schema: &str) -> bool {
    named(schema).is_none_or(|schema| error.schema() == Some(schema))
}

/// Whether the error is that of this constraint or unique index.
pub fn refused_by(error: &Error, schema: &str, table: &str, name: &str) -> bool {
    error.database().is_some_and(|error| {
        error.constraint() == Some(name) && error.table() == Some(table) && is_in(error, schema)
    })
}

/// Whether the error is that this column must not be null.
pub fn refused_null(error: &Error, schema: &str, table: &str, column: &str) -> bool {
    error.database().is_some_and(|error| {
        *error.code() == SqlState::NOT_NULL_VIOLATION
            && error.column() == Some(column)
            && error.table() == Some(table)
            && is_in(error, schema)
    })
}

/// Whether the error is that of this check of a domain.
pub fn refused_by_domain(error: &Error, schema: &str, domain: &str, name: &str) -> bool {
    error.database().is_some_and(|error| {
        error.constraint() == Some(name) && error.datatype() == Some(domain) && is_in(error, schema)
    })
}

/// Whether the error is that a domain must not be null. The server does not say the constraint's name.
pub fn refused_null_by_domain(error: &Error, schema: &str, domain: &str, _name: &str) -> bool {
    error.database().is_some_and(|error| {
        *error.code() == SqlState::NOT_NULL_VIOLATION
            && error.datatype() == Some(domain)
            && is_in(error, schema)
    })
}

/// Defines an enum of errors with a variant for each of some constraints, and a variant `Other` for all other errors.
///
/// `howdah generate` writes such an enum for each query that writes, with the constraints that the query can violate. After
/// `refused_by` comes the name of a constraint or a unique index, and after `refused_null` a column that cannot be null;
/// both are followed by the table, which may be in any schema if it is said to be in `public`. `refused_by_domain` and
/// `refused_null_by_domain` do the same for a domain. If the table has partitions, whose constraints have other names,
/// these follow after `|`. The first that fits is taken, so what is in `public` comes last.
///
/// Each variant holds the original [`Error`](crate::Error). `?` and `map_err` convert an `Error` to the enum, and `?`
/// converts the enum back to an `Error`. The enum is printed like the `Error`.
///
/// ```
/// howdah::violations! {
///     /// Why there is no new user.
///     pub enum AddUserError {
///         /// The address is in use.
///         UsersEmailKey = refused_by "users_email_key" on "public"."users",
///         /// There is no name.
///         UsersNameNotNull = refused_null "name" on "public"."users",
///     }
/// }
///
/// async fn add_user(pool: &howdah::Pool, email: &str) -> Result<(), AddUserError> {
///     let add = howdah::query("insert into users (email) values ($1)").bind(email);
///     add.execute(pool).await?;
///     Ok(())
/// }
///
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// match add_user(pool, "a@b.c").await {
///     Err(AddUserError::UsersEmailKey(_)) => println!("that address is taken"),
///     other => other?,
/// }
/// # Ok(()) }
/// ```
#[macro_export]
macro_rules! violations {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $(
                $(#[$variant_attribute:meta])*
                $variant:ident = $($by:ident $what:literal on $schema:literal.$table:literal)|+
            ),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug)]
        $visibility enum $name {
            $(
                $(#[$variant_attribute])*
                $variant($crate::Error),
            )*
            /// Anything else.
            Other($crate::Error),
        }

        impl ::core::convert::AsRef<$crate::Error> for $name {
            fn as_ref(&self) -> &$crate::Error {
                match self {
                    $(Self::$variant(error) |)* Self::Other(error) => error,
                }
            }
        }

        impl ::core::convert::From<$crate::Error> for $name {
            fn from(error: $crate::Error) -> Self {
                $(
                    if $($crate::__private::$by(&error, $schema, $table, $what))||+ {
                        return Self::$variant(error);
                    }
                )*
                Self::Other(error)
            }
        }

        impl ::core::convert::From<$name> for $crate::Error {
            fn from(error: $name) -> Self {
                match error {
                    $($name::$variant(error) |)* $name::Other(error) => error,
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self.as_ref(), f)
            }
        }

        impl ::std::error::Error for $name {
            fn source(&self) -> ::core::option::Option<&(dyn ::std::error::Error + 'static)> {
                ::std::error::Error::source(self.as_ref())
            }
        }
    };
}
