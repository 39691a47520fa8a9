//! The error context of one derive: it collects every mistake of an input, so that the user sees all of them in one
//! build. It must never be dropped with errors that nobody took.

use std::cell::RefCell;
use std::fmt::Display;
use std::thread;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Collects the errors of one input. [`Errors::finish`] has to be called, also when there are none:
/// forgetting it panics, so that no path of the macro can lose what it found.
pub(crate) struct Errors {
    /// `None` once the errors were taken.
    found: RefCell<Option<Vec<syn::Error>>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Errors {
            found: RefCell::new(Some(Vec::new())),
        }
    }

    /// Adds an error that underlines `tokens`.
    pub(crate) fn at(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Adds an error that already has its span.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(found) = self.found.borrow_mut().as_mut() {
            found.push(error);
        }
    }

    /// All errors as `compile_error!` calls; `None` if the input is fine.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        let found = self.found.borrow_mut().take().unwrap_or_default();
        let mut found = found.into_iter();
        let mut all = found.next()?;
        all.extend(found);
        Some(all.into_compile_error())
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        // A panic while unwinding would abort the compiler.
        if !thread::panicking() && self.found.borrow().is_some() {
            panic!("howdah-derive lost the errors of an input: `Errors::finish` was not called");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_reported() {
        let errors = Errors::new();
        errors.at(quote::quote!(field), "the first");
        errors.at(quote::quote!(field), "the second");
        let tokens = errors.finish().map(|tokens| tokens.to_string());
        let tokens = tokens.unwrap_or_default();
        assert!(tokens.contains("the first") && tokens.contains("the second"));
    }

    #[test]
    fn no_errors_finish_as_none() {
        assert!(Errors::new().finish().is_none());
    }

    #[test]
    #[should_panic(expected = "`Errors::finish` was not called")]
    fn forgotten_errors_panic() {
        Errors::new().at(quote::quote!(field), "lost");
    }
}
