//! The lock file: all that the stages with a database learnt, so that the same modules can be generated without one.
//!
//! JSON, one fact a line, in a fixed order, so that a change of the schema reads well in review. It holds names only, no
//! OIDs: the same schema in two databases gives the same file.

mod error;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::analyze::{Analysis, TableViolations};
use crate::catalog::Catalog;
use crate::model::{Tables, used_relations, used_types};
use crate::source::Query;

pub use error::LockError;

/// The version of the format; a file of another version is refused.
const FORMAT: u32 = 1;

/// A lock file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    /// The version of the format.
    format: u32,
    /// Which tables were asked for; those of another choice are not in here.
    pub tables: Tables,
    /// The part of the catalog that the queries and the `schema` module use.
    pub catalog: Catalog,
    /// What plain statements about the tables of the `schema` module can violate, sorted by table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<TableViolations>,
    /// What the analysis says of each query, sorted by file and then in its order.
    pub queries: Vec<LockedQuery>,
}

/// What all versions of the format begin with.
#[derive(Deserialize)]
struct Version {
    format: u32,
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
    /// The parameters that the query's author lets be null, which the columns' verdicts take into account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nullable_params: Vec<u16>,
    /// Those of which the author lets elements be null.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nullable_elements: Vec<u16>,
    /// What the analysis says of it.
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

    /// Whether this is the query that was checked, with the same nulls let in.
    pub fn is_about(&self, query: &Query) -> bool {
        let lines = self.sql.iter().map(String::as_str);
        let nullable = query.nullable_params();
        lines.eq(query.sql.split('\n'))
            && self.nullable_params == nullable.values
            && self.nullable_elements == nullable.elements
    }
}

impl Lock {
    /// The lock file for queries that were checked against `catalog`, and for `tables` with what statements about them can
    /// violate.
    pub fn new(
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
        // Minor releases change nothing that is in here.
        used.server_version = catalog.server_version / 10_000 * 10_000;
        used.search_path.clone_from(&catalog.search_path);
        used.relations = relations.into_iter().cloned().collect();
        used.types = types
            .iter()
            .filter_map(|name| catalog.type_(name))
            .cloned()
            .collect();
        Self {
            format: FORMAT,
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
    /// When it cannot be read, or is no lock file of this version.
    pub fn read(path: &Path) -> Result<Self, LockError> {
        let text = fs::read_to_string(path).map_err(LockError::Unreadable)?;
        // Of another format, the rest need not be what is known here.
        let Version { format } = serde_json::from_str(&text).map_err(LockError::NotALock)?;
        if format != FORMAT {
            return Err(LockError::OtherFormat(format));
        }
        serde_json::from_str(&text).map_err(LockError::NotALock)
    }

    /// The text of the file.
    ///
    /// # Errors
    ///
    /// Never in practice: every value in it has a form in JSON.
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
