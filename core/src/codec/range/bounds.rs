//! Ranges from and to those of `std::ops`, and as text. A conversion back fails if the bounds are not of the type's
//! kind.

use std::{
    error::Error as StdError,
    fmt,
    ops::{self, Bound},
};

use super::Range;

macro_rules! from_std {
    ($($ty:ty: $range:pat => $lower:expr, $upper:expr;)*) => {$(
        impl<T> From<$ty> for Range<T> {
            fn from($range: $ty) -> Self {
                Self::Between($lower, $upper)
            }
        }
    )*};
}

from_std! {
    ops::Range<T>: ops::Range { start, end } => Bound::Included(start), Bound::Excluded(end);
    ops::RangeFrom<T>: ops::RangeFrom { start } => Bound::Included(start), Bound::Unbounded;
    ops::RangeTo<T>: ops::RangeTo { end } => Bound::Unbounded, Bound::Excluded(end);
    ops::RangeToInclusive<T>: ops::RangeToInclusive { end } => Bound::Unbounded, Bound::Included(end);
    ops::RangeFull: ops::RangeFull => Bound::Unbounded, Bound::Unbounded;
    (Bound<T>, Bound<T>): (lower, upper) => lower, upper;
}

/// A range that has been iterated to its end is empty.
impl<T: PartialOrd> From<ops::RangeInclusive<T>> for Range<T> {
    fn from(range: ops::RangeInclusive<T>) -> Self {
        if range.is_empty() && range.start() <= range.end() {
            return Self::Empty;
        }
        let (start, end) = range.into_inner();
        Self::Between(Bound::Included(start), Bound::Included(end))
    }
}

/// The error of a conversion to a range of `std::ops`: the range is empty, or has bounds of another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherBounds(());

impl fmt::Display for OtherBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the range is empty or has bounds of another kind")
    }
}

impl StdError for OtherBounds {}

macro_rules! into_std {
    ($($ty:ty: $lower:pat, $upper:pat => $range:expr;)*) => {$(
        impl<T> TryFrom<Range<T>> for $ty {
            type Error = OtherBounds;

            fn try_from(range: Range<T>) -> Result<Self, OtherBounds> {
                match range {
                    Range::Between($lower, $upper) => Ok($range),
                    _ => Err(OtherBounds(())),
                }
            }
        }
    )*};
}

into_std! {
    ops::Range<T>: Bound::Included(start), Bound::Excluded(end) => start..end;
    ops::RangeInclusive<T>: Bound::Included(start), Bound::Included(end) => start..=end;
    ops::RangeFrom<T>: Bound::Included(start), Bound::Unbounded => start..;
    ops::RangeTo<T>: Bound::Unbounded, Bound::Excluded(end) => ..end;
    ops::RangeToInclusive<T>: Bound::Unbounded, Bound::Included(end) => ..=end;
    (Bound<T>, Bound<T>): lower, upper => (lower, upper);
}

/// As PostgreSQL prints it, such as `[1,6)`; values that hold commas, brackets, quotes or spaces are quoted.
impl<T: fmt::Display> fmt::Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Between(lower, upper) = self else {
            return f.write_str("empty");
        };
        f.write_str(if matches!(lower, Bound::Included(_)) {
            "["
        } else {
            "("
        })?;
        bound(f, lower)?;
        f.write_str(",")?;
        bound(f, upper)?;
        f.write_str(if matches!(upper, Bound::Included(_)) {
            "]"
        } else {
            ")"
        })
    }
}

fn bound<T: fmt::Display>(f: &mut fmt::Formatter<'_>, bound: &Bound<T>) -> fmt::Result {
    let (Bound::Included(value) | Bound::Excluded(value)) = bound else {
        return Ok(());
    };
    let text = value.to_string();
    let special = |c: char| "\"\\()[],".contains(c) || c.is_ascii_whitespace() || c == '\u{b}';
    if !text.is_empty() && !text.contains(special) {
        return f.write_str(&text);
    }
    write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_convert_where_their_bounds_are_of_the_same_kind() {
        assert_eq!(ops::RangeInclusive::try_from(Range::from(1..=2)), Ok(1..=2));
        assert_eq!(ops::RangeFrom::try_from(Range::from(1..)), Ok(1..));
        assert_eq!(
            ops::Range::try_from(Range::from(1..=2)),
            Err(OtherBounds(()))
        );
        assert_eq!(
            ops::Range::<i32>::try_from(Range::Empty),
            Err(OtherBounds(()))
        );
        let mut spent = 1..=1;
        spent.next();
        assert_eq!(Range::from(spent), Range::Empty);
    }

    #[test]
    fn text_is_as_postgresql_prints_it() {
        assert_eq!(Range::from(1..6).to_string(), "[1,6)");
        assert_eq!(Range::<i32>::from(..).to_string(), "(,)");
        assert_eq!(Range::<i32>::Empty.to_string(), "empty");
        assert_eq!(Range::from(""..="a\"b\\").to_string(), r#"["","a""b\\"]"#);
    }

    #[test]
    fn containment_is_of_the_bounds() {
        let range = Range::from((Bound::Excluded(1), Bound::Included(3)));
        assert!(!range.contains(&1) && range.contains(&3) && !Range::Empty.contains(&3));
    }
}
