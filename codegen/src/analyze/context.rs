//! What every part of one query's analysis shares: the catalog, the parameters' verdicts, and what has been worked out.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::bodies::Body;
use super::facts::Facts;
use super::materialized::Stored;
use super::reason::Verdict;
use super::recursion::Proven;
use super::rejection::Proof;
use super::scope::Scope;
use crate::catalog::{Catalog, Function, Type, TypeKind, Volatility};
use crate::tree::Node;

/// Whether null can come in through a parameter, and for an array through its elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ParamNulls {
    pub(super) value: bool,
    pub(super) elements: bool,
    /// For a row, a bit for each of its first 64 fields that is not null where the row is not.
    pub(super) not_null_fields: u64,
}

/// Where a query stands: the number of the scope around it and the range table entry as which; zeros for none.
pub(super) type Place = (usize, usize);

/// A column of a scope's range table entry under certain facts: the facts' number, the scope's, the entry, the column.
type ColumnKey = (usize, usize, usize, i64);

/// A function, and which of its arguments may be null.
type BodyKey = (u32, Vec<ParamNulls>);

/// The shared state of one analysis.
pub(super) struct Context<'t> {
    pub(super) catalog: &'t Catalog,
    pub(super) params: Vec<ParamNulls>,
    /// The last number given to a scope or to facts.
    last_id: Cell<usize>,
    columns: RefCell<HashMap<ColumnKey, Verdict>>,
    /// Facts within a scope, by the scope's number, the place where it stands, and the number of the facts outside it.
    inner_facts: RefCell<HashMap<(usize, Place, usize), Rc<Facts>>>,
    /// For each recursive query, by its scope's number, what is proven of its columns, or assumed while that is being proved.
    pub(super) recursive: RefCell<HashMap<usize, Vec<Proven>>>,
    /// What SQL functions' bodies give, by function and by the arguments that may be null.
    pub(super) bodies: RefCell<HashMap<BodyKey, Option<Rc<Body>>>>,
    /// What the queries of materialized views say of their columns, by relation.
    pub(super) stored: RefCell<HashMap<u32, Rc<[Stored]>>>,
    /// The functions whose bodies this is inside of.
    pub(super) calling: Vec<u32>,
    /// How many recursive queries are being proved; verdicts then hold only under their assumptions.
    pub(super) proving: Cell<usize>,
}

impl<'t> Context<'t> {
    pub(super) fn new(catalog: &'t Catalog, params: Vec<ParamNulls>) -> Self {
        Self {
            catalog,
            params,
            last_id: Cell::new(0),
            columns: RefCell::default(),
            inner_facts: RefCell::default(),
            recursive: RefCell::default(),
            bodies: RefCell::default(),
            stored: RefCell::default(),
            calling: Vec::new(),
            proving: Cell::new(0),
        }
    }

    /// A number that no other scope or facts of this analysis have.
    pub(super) fn next_id(&self) -> usize {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    /// The scope of the whole statement.
    pub(super) fn root(&self, query: &'t Node<'t>) -> Rc<Scope<'t>> {
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

    /// The facts of the rows of `scope`, given where it stands, the facts there, and what is known of its result.
    pub(super) fn facts_within(
        &self,
        scope: &Rc<Scope<'t>>,
        place: Place,
        outer: &Facts,
        proofs: impl FnOnce() -> Vec<Proof<'t>>,
    ) -> Rc<Facts> {
        let key = (scope.id, place, outer.id);
        if let Some(inner) = self.inner_facts.borrow().get(&key) {
            return Rc::clone(inner);
        }
        let inner = Rc::new(outer.within(self, scope, proofs()));
        self.inner_facts.borrow_mut().insert(key, Rc::clone(&inner));
        inner
    }

    /// The verdict on a column, worked out once for the same facts.
    pub(super) fn column(
        &self,
        facts: &Facts,
        (scope, entry, column): (usize, usize, i64),
        work_out: impl FnOnce() -> Verdict,
    ) -> Verdict {
        if self.proving.get() > 0 {
            return work_out();
        }
        let key = (facts.id, scope, entry, column);
        if let Some(verdict) = self.columns.borrow().get(&key) {
            return verdict.clone();
        }
        let verdict = work_out();
        self.columns.borrow_mut().insert(key, verdict.clone());
        verdict
    }

    pub(super) fn function(&self, oid: u32) -> Option<&'t Function> {
        self.catalog.functions.get(&oid)
    }

    /// Whether a domain, or one that it is over, is declared not null.
    pub(super) fn refuses_null(&self, domain: u32) -> bool {
        let mut ty = self.catalog.type_by_oid(domain);
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

    pub(super) fn is_strict(&self, function: u32) -> bool {
        self.function(function).is_some_and(|f| f.strict)
    }

    pub(super) fn volatility(&self, function: u32) -> Volatility {
        self.function(function)
            .map_or(Volatility::Volatile, |f| f.volatility)
    }
}
