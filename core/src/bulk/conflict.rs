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
            } => {
                let target = target(key);
                let set = assignments(shape, key, columns.as_deref())?;
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
/// nothing else is, the key is put in its own place, so that the row counts as updated and is returned.
fn assignments(
    shape: &Shape,
    key: &Constraint,
    columns: Option<&[&'static str]>,
) -> Result<String, Error> {
    let written = || shape.columns();
    let columns: Vec<_> = match columns {
        Some(columns) => columns.to_vec(),
        None => written()
            .filter(|column| !key.columns.contains(column))
            .collect(),
    };
    let columns = if columns.is_empty() {
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
    let pairs: Vec<_> = columns
        .iter()
        .map(|column| {
            let column = escape_identifier(column);
            format!("{column} = excluded.{column}")
        })
        .collect();
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
