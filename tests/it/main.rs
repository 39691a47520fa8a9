//! The one integration test binary; its folders are named after what a test needs.

// The attribute tells clippy that helpers, too, may unwrap.
#[cfg(test)]
mod isolated_db;
#[cfg(test)]
mod pure;
#[cfg(test)]
mod shared_db;
#[cfg(test)]
mod waiting;
