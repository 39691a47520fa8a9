//! Tests for a truth value.

use crate::tree::Node;

/// `x is true`, `x is not unknown` and the like (`BOOLEANTEST`).
#[derive(Clone, Copy)]
pub(crate) struct BooleanTest<'n, 't> {
    pub(crate) arg: &'n Node<'t>,
    /// The truth value that it tests for; none for unknown.
    pub(crate) value: Option<bool>,
    /// Whether it says `is not`.
    pub(crate) negated: bool,
}

impl<'n, 't> BooleanTest<'n, 't> {
    pub(crate) fn of(node: &'n Node<'t>) -> Option<Self> {
        // `BoolTestType` (`nodes/primnodes.h`).
        let (value, negated) = match node.number("booltesttype")? {
            0 => (Some(true), false),
            1 => (Some(true), true),
            2 => (Some(false), false),
            3 => (Some(false), true),
            4 => (None, false),
            5 => (None, true),
            _ => return None,
        };
        Some(Self {
            arg: node.node("arg")?,
            value,
            negated,
        })
    }

    /// The truth value that the argument has where the test comes out so; none where it can have several, or none.
    pub(crate) fn says(self, outcome: bool) -> Option<bool> {
        self.value.filter(|_| outcome != self.negated)
    }
}
