//! What of a catalog cannot have been otherwise.
//!
//! The rows of a materialized view are those that its query gave when it was last refreshed. What has been declared since does
//! not hold for them: NOT NULL may have been set, a check or a key added, a domain altered, a function, a view or what a column
//! is generated from replaced. The query itself cannot be changed, nor the columns that it names, nor what kind of type a type
//! is; and PostgreSQL's own functions and operators are what they are. What follows from those alone held at any refresh.

use super::{Catalog, Function, Relation, Type, TypeKind};

/// The OIDs below are PostgreSQL's own (`FirstNormalObjectId`).
pub(crate) const FIRST_OF_THE_USER: u32 = 16384;

impl Catalog {
    /// This catalog with nothing in it that can have changed.
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
            cast_to_text: self.cast_to_text.clone(),
            ..Self::default()
        };
        lasting.index();
        lasting
    }
}

/// A relation of which only the columns' names and types are known; and of a materialized view the query, as that of another
/// that reads it read what it gave.
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
