//! Unique keys of the schema as targets of `on conflict`. They are compared with the table while compiling.

use std::marker::PhantomData;

use crate::{Constraint, WriteRow, check::unique_key};

/// A unique key of the table that `R` is written into, as a target of `on conflict`.
///
/// The key is compared with the table when it is made. For a const, this is while compiling:
///
/// ```
/// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
/// use howdah::{Key, PgInsert};
///
/// #[derive(PgInsert)]
/// #[pg(table = schema::places)]
/// struct NewPlace<'a> {
///     name: &'a str,
/// }
///
/// const BY_NAME: Key<NewPlace<'_>> = Key::of(&schema::places::PLACES_NAME_KEY);
/// let insert = NewPlace::insert().name("Kathmandu").on_conflict(BY_NAME).do_nothing();
/// assert_eq!(insert.sql(), r#"insert into "places" ("name") values ($1) on conflict ("name") do nothing"#);
/// ```
///
/// [`key!`](crate::key) makes one where it is used.
pub struct Key<R> {
    constraint: &'static Constraint,
    /// The version of the rows.
    version: Option<&'static str>,
    row: PhantomData<fn() -> R>,
}

impl<R> Key<R> {
    /// The key of this constraint. It must be a unique key of the table.
    ///
    /// # Panics
    ///
    /// When it is not. In a const, this is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn of(constraint: &'static Constraint) -> Self
    where
        R: WriteRow,
    {
        Self::of_checked(constraint, Self::check(constraint))
    }

    /// Checks that the constraint is a key of the table, and returns the marker for the rows' type.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn check(constraint: &'static Constraint) -> PhantomData<fn() -> R>
    where
        R: WriteRow,
    {
        unique_key(R::TABLE, constraint);
        PhantomData
    }

    /// The key of this constraint, which [`check`](Self::check) has checked.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_checked(constraint: &'static Constraint, row: PhantomData<fn() -> R>) -> Self
    where
        R: WriteRow,
    {
        Self {
            constraint,
            version: R::VERSION,
            row,
        }
    }

    pub(super) fn version(self) -> Option<&'static str> {
        self.version
    }

    pub(crate) fn constraint(self) -> &'static Constraint {
        self.constraint
    }
}

impl<R> Clone for Key<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Key<R> {}

impl<R> std::fmt::Debug for Key<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Key").field(&self.constraint.name).finish()
    }
}

/// A constraint that can be a key of rows of type `R`; [`key!`](crate::key) uses it.
pub trait KeyOf<R> {
    /// Does not compile unless the constraint is a key.
    const CHECKED: PhantomData<fn() -> R>;
}

/// A unique key of a table as a target of `on conflict`: `key!(schema::places::PLACES_NAME_KEY)`. It is compared with the
/// table while compiling.
///
/// The compiler infers the struct from the place where the key is used. In a generic function, where the struct has type
/// parameters of that function, use [`Key::of`] instead, which compares at run time. See [`Key`].
#[macro_export]
macro_rules! key {
    ($constraint:path) => {{
        struct This;
        impl<R: $crate::WriteRow> $crate::__private::KeyOf<R> for This {
            const CHECKED: ::core::marker::PhantomData<fn() -> R> =
                $crate::Key::<R>::check(&$constraint);
        }
        // A pattern, because `cargo check` evaluates consts in patterns, but no other consts whose type is inferred.
        let row @ <This as $crate::__private::KeyOf<_>>::CHECKED = ::core::marker::PhantomData;
        $crate::Key::of_checked(&$constraint, row)
    }};
}
