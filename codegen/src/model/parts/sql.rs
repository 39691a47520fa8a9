//! The SQL that puts a value together of the parameters that it is sent as.

use super::{Parts, Value};
use crate::model::carrier::{Carrier, in_sql};

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
                let sent = row.take(next, &value.sent());
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

    /// An array of such values. If it is one of many, the elements of all of them are in one array, of which it is a slice.
    fn array(&self, next: &mut usize, row: &mut Row) -> String {
        let (mut is_there, mut slice) = (None, String::new());
        if row.slice.is_some() {
            let (begin, end) = (row.take(next, "int4"), row.take(next, "int4"));
            is_there = Some(format!("{begin} is not null"));
            slice = format!("[{begin}:{end}]");
        }
        let is_there = match self {
            Self::Value(value) => {
                let array = part(*next, &value.sent(), &slice);
                if value.comes_as_it_is() {
                    *next += 1;
                    return array;
                }
                is_there.unwrap_or_else(|| format!("{array} is not null"))
            }
            _ => is_there.unwrap_or_else(|| row.take(next, "bool")),
        };
        let number = *next;
        let mut elements = Row {
            null: row.null.take(),
            slice: Some(slice),
            columns: Vec::new(),
        };
        let element = self.together(next, &mut elements);
        let columns = elements.columns.join(", ");
        format!(
            "case when {is_there} \
             then array(select {element} from (select {columns}) as e{number}) end"
        )
    }
}

impl Value {
    /// The type that it is sent as.
    fn sent(&self) -> String {
        match &self.carrier {
            Some(Carrier::Cast(sent)) => in_sql(sent),
            _ => in_sql(&self.ty),
        }
    }

    fn comes_as_it_is(&self) -> bool {
        self.carrier.is_none() && self.length.is_none()
    }

    /// The value that is `sent`.
    fn coming(&self, sent: String) -> String {
        let value = match &self.carrier {
            Some(carrier) => carrier.back(&sent, &self.ty),
            None => sent,
        };
        match self.length {
            // What the server itself does to a value that is stored, rather than cast.
            Some(modifier) => format!("{}({value}, {modifier}, false)", self.ty.to_sql()),
            None => value,
        }
    }
}

/// What the parameters are parts of.
#[derive(Debug, Default)]
struct Row {
    /// For the next composite, the parameter that is always null, and of the composite's type: howdah compares that with the
    /// fields that it knows, before a row of others would take their places.
    null: Option<usize>,
    /// Of the elements of an array: which slice of the arrays that are sent has them.
    slice: Option<String>,
    /// The parts of each element, which are selected next to each other. In FROM, composites would come apart.
    columns: Vec<String>,
}

impl Row {
    /// The next parameter, of type `ty` in SQL.
    fn take(&mut self, next: &mut usize, ty: &str) -> String {
        let number = *next;
        *next += 1;
        let Some(slice) = &self.slice else {
            return format!("${number}::{ty}");
        };
        let array = part(number, ty, slice);
        self.columns.push(format!("unnest({array}) as p{number}"));
        format!("p{number}")
    }
}

/// A `slice` of a parameter that is an array with elements of type `ty` in SQL; of all, if that is empty.
fn part(number: usize, ty: &str, slice: &str) -> String {
    match slice {
        "" => format!("${number}::{ty}[]"),
        _ => format!("(${number}::{ty}[]){slice}"),
    }
}
