//! The `types` module: enums, composites and domains, and the structs for whole rows of tables.

use super::enumeration;
use super::layout::{Expr, Source};
use super::row::{self, derive};
use super::text::{literal, owned};
use crate::catalog::QualifiedName;
use crate::model::{Field, Model, RustType, Sending, TypeItem, TypeShape};

/// The items of the module, without the head of the file.
pub(crate) fn module(out: &mut Source, model: &Model) {
    out.imports(&imports(model));
    for item in &model.types {
        out.blank();
        docs(out, item);
        match &item.shape {
            TypeShape::Enum { variants, other } => {
                enumeration::item(out, item, variants, other.as_deref(), &model.derives);
            }
            TypeShape::Composite(fields) => composite(out, item, fields, &model.derives),
            TypeShape::Domain {
                inner, copy, srid, ..
            } => domain(out, item, inner, *copy, *srid, &model.derives),
        }
        if let Some(sending) = &item.sending {
            out.blank();
            in_parts(out, item, sending);
        }
    }
    for table_row in &model.rows {
        out.blank();
        row::item(out, table_row, &table_row.about, &model.derives, "");
        if let Some(sql) = &table_row.composite {
            decode(
                out,
                &table_row.name,
                "ty",
                &accepts(sql, &table_row.fields, &[]),
                |out| {
                    read(out, &table_row.fields);
                },
            );
        }
    }
}

fn imports(model: &Model) -> Vec<&'static str> {
    let mut names = Vec::new();
    if !model.types.is_empty() {
        names.extend(["BytesMut", "Encode", "EncodeError", "IsNull"]);
    }
    if !model.types.is_empty() || model.rows.iter().any(|row| row.composite.is_some()) {
        names.extend(["Accepts", "Decode", "DecodeError", "Type"]);
    }
    names.extend(model.rows.iter().flat_map(row::imports));
    super::sorted_imports(names)
}

fn docs(out: &mut Source, item: &TypeItem) {
    let what = match &item.shape {
        TypeShape::Enum { .. } => "enum",
        TypeShape::Composite(_) => "composite type",
        TypeShape::Domain { .. } => "domain",
    };
    out.docs("///", &format!("The {what} `{}`.", item.sql));
    if let Some(comment) = &item.comment {
        out.line("///");
        out.docs("///", comment);
    }
    if let TypeShape::Domain { checks, .. } = &item.shape
        && !checks.is_empty()
    {
        out.line("///");
        for check in checks {
            out.docs(
                "///",
                &format!("`{}`", check.replace('`', "'").replace('\n', " ")),
            );
        }
    }
}

fn composite(out: &mut Source, item: &TypeItem, fields: &[Field], derives: &[String]) {
    let name = &item.name;
    derive(out, &["Clone", "Debug"], derives);
    out.block(format!("pub struct {name}"), |out| {
        row::fields(out, fields, "")
    });
    let accepts = accepts(
        &item.sql,
        fields,
        item.sending.as_deref().unwrap_or_default(),
    );
    codec(
        out,
        name,
        "ty",
        &accepts,
        |out| read(out, fields),
        |out| {
            let writer = "howdah::__private::CompositeWriter::new(ty, out)?";
            if fields.is_empty() {
                return out.line(format!("{writer}.finish()"));
            }
            out.line(format!("let mut fields = {writer};"));
            for field in fields {
                out.line(format!("fields.field(&self.{})?;", field.name));
            }
            out.line("fields.finish()");
        },
    );
}

/// The impl for composites and domains that are sent in parts.
fn in_parts(out: &mut Source, item: &TypeItem, sending: &[Sending]) {
    let method = |sending: &Sending| match sending {
        Sending::Value(_) => "value",
        Sending::Array(_) => "array",
        Sending::Parts => "parts",
    };
    out.block("howdah::in_parts!", |out| match &item.shape {
        TypeShape::Composite(fields) => out.block(&item.name, |out| {
            for (field, sending) in fields.iter().zip(sending) {
                out.line(format!("{}: {},", field.name, method(sending)));
            }
        }),
        TypeShape::Domain { inner, .. } => {
            let inner = match sending {
                [Sending::Parts] => format!("parts {}", owned(inner, "")),
                _ => sending.iter().map(method).collect(),
            };
            out.line(format!("{}({inner})", item.name));
        }
        TypeShape::Enum { .. } => {}
    });
}

/// The `Accepts` of a struct with these `fields`: the composite type `sql`. Fields that are sent separately have
/// another type in it.
fn accepts(sql: &QualifiedName, fields: &[Field], sending: &[Sending]) -> Expr {
    let accepted = fields.iter().enumerate().map(|(index, field)| {
        let accepts = match sending.get(index) {
            Some(Sending::Value(Some(ty)) | Sending::Array(Some(ty))) => {
                named("User", ty, Vec::new())
            }
            _ => Expr::text(format!("<{} as Decode<'r>>::ACCEPTS", owned(&field.ty, ""))),
        };
        Expr::call("", vec![Expr::text(literal(&field.column)), accepts])
    });
    let fields = Expr::array("fields: &", accepted.collect());
    named("Composite", sql, vec![fields])
}

/// Reads the `fields` of a composite value.
fn read(out: &mut Source, fields: &[Field]) {
    let reads = fields.iter().map(|field| {
        Expr::text(format!(
            "{}: fields.field({})?",
            field.name,
            literal(&field.column)
        ))
    });
    let name = if fields.is_empty() {
        ""
    } else {
        "let mut fields = "
    };
    out.line(format!(
        "{name}howdah::__private::CompositeReader::new(ty, raw, {})?;",
        fields.len()
    ));
    let value = Expr::call("Ok", vec![Expr::literal("Self", reads.collect())]);
    out.expr(&value, "");
}

/// A newtype; of shapes, with the SRID that the domain declares.
fn domain(
    out: &mut Source,
    item: &TypeItem,
    inner: &RustType,
    copy: bool,
    srid: Option<i32>,
    derives: &[String],
) {
    let name = &item.name;
    let inner_name = owned(inner, "");
    let mut always = vec!["Clone"];
    if copy {
        always.push("Copy");
    }
    always.push("Debug");
    if inner.comparable() {
        always.push("PartialEq");
    }
    derive(out, &always, derives);
    out.line(format!("pub struct {name}(pub {inner_name});"));
    out.blank();
    out.block(format!("impl From<{inner_name}> for {name}"), |out| {
        out.block(format!("fn from(value: {inner_name}) -> Self"), |out| {
            out.line("Self(value)")
        });
    });
    let base = Expr::text(format!("base: <{inner_name} as Decode<'r>>::ACCEPTS"));
    let accepts = named("Domain", &item.sql, vec![base]);
    decode(out, name, "ty", &accepts, |out| {
        out.line("Decode::decode(ty, raw).map(Self)")
    });
    encode(out, name, |out| match srid {
        None => encode_fn(out, "ty", |out| out.line("self.0.encode(ty, out)")),
        Some(0) => {
            encode_fn(out, "ty", |out| out.line("self.0.encode(ty, out)"));
            out.blank();
            let head = "fn encode_at(&self, srid: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError>";
            out.block(head, |out| out.line("self.0.encode_at(srid, ty, out)"));
        }
        Some(srid) => encode_fn(out, "ty", |out| {
            out.line(format!("self.0.encode_at({srid}, ty, out)"))
        }),
    });
}

/// `&Accepts::kind { schema, name, … }`.
pub(super) fn named(kind: &str, sql: &QualifiedName, more: Vec<Expr>) -> Expr {
    let mut fields = vec![
        Expr::string_field("schema", &sql.schema),
        Expr::string_field("name", &sql.name),
    ];
    fields.extend(more);
    Expr::literal(format!("&Accepts::{kind}"), fields)
}

/// The implementations of `Decode` and `Encode`. `ty` is their name for the SQL type, `_` if it is not used.
pub(super) fn codec(
    out: &mut Source,
    name: &str,
    ty: &str,
    accepts: &Expr,
    read: impl FnOnce(&mut Source),
    write: impl FnOnce(&mut Source),
) {
    decode(out, name, ty, accepts, read);
    encode(out, name, |out| encode_fn(out, ty, write));
}

/// The implementation of `Encode`.
fn encode(out: &mut Source, name: &str, functions: impl FnOnce(&mut Source)) {
    out.blank();
    out.block(format!("impl Encode for {name}"), |out| {
        out.line("const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;");
        out.blank();
        functions(out);
    });
}

fn encode_fn(out: &mut Source, ty: &str, write: impl FnOnce(&mut Source)) {
    let head =
        format!("fn encode(&self, {ty}: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError>");
    out.block(head, write);
}

/// The implementation of `Decode`.
fn decode(out: &mut Source, name: &str, ty: &str, accepts: &Expr, read: impl FnOnce(&mut Source)) {
    out.blank();
    out.block(format!("impl<'r> Decode<'r> for {name}"), |out| {
        out.assign("const ACCEPTS: &'static Accepts", accepts);
        out.blank();
        out.block(
            format!("fn decode({ty}: &Type, raw: &'r [u8]) -> Result<Self, DecodeError>"),
            read,
        );
    });
}
