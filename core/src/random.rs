//! Random numbers for jitter and for spreading load. Do not use them for anything that must be hard to guess.

use std::hash::{BuildHasher, RandomState};

/// A random number, from the random keys of the standard library's hash maps.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(0)
}

/// Puts `items` into a random order.
pub(crate) fn shuffle<T>(items: &mut [T]) {
    for last in (1..items.len()).rev() {
        items.swap(last, (random() % (last as u64 + 1)) as usize);
    }
}
