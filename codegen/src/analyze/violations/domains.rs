//! The constraints of domains: a cast to a domain checks them, and so does the server when it reads a parameter. A
//! value that already has the domain's type is not checked again.

use crate::analyze::constants;
use crate::analyze::env::Env;
use crate::analyze::verdict::{Violation, ViolationName, ViolationRule};
use crate::catalog::{Catalog, QualifiedName};
use crate::tree::Node;

/// The violations of a statement, without the statements of its WITH clause.
pub(super) fn of_statement<'t>(env: &Env<'_, 't>) -> Vec<Violation> {
    let mut casts = Casts {
        catalog: env.context.catalog,
        env: &env.before_writing(),
        violations: Vec::new(),
    };
    for node in env.scope.query.children_but("cteList") {
        casts.node(node, Place::Statement);
    }
    casts.violations
}

/// The violations of unknown values of these types.
pub(super) fn of_values<'c>(
    catalog: &'c Catalog,
    types: impl Iterator<Item = &'c QualifiedName>,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for domain in types.flat_map(|ty| catalog.domains_in(ty)) {
        add(catalog, domain, true, &mut violations);
    }
    violations
}

/// The violations of null as a value of this type: a domain's NOT NULL.
pub(super) fn of_null(catalog: &Catalog, ty: &QualifiedName) -> Option<Violation> {
    let rules = catalog.domain_rules(ty);
    rules.not_null.then(|| not_null(ty))
}

fn not_null(domain: &QualifiedName) -> Violation {
    violation(domain, ViolationRule::DomainNotNull, "NOT NULL")
}

fn violation(domain: &QualifiedName, rule: ViolationRule, definition: &str) -> Violation {
    Violation {
        name: ViolationName {
            relation: domain.clone(),
            rule,
        },
        definition: definition.to_owned(),
        also: Vec::new(),
    }
}

fn add(catalog: &Catalog, domain: &QualifiedName, may_be_null: bool, to: &mut Vec<Violation>) {
    // The views of `information_schema` cast to its domains only what they allow.
    if domain.is_system() {
        return;
    }
    let rules = catalog.domain_rules(domain);
    let checks = rules.checks.iter();
    let checks = checks.map(|check| {
        let rule = ViolationRule::DomainCheck(check.name.clone());
        violation(domain, rule, &check.definition)
    });
    let null = (rules.not_null && may_be_null).then(|| not_null(domain));
    for violation in checks.chain(null) {
        if !to.contains(&violation) {
            to.push(violation);
        }
    }
}

/// The place of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the statement itself, whose environment is known.
    Statement,
    /// In a query inside it.
    Subquery,
}

/// The casts to domains in a statement.
struct Casts<'c, 'a, 't> {
    catalog: &'c Catalog,
    env: &'c Env<'a, 't>,
    violations: Vec<Violation>,
}

impl<'t> Casts<'_, '_, 't> {
    fn node(&mut self, node: &'t Node<'t>, place: Place) {
        match node.tag {
            "COERCETODOMAIN" => {
                let arg = node.node("arg");
                let may_be_null = arg.is_none_or(|arg| self.may_be_null(arg, place));
                if let Some(ty) = self.catalog.type_by_oid(node.oid("resulttype")) {
                    add(self.catalog, &ty.name, may_be_null, &mut self.violations);
                }
            }
            // A parameter that must not be null is not null, but values inside it can be.
            "PARAM" => self.read(node.oid("paramtype"), false),
            // The input function of an array or a composite checks the domains in it.
            "COERCEVIAIO" => self.read(node.oid("resulttype"), true),
            _ => {}
        }
        let place = match node.tag {
            "QUERY" => Place::Subquery,
            _ => place,
        };
        for child in node.children() {
            self.node(child, place);
        }
    }

    fn read(&mut self, ty: u32, may_be_null: bool) {
        let Some(ty) = self.catalog.type_by_oid(ty) else {
            return;
        };
        for domain in self.catalog.domains_in(&ty.name) {
            let may_be_null = may_be_null || *domain != ty.name;
            add(self.catalog, domain, may_be_null, &mut self.violations);
        }
    }

    fn may_be_null(&self, node: &'t Node<'t>, place: Place) -> bool {
        match place {
            _ if node.tag == "CONST" => constants::is_null(node),
            Place::Statement => self.env.verdict(node).nullable,
            Place::Subquery => true,
        }
    }
}
