//! Derive macros of howdah.
