//! The Rust types of the model, as data; [`crate::emit`] writes them as text.

use super::known::{self, Known};

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RustType {
    /// A type of Rust or of a well-known crate.
    Known(&'static Known),
    /// A type of the generated `types` module.
    Generated {
        /// Its name there.
        name: String,
        /// Whether it is `Copy`.
        copy: bool,
    },
    /// A type that the user wrote, formatted.
    Custom {
        /// As Rust source.
        text: String,
        /// Whether parameters have exactly this type, and do not borrow it.
        exact: bool,
    },
    /// `howdah::Opaque`: the bytes of a type without a Rust type.
    Opaque,
    /// `Vec<T>`; as a parameter, a slice.
    Vec(Box<RustType>),
    /// `Option<T>`.
    Option(Box<RustType>),
    /// `howdah::Range<T>`.
    Range(Box<RustType>),
    /// `howdah::Multirange<T>`.
    Multirange(Box<RustType>),
    /// `howdah::Record<(A, B)>`, an anonymous record; never a parameter.
    Record(Vec<RustType>),
    /// An alias in the query's own module.
    Alias(String),
}

impl RustType {
    /// `Option` of this type, unless it is one already.
    #[must_use]
    pub fn nullable(self, nullable: bool) -> Self {
        if nullable && !self.is_option() {
            Self::Option(Box::new(self))
        } else {
            self
        }
    }

    /// A `Vec` with this many more dimensions. Other types are returned unchanged.
    pub(crate) fn in_vecs(self, dimensions: u8) -> Self {
        match self {
            Self::Vec(_) => (0..dimensions).fold(self, |ty, _| Self::Vec(Box::new(ty))),
            other => other,
        }
    }

    /// A type in the settings. `String`, `Vec` and numbers are borrowed like elsewhere.
    pub(crate) fn from_setting(text: &str) -> Self {
        let inside = |name: &str| {
            let rest = text.strip_prefix(name)?;
            rest.strip_prefix('<')?.strip_suffix('>')
        };
        if let Some(known) = known::written(text) {
            Self::Known(known)
        } else if let Some(inner) = inside("Vec") {
            Self::Vec(Box::new(Self::from_setting(inner)))
        } else if let Some(inner) = inside("Option") {
            Self::Option(Box::new(Self::from_setting(inner)))
        } else {
            Self::Custom {
                text: text.to_owned(),
                exact: false,
            }
        }
    }

    /// The number of types around the innermost one.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::Vec(inner)
            | Self::Option(inner)
            | Self::Range(inner)
            | Self::Multirange(inner) => inner.depth() + 1,
            Self::Known(known) => known.owned.matches('<').count(),
            Self::Custom { text, .. } => text.matches('<').count(),
            _ => 0,
        }
    }

    fn is_option(&self) -> bool {
        match self {
            Self::Option(_) => true,
            Self::Custom { text, .. } => text.starts_with("Option<"),
            _ => false,
        }
    }

    /// Whether a parameter of this type is passed by value and borrows nothing.
    pub fn passed_by_value(&self) -> bool {
        match self {
            Self::Known(known) => known.copy,
            Self::Generated { copy, .. } => *copy,
            Self::Custom { text, exact } => *exact && !text.contains(['&', '\'']),
            Self::Opaque
            | Self::Vec(_)
            | Self::Multirange(_)
            | Self::Record(_)
            | Self::Alias(_) => false,
            Self::Option(inner) | Self::Range(inner) => inner.passed_by_value(),
        }
    }

    /// Whether `==` is known to work for it.
    pub(crate) fn comparable(&self) -> bool {
        match self {
            Self::Known(_) | Self::Generated { copy: true, .. } => true,
            Self::Generated { .. } | Self::Custom { .. } | Self::Opaque | Self::Alias(_) => false,
            Self::Vec(inner)
            | Self::Option(inner)
            | Self::Range(inner)
            | Self::Multirange(inner) => inner.comparable(),
            Self::Record(fields) => fields.iter().all(Self::comparable),
        }
    }

    /// Whether it is, or contains, a type of the generated `types` module.
    pub(crate) fn uses_generated(&self) -> bool {
        match self {
            Self::Generated { .. } => true,
            Self::Vec(inner)
            | Self::Option(inner)
            | Self::Range(inner)
            | Self::Multirange(inner) => inner.uses_generated(),
            Self::Record(fields) => fields.iter().any(Self::uses_generated),
            _ => false,
        }
    }
}
