//! What a domain demands of its values: its own constraints, and those of the domains that it is made of; and which domains are
//! inside of other types.

use super::{Catalog, DomainCheck, QualifiedName, TypeKind};

/// What values of a domain have to be. An error about one names the domain that the value was to be of, whichever of the
/// domains below it has the constraint.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DomainRules<'c> {
    /// Not null.
    pub(crate) not_null: bool,
    /// What these checks say, sorted by name.
    pub(crate) checks: Vec<&'c DomainCheck>,
}

impl Catalog {
    /// What the domain `name` demands; nothing if there is no such domain.
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
        // One that is named as one below cannot be told from it.
        rules.checks.sort_by(|a, b| a.name.cmp(&b.name));
        rules.checks.dedup_by(|a, b| a.name == b.name);
        rules
    }

    /// The domains whose constraints a value of the type `name` has to meet, as it is of them or holds values of them.
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
        // What the domains below demand, this one does.
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
