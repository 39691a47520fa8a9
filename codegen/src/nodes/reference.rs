//! References to columns.

use crate::tree::Node;

/// A reference to a column (`VAR`).
#[derive(Clone, Copy)]
pub(crate) struct Reference {
    /// How many queries further out the column is.
    pub(crate) levels: usize,
    /// The entry in the range table of that query.
    pub(crate) entry: usize,
    /// The column's number: zero for the whole row, negative for a system column.
    pub(crate) column: i64,
    pub(crate) version: Version,
}

/// Which row RETURNING means, from version 18 on (`VarReturningType` in `nodes/primnodes.h`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// Neither of the others is said.
    Current,
    /// `old.x`.
    Old,
    /// `new.x`.
    New,
}

impl Reference {
    pub(crate) fn of(node: &Node<'_>) -> Option<Self> {
        if node.tag != "VAR" {
            return None;
        }
        Some(Self {
            levels: usize::try_from(node.number("varlevelsup")?).ok()?,
            entry: node.index("varno")?,
            column: node.number("varattno")?,
            version: match node.number("varreturningtype") {
                Some(1) => Version::Old,
                Some(2) => Version::New,
                _ => Version::Current,
            },
        })
    }

    /// The entry and column of a reference to what is in the query itself.
    pub(crate) fn local(node: &Node<'_>) -> Option<(usize, i64)> {
        let reference = Self::of(node).filter(|reference| reference.levels == 0)?;
        Some((reference.entry, reference.column))
    }
}
