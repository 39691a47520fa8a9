//! What can go wrong between client and server, and what must hold nonetheless. `HOWDAH_TEST_LONG=1` takes every fault at
//! every message, and minutes.

mod bank;
mod disk;
mod killed;
mod ledger;
mod mortal;
mod network;
mod proxy;
mod server;
mod soak;
mod standby;
