//! Notices: messages that the server sends besides its answers.

use std::{fmt, sync::Arc};

/// A message of the server that is not an error, such as that of `RAISE NOTICE`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// `WARNING`, `NOTICE`, `INFO`, `LOG` or `DEBUG`.
    pub severity: String,
    /// The five-character code; see [PostgreSQL's error codes](https://www.postgresql.org/docs/current/errcodes-appendix.html).
    pub code: String,
    /// The message.
    pub message: String,
    /// The detail, with more information.
    pub detail: Option<String>,
    /// The hint, which suggests what to do.
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

/// The function that is called with notices.
pub(crate) type OnNotice = Arc<dyn Fn(&Notice) + Send + Sync>;
