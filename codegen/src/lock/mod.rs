//! The lock file: the results of the stages that need a database, so that the same modules can be generated without
//! one.
//!
//! It is JSON with one fact per line in a fixed order, so that a change of the schema is readable in a review. It
//! contains names and no OIDs, so that the same schema in two databases gives the same file.

mod error;
mod schema_file;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::analyze::{Analysis, TableViolations};
use crate::catalog::Catalog;
use crate::model::{Tables, used_relations, used_types};
use crate::source::Query;

pub use error::LockError;
pub use schema_file::SchemaFile;

/// The version of the format. A file of another version is an error.
const FORMAT: u32 = 1;

/// A lock file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    /// The version of the format.
    format: u32,
    /// The schema files or migrations that were loaded, in their order. None are known of a database that is not described
    /// by any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schema: Vec<SchemaFile>,
    /// The choice of tables. The file has only these.
    pub tables: Tables,
    /// The part of the catalog that the queries and the `schema` module use.
    pub catalog: Catalog,
    /// The constraints that plain statements about the tables of the `schema` module can violate, sorted by table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<TableViolations>,
    /// The analysis of each query, sorted by file and then in the order of the file.
    pub queries: Vec<LockedQuery>,
}

/// The part that all versions of the format have.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// Whether version control left both sides of a merge in the text.
fn has_merge_marks(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("<<<<<<<"))
}

/// A query that was checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LockedQuery {
    /// Its file.
    pub file: String,
    /// Its name.
    pub name: String,
    /// The lines of the SQL that was checked.
    sql: Vec<String>,
    /// The parameters that can be null because the query's author says so. The verdicts on columns depend on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nullable_params: Vec<u16>,
    /// The parameters whose elements can be null because the author says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nullable_elements: Vec<u16>,
    /// The analysis of the query.
    pub analysis: Analysis,
}

impl LockedQuery {
    /// A query that was checked.
    pub fn new(file: &str, query: &Query, analysis: &Analysis) -> Self {
        let nullable = query.nullable_params();
        Self {
            file: file.to_owned(),
            name: query.name.value.clone(),
            sql: query.sql.split('\n').map(str::to_owned).collect(),
            nullable_params: nullable.values,
            nullable_elements: nullable.elements,
            analysis: analysis.clone(),
        }
    }

    /// Whether this is the query that was checked, with the same nullable parameters.
    pub fn is_about(&self, query: &Query) -> bool {
        let lines = self.sql.iter().map(String::as_str);
        let nullable = query.nullable_params();
        lines.eq(query.sql.split('\n'))
            && self.nullable_params == nullable.values
            && self.nullable_elements == nullable.elements
    }
}

impl Lock {
    /// The lock file for queries that were checked against `catalog`, which is that of the `schema` files, and for `tables`
    /// with the constraints that statements about them can violate.
    pub fn new(
        schema: &[SchemaFile],
        catalog: &Catalog,
        tables: &Tables,
        violations: &[TableViolations],
        queries: Vec<LockedQuery>,
    ) -> Self {
        let analyses = || queries.iter().map(|query| &query.analysis);
        let chosen = crate::model::chosen_relations(catalog, analyses(), tables);
        let mut relations = used_relations(catalog, analyses());
        relations.extend(&chosen);
        relations.sort_by(|a, b| a.name.cmp(&b.name));
        relations.dedup_by(|a, b| a.name == b.name);
        let types = used_types(catalog, analyses(), &relations);
        let mut used = Catalog::default();
        // Minor releases make no difference for the contents.
        used.server_version = catalog.server_major() * 10_000;
        used.search_path.clone_from(&catalog.search_path);
        used.relations = relations.into_iter().cloned().collect();
        used.types = types
            .iter()
            .filter_map(|name| catalog.type_(name))
            .cloned()
            .collect();
        Self {
            format: FORMAT,
            schema: schema.to_vec(),
            tables: tables.clone(),
            catalog: used,
            violations: violations.to_vec(),
            queries,
        }
    }

    /// Reads a lock file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is not a lock file of this version.
    pub fn read(path: &Path) -> Result<Self, LockError> {
        let text = fs::read_to_string(path).map_err(LockError::Unreadable)?;
        if has_merge_marks(&text) {
            return Err(LockError::Unmerged);
        }
        // In another version, the rest can have any form.
        let Version { format } = serde_json::from_str(&text).map_err(LockError::NotALock)?;
        if format != FORMAT {
            return Err(LockError::OtherFormat(format));
        }
        serde_json::from_str(&text).map_err(LockError::NotALock)
    }

    /// The major version of the server that a lock file was made with, without all else that is in it. `None` if it cannot
    /// be read, or is not a lock file of this version.
    pub(crate) fn server_major_of(path: &Path) -> Option<u32> {
        #[derive(Deserialize)]
        struct Made {
            format: u32,
            catalog: Server,
        }
        #[derive(Deserialize)]
        struct Server {
            server_version: u32,
        }
        let text = fs::read_to_string(path).ok()?;
        let made: Made = serde_json::from_str(&text).ok()?;
        (made.format == FORMAT).then_some(made.catalog.server_version / 10_000)
    }

    /// Whether `text` is that of a lock file of any version, merged or not, and not of another file.
    pub(crate) fn is_one(text: &str) -> bool {
        let starts_well = text.trim_start().starts_with('{') || has_merge_marks(text);
        starts_well && text.contains("\"format\":")
    }

    /// The text of the file.
    ///
    /// # Errors
    ///
    /// Never in practice, because every value can be written as JSON.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// The queries by file and name.
    pub fn by_name(&self) -> HashMap<(&str, &str), &LockedQuery> {
        let queries = self.queries.iter();
        queries
            .map(|query| ((query.file.as_str(), query.name.as_str()), query))
            .collect()
    }
}
