//! The constraints of a domain, including those of the domains that it is based on, and the domains inside other types.

use super::{Catalog, DomainCheck, QualifiedName, TypeKind};

/// The constraints on the values of a domain. Errors name this domain, even if the constraint belongs to a domain that
/// it is based on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DomainRules<'c> {
    /// Not null.
    pub(crate) not_null: bool,
    /// The checks, sorted by name.
    pub(crate) checks: Vec<&'c DomainCheck>,
}

impl Catalog {
    /// The constraints of the domain `name`. None if there is no such domain.
    pub(crate) fn domain_rules(&self, name: &QualifiedName) -> DomainRules<'_> {
        let mut rules = DomainRules::default();
        let mut next = self.type_(name);
        while let Some(TypeKind::Domain {
            base,
            not_null,
            checks,
            ..
        }) = next.map(|ty| &ty.kind)
        {
            rules.not_null |= not_null;
            rules.checks.extend(checks);
            next = self.type_(base);
        }
        // A check with the same name as one of a base domain cannot be told from it.
        rules.checks.sort_by(|a, b| a.name.cmp(&b.name));
        rules.checks.dedup_by(|a, b| a.name == b.name);
        rules
    }

    /// The domains whose constraints a value of the type `name` must satisfy: its own, and those of values inside it.
    pub(crate) fn domains_in(&self, name: &QualifiedName) -> Vec<&QualifiedName> {
        let mut domains = Vec::new();
        self.add_domains(name, &mut domains);
        domains
    }

    fn add_domains<'c>(&'c self, name: &QualifiedName, domains: &mut Vec<&'c QualifiedName>) {
        let Some(mut ty) = self.type_(name) else {
            return;
        };
        if matches!(ty.kind, TypeKind::Domain { .. }) {
            if domains.contains(&&ty.name) {
                return;
            }
            domains.push(&ty.name);
        }
        // The constraints of base domains count as those of this one.
        while let TypeKind::Domain { base, .. } = &ty.kind {
            let Some(below) = self.type_(base) else {
                return;
            };
            ty = below;
        }
        for part in self.parts(&ty.name) {
            self.add_domains(part, domains);
        }
    }

    /// The types that the type `name` is made of.
    pub(crate) fn parts(&self, name: &QualifiedName) -> Vec<&QualifiedName> {
        match self.type_(name).map(|ty| &ty.kind) {
            Some(
                TypeKind::Array { element: part }
                | TypeKind::Domain { base: part, .. }
                | TypeKind::Range { subtype: part }
                | TypeKind::Multirange { range: part },
            ) => vec![part],
            Some(TypeKind::Composite { fields }) => fields.iter().map(|field| &field.ty).collect(),
            _ => Vec::new(),
        }
    }
}
