//! Numbers for a monitor, in the text format that Prometheus reads. Whoever counts
//! something uses the macros of the `metrics` crate; the names are listed here so
//! that each has its words.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Accepted documents; label `state`.
pub const UPLOADS: &str = "bomwarden_uploads_total";
/// Requests that were answered; labels `route` and `status`.
pub const REQUESTS: &str = "bomwarden_http_requests_total";
/// How long an answer took; label `route`.
pub const REQUEST_SECONDS: &str = "bomwarden_http_request_seconds";
/// Fetches of a feed; labels `feed` and `outcome`.
pub const FEED_FETCHES: &str = "bomwarden_feed_fetches_total";
/// Seconds since a feed was last fetched well; label `feed`.
pub const FEED_AGE: &str = "bomwarden_feed_age_seconds";
/// Fetches of a feed that failed in a row; label `feed`.
pub const FEED_FAILURES: &str = "bomwarden_feed_failures";
/// Records that a feed has; label `feed`.
pub const FEED_RECORDS: &str = "bomwarden_feed_records";
/// Records of a feed that could not be read; label `feed`.
pub const FEED_REFUSED: &str = "bomwarden_feed_refused_records";
/// Work that waits; label `queue`.
pub const QUEUE: &str = "bomwarden_queue_depth";
/// Runs of a job; labels `job` and `outcome`.
pub const JOB_RUNS: &str = "bomwarden_job_runs_total";
/// How long a run of a job took; label `job`.
pub const JOB_SECONDS: &str = "bomwarden_job_seconds";

const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// What has been counted since the start.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

/// Begins to count. Only the first call in a process counts; a later one answers
/// numbers that stay empty.
pub fn start() -> Metrics {
    let builder = PrometheusBuilder::new();
    let builder = match builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS) {
        Ok(builder) => builder,
        Err(error) => {
            tracing::warn!(%error, "times are kept without buckets");
            PrometheusBuilder::new()
        }
    };
    let recorder = builder.build_recorder();
    let counted = Metrics(recorder.handle());
    if metrics::set_global_recorder(recorder).is_ok() {
        describe();
    }
    counted
}

impl Metrics {
    /// The text that a monitor reads.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Folds what histograms have gathered; to be called about once a minute.
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}

fn describe() {
    describe_counter!(UPLOADS, "Accepted documents");
    describe_counter!(REQUESTS, "Requests that were answered");
    describe_histogram!(REQUEST_SECONDS, Unit::Seconds, "How long an answer took");
    describe_counter!(FEED_FETCHES, "Fetches of a feed");
    describe_gauge!(FEED_AGE, Unit::Seconds, "Time since a feed was last fetched well");
    describe_gauge!(FEED_FAILURES, "Fetches of a feed that failed in a row");
    describe_gauge!(FEED_RECORDS, "Records of a feed");
    describe_gauge!(FEED_REFUSED, "Records of a feed that could not be read");
    describe_gauge!(QUEUE, "Work that waits");
    describe_counter!(JOB_RUNS, "Runs of a job");
    describe_histogram!(JOB_SECONDS, Unit::Seconds, "How long a run of a job took");
}
