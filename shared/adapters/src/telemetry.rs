//! Logs: one line of JSON an event, ids and never people.

/// Starts logging to standard output, at the level of `RUST_LOG` (`info` if unset).
pub fn start() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // A second start (tests run many handlers in one process) changes nothing.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_current_span(false).without_time().try_init();
}
