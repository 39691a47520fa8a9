//! Structs that rows are read into.

use super::layout::{Expr, Source};
use super::text::{literal, owned};
use crate::model::{Field, Struct};

/// The struct `row` and the impl that reads it.
pub(crate) fn item(out: &mut Source, row: &Struct, about: &str, derives: &[String], types: &str) {
    out.docs("///", about);
    derive(out, &["Debug"], derives);
    out.block(format!("pub struct {}", row.name), |out| {
        fields(out, &row.fields, types)
    });
    out.blank();
    let fields = Fields {
        fields: &row.fields,
        types,
    };
    match row.fields.len() {
        ..=TUPLE => fields.read_at_once(out, &row.name),
        _ => fields.read_in_parts(out, &row.name),
    }
}

/// The most columns of a row with `FromColumns`: the length of howdah's longest row tuple.
const TUPLE: usize = 16;

/// The imports of [`item`] from howdah.
pub(crate) fn imports(row: &Struct) -> &'static [&'static str] {
    match row.fields.len() {
        ..=TUPLE => &["FromColumns"],
        _ => &["Field", "PgRow", "Row"],
    }
}

/// The fields of a row.
struct Fields<'m> {
    fields: &'m [Field],
    types: &'m str,
}

impl Fields<'_> {
    /// An impl that makes the row from one tuple, which compiles fastest.
    fn read_at_once(&self, out: &mut Source, row: &str) {
        out.block(format!("impl FromColumns for {row}"), |out| {
            let types: Vec<String> = self.types().collect();
            let columns = match types.as_slice() {
                [ty] => Expr::text(format!("({ty},)")),
                _ => Expr::call("", types.into_iter().map(Expr::text).collect()),
            };
            out.assign("type Columns", &columns);
            let names = self.columns().map(Expr::text).collect();
            out.assign(
                "const NAMES: &'static [&'static str]",
                &Expr::array("&", names),
            );
            out.blank();
            out.block("fn from_columns(columns: Self::Columns) -> Self", |out| {
                out.assign_tuple(&self.names(), "columns");
                out.expr(&self.value(), "");
            });
        });
    }

    /// An impl that makes the row from several tuples.
    fn read_in_parts(&self, out: &mut Source, row: &str) {
        out.block(format!("impl<'r> PgRow<'r> for {row}"), |out| {
            let fields = self.types().zip(self.columns()).map(|(ty, column)| {
                Expr::call(format!("Field::column::<{ty}>"), vec![Expr::text(column)])
            });
            out.assign(
                "const FIELDS: &'static [Field]",
                &Expr::array("&", fields.collect()),
            );
            out.blank();
            let names = self.names();
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
                out.expr(&Expr::call("Ok", vec![self.value()]), "");
            });
        });
    }

    fn names(&self) -> Vec<&str> {
        self.fields
            .iter()
            .map(|field| field.name.as_str())
            .collect()
    }

    fn types(&self) -> impl Iterator<Item = String> {
        self.fields.iter().map(|field| owned(&field.ty, self.types))
    }

    /// The names of the columns, as literals.
    fn columns(&self) -> impl Iterator<Item = String> {
        self.fields.iter().map(|field| literal(&field.column))
    }

    /// The struct expression, from variables with the names of its fields.
    fn value(&self) -> Expr {
        Expr::literal("Self", self.names().into_iter().map(Expr::text).collect())
    }
}

/// The fields of a struct, documented.
pub(crate) fn fields(out: &mut Source, fields: &[Field], types: &str) {
    for field in fields {
        out.docs("///", &field.note);
        out.line(format!("pub {}: {},", field.name, owned(&field.ty, types)));
    }
}

/// The derive attribute, without duplicates.
pub(crate) fn derive(out: &mut Source, always: &[&str], wanted: &[String]) {
    let mut names: Vec<&str> = always.to_vec();
    for name in wanted {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    out.derive(&names);
}
