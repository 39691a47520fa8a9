//! Asks the server about queries: parameter and column types, and the analysed query tree.
//!
//! No query is executed: each is parsed and described in the extended protocol, on the unnamed statement, and some are planned.

mod cells;
mod connect;
mod error;
mod planning;
mod session;

pub use cells::{Cells, Unreadable};
pub use connect::ConnectError;
pub use error::ServerError;
pub(crate) use planning::may_find_fault;
pub use session::{DescribedColumn, Description, Question, Rows, Session};
