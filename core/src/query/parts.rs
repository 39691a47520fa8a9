//! Parameters for composites without a binary form in PostgreSQL: each field is sent as a separate parameter, and the
//! generated SQL builds the composite. For an array of composites, each field is an array.
//!
//! The parameters and their order must match the SQL that codegen writes.

use crate::{Accepts, Encode, Param};

/// A value, or one for each element of an array; `None` is null.
#[derive(Debug)]
pub enum Values<'a, T: ?Sized> {
    /// A value.
    One(Option<&'a T>),
    /// The elements of an array.
    Each(Vec<Option<&'a T>>),
}

impl<'a, T: ?Sized> Values<'a, T> {
    /// Applies `part` to each value. Null stays null.
    pub fn map<U: ?Sized>(&self, part: impl Fn(&'a T) -> Option<&'a U>) -> Values<'a, U> {
        match self {
            Self::One(value) => Values::One(value.and_then(part)),
            Self::Each(values) => {
                Values::Each(values.iter().map(|value| value.and_then(&part)).collect())
            }
        }
    }
}

/// The parameters that values are sent as.
#[derive(Debug, Default)]
pub struct Parts<'a>(Vec<Param<'a>>);

impl<'a> Parts<'a> {
    fn push<T: Encode + 'a>(&mut self, value: T) {
        self.0.push(Param::new(value));
    }

    /// Adds values that can be sent directly.
    pub fn value<T: Encode>(&mut self, values: Values<'a, T>) {
        match values {
            Values::One(value) => self.push(value),
            Values::Each(values) => self.push(values),
        }
    }

    /// Adds arrays of values that can be sent directly.
    pub fn array<T: Encode>(&mut self, arrays: Values<'a, Vec<T>>) {
        match arrays.map(|array| Some(array.as_slice())) {
            Values::One(array) => self.push(array),
            Values::Each(arrays) => {
                let elements = self.joined(&arrays);
                self.push(elements);
            }
        }
    }

    /// Adds values that are themselves sent in parts.
    pub fn parts<T: InParts + ?Sized>(&mut self, values: Values<'a, T>) {
        T::put(values, self);
    }

    /// Adds whether there is a value, because null is not the same as a composite of nulls.
    pub fn presence<T: ?Sized>(&mut self, values: &Values<'a, T>) {
        match values {
            Values::One(value) => self.push(value.is_some()),
            Values::Each(values) => {
                self.push(values.iter().map(Option::is_some).collect::<Vec<_>>())
            }
        }
    }

    /// Concatenates the elements of all `arrays`, because in an array of arrays all parts must have the same length.
    /// Adds the start and end of each array as positions of an SQL slice, or null for a null array.
    fn joined<T>(&mut self, arrays: &[Option<&'a [T]>]) -> Vec<Option<&'a T>> {
        // An array with more elements is an error when it is sent.
        let position = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        let mut elements = Vec::new();
        let mut begins = Vec::with_capacity(arrays.len());
        let mut ends = Vec::with_capacity(arrays.len());
        for array in arrays {
            begins.push(array.map(|_| position(elements.len() + 1)));
            elements.extend(array.iter().copied().flatten().map(Some));
            ends.push(array.map(|_| position(elements.len())));
        }
        self.push(begins);
        self.push(ends);
        elements
    }
}

/// A type that is sent in parts.
pub trait InParts {
    /// The expected type of the composite that it is, or of the first one inside it.
    const COMPOSITE: Option<&'static Accepts>;

    /// Adds the parts of `values`.
    fn put<'a>(values: Values<'a, Self>, parts: &mut Parts<'a>);
}

impl<T: InParts> InParts for Option<T> {
    const COMPOSITE: Option<&'static Accepts> = T::COMPOSITE;

    fn put<'a>(values: Values<'a, Self>, parts: &mut Parts<'a>) {
        parts.parts(values.map(Option::as_ref));
    }
}

impl<T: InParts> InParts for Vec<T> {
    const COMPOSITE: Option<&'static Accepts> = T::COMPOSITE;

    fn put<'a>(values: Values<'a, Self>, parts: &mut Parts<'a>) {
        parts.parts(values.map(|array| Some(array.as_slice())));
    }
}

impl<T: InParts> InParts for [T] {
    const COMPOSITE: Option<&'static Accepts> = T::COMPOSITE;

    fn put<'a>(values: Values<'a, Self>, parts: &mut Parts<'a>) {
        let elements = match &values {
            Values::One(array) => {
                parts.presence(&values);
                array.iter().copied().flatten().map(Some).collect()
            }
            Values::Each(arrays) => parts.joined(arrays),
        };
        parts.parts(Values::Each(elements));
    }
}

/// The parameters that `value` is sent as. The first one is null, of the composite's type, so that its fields are
/// compared with those of the generated code: in the SQL they have no names.
pub fn in_parts<T: InParts + ?Sized>(value: Option<&T>) -> Vec<Param<'_>> {
    let mut parts = Parts(T::COMPOSITE.into_iter().map(Param::null).collect());
    parts.parts(Values::One(value));
    parts.0
}

/// The parameters of a query, some of which are sent in parts.
pub fn joined<'a, const N: usize>(params: [Vec<Param<'a>>; N]) -> Vec<Param<'a>> {
    params.into_iter().flatten().collect()
}

/// Implements [`InParts`] for a generated struct. A composite states how each field is sent, a domain how its value is
/// sent.
#[doc(hidden)]
#[macro_export]
macro_rules! in_parts {
    (@composite) => {
        None
    };
    (@composite $inner:ty) => {
        <$inner as $crate::__private::InParts>::COMPOSITE
    };
    ($name:ident { $($field:ident: $sent:ident,)* }) => {
        impl $crate::__private::InParts for $name {
            const COMPOSITE: Option<&'static $crate::Accepts> =
                Some(<Self as $crate::Encode>::ACCEPTS);

            fn put<'a>(
                values: $crate::__private::Values<'a, Self>,
                parts: &mut $crate::__private::Parts<'a>,
            ) {
                parts.presence(&values);
                $(parts.$sent(values.map(|value| value.$field.as_ref()));)*
            }
        }
    };
    ($name:ident($sent:ident $($inner:ty)?)) => {
        impl $crate::__private::InParts for $name {
            const COMPOSITE: Option<&'static $crate::Accepts> =
                $crate::in_parts!(@composite $($inner)?);

            fn put<'a>(
                values: $crate::__private::Values<'a, Self>,
                parts: &mut $crate::__private::Parts<'a>,
            ) {
                parts.$sent(values.map(|value| Some(&value.0)));
            }
        }
    };
}
