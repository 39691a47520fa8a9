//! Three-valued logic over sets of possible results. An unknown result is the set of all.

/// A set of true, false and null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Truth(u8);

impl Truth {
    pub(super) const TRUE: Self = Self(1);
    pub(super) const FALSE: Self = Self(2);
    pub(super) const NULL: Self = Self(4);
    pub(super) const ANY: Self = Self(7);
    pub(super) const NONE: Self = Self(0);
    const EACH: [Self; 3] = [Self::TRUE, Self::FALSE, Self::NULL];

    /// Whether this is the only possible result.
    pub(super) fn is_only(self, other: Self) -> bool {
        self == other
    }

    pub(super) fn may_be(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn of(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }

    /// The possible results for all pairs of values.
    pub(super) fn combine(self, other: Self, how: impl Fn(Self, Self) -> Self) -> Self {
        let mut out = Self::NONE;
        for a in Self::EACH.into_iter().filter(|a| self.may_be(*a)) {
            for b in Self::EACH.into_iter().filter(|b| other.may_be(*b)) {
                out = out.or(how(a, b));
            }
        }
        out
    }

    pub(super) fn and(self, other: Self) -> Self {
        self.combine(other, |a, b| match (a, b) {
            (Self::FALSE, _) | (_, Self::FALSE) => Self::FALSE,
            (Self::NULL, _) | (_, Self::NULL) => Self::NULL,
            _ => Self::TRUE,
        })
    }

    pub(super) fn not(self) -> Self {
        self.combine(Self::TRUE, |a, _| match a {
            Self::TRUE => Self::FALSE,
            Self::FALSE => Self::TRUE,
            _ => Self::NULL,
        })
    }

    pub(super) fn either(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// `a = b` of booleans.
    pub(super) fn equal(self, other: Self) -> Self {
        self.combine(other, |a, b| match (a, b) {
            (Self::NULL, _) | (_, Self::NULL) => Self::NULL,
            _ => Self::of(a == b),
        })
    }
}
