//! What a database holds, as plain data: relations, types, functions, extensions.
//!
//! [`load`] reads `pg_catalog` once; everything after it is a pure function of this data. OIDs live only as long as the
//! run (they differ from database to database), so what is saved in the lock file names things by schema and name.

mod name;
mod relation;
mod types;

pub use name::QualifiedName;
pub use relation::{
    Column, ColumnDefault, Constraint, ConstraintKind, ForeignKeyTarget, Relation, RelationKind,
    UniqueIndex,
};
pub use types::{CompositeField, Spatial, Type, TypeKind};

use serde::{Deserialize, Serialize};

/// The catalog of one database.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// `server_version_num`, e.g. `150018`.
    pub server_version: u32,
    /// The schemas of `search_path` that exist, in order, without the implicit `pg_catalog`.
    pub search_path: Vec<String>,
    /// Tables, views, materialized views, partitioned and foreign tables, sorted by name.
    pub relations: Vec<Relation>,
    /// Types, sorted by name. In a lock file only the ones that are used and are not built in.
    pub types: Vec<Type>,
}

impl Catalog {
    /// The relation of this name.
    pub fn relation(&self, name: &QualifiedName) -> Option<&Relation> {
        self.relations
            .binary_search_by(|r| r.name.cmp(name))
            .ok()
            .map(|i| &self.relations[i])
    }

    /// The type of this name.
    pub fn type_(&self, name: &QualifiedName) -> Option<&Type> {
        self.types
            .binary_search_by(|t| t.name.cmp(name))
            .ok()
            .map(|i| &self.types[i])
    }
}
