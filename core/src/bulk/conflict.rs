//! What an insert does with a row whose key is there already.

use postgres_protocol::escape::escape_identifier;

use super::sql::Shape;
use crate::{Constraint, ConstraintKind, Error, ErrorKind, table_name::column_list};

/// What to do about rows that are there already.
#[derive(Clone, Debug, Default)]
pub(crate) enum Conflict {
    /// Fail.
    #[default]
    Fail,
    /// Skip rows that violate any unique or exclusion constraint.
    SkipAny,
    /// Skip rows whose key is there.
    Skip(&'static Constraint),
    /// Update the row that is there.
    Update {
        key: &'static Constraint,
        /// All but the key's, unless given.
        columns: Option<Vec<&'static str>>,
        condition: Option<&'static str>,
        /// The column that counts the changes of its row, to be raised by one.
        version: Option<&'static str>,
    },
}

impl Conflict {
    /// ` ON CONFLICT … DO …`
    pub(crate) fn sql(&self, shape: &Shape) -> Result<String, Error> {
        match self {
            Self::Fail => Ok(String::new()),
            Self::SkipAny => Ok(" ON CONFLICT DO NOTHING".to_owned()),
            Self::Skip(key) => Ok(format!(" ON CONFLICT {} DO NOTHING", target(key))),
            Self::Update {
                key,
                columns,
                condition,
                version,
            } => {
                let target = target(key);
                let set = assignments(shape, key, columns.as_deref(), *version)?;
                let condition = condition
                    .map(|sql| format!(" WHERE {sql}"))
                    .unwrap_or_default();
                Ok(format!(
                    " ON CONFLICT {target} DO UPDATE SET {set}{condition}"
                ))
            }
        }
    }
}

/// The columns that are updated, unless they are given: all that are written but those of the key. Where
/// nothing else is, the key is put in its own place, so that the row counts as updated and is returned. A version
/// is raised by one.
fn assignments(
    shape: &Shape,
    key: &Constraint,
    columns: Option<&[&'static str]>,
    version: Option<&'static str>,
) -> Result<String, Error> {
    let written = || shape.columns();
    let mut columns: Vec<_> = match columns {
        Some(columns) => columns.to_vec(),
        None => written()
            .filter(|column| !key.columns.contains(column))
            .collect(),
    };
    columns.retain(|column| Some(*column) != version);
    let columns = if columns.is_empty() && version.is_none() {
        key.columns
    } else {
        &columns
    };
    if let Some(missing) = columns
        .iter()
        .find(|column| !written().any(|w| w == **column))
    {
        let message = "the column cannot be updated from the row, which does not write it";
        return Err(Error::new(ErrorKind::Mapping, message).in_column(*missing));
    }
    let mut pairs: Vec<_> = columns
        .iter()
        .map(|column| {
            let column = escape_identifier(column);
            format!("{column} = excluded.{column}")
        })
        .collect();
    if let Some(version) = version {
        let version = escape_identifier(version);
        pairs.push(format!("{version} = t.{version} + 1"));
    }
    Ok(pairs.join(", "))
}

/// What identifies the rows that are there: a constraint by its name, an index by its columns.
fn target(key: &Constraint) -> String {
    let ConstraintKind::UniqueIndex { predicate } = key.kind else {
        return format!("ON CONSTRAINT {}", escape_identifier(key.name));
    };
    let columns = column_list(key.columns);
    let predicate = predicate
        .map(|sql| format!(" WHERE {sql}"))
        .unwrap_or_default();
    format!("({columns}){predicate}")
}
