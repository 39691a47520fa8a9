//! Faults between client and server, and what must hold in spite of them. `HOWDAH_TEST_LONG=1` tests every fault at
//! every message, which takes minutes.

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
