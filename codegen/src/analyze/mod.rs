//! Decides what a query returns: nullability, parameters, cardinality, each with its reason.
//!
//! A pure function of the catalog and of the server's description of the query. It never guesses: an unknown value is
//! nullable, and an unknown number of rows is many.

mod aggregates;
mod bodies;
mod case;
mod checks;
mod constants;
mod context;
mod coverage;
mod determined;
mod dimensions;
mod dml;
mod doubts;
mod elements;
mod env;
mod facts;
mod fields;
mod finite;
mod from_functions;
mod functions;
mod grouping;
mod logic;
mod materialized;
mod memo;
mod params;
mod partial;
mod range_table;
mod reading;
mod reason;
mod recursion;
mod rejection;
mod rows;
mod scope;
mod set_operation;
mod steady;
mod sublinks;
pub mod total;
mod typed;
mod utility;
mod verdict;
mod violations;

pub(crate) use doubts::doubts;
pub use doubts::{Doubt, DoubtKind};
pub use verdict::{
    Analysis, ColumnRef, ColumnVerdict, FieldVerdict, ParamVerdict, Reason, Violation,
    ViolationName, ViolationRule,
};
pub use violations::TableViolations;
pub(crate) use violations::of_tables as table_violations;

use std::collections::BTreeSet;
use std::rc::Rc;

use context::Context;
use dml::Command;
use env::Env;
use facts::Facts;
use params::srids;
use reason::Verdict;
use rows::Rows;

use crate::cardinality::Cardinality;
use crate::catalog::{Catalog, QualifiedName, TypeKind};
use crate::describe::Description;
use crate::nodes::{Reference, oid};
use crate::source::NullableParams;
use crate::tree::{Arena, Node, Value};

/// Analyses a query that the server has described, with its query tree, if the server sent one that can be read.
///
/// `nullable_params` are the parameters that can be null in any case.
pub fn analyze(
    catalog: &Catalog,
    description: &Description,
    tree: Option<&Value<'_>>,
    nullable_params: &NullableParams,
) -> Analysis {
    match tree.and_then(statement) {
        Some(query) => analyze_tree(catalog, description, query, nullable_params),
        None => without_tree(catalog, description),
    }
}

/// The query that produces the statement's result, among those that rules have rewritten it into.
fn statement<'t>(value: &'t Value<'t>) -> Option<&'t Node<'t>> {
    let mut queries = value
        .nodes()
        .filter(|node| node.tag == "QUERY" && node.flag("canSetTag"));
    match (queries.next(), queries.next()) {
        (Some(query), None) if dml::command(query) != Command::Utility => Some(query),
        _ => None,
    }
}

fn type_name(catalog: &Catalog, oid: u32) -> QualifiedName {
    catalog
        .type_by_oid(oid)
        .map_or_else(|| QualifiedName::builtin("unknown"), |t| t.name.clone())
}

/// The analysis from catalog facts only, if there is no tree, it cannot be read, or the statement is a utility
/// statement.
fn without_tree(catalog: &Catalog, description: &Description) -> Analysis {
    let unknown = "the server did not say how it understands the query";
    let is_called = utility::is_call(description);
    let meaning = match is_called {
        true => "a procedure is called with null as well",
        false => "null has no meaning that is known",
    };
    let params = description.params.iter().map(|oid| ParamVerdict {
        ty: type_name(catalog, *oid),
        nullable: is_called,
        element_nullable: false,
        column: None,
        name: None,
        srid: 0,
        reason: Reason::new(meaning, None),
    });
    let columns = description.columns.iter().enumerate();
    let columns = columns.map(|(place, column)| {
        let verdict = utility::column(description, place);
        let verdict = verdict.unwrap_or_else(|| Verdict::nullable(unknown, None));
        ColumnVerdict {
            name: column.name.clone(),
            ty: type_name(catalog, column.type_oid),
            domain: None,
            modifier: column.modifier,
            nullable: verdict.nullable,
            element_nullable: is_array(catalog, column.type_oid),
            more_dimensions: 0,
            fields: Vec::new(),
            column: None,
            reason: verdict.reason,
        }
    });
    let rows = utility::rows(description).unwrap_or_else(|| Rows::Many(unknown.to_owned()));
    let (cardinality, reason) = stated(rows, description);
    Analysis {
        params: params.collect(),
        columns: columns.collect(),
        cardinality,
        cardinality_reason: Reason::new(reason, None),
        reads: Vec::new(),
        writes: Vec::new(),
        only_reads: false,
        violations: Vec::new(),
    }
}

fn analyze_tree<'t>(
    catalog: &'t Catalog,
    description: &Description,
    query: &'t Node<'t>,
    nullable_params: &NullableParams,
) -> Analysis {
    let arena = Arena::new();
    let mut context = Context::new(catalog, &arena, Vec::new());
    let root = context.root(query);
    let uses = params::uses(&context, &root, description.params.len());
    context.params = uses.iter().map(|u| u.nulls).collect();
    for (number, nulls) in (1..).zip(&mut context.params) {
        nulls.value |= nullable_params.values.contains(&number);
        nulls.elements |= nullable_params.elements.contains(&number);
    }
    let env = Env::new(&context, Rc::clone(&root), &Facts::default());

    let params = description.params.iter().zip(uses).map(|(oid, found)| {
        let plain = || Reason::new("null has no meaning of its own", None);
        ParamVerdict {
            ty: type_name(catalog, *oid),
            nullable: found.nulls.value,
            element_nullable: found.nulls.elements,
            column: found.column().cloned(),
            name: found.name().map(str::to_owned),
            srid: match found.srid() {
                // That is what `geography` is sent with anyway.
                srids::WGS_84 if srids::is_geography(catalog, *oid) => 0,
                srid => srid,
            },
            reason: found.reason.or(found.refused).unwrap_or_else(plain),
        }
    });
    let columns = description.columns.iter().zip(1..).map(|(column, number)| {
        let verdict = env.output(number);
        let expression = range_table::output_expression(query, number)
            .filter(|_| query.node("setOperations").is_none());
        ColumnVerdict {
            name: column.name.clone(),
            ty: type_name(catalog, column.type_oid),
            domain: expression.and_then(|e| typed::domain(catalog, e)),
            modifier: column.modifier,
            nullable: verdict.nullable,
            element_nullable: is_array(catalog, column.type_oid)
                && elements::of_output(&env, number).nullable,
            more_dimensions: dimensions::beyond_first(&env, number),
            fields: fields::of_output(&env, number, column.type_oid),
            column: range_table::outputs(&env, number).and_then(|outputs| common_origin(&outputs)),
            reason: verdict.reason,
        }
    });
    let (cardinality, reason) = stated(rows::of(&env), description);
    let mut relations = Relations::default();
    relations.collect(catalog, query);
    Analysis {
        params: params.collect(),
        columns: columns.collect(),
        cardinality,
        cardinality_reason: Reason::new(reason, None),
        reads: relations.reads.into_iter().collect(),
        writes: relations.writes.into_iter().collect(),
        only_reads: reading::only_reads(catalog, query),
        violations: violations::of(&env),
    }
}

fn is_array(catalog: &Catalog, oid: u32) -> bool {
    let ty = typed::base(catalog, oid);
    // Arrays of records are a pseudo-type.
    ty.is_some_and(|ty| {
        matches!(ty.kind, TypeKind::Array { .. }) || ty.name == QualifiedName::builtin("_record")
    })
}

fn stated(rows: Rows, description: &Description) -> (Cardinality, String) {
    if description.columns.is_empty() {
        return (Cardinality::Exec, "it returns no rows".to_owned());
    }
    if description.columns.iter().all(|c| c.type_oid == oid::VOID) {
        return (Cardinality::Exec, "what it calls returns `void`".to_owned());
    }
    match rows {
        Rows::One(reason) => (Cardinality::One, reason),
        Rows::Opt(reason) => (Cardinality::Opt, reason),
        Rows::Many(reason) => (Cardinality::Many, reason),
    }
}

/// The table's column whose value an expression is, through subqueries and joins.
fn origin<'t>(env: &Env<'_, 't>, expression: &'t Node<'t>) -> Option<ColumnRef> {
    let (number, column) = Reference::local(expression)?;
    column_origin(env, number, column)
}

/// The table's column whose value a column of an entry is.
fn column_origin(env: &Env<'_, '_>, number: usize, column: i64) -> Option<ColumnRef> {
    let entry = env.scope.entry(number)?;
    if let Some((relation, column)) = range_table::relation_column(env, entry, column) {
        return Some(ColumnRef {
            relation: relation.name.clone(),
            column: column.name.clone(),
        });
    }
    let common = |sources: Vec<_>| common_origin(&sources);
    range_table::judged(env, number, column, |outputs| &outputs.origins, common)
}

/// The table's column whose values all the expressions are.
fn common_origin(expressions: &[range_table::Source<'_, '_>]) -> Option<ColumnRef> {
    let mut origins = expressions
        .iter()
        .map(|(inside, expression)| origin(inside, expression));
    let first = origins.next()??;
    origins
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

/// The relations that a statement names, at any depth.
#[derive(Default)]
struct Relations {
    reads: BTreeSet<QualifiedName>,
    writes: BTreeSet<QualifiedName>,
}

impl Relations {
    fn collect(&mut self, catalog: &Catalog, node: &Node<'_>) {
        if node.tag == "QUERY" {
            let target = node.index("resultRelation");
            for (number, entry) in (1..).zip(node.nodes("rtable")) {
                let Some(relation) = catalog.relation_by_oid(entry.oid("relid")) else {
                    continue;
                };
                let into = if target == Some(number) {
                    &mut self.writes
                } else {
                    &mut self.reads
                };
                into.insert(relation.name.clone());
            }
        }
        node.children()
            .for_each(|child| self.collect(catalog, child));
    }
}
