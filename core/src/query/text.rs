//! The parts of a query that a connection needs: its text and its parameters, without the type of its rows.

use std::sync::Arc;

use postgres_types::Type;

use crate::{Error, Param, executor::Handle, row::mismatch::Advice};

/// The text of a query: its SQL, and a name for messages if it has one.
#[derive(Clone)]
pub struct Text {
    name: Option<&'static str>,
    sql: SqlSource,
}

/// SQL that is `'static`, or that is put together at run time.
#[derive(Clone)]
pub(crate) enum SqlSource {
    Static(&'static str),
    /// `howdah generate` wrote it, for the types that the schema had then.
    Generated(&'static str),
    Shared(Arc<str>),
    Once(Arc<Once>),
}

/// SQL that runs once, with parameters of these types.
pub(crate) struct Once {
    sql: Box<str>,
    types: Box<[Type]>,
}

impl Text {
    /// SQL without a name.
    pub(crate) fn unnamed(sql: SqlSource) -> Self {
        Self { name: None, sql }
    }

    /// SQL that howdah has written.
    pub(crate) fn written(sql: String) -> Self {
        Self::unnamed(SqlSource::Shared(sql.into()))
    }

    pub(crate) fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// The name of what is observed: that of the query, or `query` if it has none.
    pub(crate) fn summary(&self) -> &'static str {
        self.name.unwrap_or("query")
    }

    /// SQL with a name for messages.
    pub(crate) fn named(name: &'static str, sql: SqlSource) -> Self {
        Self {
            name: Some(name),
            sql,
        }
    }

    /// The same SQL with a name.
    pub(crate) fn with_name(self, name: &'static str) -> Self {
        Self {
            name: Some(name),
            ..self
        }
    }

    /// Other SQL with the same name.
    pub(crate) fn with_sql(self, sql: SqlSource) -> Self {
        Self { sql, ..self }
    }

    pub(crate) fn sql_source(&self) -> &SqlSource {
        &self.sql
    }

    pub(crate) fn sql(&self) -> &str {
        match &self.sql {
            SqlSource::Static(sql) | SqlSource::Generated(sql) => sql,
            SqlSource::Shared(sql) => sql,
            SqlSource::Once(once) => &once.sql,
        }
    }

    /// What to advise where its types are not those of the Rust code.
    pub(crate) fn advice(&self) -> Advice {
        match self.sql {
            SqlSource::Generated(_) => Advice::Generate,
            _ => Advice::Types,
        }
    }

    /// Marks the text as one that runs once, with parameters of these types.
    pub(crate) fn once(self, types: Box<[Type]>) -> Self {
        let sql = self.sql().into();
        self.with_sql(SqlSource::Once(Arc::new(Once { sql, types })))
    }

    /// Appends more SQL.
    pub(crate) fn followed_by(self, more: &str) -> Self {
        if more.is_empty() {
            return self;
        }
        let sql = format!("{}{more}", self.sql());
        match self.types() {
            Some(types) => {
                let once = Once {
                    sql: sql.into(),
                    types: types.into(),
                };
                self.with_sql(SqlSource::Once(Arc::new(once)))
            }
            None => self.with_sql(SqlSource::Shared(sql.into())),
        }
    }

    /// The types of the parameters, if the text runs once.
    pub(crate) fn types(&self) -> Option<&[Type]> {
        match &self.sql {
            SqlSource::Once(once) => Some(&once.types),
            _ => None,
        }
    }

    /// Adds the query's name to an error, or the beginning of its SQL if it has no name.
    #[cold]
    pub(crate) fn blame(&self, error: Error) -> Error {
        if let Some(name) = self.name {
            return error.in_query(name, self.sql());
        }
        let mut words = self.sql().split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((end, _)) = words.char_indices().nth(60) {
            words.truncate(end);
            words.push('…');
        }
        error.in_query(&words, self.sql())
    }
}

/// A query with everything that is needed to run it.
pub struct Asked<'q> {
    pub(crate) handle: Handle<'q>,
    pub(crate) text: Text,
    pub(crate) params: Vec<Param<'q>>,
}

impl Asked<'_> {
    pub(crate) fn call(&self) -> Call<'_> {
        Call {
            handle: self.handle,
            text: &self.text,
            params: &self.params,
        }
    }
}

/// A query that is being run, without type parameters.
pub(crate) struct Call<'q> {
    pub(crate) handle: Handle<'q>,
    pub(crate) text: &'q Text,
    pub(crate) params: &'q [Param<'q>],
}

impl Call<'_> {
    /// The call with a deadline that starts now.
    pub(crate) fn begun(&self) -> Self {
        Self {
            handle: self.handle.begun(),
            ..*self
        }
    }
}
