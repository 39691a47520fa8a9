//! What is written into a table, as const data and a way to encode it field by field: single inserts,
//! bulk inserts and COPY all read structs through this. It writes no SQL and knows no connection.

pub(crate) mod sent;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use crate::{Accepts, Encode, EncodeError, Table};

/// A struct whose fields can be written into columns of a table. `#[derive(PgInsert)]` implements it.
///
/// ```
/// use howdah::{BytesMut, Encode, EncodeError, IsNull, Table, Type, WriteField, WriteRow};
/// # mod schema {
/// #     pub mod places {
/// #         use howdah::{Column, ColumnDefault, Table, types};
/// #         pub const TABLE: Table = Table {
/// #             schema: "public",
/// #             name: "places",
/// #             columns: &[NAME, NOTE],
/// #             constraints: &[],
/// #             primary_key: None,
/// #             hidden: &[],
/// #         };
/// #         pub const NAME: Column = Column {
/// #             table: "places",
/// #             name: "name",
/// #             ty: types::TEXT,
/// #             nullable: false,
/// #             default: ColumnDefault::None,
/// #         };
/// #         pub const NOTE: Column = Column { name: "note", nullable: true, ..NAME };
/// #     }
/// # }
///
/// struct NewPlace<'a> {
///     name: &'a str,
///     note: Option<&'a str>,
/// }
///
/// impl WriteRow for NewPlace<'_> {
///     const TABLE: &'static Table = &schema::places::TABLE;
///     const FIELDS: &'static [WriteField] =
///         &[WriteField::column::<&str>("name"), WriteField::column::<Option<&str>>("note")];
///
///     fn encode(&self, field: usize, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
///         match field {
///             0 => self.name.encode(ty, out),
///             1 => self.note.encode(ty, out),
///             _ => Err(EncodeError::no_field(field)),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written into a table",
    label = "no rows of a table",
    note = "derive `howdah::PgInsert` on a struct"
)]
pub trait WriteRow {
    /// The table that rows are written into.
    const TABLE: &'static Table;

    /// The columns that are written. Each occurs at most once.
    const FIELDS: &'static [WriteField];

    /// The column with the version of the row. If an insert updates an existing row, it raises the row's version by one.
    const VERSION: Option<&'static str> = None;

    /// Appends the value of the field with this index in [`FIELDS`](Self::FIELDS), encoded as `ty`. For null, appends
    /// nothing and returns [`IsNull::Yes`].
    ///
    /// # Errors
    ///
    /// When the column cannot hold the value.
    fn encode(&self, field: usize, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError>;
}

impl<T: WriteRow + ?Sized> WriteRow for &T {
    const TABLE: &'static Table = T::TABLE;
    const FIELDS: &'static [WriteField] = T::FIELDS;
    const VERSION: Option<&'static str> = T::VERSION;

    #[inline]
    fn encode(&self, field: usize, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        T::encode(self, field, ty, out)
    }
}

/// A field that is written into a column.
#[derive(Clone, Copy, Debug)]
pub struct WriteField {
    /// The name of the column.
    pub column: &'static str,
    /// The name of the field, such as `Place::note`. Empty if not known.
    pub field: &'static str,
    /// The field's type, as it is written in the source. Empty if not known.
    pub rust_type: &'static str,
    /// The attribute that converts the value, such as `json`. Empty if there is none.
    pub conversion: &'static str,
    /// The SQL types that the field can be sent as.
    pub accepts: &'static Accepts,
    /// Whether the field can be null.
    pub nullable: bool,
    /// The SRID that the column declares; shapes without an SRID are written with it. 0 if there is none.
    pub srid: i32,
}

impl WriteField {
    /// A field of type `T` that is written into the column `name`.
    #[must_use]
    pub const fn column<T: Encode + ?Sized>(name: &'static str) -> Self {
        Self {
            column: name,
            field: "",
            rust_type: "",
            conversion: "",
            accepts: T::ACCEPTS,
            nullable: T::NULLABLE,
            srid: 0,
        }
    }

    /// Sets the names for messages, such as `Place::note` and `Option<String>`.
    #[must_use]
    pub const fn named(self, field: &'static str, rust_type: &'static str) -> Self {
        Self {
            field,
            rust_type,
            ..self
        }
    }

    /// Sets the column and table that the field is written into, and the names for messages.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_column(
        self,
        table: &Table,
        column: &'static str,
        field: &'static str,
        rust_type: &'static str,
    ) -> Self {
        let named = Self { column, ..self };
        named.named(field, rust_type).of_table(table)
    }

    /// Sets the table that the field is written into.
    #[must_use]
    pub const fn of_table(self, table: &Table) -> Self {
        match table.column(self.column) {
            Some(column) => Self {
                srid: column.srid(),
                ..self
            },
            None => self,
        }
    }

    /// Allows the field to be null.
    #[doc(hidden)]
    #[must_use]
    pub const fn or_null(self) -> Self {
        Self {
            nullable: true,
            ..self
        }
    }

    /// Sets the attribute that converts the value, such as `json`.
    #[must_use]
    pub const fn through(self, conversion: &'static str) -> Self {
        Self { conversion, ..self }
    }
}
