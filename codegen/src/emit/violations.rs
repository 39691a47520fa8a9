//! Enums of the constraints that a statement can violate.

use super::layout::{Expr, Source};
use super::text::{literal, one_line_code};
use crate::analyze::{ViolationName, ViolationRule};
use crate::model::{ViolationEnum, Violations};

/// The imports of an enum from howdah.
pub(super) fn imports(violations: &Violations) -> &'static [&'static str] {
    match violations {
        Violations::Own(_) => &["Violated", "Violation"],
        Violations::Alias { .. } => &[],
    }
}

/// `Violated::Constraint("public", "places", "places_name_key")`
fn violated(name: &ViolationName) -> Expr {
    let (kind, what) = match &name.rule {
        ViolationRule::Constraint(constraint) => ("Constraint", Some(constraint)),
        ViolationRule::NotNull(column) => ("NotNull", Some(column)),
        ViolationRule::DomainCheck(check) => ("DomainCheck", Some(check)),
        ViolationRule::DomainNotNull => ("DomainNotNull", None),
    };
    let names = [&name.relation.schema, &name.relation.name];
    let names = names.into_iter().chain(what);
    let names = names.map(|name| Expr::text(literal(name))).collect();
    Expr::call(format!("Violated::{kind}"), names)
}

/// The enum of the constraints that a statement can violate; `what` names the statement in the documentation.
pub(super) fn violations(out: &mut Source, what: &str, violations: &Violations) {
    match violations {
        Violations::Own(item) => violation_enum(out, what, item),
        Violations::Alias { name, of } => {
            out.line(format!(
                "/// What {what} can violate: the same as [`{of}`]."
            ));
            out.line(format!("pub type {name} = {of};"));
        }
    }
}

fn violation_enum(out: &mut Source, what: &str, item: &ViolationEnum) {
    out.line(format!("/// What {what} can violate."));
    out.derive(&["Debug"]);
    out.block(format!("pub enum {}", item.name), |out| {
        for variant in &item.variants {
            let definition = one_line_code(&variant.definition);
            if let Some(first) = variant.names.first() {
                out.docs("///", &format!("{definition} of `{}`", first.relation));
            }
            out.line(format!("{},", variant.name));
        }
    });
    out.blank();
    let all = item.variants.iter().flat_map(|variant| {
        let value = Expr::text(format!("Self::{}", variant.name));
        let names = variant.names.iter();
        names.map(move |name| Expr::call("", vec![value.clone(), violated(name)]))
    });
    out.block(format!("impl Violation for {}", item.name), |out| {
        out.assign(
            "const ALL: &'static [(Self, Violated)]",
            &Expr::array("&", all.collect()),
        );
    });
}
