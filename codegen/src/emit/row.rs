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
        from_row(out, &row.fields);
    });
}

/// The most fields that are read at once: howdah's longest tuple that is a row.
const TUPLE: usize = 16;

/// Reads the fields in tuples, since each `?` takes the compiler some time.
fn from_row(out: &mut Source, fields: &[Field]) {
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let mut row = "row".to_owned();
    while names.contains(&row.as_str()) {
        row.push('_');
    }
    let head = format!("fn from_row({row}: &mut Row<'r>) -> Result<Self, howdah::Error>");
    out.block(head, |out| {
        for names in names.chunks(TUPLE) {
            match names {
                [name] => out.line(format!("let {name} = {row}.get()?;")),
                names => out.assign_tuple(names, &format!("{row}.nested()?")),
            }
        }
        let names = names.iter().copied().map(Expr::text);
        let value = Expr::literal("Self", names.collect());
        out.expr(&Expr::call("Ok", vec![value]), "");
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
