//! Enums of the constraints that a statement can violate.

use super::layout::Source;
use super::text::{literal, one_line_code};
use crate::analyze::{ViolationName, ViolationRule};
use crate::model::{ErrorEnum, QueryError};

/// `refused_by "places_name_key" on "public"."places"`
fn violation(name: &ViolationName) -> String {
    let not_null = format!("{}_not_null", name.relation.name);
    let (by, what) = match &name.rule {
        ViolationRule::Constraint(constraint) => ("refused_by", constraint),
        ViolationRule::NotNull(column) => ("refused_null", column),
        ViolationRule::DomainCheck(check) => ("refused_by_domain", check),
        ViolationRule::DomainNotNull => ("refused_null_by_domain", &not_null),
    };
    let (schema, table) = (&name.relation.schema, &name.relation.name);
    format!(
        "{by} {} on {}.{}",
        literal(what),
        literal(schema),
        literal(table)
    )
}

/// The enum of the constraints that a statement can violate; `what` is the statement, for the documentation.
pub(super) fn error(out: &mut Source, what: &str, error: &QueryError) {
    match error {
        QueryError::Own(item) => error_enum(out, what, item),
        QueryError::Alias { name, of } => {
            out.line(format!(
                "/// Why {what} can be refused: the same as [`{of}`]."
            ));
            out.line(format!("pub type {name} = {of};"));
        }
    }
}

fn error_enum(out: &mut Source, what: &str, item: &ErrorEnum) {
    out.block("howdah::violations!", |out| {
        out.line(format!("/// Why {what} can be refused."));
        out.block(format!("pub enum {}", item.name), |out| {
            for variant in &item.variants {
                let definition = one_line_code(&variant.definition);
                if let Some(first) = variant.names.first() {
                    out.docs("///", &format!("{definition} of `{}`", first.relation));
                }
                let mut head = format!("{} =", variant.name);
                let last = variant.names.len().saturating_sub(1);
                for (number, name) in variant.names.iter().enumerate() {
                    let end = if number == last { "," } else { "" };
                    out.line(format!("{head} {}{end}", violation(name)));
                    head = "    |".to_owned();
                }
            }
        });
    });
}
