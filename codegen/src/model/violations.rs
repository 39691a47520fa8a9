//! The enum of the constraints that a query can violate: a variant for each, named after it.

use super::names::{Scope, identifier, pascal};
use crate::analyze::{Violation, ViolationName, ViolationRule};

/// The constraints that a statement can violate.
#[derive(Clone, Debug, PartialEq)]
pub enum Violations {
    /// A separate enum.
    Own(ViolationEnum),
    /// The same constraints as those of another statement of the module.
    Alias {
        /// Its name.
        name: String,
        /// The enum that it stands for.
        of: String,
    },
}

impl Violations {
    /// The name of the enum or alias.
    pub fn name(&self) -> &str {
        match self {
            Self::Own(item) => &item.name,
            Self::Alias { name, .. } => name,
        }
    }
}

/// An enum of constraints.
#[derive(Clone, Debug, PartialEq)]
pub struct ViolationEnum {
    /// Its name.
    pub name: String,
    /// Its variants.
    pub variants: Vec<ViolationVariant>,
}

/// The variant for a constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct ViolationVariant {
    /// Its name as Rust source.
    pub name: String,
    /// The constraint's definition.
    pub definition: String,
    /// The names in the server's errors: the table's constraint, then those of its partitions and children.
    pub names: Vec<ViolationName>,
}

/// The variants for `violations`.
pub(crate) fn variants(violations: &[Violation]) -> Vec<ViolationVariant> {
    let mut scope = Scope::with(&["Self"]);
    let variant = |violation: &Violation| {
        let relation = &violation.name.relation;
        let name = match &violation.name.rule {
            ViolationRule::Constraint(name) => pascal(name, "Constraint"),
            // The name that version 18 gives it.
            ViolationRule::NotNull(column) => {
                let (table, column) = (pascal(&relation.name, "Table"), pascal(column, "Column"));
                format!("{table}{column}NotNull")
            }
            ViolationRule::DomainCheck(name) => pascal(name, "Constraint"),
            ViolationRule::DomainNotNull => format!("{}NotNull", pascal(&relation.name, "Domain")),
        };
        let names = std::iter::once(&violation.name).chain(&violation.also);
        ViolationVariant {
            name: identifier(&scope.claim(&name, "")),
            definition: violation.definition.clone(),
            names: names.cloned().collect(),
        }
    };
    let mut variants: Vec<_> = violations.iter().map(variant).collect();
    // Constraints in `public` match in any schema, so they come after those in other schemas.
    variants.sort_by_key(|variant| {
        let mut names = variant.names.iter();
        names.any(|name| name.relation.schema == "public")
    });
    variants
}
