//! The facts of a catalog that cannot have been different in the past.
//!
//! The rows of a materialized view are the result of its query at the last refresh. Later declarations do not hold for
//! them: since then, NOT NULL, a check or a key can have been added, a domain altered, or a function, a view or a
//! generation expression replaced. The query itself, the columns that it names and the kinds of types cannot change,
//! and neither can built-in functions and operators. Facts that follow from these alone held at any refresh.

use super::{Catalog, Function, Relation, Type, TypeKind};

/// Smaller OIDs belong to built-in objects (`FirstNormalObjectId`).
pub(crate) const FIRST_OF_THE_USER: u32 = 16384;

impl Catalog {
    /// This catalog without anything that can have changed.
    pub(super) fn lasting(&self) -> Self {
        let functions = self.functions.iter();
        let operators = self.operators.iter();
        let mut lasting = Self {
            server_version: self.server_version,
            relations: self.relations.iter().map(without_promises).collect(),
            types: self.types.iter().map(without_checks).collect(),
            functions: functions
                .filter(|(oid, _)| **oid < FIRST_OF_THE_USER)
                .map(|(oid, function)| (*oid, without_body(function)))
                .collect(),
            operators: operators
                .filter(|(oid, o)| **oid < FIRST_OF_THE_USER && o.function < FIRST_OF_THE_USER)
                .map(|(oid, operator)| (*oid, operator.clone()))
                .collect(),
            nondeterministic_collations: self.nondeterministic_collations.clone(),
            user_casts: None,
            ..Self::default()
        };
        lasting.index();
        lasting
    }
}

/// A relation with only the names and types of its columns. A materialized view keeps its query, because another
/// materialized view that reads it has read the query's result.
fn without_promises(relation: &Relation) -> Relation {
    let mut out = Relation {
        constraints: Vec::new(),
        unique_indexes: Vec::new(),
        ..relation.clone()
    };
    for column in &mut out.columns {
        column.not_null = false;
        column.expression = None;
        column.tree = None;
    }
    out
}

fn without_checks(ty: &Type) -> Type {
    let mut out = ty.clone();
    match &mut out.kind {
        TypeKind::Domain {
            not_null, checks, ..
        } => {
            *not_null = false;
            checks.clear();
        }
        TypeKind::Composite { fields } => fields.iter_mut().for_each(|f| f.not_null = false),
        _ => {}
    }
    out
}

fn without_body(function: &Function) -> Function {
    Function {
        source: None,
        trees: Vec::new(),
        ..function.clone()
    }
}
