//! The SQL that builds a value from its parameters.

use super::{Parts, Value};
use crate::model::carrier::in_sql;

impl Parts {
    /// The SQL of a value whose parameters begin with `next`, which is advanced past them.
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

    /// An array of such values. If it is one of many arrays, it is a slice of an array with the elements of all of
    /// them, which is built once.
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

    /// The SQL of the value `sent`.
    fn coming(&self, mut sent: String) -> String {
        if let Some(carrier) = &self.carrier {
            return carrier.back(&sent, &self.ty);
        }
        if let Some(modifier) = self.length {
            // The conversion that the server applies to a stored value, and not a cast.
            sent = format!("{}({sent}, {modifier}, false)", self.sent.to_sql());
        }
        match self.sent == self.ty {
            true => sent,
            false => format!("{sent}::{}", self.ty.to_sql()),
        }
    }
}

/// The row whose parts the parameters are.
#[derive(Debug, Default)]
struct Row {
    /// The parameter that is always null, and has the next composite's type. howdah compares its type with the expected
    /// fields, before the values are put into fields by position.
    null: Option<usize>,
    /// Whether the parameters are arrays, with parts of an array's elements.
    is_element: bool,
    /// The parts of each element, which are in one select list. In FROM, composites would be expanded.
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
