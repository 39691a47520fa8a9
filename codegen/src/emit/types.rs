//! The `types` module: enums, composites and domains, and the structs for whole rows of tables.

use super::layout::{Expr, Source};
use super::row::{self, derive};
use super::text::{literal, owned};
use crate::catalog::QualifiedName;
use crate::model::{Field, Model, RustType, TypeItem, TypeShape, Variant};

/// The width of a line.
const LINE: usize = 100;

/// The items of the module, without the head of the file.
pub(crate) fn module(out: &mut Source, model: &Model) {
    out.imports(&imports(model));
    for item in &model.types {
        out.blank();
        docs(out, item);
        match &item.shape {
            TypeShape::Enum(variants) => enumeration(out, item, variants, &model.derives),
            TypeShape::Composite(fields) => composite(out, item, fields, &model.derives),
            TypeShape::Domain { inner, copy, .. } => {
                domain(out, item, inner, *copy, &model.derives)
            }
        }
    }
    for table_row in &model.rows {
        out.blank();
        row::item(out, table_row, &table_row.about, &model.derives, "");
    }
}

fn imports(model: &Model) -> Vec<&'static str> {
    let mut names = Vec::new();
    if !model.types.is_empty() {
        names.extend([
            "Accepts",
            "BytesMut",
            "Decode",
            "DecodeError",
            "Encode",
            "EncodeError",
            "IsNull",
            "Type",
        ]);
    }
    if !model.rows.is_empty() {
        names.extend(["Field", "PgRow", "Row"]);
    }
    super::sorted_imports(names)
}

fn docs(out: &mut Source, item: &TypeItem) {
    let what = match &item.shape {
        TypeShape::Enum(_) => "enum",
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

fn enumeration(out: &mut Source, item: &TypeItem, variants: &[Variant], derives: &[String]) {
    let name = &item.name;
    let always = [
        "Clone",
        "Copy",
        "Debug",
        "PartialEq",
        "Eq",
        "PartialOrd",
        "Ord",
        "Hash",
    ];
    out.line(derive(&always, derives));
    out.block(format!("pub enum {name}"), |out| {
        for variant in variants {
            out.docs("///", &about(&variant.label));
            out.line(format!("{},", variant.name));
        }
    });
    out.blank();
    out.block(format!("impl {name}"), |out| {
        out.line("/// All of them, in PostgreSQL's order.");
        let all = variants
            .iter()
            .map(|variant| Expr::text(format!("Self::{}", variant.name)));
        out.assign(
            "pub const ALL: &'static [Self]",
            &Expr::array("&", all.collect()),
        );
        out.blank();
        out.line("/// The label.");
        out.block("pub const fn as_str(self) -> &'static str", |out| {
            if variants.is_empty() {
                return out.line("match self {}");
            }
            out.block("match self", |out| {
                for variant in variants {
                    arm(out, &variant.name, &literal(&variant.label));
                }
            });
        });
    });
    out.blank();
    out.block(format!("impl std::fmt::Display for {name}"), |out| {
        out.block(
            "fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result",
            |out| {
                out.line("f.write_str(self.as_str())");
            },
        );
    });
    out.blank();
    out.block(format!("impl std::str::FromStr for {name}"), |out| {
        out.line("type Err = DecodeError;");
        out.blank();
        out.block(
            "fn from_str(label: &str) -> Result<Self, DecodeError>",
            |out| {
                out.block(
                    "match Self::ALL.iter().find(|value| value.as_str() == label)",
                    |out| {
                        out.line("Some(value) => Ok(*value),");
                        out.block("None =>", |out| {
                            let message = literal(&format!(
                                "`{{label}}` is no label of {}",
                                braces(&item.sql)
                            ));
                            out.assign(
                                "let message",
                                &Expr::call("format!", vec![Expr::text(message)]),
                            );
                            out.line("Err(DecodeError::invalid(message))");
                        });
                    },
                );
            },
        );
    });
    let accepts = named("User", &item.sql, vec![]);
    let decode = |out: &mut Source| {
        out.line("howdah::__private::decode_enum(raw, |label| label.parse().ok())")
    };
    codec(out, name, "_", &accepts, decode, |out| {
        out.line("Ok(howdah::__private::encode_enum(self.as_str(), out))")
    });
}

/// A match arm; what does not fit on the line stands in a block.
fn arm(out: &mut Source, variant: &str, value: &str) {
    let line = format!("Self::{variant} => {value},");
    if line.chars().count() + 12 <= LINE {
        out.line(line);
    } else {
        out.block(format!("Self::{variant} =>"), |out| out.line(value));
    }
}

/// What the documentation says of a label.
fn about(label: &str) -> String {
    let label = label.replace('\n', " ");
    match label.as_str() {
        "" => "The empty label.".to_owned(),
        _ if label.contains('`') => format!("The label `` {label} ``."),
        _ => format!("The label `{label}`."),
    }
}

/// The name for a format string.
fn braces(name: &QualifiedName) -> String {
    name.to_string().replace('{', "{{").replace('}', "}}")
}

fn composite(out: &mut Source, item: &TypeItem, fields: &[Field], derives: &[String]) {
    let name = &item.name;
    out.line(derive(&["Clone", "Debug"], derives));
    out.block(format!("pub struct {name}"), |out| {
        row::fields(out, fields, "")
    });
    let accepted = fields.iter().map(|field| {
        let accepts = format!("<{} as Decode<'r>>::ACCEPTS", owned(&field.ty, ""));
        Expr::call(
            "",
            vec![Expr::text(literal(&field.column)), Expr::text(accepts)],
        )
    });
    let accepts = named(
        "Composite",
        &item.sql,
        vec![Expr::array("fields: &", accepted.collect())],
    );
    let reads = fields.iter().map(|field| {
        Expr::text(format!(
            "{}: fields.field({})?",
            field.name,
            literal(&field.column)
        ))
    });
    let value = Expr::call("Ok", vec![Expr::literal("Self", reads.collect())]);
    let decode = |out: &mut Source| {
        out.line("let mut fields = howdah::__private::CompositeReader::new(ty, raw)?;");
        out.expr(&value, "");
    };
    codec(out, name, "ty", &accepts, decode, |out| {
        out.line("let mut fields = howdah::__private::CompositeWriter::new(ty, out)?;");
        for field in fields {
            out.line(format!("fields.field(&self.{})?;", field.name));
        }
        out.line("fields.finish()");
    });
}

fn domain(out: &mut Source, item: &TypeItem, inner: &RustType, copy: bool, derives: &[String]) {
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
    out.line(derive(&always, derives));
    out.line(format!("pub struct {name}(pub {inner_name});"));
    out.blank();
    out.block(format!("impl From<{inner_name}> for {name}"), |out| {
        out.block(format!("fn from(value: {inner_name}) -> Self"), |out| {
            out.line("Self(value)")
        });
    });
    let base = Expr::text(format!("base: <{inner_name} as Decode<'r>>::ACCEPTS"));
    let accepts = named("Domain", &item.sql, vec![base]);
    let decode = |out: &mut Source| out.line("Decode::decode(ty, raw).map(Self)");
    codec(out, name, "ty", &accepts, decode, |out| {
        out.line("self.0.encode(ty, out)")
    });
}

/// `&Accepts::kind { schema, name, … }`.
fn named(kind: &str, sql: &QualifiedName, more: Vec<Expr>) -> Expr {
    let mut fields = vec![
        Expr::string_field("schema", &sql.schema),
        Expr::string_field("name", &sql.name),
    ];
    fields.extend(more);
    Expr::literal(format!("&Accepts::{kind}"), fields)
}

/// The implementations of `Decode` and `Encode`; `ty` is what they call the SQL type, `_` if they do not ask.
fn codec(
    out: &mut Source,
    name: &str,
    ty: &str,
    accepts: &Expr,
    decode: impl FnOnce(&mut Source),
    encode: impl FnOnce(&mut Source),
) {
    out.blank();
    out.block(format!("impl<'r> Decode<'r> for {name}"), |out| {
        out.assign("const ACCEPTS: &'static Accepts", accepts);
        out.blank();
        out.block(
            format!("fn decode({ty}: &Type, raw: &'r [u8]) -> Result<Self, DecodeError>"),
            decode,
        );
    });
    out.blank();
    out.block(format!("impl Encode for {name}"), |out| {
        out.line("const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;");
        out.blank();
        out.block(
            format!(
                "fn encode(&self, {ty}: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError>"
            ),
            encode,
        );
    });
}
