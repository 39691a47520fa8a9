//! `numeric` with all its values: any number of digits, the scale, `NaN` and both infinities. It has no arithmetic;
//! `rust_decimal::Decimal` has, but holds fewer values. Format: `src/backend/utils/adt/numeric.c`, `numeric_send`;
//! digits are in base 10,000.

#[cfg(feature = "bigdecimal")]
mod bigdecimal;
mod convert;
mod text;
pub(super) mod wire;

use std::{cmp::Ordering, hash::Hash};

#[cfg(feature = "bigdecimal")]
pub use self::bigdecimal::NotADecimal;
pub use self::convert::NotAnInteger;

/// Every value of `numeric`: up to 131,072 digits before the point and 16,383 after it, `NaN` and ±infinity.
///
/// Numbers are compared by value like in PostgreSQL: `1.0` is equal to `1.00`, and `NaN` is equal to itself and greater
/// than all other values. The scale is kept and printed.
///
/// ```
/// use howdah::Numeric;
///
/// let price: Numeric = "12.50".parse().unwrap();
/// assert_eq!(price.to_string(), "12.50");
/// assert_eq!(price, "12.5".parse().unwrap());
/// assert!(price < Numeric::INFINITY && Numeric::INFINITY < Numeric::NAN);
/// ```
#[derive(Clone)]
pub struct Numeric(Repr);

super::debug_as_displayed! { Numeric }

#[derive(Clone)]
enum Repr {
    NegInfinity,
    Finite(Digits),
    Infinity,
    NaN,
}

/// A finite number. Neither the first group nor the last is 0; zero has none, and is not negative.
#[derive(Clone, Default)]
struct Digits {
    negative: bool,
    /// The power of 10,000 of the first group; 0 for zero.
    weight: i16,
    /// The number of fractional digits that are shown. No digit other than 0 is cut off.
    scale: u16,
    groups: Vec<u16>,
}

/// The most digits that PostgreSQL allows after the point.
const MAX_SCALE: u16 = 16_383;

impl Digits {
    /// The number with these groups, the first of which counts 10,000^`weight`. `None` if it is too large.
    fn new(negative: bool, weight: i32, scale: u16, mut groups: Vec<u16>) -> Option<Self> {
        let leading = groups.iter().take_while(|group| **group == 0).count();
        groups.drain(..leading);
        while groups.last() == Some(&0) {
            groups.pop();
        }
        if groups.is_empty() {
            return Some(Self {
                scale,
                ..Self::default()
            });
        }
        let weight = weight.checked_sub(i32::try_from(leading).ok()?)?;
        Some(Self {
            negative,
            weight: i16::try_from(weight).ok()?,
            scale,
            groups,
        })
    }

    /// The number of fractional digits up to the last one that is not 0.
    fn needed_scale(&self) -> i32 {
        let Some(last) = self.groups.last() else {
            return 0;
        };
        let groups = self.groups.len() as i32 - i32::from(self.weight) - 1;
        let zeros = match last {
            _ if last % 1_000 == 0 => 3,
            _ if last % 100 == 0 => 2,
            _ if last % 10 == 0 => 1,
            _ => 0,
        };
        (groups * 4 - zeros).max(0)
    }

    fn compare(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.groups.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        // More groups before the point are greater; if they are equally many, the first group that differs decides.
        let size = || (self.weight, &self.groups).cmp(&(other.weight, &other.groups));
        match sign(self).cmp(&sign(other)) {
            Ordering::Equal if sign(self) == 0 => Ordering::Equal,
            Ordering::Equal if self.negative => size().reverse(),
            Ordering::Equal => size(),
            unequal => unequal,
        }
    }
}

impl Numeric {
    /// `NaN`
    pub const NAN: Self = Self(Repr::NaN);
    /// `Infinity`, from PostgreSQL 14 on.
    pub const INFINITY: Self = Self(Repr::Infinity);
    /// `-Infinity`, from PostgreSQL 14 on.
    pub const NEG_INFINITY: Self = Self(Repr::NegInfinity);

    /// Whether it is `NaN`.
    #[must_use]
    pub fn is_nan(&self) -> bool {
        matches!(self.0, Repr::NaN)
    }

    /// Whether it is neither `NaN` nor infinite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        matches!(self.0, Repr::Finite(_))
    }

    /// The number of fractional digits that are printed. `None` if it is `NaN` or infinite.
    #[must_use]
    pub fn scale(&self) -> Option<u16> {
        match &self.0 {
            Repr::Finite(digits) => Some(digits.scale),
            _ => None,
        }
    }
}

impl Default for Numeric {
    fn default() -> Self {
        Self(Repr::Finite(Digits::default()))
    }
}

impl PartialEq for Numeric {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Numeric {}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Numeric {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |numeric: &Self| match numeric.0 {
            Repr::NegInfinity => 0,
            Repr::Finite(_) => 1,
            Repr::Infinity => 2,
            Repr::NaN => 3,
        };
        match (&self.0, &other.0) {
            (Repr::Finite(a), Repr::Finite(b)) => a.compare(b),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

impl Hash for Numeric {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::mem::discriminant(&self.0).hash(state);
        // Without the scale, which does not matter for equality.
        if let Repr::Finite(digits) = &self.0 {
            (digits.negative, digits.weight, &digits.groups).hash(state);
        }
    }
}
