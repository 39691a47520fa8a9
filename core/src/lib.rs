//! Runs typed statements over a pooled tokio-postgres connection.
