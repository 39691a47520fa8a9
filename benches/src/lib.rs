//! Compares howdah with its peers: the shared code of the benches' commands.

pub mod app;
pub mod count;
pub mod crates;
pub mod database;
pub mod derives;
pub mod measure;
pub mod memory;
pub mod peers;
#[rustfmt::skip]
pub mod queries;
