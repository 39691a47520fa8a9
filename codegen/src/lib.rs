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
pub mod describe;
pub mod inspect;
pub mod migrations;
pub mod scratch;
pub mod source;
pub mod tree;
