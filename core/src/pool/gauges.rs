//! The metrics of a pool for the `metrics` facade, with the names of OpenTelemetry's conventions ([Database client
//! metrics](https://opentelemetry.io/docs/specs/semconv/database/database-metrics/)): the numbers of used and idle
//! connections and of waiting tasks, and how long tasks waited and held connections. Without the feature this does
//! nothing, and reads no clock.

#[cfg(feature = "metrics")]
mod told {
    use std::time::{Duration, Instant};

    use metrics::{Key, Label, Level, Metadata, with_recorder};

    use crate::{pool::PoolStatus, settings::Settings};

    const METADATA: Metadata<'static> =
        Metadata::new("howdah::pool", Level::INFO, Some("howdah::pool"));

    /// The measures of one pool, under its name.
    pub(in crate::pool) struct Gauges {
        used: Key,
        idle: Key,
        max: Key,
        pending: Key,
        timeouts: Key,
        create_time: Key,
        wait_time: Key,
        use_time: Key,
    }

    impl Gauges {
        pub(in crate::pool) fn new(settings: &Settings) -> Self {
            let name = settings.name.clone().unwrap_or_else(|| settings.place());
            let label = || Label::new("db.client.connection.pool.name", name.clone());
            let key = |name| Key::from_parts(name, vec![label()]);
            let count = |state| {
                let state = Label::new("db.client.connection.state", state);
                Key::from_parts("db.client.connection.count", vec![label(), state])
            };
            Self {
                used: count("used"),
                idle: count("idle"),
                max: key("db.client.connection.max"),
                pending: key("db.client.connection.pending_requests"),
                timeouts: key("db.client.connection.timeouts"),
                create_time: key("db.client.connection.create_time"),
                wait_time: key("db.client.connection.wait_time"),
                use_time: key("db.client.connection.use_time"),
            }
        }

        /// Sets the gauges to the state of the pool.
        pub(in crate::pool) fn show(&self, status: PoolStatus) {
            let set = |key, value: usize| {
                with_recorder(|to| to.register_gauge(key, &METADATA).set(value as f64));
            };
            set(&self.used, status.size - status.idle);
            set(&self.idle, status.idle);
            set(&self.max, status.max_size);
            set(&self.pending, status.waiting);
        }

        /// Counts a task that got no connection in time.
        pub(in crate::pool) fn timed_out(&self) {
            with_recorder(|to| {
                to.register_counter(&self.timeouts, &METADATA).increment(1);
            });
        }

        /// Records how long it took to open a connection.
        pub(in crate::pool) fn opened(&self, began: Stamp) {
            record(&self.create_time, began.0.elapsed());
        }

        /// Records how long a task waited for a connection, if it had to.
        pub(in crate::pool) fn waited(&self, began: Option<Stamp>) {
            let waited = began.map(|began| began.0.elapsed());
            record(&self.wait_time, waited.unwrap_or_default());
        }

        /// Records how long a connection was in use.
        pub(in crate::pool) fn used(&self, since: Stamp) {
            record(&self.use_time, since.0.elapsed());
        }
    }

    fn record(key: &Key, took: Duration) {
        with_recorder(|to| {
            to.register_histogram(key, &METADATA)
                .record(took.as_secs_f64());
        });
    }

    /// A point in time.
    #[derive(Clone, Copy)]
    pub(in crate::pool) struct Stamp(Instant);

    impl Stamp {
        pub(in crate::pool) fn now() -> Self {
            Self(Instant::now())
        }
    }

    /// A dropped pool has no connections.
    impl Drop for Gauges {
        fn drop(&mut self) {
            self.show(PoolStatus::default());
        }
    }
}

#[cfg(not(feature = "metrics"))]
mod told {
    use crate::{pool::PoolStatus, settings::Settings};

    pub(in crate::pool) struct Gauges;

    impl Gauges {
        pub(in crate::pool) fn new(_: &Settings) -> Self {
            Self
        }

        pub(in crate::pool) fn show(&self, _: PoolStatus) {}
        pub(in crate::pool) fn timed_out(&self) {}
        pub(in crate::pool) fn opened(&self, _: Stamp) {}
        pub(in crate::pool) fn waited(&self, _: Option<Stamp>) {}
        pub(in crate::pool) fn used(&self, _: Stamp) {}
    }

    #[derive(Clone, Copy)]
    pub(in crate::pool) struct Stamp;

    impl Stamp {
        pub(in crate::pool) fn now() -> Self {
            Self
        }
    }
}

pub(super) use told::{Gauges, Stamp};
