//! Reads a live PostgreSQL schema and `.sql` files, and writes checked Rust query modules.
//!
//! Data flows one way, and each stage knows only what stands before it:
//!
//! ```text
//! .sql files ──► source ──► describe ──► analyze ──► model ──► emit ──► write
//! live schema ─► catalog ───┘    (pure functions from here on)
//! ```

pub mod analyze;
pub mod cardinality;
pub mod catalog;
pub mod config;
pub mod describe;
pub mod diagnostics;
pub mod emit;
pub mod generate;
pub mod inspect;
pub mod lock;
pub mod migrations;
pub mod model;
pub mod scratch;
pub mod source;
pub mod tree;
pub mod write;

pub use config::{Config, ConfigError};
pub use diagnostics::Style;
pub use emit::Form;
pub use generate::{Failure, Outcome, Report, describe, structs};
pub use model::{Calendar, DecimalType, Domains, Errors, TableRule};
