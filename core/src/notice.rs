//! Notices: what the server says beside its answers.

use std::{fmt, sync::Arc};

/// A message of the server that is no error, such as that of `RAISE NOTICE`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// `WARNING`, `NOTICE`, `INFO`, `LOG` or `DEBUG`.
    pub severity: String,
    /// The five-character code; see [PostgreSQL's error codes](https://www.postgresql.org/docs/current/errcodes-appendix.html).
    pub code: String,
    /// What it says.
    pub message: String,
    /// More about it.
    pub detail: Option<String>,
    /// What can be done about it.
    pub hint: Option<String>,
}

/// As psql shows it: `NOTICE:  the table is empty`, with `DETAIL` and `HINT` on lines of their own.
impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:  {}", self.severity, self.message)?;
        for (name, text) in [("DETAIL", &self.detail), ("HINT", &self.hint)] {
            if let Some(text) = text {
                write!(f, "\n{name}:  {text}")?;
            }
        }
        Ok(())
    }
}

/// Who is given notices.
pub(crate) type OnNotice = Arc<dyn Fn(&Notice) + Send + Sync>;
