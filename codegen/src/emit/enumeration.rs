//! Enums of the database as Rust enums, with a variant for unknown labels if the settings want it.

use super::layout::{Expr, LINE, Source, width};
use super::row::derive;
use super::text::literal;
use super::types::{codec, named};
use crate::catalog::QualifiedName;
use crate::model::{TypeItem, Variant};

/// The enum and its impls. `other` is the variant for unknown labels.
pub(super) fn item(
    out: &mut Source,
    item: &TypeItem,
    variants: &[Variant],
    other: Option<&str>,
    derives: &[String],
) {
    let name = &item.name;
    declaration(out, name, variants, other, derives);
    out.blank();
    labels(out, name, variants, other);
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
    match other {
        None => from_str(out, item),
        Some(other) => from_any(out, name, other),
    }
    let accepts = named("User", &item.sql, vec![]);
    let decode = |out: &mut Source| {
        out.line(match other {
            None => "howdah::__private::decode_enum(raw, |label| label.parse().ok())",
            Some(_) => "howdah::__private::decode_enum(raw, |label| Some(Self::from(label)))",
        });
    };
    codec(out, name, "_", &accepts, decode, |out| {
        out.line("Ok(howdah::__private::encode_enum(self.as_str(), out))")
    });
}

/// The enum, with serde's names for its labels if it has serde's derives.
fn declaration(
    out: &mut Source,
    name: &str,
    variants: &[Variant],
    other: Option<&str>,
    derives: &[String],
) {
    let copy: &[&str] = if other.is_some() { &[] } else { &["Copy"] };
    let compared = ["Debug", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash"];
    let always = [&["Clone"], copy, &compared].concat();
    derive(out, &always, derives);
    let by_serde = derives.iter().any(|path| is_serde(path));
    out.block(format!("pub enum {name}"), |out| {
        for variant in variants {
            out.docs("///", &about(&variant.label));
            if by_serde && variant.name != variant.label {
                let label = literal(&variant.label);
                out.line(format!("#[serde(rename = {label})]"));
            }
            out.line(format!("{},", variant.name));
        }
        if let Some(other) = other {
            out.line("/// A label that was added after this code was generated.");
            if by_serde {
                out.line("#[serde(untagged)]");
            }
            out.line(format!("{other}(String),"));
        }
    });
}

/// `ALL`, and the label of each variant.
fn labels(out: &mut Source, name: &str, variants: &[Variant], other: Option<&str>) {
    out.block(format!("impl {name}"), |out| {
        out.line(match other {
            None => "/// All of them, in PostgreSQL's order.",
            Some(_) => "/// All that are known, in PostgreSQL's order.",
        });
        let all = variants
            .iter()
            .map(|variant| Expr::text(format!("Self::{}", variant.name)));
        out.assign(
            "pub const ALL: &'static [Self]",
            &Expr::array("&", all.collect()),
        );
        out.blank();
        out.line("/// The label.");
        let signature = match other {
            None => "pub const fn as_str(self) -> &'static str",
            Some(_) => "pub fn as_str(&self) -> &str",
        };
        out.block(signature, |out| {
            if variants.is_empty() && other.is_none() {
                return out.line("match self {}");
            }
            out.block("match self", |out| {
                for variant in variants {
                    arm(out, &variant.name, &literal(&variant.label));
                }
                if let Some(other) = other {
                    out.line(format!("Self::{other}(label) => label,"));
                }
            });
        });
    });
}

/// Whether a derive is one of serde's, for which a variant has the database's label.
fn is_serde(derive: &str) -> bool {
    let path = derive.trim_start_matches("::");
    path.starts_with("serde::") || path.starts_with("serde_derive::")
}

/// `FromStr`, for which an unknown label is an error.
fn from_str(out: &mut Source, item: &TypeItem) {
    let name = &item.name;
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
}

/// `From<&str>`, because every label has a variant.
fn from_any(out: &mut Source, name: &str, other: &str) {
    out.block(format!("impl From<&str> for {name}"), |out| {
        out.block("fn from(label: &str) -> Self", |out| {
            out.block(
                "match Self::ALL.iter().find(|value| value.as_str() == label)",
                |out| {
                    out.line("Some(value) => value.clone(),");
                    out.line(format!("None => Self::{other}(label.to_owned()),"));
                },
            );
        });
    });
}

/// A match arm. An expression that does not fit on the line is in a block.
fn arm(out: &mut Source, variant: &str, value: &str) {
    let line = format!("Self::{variant} => {value},");
    if width(&line) + 12 <= LINE {
        out.line(line);
    } else {
        out.block(format!("Self::{variant} =>"), |out| out.line(value));
    }
}

/// The documentation of a label.
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
