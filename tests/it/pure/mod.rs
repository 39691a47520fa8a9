//! Tests that need neither a server nor the network.

mod hygiene;
mod ui;
