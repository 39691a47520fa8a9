//! Structs that rows are read into.

use super::layout::{Expr, Source};
use super::text::{literal, owned};
use crate::model::{Field, Struct};

/// The struct `row` and how it is read.
pub(crate) fn item(out: &mut Source, row: &Struct, about: &str, derives: &[String], types: &str) {
    out.docs("///", about);
    derive(out, &["Debug"], derives);
    out.block(format!("pub struct {}", row.name), |out| {
        fields(out, &row.fields, types)
    });
    out.blank();
    out.block(format!("impl<'r> PgRow<'r> for {}", row.name), |out| {
        let fields = row.fields.iter().map(|field| {
            let head = format!("Field::column::<{}>", owned(&field.ty, types));
            Expr::call(head, vec![Expr::text(literal(&field.column))])
        });
        out.assign(
            "const FIELDS: &'static [Field]",
            &Expr::array("&", fields.collect()),
        );
        out.blank();
        out.block(
            "fn from_row(row: &mut Row<'r>) -> Result<Self, howdah::Error>",
            |out| {
                let fields = row
                    .fields
                    .iter()
                    .map(|field| Expr::text(format!("{}: row.get()?", field.name)));
                let value = Expr::literal("Self", fields.collect());
                out.expr(&Expr::call("Ok", vec![value]), "");
            },
        );
    });
}

/// The fields of a struct, documented.
pub(crate) fn fields(out: &mut Source, fields: &[Field], types: &str) {
    for field in fields {
        out.docs("///", &field.note);
        out.line(format!("pub {}: {},", field.name, owned(&field.ty, types)));
    }
}

/// The derive attribute; what is wanted twice is written once.
pub(crate) fn derive(out: &mut Source, always: &[&str], wanted: &[String]) {
    let mut names: Vec<&str> = always.to_vec();
    for name in wanted {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    out.derive(&names);
}
