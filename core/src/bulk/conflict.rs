//! What an insert does with a row whose key is there already.

use postgres_protocol::escape::escape_identifier;

use super::{condition::Conditions, sql::Shape};
use crate::{
    Constraint, ConstraintKind, Error, Param, mark, names::column_list,
    updated_columns::UpdatedColumns,
};

/// What to do about rows that are there already.
#[derive(Default)]
pub(crate) enum Conflict<'a> {
    /// Fail.
    #[default]
    Fail,
    /// Skip rows that violate any unique or exclusion constraint.
    SkipAny,
    /// Skip rows whose key is there.
    Skip(&'static Constraint),
    /// Update the row that is there.
    Update(Update<'a>),
}

/// An update of rows that are there.
pub(crate) struct Update<'a> {
    /// They get the values of the insert.
    pub(crate) columns: UpdatedColumns,
    pub(crate) conditions: Conditions<'a>,
    /// Whether each update leaves a mark.
    pub(crate) marked: bool,
}

impl Conflict<'_> {
    /// Has each update leave its mark; answers with the condition that a row is new.
    pub(crate) fn mark(&mut self) -> String {
        let Self::Update(update) = self else {
            return "true".to_owned();
        };
        update.marked = true;
        let key = update.columns.key.columns.iter();
        let key: Vec<_> = key
            .map(|column| format!("t.{}", escape_identifier(column)))
            .collect();
        mark::is_other(&mark::of_row(&key))
    }

    /// ` ON CONFLICT … DO …`, and its parameters, which are the first ones of the statement.
    pub(crate) fn sql(&self, shape: &Shape) -> Result<(String, Vec<Param<'_>>), Error> {
        let sql = match self {
            Self::Fail => String::new(),
            Self::SkipAny => " ON CONFLICT DO NOTHING".to_owned(),
            Self::Skip(key) => format!(" ON CONFLICT {} DO NOTHING", target(key)),
            Self::Update(update) => return update.sql(shape),
        };
        Ok((sql, Vec::new()))
    }
}

impl Update<'_> {
    fn sql(&self, shape: &Shape) -> Result<(String, Vec<Param<'_>>), Error> {
        let target = target(self.columns.key);
        let written: Vec<_> = shape.columns().collect();
        let columns = self.columns.of(&written)?;
        let set = self.assignments(&columns);
        let (mut conditions, params) = self.conditions.write();
        conditions.extend(self.marked.then(|| mark::leave(&self.mark(&columns))));
        let conditions = match &conditions[..] {
            [] => String::new(),
            conditions => format!(" WHERE {}", conditions.join(" AND ")),
        };
        let sql = format!(" ON CONFLICT {target} DO UPDATE SET {set}{conditions}");
        Ok((sql, params))
    }

    /// The columns get the values of the insert, and a version is raised by one.
    fn assignments(&self, columns: &[&str]) -> String {
        let mut pairs: Vec<_> = columns
            .iter()
            .map(|column| {
                let column = escape_identifier(column);
                format!("{column} = excluded.{column}")
            })
            .collect();
        if let Some(version) = self.columns.version {
            let version = escape_identifier(version);
            pairs.push(format!("{version} = t.{version} + 1"));
        }
        pairs.join(", ")
    }

    /// The mark of the row as it will be: keys that are equal may be written differently, such as 1.0 and 1.00.
    fn mark(&self, columns: &[&str]) -> String {
        let value = |column: &&str| match columns.contains(column) {
            true => format!("excluded.{}", escape_identifier(column)),
            false => format!("t.{}", escape_identifier(column)),
        };
        let key: Vec<_> = self.columns.key.columns.iter().map(value).collect();
        mark::of_row(&key)
    }
}

/// What identifies the rows that are there. By its name, a constraint would not be found through a view.
fn target(key: &Constraint) -> String {
    let columns = column_list(key.columns);
    let predicate = match key.kind {
        ConstraintKind::UniqueIndex {
            predicate: Some(sql),
        } => format!(" WHERE {sql}"),
        _ => String::new(),
    };
    format!("({columns}){predicate}")
}
