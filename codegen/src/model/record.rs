//! Anonymous records in the rows of a query: each gets an alias in the query's module, because a tuple of many types is
//! hard to read inside another type.

use super::names::{Scope, pascal};
use super::row::Field;
use super::rust_type::RustType;

/// An alias of a tuple.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its name.
    pub name: String,
    /// The types of the fields.
    pub fields: Vec<RustType>,
}

/// Gives names to the records in the fields of the query `name`, and returns their definitions, inner ones first.
pub(crate) fn name_records(name: &str, fields: &mut [Field], types: &mut Scope) -> Vec<Record> {
    let query = pascal(name, "Query");
    let mut records = Vec::new();
    for field in fields {
        let own = pascal(field.name.trim_start_matches("r#"), "Record");
        let wanted = if own == query {
            own
        } else {
            format!("{query}{own}")
        };
        replace(&mut field.ty, &wanted, types, &mut records);
    }
    records
}

fn replace(ty: &mut RustType, wanted: &str, types: &mut Scope, records: &mut Vec<Record>) {
    match ty {
        RustType::Vec(inner)
        | RustType::Option(inner)
        | RustType::Range(inner)
        | RustType::Multirange(inner) => replace(inner, wanted, types, records),
        RustType::Record(fields) => {
            let name = types.claim(wanted, "");
            let mut fields = std::mem::take(fields);
            for (field, number) in fields.iter_mut().zip(1..) {
                replace(field, &format!("{name}{number}"), types, records);
            }
            records.push(Record {
                name: name.clone(),
                fields,
            });
            *ty = RustType::Alias(name);
        }
        _ => {}
    }
}
