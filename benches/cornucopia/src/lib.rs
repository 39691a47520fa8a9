//! The module that cornucopia generates for the queries of the benches. It is generated when this is built and nowhere
//! kept.

include!(concat!(env!("OUT_DIR"), "/generated/src/lib.rs"));
