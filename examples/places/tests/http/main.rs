//! The service as its callers meet it: over HTTP, with all places of GeoNames in a database of the tests' own.
//!
//! The database is loaded once, and each test works on a copy of it.

// The attribute tells clippy that helpers, too, may unwrap.
#[cfg(test)]
mod add;
mod client;
#[cfg(test)]
mod find;
#[cfg(test)]
mod load;
#[cfg(test)]
mod service;
