//! The objects of a database as plain data: relations, types, functions, operators.
//!
//! `load` and `complete` read `pg_catalog`; everything after them is a pure function of this data. OIDs are valid only
//! during a run (they differ from database to database), so the lock file refers to objects by schema and name.

mod bodies;
mod constraint;
mod domains;
mod expressions;
mod function;
mod lasting;
mod load;
mod name;
mod plpgsql;
mod references;
mod relation;
mod rows;
mod trigger;
mod types;
mod views;

pub use constraint::{
    Constraint, ConstraintKind, ForeignKeyTarget, ReferentialAction, UniqueIndex,
};
pub use function::{Function, FunctionKind, Operator, Volatility};
pub(crate) use lasting::FIRST_OF_THE_USER;
pub use load::{CatalogError, complete, load};
pub use name::QualifiedName;
pub(crate) use name::{always_quoted, quoted};
pub use references::References;
pub use relation::{Below, Column, ColumnDefault, KeyBelow, Relation, RelationKind};
pub use trigger::{Before, Triggers};
pub use types::{CompositeField, DomainCheck, Spatial, Type, TypeKind};

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

/// The catalog of one database.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// `server_version_num`, e.g. `150018`.
    pub server_version: u32,
    /// The schemas of `search_path` that exist, in order, without the implicit `pg_catalog`.
    pub search_path: Vec<String>,
    /// Whether other schemas can come before `pg_catalog` in `search_path`, and hide what is built in.
    #[serde(skip)]
    pub(crate) may_hide_built_in: bool,
    /// Tables, views, materialized views, partitioned and foreign tables, sorted by name.
    pub relations: Vec<Relation>,
    /// Types, sorted by name. A lock file has only those that are used and not built in.
    pub types: Vec<Type>,
    /// The functions that queries call, by OID.
    #[serde(skip)]
    pub functions: HashMap<u32, Function>,
    /// The names of all functions, for suggestions when a name is wrong.
    #[serde(skip)]
    pub(crate) callable: Vec<QualifiedName>,
    /// The operators that queries use, by OID.
    #[serde(skip)]
    pub operators: HashMap<u32, Operator>,
    /// The OIDs of the collations under which different texts can be equal.
    #[serde(skip)]
    pub nondeterministic_collations: Vec<u32>,
    /// The OIDs of the types that user-defined functions cast, with those that they are cast to. `None` if these casts may have
    /// been others.
    #[serde(skip)]
    pub(crate) user_casts: Option<Vec<(u32, u32)>>,
    /// The facts that cannot have been different in the past, if a materialized view is read.
    #[serde(skip)]
    pub(crate) lasting: Option<Box<Catalog>>,
    /// Whether there is a foreign table.
    #[serde(skip)]
    pub(crate) has_foreign_tables: bool,
    /// The index in `relations` of the relation with an OID.
    #[serde(skip)]
    relation_indexes: HashMap<u32, usize>,
    /// The index in `types` of the type with an OID.
    #[serde(skip)]
    type_indexes: HashMap<u32, usize>,
    /// For each relation that foreign keys refer to: the indexes in `relations` of the referring relations, or of their
    /// roots.
    #[serde(skip)]
    referring_roots: HashMap<QualifiedName, BTreeSet<usize>>,
}

impl Catalog {
    /// The server's major version, e.g. 15.
    pub fn server_major(&self) -> u32 {
        self.server_version / 10_000
    }

    /// Fills the indexes by OID, after relations and types have been sorted by name.
    fn index(&mut self) {
        let mut kinds = self.relations.iter().map(|relation| relation.kind);
        self.has_foreign_tables = kinds.any(|kind| kind == RelationKind::ForeignTable);
        let relations = self.relations.iter().enumerate();
        self.relation_indexes = relations.map(|(i, r)| (r.oid, i)).collect();
        let types = self.types.iter().enumerate();
        self.type_indexes = types.map(|(i, t)| (t.oid, i)).collect();
        let children = self.relations.iter().flat_map(|r| &r.children);
        let is_below: HashSet<u32> = children.copied().collect();
        let mut referring: HashMap<QualifiedName, BTreeSet<usize>> = HashMap::new();
        let relations = self.relations.iter().enumerate();
        for (at, root) in relations.filter(|(_, r)| !is_below.contains(&r.oid)) {
            let constraints = self.family(root).into_iter().flat_map(|r| &r.constraints);
            for target in constraints.filter_map(|c| c.references.as_ref()) {
                let roots = referring.entry(target.relation.clone());
                roots.or_default().insert(at);
            }
        }
        self.referring_roots = referring;
    }

    /// The relation and all its descendants, the relation first.
    pub fn family<'c>(&'c self, relation: &'c Relation) -> Vec<&'c Relation> {
        let mut family = vec![relation];
        let mut next = 0;
        while let Some(relation) = family.get(next) {
            let children = relation.children.iter();
            let children: Vec<_> = children
                .filter_map(|oid| self.relation_by_oid(*oid))
                .collect();
            let is_new = |child: &&Relation| !family.iter().any(|known| known.oid == child.oid);
            let children: Vec<_> = children.into_iter().filter(is_new).collect();
            family.extend(children);
            next += 1;
        }
        family
    }

    /// Whether some of the relation's rows can be in a foreign table.
    pub(crate) fn has_foreign_rows(&self, relation: &Relation) -> bool {
        let mut family = self.family(relation).into_iter();
        family.any(|relation| relation.kind == RelationKind::ForeignTable)
    }

    /// Whether some of the rows of the relation with this OID can be in a foreign table.
    pub(crate) fn is_foreign(&self, oid: u32) -> bool {
        let relation = self
            .relation_by_oid(oid)
            .filter(|_| self.has_foreign_tables);
        relation.is_some_and(|relation| self.has_foreign_rows(relation))
    }

    /// The root relations that have, themselves or in a descendant, foreign keys to one of `targets`.
    pub fn referring_roots(&self, targets: &[&Relation]) -> impl Iterator<Item = &Relation> {
        let targets = targets.iter();
        let roots = targets.filter_map(|target| self.referring_roots.get(&target.name));
        let roots: BTreeSet<usize> = roots.flatten().copied().collect();
        roots.into_iter().filter_map(|at| self.relations.get(at))
    }

    /// The relation with this OID.
    pub fn relation_by_oid(&self, oid: u32) -> Option<&Relation> {
        self.relations.get(*self.relation_indexes.get(&oid)?)
    }

    fn relation_by_oid_mut(&mut self, oid: u32) -> Option<&mut Relation> {
        self.relations.get_mut(*self.relation_indexes.get(&oid)?)
    }

    /// The type with this OID.
    pub fn type_by_oid(&self, oid: u32) -> Option<&Type> {
        self.types.get(*self.type_indexes.get(&oid)?)
    }

    /// The relation with this name.
    pub fn relation(&self, name: &QualifiedName) -> Option<&Relation> {
        self.relations
            .binary_search_by(|r| r.name.cmp(name))
            .ok()
            .map(|i| &self.relations[i])
    }

    /// The type with this name.
    pub fn type_(&self, name: &QualifiedName) -> Option<&Type> {
        self.types
            .binary_search_by(|t| t.name.cmp(name))
            .ok()
            .map(|i| &self.types[i])
    }
}
