//! The stages that need a database, in one call: catalog, describe and, on what they learnt, analyze.

use crate::analyze::Analysis;
use crate::catalog::Catalog;
use crate::describe::ServerError;

/// What a database says of a set of queries.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The whole catalog of the database.
    pub catalog: Catalog,
    /// One answer for each query, in order.
    pub answers: Vec<Result<Analysis, ServerError>>,
}
