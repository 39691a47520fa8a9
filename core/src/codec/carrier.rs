//! How values of types without a binary form are read and sent. howdah uses only the binary form, so such values are
//! cast to another type and back. Generated code holds the SQL of these casts, and the builders write it around the
//! values.

use crate::{Column, SqlKind, SqlType, Table, WriteField};

/// How values of a type without a binary form, such as `box2d`, are read and sent: as another type, to and from which
/// they are cast. The generated `schema` module has one for each column that needs it.
///
/// ```
/// use howdah::{Carrier, SqlKind, SqlType, types};
///
/// const SEG: SqlType = SqlType::carried(
///     "public",
///     "seg",
///     &Carrier {
///         ty: types::TEXT,
///         leaving: ("", "::text"),
///         coming: Some(("(", "::\"public\".\"seg\")")),
///     },
/// );
/// assert!(matches!(SEG.kind, SqlKind::Carried(carrier) if carrier.ty.name == "text"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Carrier {
    /// The type that values are read and sent as.
    pub ty: SqlType,
    /// The SQL before and after a value that leaves the server.
    pub leaving: (&'static str, &'static str),
    /// The SQL before and after a value of `ty` that comes to the server. `None` if no SQL converts it to the column's
    /// type.
    pub coming: Option<(&'static str, &'static str)>,
}

impl Carrier {
    /// For the name of an array type, the name of its element type.
    pub(crate) const fn element<'n>(&self, name: &'n str) -> Option<&'n str> {
        match (self.ty.kind, name.as_bytes()) {
            (SqlKind::Array(_), [b'_', ..]) => Some(name.split_at(1).1),
            _ => None,
        }
    }

    /// The SQL around a value that comes to the server. If there is none, it is empty: then derives do not compile, and
    /// the server rejects the value in conditions and in code written by hand.
    pub(crate) fn comes(&self) -> (&'static str, &'static str) {
        self.coming.unwrap_or_default()
    }
}

impl Column {
    /// The carrier of its values, if they need one.
    pub(crate) const fn carrier(&self) -> Option<&'static Carrier> {
        match self.ty.kind {
            SqlKind::Carried(carrier) => Some(carrier),
            _ => None,
        }
    }

    /// The type that its values are sent as.
    pub(crate) const fn sent_type(&self) -> &SqlType {
        match self.carrier() {
            Some(carrier) => &carrier.ty,
            None => &self.ty,
        }
    }
}

impl Table {
    /// Whether a column has a carrier. Few tables have such a column, and for all others this avoids a search by name
    /// for each column.
    pub(crate) const fn has_carriers(&self) -> bool {
        let mut i = 0;
        while i < self.columns.len() {
            if self.columns[i].carrier().is_some() {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Like [`carrier`](Self::carrier), but for many columns.
    pub(crate) fn carriers(&self) -> impl Fn(&str) -> Option<&'static Carrier> {
        let carries = self.has_carriers();
        move |column| carries.then(|| self.carrier(column)).flatten()
    }

    /// The carrier of the column with this name, if it needs one.
    pub(crate) fn carrier(&self, column: &str) -> Option<&'static Carrier> {
        self.column(column)?.carrier()
    }
}

/// The first of these fields whose column has a carrier. COPY cannot write such columns.
pub(crate) const fn carried_field<'f>(
    table: &Table,
    fields: &'f [WriteField],
) -> Option<(&'static Column, &'f WriteField)> {
    let mut i = 0;
    while i < fields.len() {
        if let Some(column) = table.column(fields[i].column)
            && column.carrier().is_some()
        {
            return Some((column, &fields[i]));
        }
        i += 1;
    }
    None
}
