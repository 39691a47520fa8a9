//! How values of a column travel whose type has no binary form, which is all that drivers read and send: the SQL that
//! generated code knows, and that the statements which are put together here write around such values.

use crate::{Column, SqlKind, SqlType, Table, WriteField};

/// How values travel whose type has no binary form, such as `box2d`: as another type, from and to which they are cast. The
/// generated `schema` module has one for each column that needs it.
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
    /// The type as which values are read and sent.
    pub ty: SqlType,
    /// The SQL before and after a value that leaves the server.
    pub leaving: (&'static str, &'static str),
    /// The SQL before and after a value of `ty` that comes to the server. `None` if no SQL makes one of the column's type of
    /// it.
    pub coming: Option<(&'static str, &'static str)>,
}

impl Carrier {
    /// Of the name of an array type, that of its elements' type.
    pub(crate) const fn element<'n>(&self, name: &'n str) -> Option<&'n str> {
        match (self.ty.kind, name.as_bytes()) {
            (SqlKind::Array(_), [b'_', ..]) => Some(name.split_at(1).1),
            _ => None,
        }
    }

    /// The SQL around a value that comes to the server. Derives do not compile where there is none; the server refuses
    /// what is written by hand, and conditions.
    pub(crate) fn comes(&self) -> (&'static str, &'static str) {
        self.coming.unwrap_or_default()
    }
}

impl Column {
    /// How its values travel, if they cannot as they are.
    pub(crate) const fn carrier(&self) -> Option<&'static Carrier> {
        match self.ty.kind {
            SqlKind::Carried(carrier) => Some(carrier),
            _ => None,
        }
    }

    /// The type as which its values are sent.
    pub(crate) const fn sent_type(&self) -> &SqlType {
        match self.carrier() {
            Some(carrier) => &carrier.ty,
            None => &self.ty,
        }
    }
}

impl Table {
    /// Whether there is a column whose values cannot travel as they are. Few tables have one, and all others are spared looking
    /// for each column by name.
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

    /// The same as [`carrier`](Self::carrier), for many columns.
    pub(crate) fn carriers(&self) -> impl Fn(&str) -> Option<&'static Carrier> {
        let carries = self.has_carriers();
        move |column| carries.then(|| self.carrier(column)).flatten()
    }

    /// How values of the column of this name travel, if they cannot as they are.
    pub(crate) fn carrier(&self, column: &str) -> Option<&'static Carrier> {
        self.column(column)?.carrier()
    }
}

/// The first of these fields whose column has values that cannot travel as they are, which COPY cannot write.
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
