//! Observability of queries: a `tracing` span for each, with the names of OpenTelemetry's conventions for databases
//! ([Database client spans](https://opentelemetry.io/docs/specs/semconv/database/database-spans/)), warnings about slow
//! and repeated queries, and durations for the `metrics` facade. Values are never shown: the text of a statement
//! contains none, and the server's detail, which can quote them, is left out.

#[cfg(feature = "tracing")]
mod repeats;

use std::time::Instant;

#[cfg(feature = "tracing")]
pub(crate) use repeats::Repeats;

use crate::{
    Error,
    query::{Call, rows::Work},
};

/// Whether any kind of observation is on.
pub(crate) fn is_on() -> bool {
    #[cfg(feature = "tracing")]
    let traced = tracing::enabled!(target: "howdah::query", tracing::Level::INFO)
        || tracing::enabled!(target: "howdah::slow", tracing::Level::WARN)
        || tracing::enabled!(target: "howdah::repeated", tracing::Level::WARN);
    #[cfg(not(feature = "tracing"))]
    let traced = false;
    cfg!(feature = "metrics") || traced
}

/// Runs a statement with its span, warnings and metrics. `summary` names it, `rows` returns the number of rows of a result.
pub(crate) async fn observed<T>(
    call: &Call<'_>,
    summary: &'static str,
    work: Work<'_, T>,
    rows: fn(&T) -> u64,
) -> Result<T, Error> {
    let began = Instant::now();
    #[cfg(feature = "tracing")]
    if let Some(repeats) = call.handle.repeats() {
        repeats.count(call, summary);
    }
    #[cfg(feature = "tracing")]
    let result = spans::within_span(call, summary, work, rows).await;
    #[cfg(not(feature = "tracing"))]
    let result = work.await;
    let took = began.elapsed();
    #[cfg(feature = "tracing")]
    spans::warn_if_slow(call, summary, took);
    #[cfg(feature = "metrics")]
    numbers::record(summary, took, &result, rows);
    result
}

/// The server's error code, or else the kind of error.
fn error_type(error: &Error) -> String {
    match error.sqlstate() {
        Some(state) => state.to_owned(),
        None => format!("{:?}", error.kind()),
    }
}

#[cfg(feature = "tracing")]
mod spans {
    use std::time::Duration;

    use tracing::{Instrument, Span, field::Empty, info_span, warn};

    use super::{Work, error_type};
    use crate::{Error, query::Call};

    pub(super) async fn within_span<T>(
        call: &Call<'_>,
        summary: &'static str,
        work: Work<'_, T>,
        rows: fn(&T) -> u64,
    ) -> Result<T, Error> {
        let span = info_span!(
            target: "howdah::query",
            "query",
            otel.kind = "client",
            otel.name = summary,
            otel.status_code = Empty,
            db.system.name = "postgresql",
            db.query.summary = summary,
            db.query.text = call.text.sql(),
            db.response.returned_rows = Empty,
            db.response.status_code = Empty,
            error.r#type = Empty,
        );
        let result = work.instrument(span.clone()).await;
        match &result {
            Ok(result) => drop(span.record("db.response.returned_rows", rows(result))),
            Err(error) => record_error(&span, error),
        }
        result
    }

    fn record_error(span: &Span, error: &Error) {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", error_type(error));
        if let Some(state) = error.sqlstate() {
            span.record("db.response.status_code", state);
        }
    }

    pub(super) fn warn_if_slow(call: &Call<'_>, summary: &str, took: Duration) {
        if call.handle.slow_query().is_some_and(|limit| took >= limit) {
            warn!(
                target: "howdah::slow",
                query = summary,
                db.query.text = call.text.sql(),
                took = ?took,
                "slow query"
            );
        }
    }
}

#[cfg(feature = "metrics")]
mod numbers {
    use std::time::Duration;

    use super::error_type;
    use crate::Error;

    pub(super) fn record<T>(
        summary: &'static str,
        took: Duration,
        result: &Result<T, Error>,
        rows: fn(&T) -> u64,
    ) {
        let mut labels = vec![
            ("db.system.name", "postgresql".to_owned()),
            ("db.query.summary", summary.to_owned()),
        ];
        if let Err(error) = result {
            labels.push(("error.type", error_type(error)));
        }
        metrics::histogram!("db.client.operation.duration", &labels).record(took.as_secs_f64());
        if let Ok(result) = result {
            let count = rows(result) as f64;
            metrics::histogram!("db.client.response.returned_rows", &labels).record(count);
        }
    }
}
