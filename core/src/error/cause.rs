//! The cause of an error. Either the error's text says what it says, or it is the error's source: never both, because
//! what reports an error with all of its sources would repeat it.

use std::error::Error as StdError;

/// The cause of an error.
pub(crate) struct Cause {
    error: Box<dyn StdError + Send + Sync>,
    is_told: bool,
}

impl Cause {
    /// A cause that the error's text says nothing about.
    pub(crate) fn untold(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            error: error.into(),
            is_told: false,
        }
    }

    /// A cause whose text is part of the error's text.
    pub(crate) fn told(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            error: error.into(),
            is_told: true,
        }
    }

    /// What the error has as its source.
    pub(crate) fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.is_told {
            true => self.error.source(),
            false => Some(&*self.error),
        }
    }

    /// The cause, or else the first of its sources, that is a `T`.
    pub(crate) fn find<T: StdError + 'static>(&self) -> Option<&T> {
        let mut next: Option<&(dyn StdError + 'static)> = Some(&*self.error);
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            next = error.source();
        }
        None
    }

    /// The cause itself, if it is a `T`. Its sources can be errors of another database.
    pub(crate) fn get<T: StdError + 'static>(&self) -> Option<&T> {
        self.error.downcast_ref()
    }

    /// The same, by value.
    pub(crate) fn downcast<T: StdError + 'static>(self) -> Result<Box<T>, Self> {
        let Self { error, is_told } = self;
        error.downcast().map_err(|error| Self { error, is_told })
    }
}
