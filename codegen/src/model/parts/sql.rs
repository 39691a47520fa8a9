//! The SQL that puts a value together of the parameters that it is sent as.

use super::{Parts, Value};
use crate::model::carrier::in_sql;

impl Parts {
    /// The SQL of a value that is sent as the parameters from `next` on, of which it takes as many as it needs.
    pub(crate) fn sql(&self, next: &mut usize) -> String {
        let mut row = Row::default();
        if self.has_composites() {
            row.null = Some(*next);
            *next += 1;
        }
        format!("({})", self.together(next, &mut row))
    }

    fn together(&self, next: &mut usize, row: &mut Row) -> String {
        match self {
            Self::Value(value) => {
                let sent = row.take(next, &in_sql(&value.sent));
                value.coming(sent)
            }
            Self::Array { element, .. } => element.array(next, row),
            Self::Composite { ty, fields } => {
                let null = row
                    .null
                    .take()
                    .map(|null| format!("else ${null}::{} ", ty.to_sql()));
                let null = null.unwrap_or_default();
                let is_there = row.take(next, "bool");
                let fields = fields.iter().map(|field| field.together(next, row));
                let fields: Vec<String> = fields.collect();
                let (fields, ty) = (fields.join(", "), ty.to_sql());
                format!("case when {is_there} then row({fields})::{ty} {null}end")
            }
            Self::Domain { ty, of, .. } => {
                format!("({})::{}", of.together(next, row), ty.to_sql())
            }
        }
    }

    /// An array of such values. If it is one of many, it is a slice of the array that has the elements of all of them, which is
    /// put together once.
    fn array(&self, next: &mut usize, row: &mut Row) -> String {
        let slice = row.is_element.then(|| {
            let (begin, end) = (row.take(next, "int4"), row.take(next, "int4"));
            format!("[{begin}:{end}]")
        });
        let is_there = match self {
            Self::Value(value) => {
                let array = format!("${next}::{}[]", in_sql(&value.sent));
                if value.comes_as_it_is() {
                    *next += 1;
                    return slice.map_or(array.clone(), |slice| format!("({array}){slice}"));
                }
                format!("{array} is not null")
            }
            _ if slice.is_none() => row.take(next, "bool"),
            _ => String::new(),
        };
        let number = *next;
        let mut elements = Row {
            null: row.null.take(),
            is_element: true,
            columns: Vec::new(),
        };
        let element = self.together(next, &mut elements);
        let columns = elements.columns.join(", ");
        let array = format!("array(select {element} from (select {columns}) as e{number})");
        match slice {
            Some(slice) => format!("({array}){slice}"),
            None => format!("case when {is_there} then {array} end"),
        }
    }
}

impl Value {
    fn comes_as_it_is(&self) -> bool {
        self.sent == self.ty && self.length.is_none()
    }

    /// The value that is `sent`.
    fn coming(&self, mut sent: String) -> String {
        if let Some(carrier) = &self.carrier {
            return carrier.back(&sent, &self.ty);
        }
        if let Some(modifier) = self.length {
            // What the server itself does to a value that is stored, rather than cast.
            sent = format!("{}({sent}, {modifier}, false)", self.sent.to_sql());
        }
        match self.sent == self.ty {
            true => sent,
            false => format!("{sent}::{}", self.ty.to_sql()),
        }
    }
}

/// What the parameters are parts of.
#[derive(Debug, Default)]
struct Row {
    /// For the next composite, the parameter that is always null, and of the composite's type: howdah compares that with the
    /// fields that it knows, before a row of others would take their places.
    null: Option<usize>,
    /// Whether they are parts of the elements of an array, and arrays.
    is_element: bool,
    /// The parts of each element, which are selected next to each other. In FROM, composites would come apart.
    columns: Vec<String>,
}

impl Row {
    /// The next parameter, of type `ty` in SQL.
    fn take(&mut self, next: &mut usize, ty: &str) -> String {
        let number = *next;
        *next += 1;
        if !self.is_element {
            return format!("${number}::{ty}");
        }
        let column = format!("unnest(${number}::{ty}[]) as p{number}");
        self.columns.push(column);
        format!("p{number}")
    }
}
