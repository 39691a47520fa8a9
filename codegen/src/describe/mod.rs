//! Asks the server about queries: parameter and column types, and the tree of what it understood.
//!
//! Nothing is executed: each query is parsed and described in the extended protocol, on the unnamed statement.

mod error;

pub use error::ServerError;
