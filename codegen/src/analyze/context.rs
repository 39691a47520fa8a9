//! The state that all parts of one query's analysis share: the catalog, the parameters' verdicts, and cached results.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::bodies::Body;
use super::determined;
use super::env::{Env, Sees};
use super::facts::Facts;
use super::materialized::Stored;
use super::memo::Outputs;
use super::range_table::{self, EntryKind};
use super::reason::Verdict;
use super::recursion::Proven;
use super::rejection::Proof;
use super::rows::Rows;
use super::scope::{Filtered, Scope};
use super::typed;
use crate::catalog::{
    Catalog, FIRST_OF_THE_USER, Function, References, Type, TypeKind, Volatility,
};
use crate::nodes::{function_of, setting};
use crate::tree::{Arena, Node};

/// Whether a parameter can be null, and, for an array, whether its elements can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ParamNulls {
    pub(super) value: bool,
    pub(super) elements: bool,
    /// For a row, a bit for each of its first 64 fields that is not null if the row is not.
    pub(super) not_null_fields: u64,
}

/// Facts within a scope: the scope's number, the result columns that are known to be not null, the number of the facts outside,
/// and what is assumed.
type FactsKey = (usize, Vec<i64>, usize, usize);

/// A column of a scope's range table entry: the scope's number, the entry, the column.
pub(super) type Place = (usize, usize, i64);

/// What a verdict on a column is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum About {
    Values,
    Elements,
}

/// A query's rows under certain facts: the facts' number, that of the facts before RETURNING, the scope's, and what is known
/// outside and assumed.
type RowsKey = (usize, Option<usize>, usize, determined::Key, usize);

/// A verdict's column: the number of the facts, the rows, the place, what it is about, and what is assumed.
type ColumnKey = (usize, Sees, Place, About, usize);

/// A function, and which of its arguments may be null.
type BodyKey = (u32, Vec<ParamNulls>);

/// The shared state of one analysis.
pub(super) struct Context<'t> {
    pub(super) catalog: &'t Catalog,
    /// Where expressions that the analysis puts together lie.
    pub(super) arena: &'t Arena,
    pub(super) params: Vec<ParamNulls>,
    /// The last number given to a scope or to facts.
    last_id: Cell<usize>,
    /// Verdicts on columns under certain facts, by the facts' number.
    columns: RefCell<HashMap<ColumnKey, Verdict>>,
    /// What is said of queries' result columns.
    pub(super) outputs: Outputs<'t>,
    inner_facts: RefCell<HashMap<FactsKey, Rc<Facts>>>,
    rows: RefCell<HashMap<RowsKey, Rows>>,
    /// For each recursive query, by its scope's number, what is proven of its columns, or assumed while that is being proved.
    pub(super) recursive: RefCell<HashMap<usize, Vec<Proven>>>,
    /// What SQL functions' bodies give, by function and by the arguments that may be null.
    pub(super) bodies: RefCell<HashMap<BodyKey, Option<Rc<Body>>>>,
    /// What the queries of materialized views say of their columns, by relation.
    pub(super) stored: RefCell<HashMap<u32, Rc<[Stored]>>>,
    /// Whether this is about what was worked out when a row was written: functions of the user's, and what domains demand, may
    /// have been others then.
    pub(super) is_stored: bool,
    /// Whether the statement reads a foreign table, or a table with a part that is one. Since version 17, the planner believes
    /// what these declare, and leaves out conditions that would find otherwise.
    pub(super) reads_foreign: Cell<bool>,
    /// Whether the statement may change settings that it reads.
    changes_settings: Cell<bool>,
    /// The functions whose bodies this is inside of.
    pub(super) calling: Vec<u32>,
    /// The number of what is assumed of the recursive queries that are being proved; verdicts then hold only under these
    /// assumptions. Zero if nothing is assumed.
    pub(super) assumed: Cell<usize>,
}

impl<'t> Context<'t> {
    pub(super) fn new(catalog: &'t Catalog, arena: &'t Arena, params: Vec<ParamNulls>) -> Self {
        Self {
            catalog,
            arena,
            params,
            last_id: Cell::new(0),
            columns: RefCell::default(),
            outputs: Outputs::default(),
            inner_facts: RefCell::default(),
            rows: RefCell::default(),
            recursive: RefCell::default(),
            bodies: RefCell::default(),
            stored: RefCell::default(),
            is_stored: false,
            reads_foreign: Cell::new(false),
            changes_settings: Cell::new(false),
            calling: Vec::new(),
            assumed: Cell::new(0),
        }
    }

    /// A number that no other scope or facts of this analysis have.
    pub(super) fn next_id(&self) -> usize {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    /// The scope of the whole statement.
    pub(super) fn root(&self, query: &'t Node<'t>) -> Rc<Scope<'t>> {
        if self.catalog.has_foreign_tables && reads_foreign(self.catalog, query) {
            self.reads_foreign.set(true);
        }
        let mut settings = setting::CURRENT.iter();
        if settings.any(|oid| self.function(*oid).is_some()) && changes_settings(self, query) {
            self.changes_settings.set(true);
        }
        Rc::new(Scope::new(self.next_id(), query, None))
    }

    /// The scope of a query inside `parent`; the same one each time.
    pub(super) fn child(&self, parent: &Rc<Scope<'t>>, query: &'t Node<'t>) -> Rc<Scope<'t>> {
        let known = parent.children.borrow().get(&(query as *const _)).cloned();
        known.unwrap_or_else(|| {
            let scope = Rc::new(Scope::new(self.next_id(), query, Some(Rc::clone(parent))));
            parent
                .children
                .borrow_mut()
                .insert(query as *const _, Rc::clone(&scope));
            scope
        })
    }

    /// The facts of the rows of `scope`, given the facts around it, and the result columns that are not null with what that
    /// proves.
    ///
    /// A query that refers to nothing around it has the same ones wherever it stands, so that a common table expression is
    /// looked at once, and not once for each way that leads to it: those double with each one that joins two of the last.
    pub(super) fn facts_within(
        &self,
        scope: &Rc<Scope<'t>>,
        not_null: Vec<i64>,
        outer: &Facts,
        proofs: impl FnOnce(&[i64]) -> Vec<Proof<'t>>,
    ) -> Rc<Facts> {
        let none = Facts::default();
        let outer = if scope.refers_out() { outer } else { &none };
        let key = (scope.id, not_null, outer.id, self.assumed.get());
        if let Some(inner) = self.inner_facts.borrow().get(&key) {
            return Rc::clone(inner);
        }
        let inner = Rc::new(outer.within(self, scope, proofs(&key.1), Filtered::Groups));
        self.inner_facts.borrow_mut().insert(key, Rc::clone(&inner));
        inner
    }

    /// The verdict on a column, worked out once for the same facts.
    pub(super) fn column(
        &self,
        env: &Env<'_, 't>,
        place: Place,
        about: About,
        work_out: impl FnOnce() -> Verdict,
    ) -> Verdict {
        let key = (env.facts.id, env.sees, place, about, self.assumed.get());
        if let Some(verdict) = self.columns.borrow().get(&key) {
            return verdict.clone();
        }
        let verdict = work_out();
        self.columns.borrow_mut().insert(key, verdict.clone());
        verdict
    }

    /// The number of rows of a query, worked out once for the same facts.
    pub(super) fn rows(
        &self,
        env: &Env<'_, 't>,
        outside: determined::Key,
        work_out: impl FnOnce() -> Rows,
    ) -> Rows {
        let before = env.before.as_ref().map(|facts| facts.id);
        let assumed = self.assumed.get();
        let key = (env.facts.id, before, env.scope.id, outside, assumed);
        if let Some(rows) = self.rows.borrow().get(&key) {
            return rows.clone();
        }
        let rows = work_out();
        self.rows.borrow_mut().insert(key, rows.clone());
        rows
    }

    pub(super) fn function(&self, oid: u32) -> Option<&'t Function> {
        self.catalog.functions.get(&oid)
    }

    /// Whether a domain, or one that it is over, is declared not null.
    pub(super) fn refuses_null(&self, domain: u32) -> bool {
        let mut ty = self.catalog.type_by_oid(domain).filter(|_| !self.is_stored);
        while let Some(Type {
            kind: TypeKind::Domain { base, not_null, .. },
            ..
        }) = ty
        {
            if *not_null {
                return true;
            }
            ty = self.catalog.type_(base);
        }
        false
    }

    /// Like [`typed::base`], but returns an unknown type unchanged.
    pub(super) fn base_type(&self, oid: u32) -> u32 {
        typed::base(self.catalog, oid).map_or(oid, |ty| ty.oid)
    }

    /// Whether a value that is not null stays so when PostgreSQL casts it to another type without being told to.
    pub(super) fn cast_keeps_null_out(&self, from: u32, to: u32) -> bool {
        let (from, to) = (self.base_type(from), self.base_type(to));
        from == to || to != 0 && !self.catalog.cast_can_give_null(from, to)
    }

    /// Like [`cast_keeps_null_out`](Self::cast_keeps_null_out), and the elements of an array stay so as well.
    pub(super) fn cast_keeps_elements(&self, from: u32, to: u32) -> bool {
        let elements = [from, to].map(|array| typed::element(self.catalog, array));
        self.cast_keeps_null_out(from, to)
            && match elements {
                [Some(from), Some(to)] => self.cast_keeps_elements(from, to),
                _ => true,
            }
    }

    /// The function of a call or of an operator.
    pub(super) fn called(&self, node: &Node<'_>) -> Option<&'t Function> {
        self.function(function_of(node)?)
    }

    /// Whether a call or an operator gives null for a null argument.
    pub(super) fn is_strict(&self, call: &Node<'_>) -> bool {
        self.called(call).is_some_and(|function| function.strict)
    }

    /// Whether it calls a function that may give something else each time, or that is not known.
    pub(super) fn is_volatile(&self, node: &Node<'_>) -> bool {
        function_of(node).is_some_and(|oid| {
            self.volatility(oid) == Volatility::Volatile
                || setting::CURRENT.contains(&oid) && self.changes_settings.get()
        })
    }

    pub(super) fn volatility(&self, function: u32) -> Volatility {
        self.function(function)
            .map_or(Volatility::Volatile, |f| f.volatility)
    }
}

/// Whether a query reads a foreign table, or a table with rows in one, at any depth.
fn reads_foreign(catalog: &Catalog, node: &Node<'_>) -> bool {
    catalog.is_foreign(node.oid("relid"))
        || range_table::kind(node) == EntryKind::Function && calls_foreign(catalog, node)
        || node.children().any(|child| reads_foreign(catalog, child))
}

/// Whether a part of a query calls `set_config`, or a function of the user's that may.
fn changes_settings(context: &Context<'_>, node: &Node<'_>) -> bool {
    let may_set = |oid| {
        oid == setting::SET
            || oid >= FIRST_OF_THE_USER && context.volatility(oid) == Volatility::Volatile
    };
    let mut children = node.children();
    function_of(node).is_some_and(may_set) || children.any(|child| changes_settings(context, child))
}

/// Whether functions in FROM, whose bodies the planner can put in their place, read a foreign table, or are not known.
fn calls_foreign(catalog: &Catalog, entry: &Node<'_>) -> bool {
    let mut seen = References::default();
    entry.children().for_each(|child| seen.collect(child));
    let mut open: Vec<u32> = seen.functions.iter().copied().collect();
    while let Some(oid) = open.pop() {
        let reads = match catalog.functions.get(&oid) {
            _ if oid < FIRST_OF_THE_USER => continue,
            Some(function) if function.extension.is_some() => continue,
            Some(function) if !function.trees.is_empty() => {
                let mut inside = References::default();
                let trees = function.trees.iter();
                trees.for_each(|tree| inside.collect_text(tree));
                open.extend(inside.functions.difference(&seen.functions));
                seen.functions.append(&mut inside.functions);
                inside.relations.iter().any(|oid| catalog.is_foreign(*oid))
            }
            function => function.is_none_or(|function| function.language == "sql"),
        };
        if reads {
            return true;
        }
    }
    false
}
