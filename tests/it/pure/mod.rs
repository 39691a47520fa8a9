//! Tests that need neither a server nor the network.

mod ui;
