//! The holders of a pool's connections, for the error of an exhausted pool. They are recorded in debug builds only.

use std::{fmt, panic::Location};

/// The purpose that a connection is taken for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holder {
    /// A query with this name, or without a name.
    Query(Option<&'static str>),
    /// Code at this place.
    Code(&'static Location<'static>),
    /// The pool itself.
    Upkeep,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(Some(name)) => write!(f, "query `{name}`"),
            Self::Query(None) => f.write_str("a query without a name"),
            Self::Code(place) => write!(f, "{place}"),
            Self::Upkeep => f.write_str("the pool's upkeep"),
        }
    }
}

#[cfg(debug_assertions)]
mod kept {
    use std::{collections::BTreeMap, fmt, time::Instant};

    use super::Holder;

    /// Identifies a holder when it gives the connection back.
    pub(crate) struct Ticket(u64);

    #[derive(Default)]
    pub(crate) struct Holders {
        last: u64,
        held: BTreeMap<u64, (Holder, Instant)>,
    }

    impl Holders {
        pub(crate) fn add(&mut self, holder: Holder) -> Ticket {
            self.last += 1;
            self.held.insert(self.last, (holder, Instant::now()));
            Ticket(self.last)
        }

        pub(crate) fn remove(&mut self, ticket: &Ticket) {
            self.held.remove(&ticket.0);
        }
    }

    /// The longest holders come first.
    impl fmt::Display for Holders {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for (i, (holder, since)) in self.held.values().take(8).enumerate() {
                let separator = if i == 0 { ": " } else { ", " };
                write!(f, "{separator}{holder} for {:.1?}", since.elapsed())?;
            }
            if self.held.len() > 8 {
                f.write_str(", …")?;
            }
            Ok(())
        }
    }
}

#[cfg(not(debug_assertions))]
mod kept {
    use std::fmt;

    use super::Holder;

    pub(crate) struct Ticket;

    #[derive(Default)]
    pub(crate) struct Holders;

    impl Holders {
        pub(crate) fn add(&mut self, _: Holder) -> Ticket {
            Ticket
        }

        pub(crate) fn remove(&mut self, _: &Ticket) {}
    }

    impl fmt::Display for Holders {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Ok(())
        }
    }
}

pub(super) use kept::{Holders, Ticket};
