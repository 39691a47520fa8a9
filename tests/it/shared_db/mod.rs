//! Tests that ask a running server and leave nothing in it that another test could see.

mod analysis;
mod batches;
mod bulk;
mod cancellation;
mod cli;
mod copy;
mod cursors;
mod errors;
mod finite;
mod golden;
mod lexer;
mod multiplexed;
mod observability;
mod pg_row;
mod pool;
mod pg_insert;
mod pg_row;
mod pg_schema;
mod queries;
mod row_sets;
mod spatial;
mod statements;
mod support;
mod total;
mod transactions;
mod types;
