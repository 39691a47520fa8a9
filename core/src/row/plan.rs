//! How the fields of one row type find their columns in one prepared statement. It is made once per connection,
//! statement and row type; no name or type is compared again after that.

use std::sync::Arc;

use postgres_types::Type;

use super::{
    field::{ColumnField, count},
    mismatch::{Advice, listed, unfit},
};
use crate::{Error, ErrorKind, Field};

/// The position of each column that a row type reads, in the order of the row type.
pub(crate) struct Plan {
    row_type: &'static [Field],
    /// The number of columns, if it is known.
    columns: Option<usize>,
    /// Empty if field `i` reads column `i` for all fields.
    slots: Box<[u32]>,
    /// The types of the fields' columns.
    types: Box<[Type]>,
    fields: Box<[PlannedField]>,
    /// All columns, for a row type without fields.
    all: Option<Arc<[(String, Type)]>>,
}

struct PlannedField {
    column: String,
    field: ColumnField,
}

/// The slot of a column that the result does not have.
const ABSENT: u32 = u32::MAX;

impl Plan {
    /// Matches `fields` with a statement's columns, by name, or by position where they have none.
    pub(crate) fn new(
        fields: &'static [Field],
        columns: &[(&str, &Type)],
        advice: Advice,
    ) -> Result<Self, Error> {
        let mut planned = Vec::with_capacity(count(fields));
        flatten(fields, "", &mut planned);
        let by_position = planned.iter().any(|field| field.field.name.is_empty());
        if by_position && planned.len() != columns.len() {
            let message = format!(
                "the result has {} columns, but {} are read by position: {}",
                columns.len(),
                planned.len(),
                listed(columns.iter().map(|(name, _)| *name))
            );
            return Err(Error::new(ErrorKind::Mapping, message));
        }
        let mut slots = Vec::with_capacity(planned.len());
        let mut types = Vec::with_capacity(planned.len());
        for (i, field) in planned.iter_mut().enumerate() {
            let slot = if by_position {
                Some(i)
            } else {
                find(field, columns)?
            };
            let Some(slot) = slot else {
                slots.push(ABSENT);
                types.push(Type::UNKNOWN);
                continue;
            };
            let (name, ty) = columns[slot];
            if by_position {
                name.clone_into(&mut field.column);
            }
            check_type(field, name, ty, advice)?;
            // A result has at most 1,664 columns.
            slots.push(slot as u32);
            types.push(ty.clone());
        }
        let identity = slots.iter().enumerate().all(|(i, slot)| i as u32 == *slot);
        let slots = if identity {
            Box::default()
        } else {
            slots.into()
        };
        Ok(Self {
            row_type: fields,
            columns: Some(columns.len()),
            slots,
            types: types.into(),
            fields: planned.into(),
            all: fields.is_empty().then(|| {
                let owned = columns
                    .iter()
                    .map(|(name, ty)| ((*name).to_owned(), (*ty).clone()));
                owned.collect()
            }),
        })
    }

    /// A plan for fields that are read in order, and have their own names.
    pub(crate) fn in_order(fields: &'static [Field]) -> Self {
        Self {
            row_type: fields,
            columns: None,
            slots: Box::default(),
            types: Box::default(),
            fields: Box::default(),
            all: None,
        }
    }

    /// The fields of the row type.
    pub(crate) fn row_type(&self) -> &'static [Field] {
        self.row_type
    }

    /// Whether a row with this many values can be read by it.
    #[inline]
    pub(crate) fn fits(&self, values: usize) -> bool {
        self.columns.is_none_or(|columns| columns == values)
    }

    /// All columns, for a row type without fields.
    pub(crate) fn all(&self) -> Option<&Arc<[(String, Type)]>> {
        self.all.as_ref()
    }

    /// The position of field `i`'s column. `None` if the result does not have it.
    #[inline]
    pub(crate) fn slot(&self, i: usize) -> Option<usize> {
        match self.slots.get(i) {
            None => Some(i),
            Some(&ABSENT) => None,
            Some(slot) => Some(*slot as usize),
        }
    }

    /// The type of the column of field `i`.
    #[inline]
    pub(crate) fn ty(&self, i: usize) -> &Type {
        self.types.get(i).unwrap_or(&Type::UNKNOWN)
    }

    /// The column's name and the field's Rust type, for messages.
    pub(crate) fn describe(&self, i: usize) -> Option<(&str, String)> {
        let field = self.fields.get(i)?;
        Some((&field.column, field.field.rust_type()))
    }
}

fn flatten(fields: &[Field], prefix: &str, out: &mut Vec<PlannedField>) {
    for field in fields {
        match field {
            Field::Column(field) => {
                out.push(PlannedField {
                    column: format!("{prefix}{}", field.name),
                    field: *field,
                });
            }
            Field::Nested(nested) => {
                flatten(nested.fields, &format!("{prefix}{}", nested.prefix), out);
            }
        }
    }
}

fn find(field: &PlannedField, columns: &[(&str, &Type)]) -> Result<Option<usize>, Error> {
    let is_column = |i: &usize| is_named(columns[*i].0, &field.column);
    let mut places = (0..columns.len()).filter(is_column);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(Some(place)),
        (Some(_), Some(_)) => {
            let message = "the result has more than one column of this name: give them aliases";
            Err(Error::new(ErrorKind::Mapping, message).in_column(&field.column))
        }
        (None, _) if field.field.optional_column => Ok(None),
        (None, _) => {
            let wanted = match field.field.field {
                "" => String::new(),
                field => format!(" for `{field}`"),
            };
            let message = format!(
                "the result has no column `{}`{wanted}; it has {}",
                field.column,
                listed(columns.iter().map(|(name, _)| *name))
            );
            Err(Error::new(ErrorKind::Mapping, message))
        }
    }
}

/// Whether a column has the name `wanted`, possibly followed by the `!` or `?` that tells howdah about null.
pub(crate) fn is_named(column: &str, wanted: &str) -> bool {
    column == wanted || column.strip_suffix(['!', '?']) == Some(wanted)
}

fn check_type(field: &PlannedField, name: &str, ty: &Type, advice: Advice) -> Result<(), Error> {
    if field.field.accepts.accepts_type(ty) {
        return Ok(());
    }
    let message = unfit(ty, &field.field.rust_type(), field.field.accepts, advice);
    Err(Error::new(ErrorKind::Mapping, message).in_column(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[Field] = &[
        Field::column::<i64>("id").named("Place::id", "i64"),
        Field::column::<Option<String>>("note").named("Place::note", "Option<String>"),
    ];

    fn message(columns: &[(&str, &Type)]) -> String {
        Plan::new(FIELDS, columns, Advice::Types)
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn columns_are_found_by_name_wherever_they_stand() {
        let columns = [
            ("note", &Type::TEXT),
            ("x", &Type::BOOL),
            ("id", &Type::INT8),
        ];
        let plan = Plan::new(FIELDS, &columns, Advice::Types).unwrap();
        assert_eq!((plan.slot(0), plan.slot(1)), (Some(2), Some(0)));
    }

    #[test]
    fn a_mark_about_null_is_no_part_of_the_name() {
        let columns = [("id!", &Type::INT8), ("note?", &Type::TEXT)];
        assert!(Plan::new(FIELDS, &columns, Advice::Types).is_ok());
    }

    #[test]
    fn columns_in_their_order_need_no_table() {
        let plan = Plan::new(
            FIELDS,
            &[("id", &Type::INT8), ("note", &Type::TEXT)],
            Advice::Types,
        )
        .unwrap();
        assert!(plan.slots.is_empty());
        assert_eq!(plan.slot(1), Some(1));
    }

    #[test]
    fn what_does_not_fit_is_said_in_full() {
        assert_eq!(
            message(&[("id", &Type::INT8)]),
            "the result has no column `note` for `Place::note`; it has `id`"
        );
        assert_eq!(
            message(&[("id", &Type::INT4), ("note", &Type::TEXT)]),
            "column `id`: the column is integer, but `i64` holds bigint: read it as `i32`; in SQL of your own, `::bigint` has the server convert it"
        );
        assert_eq!(
            message(&[
                ("id", &Type::INT8),
                ("note", &Type::TEXT),
                ("id", &Type::INT8)
            ]),
            "column `id`: the result has more than one column of this name: give them aliases"
        );
    }

    #[test]
    fn a_column_with_a_default_may_be_absent() {
        const FIELDS: &[Field] = &[Field::column::<i64>("n").or_default()];
        assert_eq!(Plan::new(FIELDS, &[], Advice::Types).unwrap().slot(0), None);
    }
}
