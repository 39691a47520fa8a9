//! A recorder that keeps all that it is told, for the whole program: pools tell some of it from a thread of their own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

type Told = Arc<Mutex<HashMap<String, Vec<f64>>>>;

/// All that was told, by name and labels, such as `name{label=value}`.
#[derive(Clone, Default)]
pub(super) struct Recorded(Told);

/// One of the names.
struct Entry {
    told: Told,
    name: String,
}

impl Recorded {
    pub(super) fn of_program() -> &'static Self {
        static RECORDED: OnceLock<Recorded> = OnceLock::new();
        RECORDED.get_or_init(|| {
            let recorded = Recorded::default();
            metrics::set_global_recorder(recorded.clone())
                .unwrap_or_else(|_| panic!("there is one already"));
            recorded
        })
    }

    /// The values of the one whose name and labels contain all of these.
    pub(super) fn values(&self, parts: &[&str]) -> Vec<f64> {
        let told = self.0.lock().unwrap();
        let mut found = told
            .iter()
            .filter(|(name, _)| parts.iter().all(|part| name.contains(part)));
        let values = found.next().map(|(_, values)| values.clone());
        assert!(found.next().is_none(), "{parts:?} are of several");
        values.unwrap_or_default()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().cloned().collect()
    }

    fn entry(&self, key: &Key) -> Arc<Entry> {
        let labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        Arc::new(Entry {
            told: Arc::clone(&self.0),
            name: format!("{}{{{}}}", key.name(), labels.join(",")),
        })
    }
}

impl Entry {
    fn push(&self, value: f64) {
        let mut told = self.told.lock().unwrap();
        told.entry(self.name.clone()).or_default().push(value);
    }
}

impl CounterFn for Entry {
    fn increment(&self, value: u64) {
        self.push(value as f64);
    }

    fn absolute(&self, _: u64) {
        panic!("nothing is counted so");
    }
}

impl GaugeFn for Entry {
    fn increment(&self, _: f64) {
        panic!("gauges are set");
    }

    fn decrement(&self, _: f64) {
        panic!("gauges are set");
    }

    fn set(&self, value: f64) {
        self.push(value);
    }
}

impl HistogramFn for Entry {
    fn record(&self, value: f64) {
        self.push(value);
    }
}

impl Recorder for Recorded {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.entry(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.entry(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.entry(key))
    }
}
