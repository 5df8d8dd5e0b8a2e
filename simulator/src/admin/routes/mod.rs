//! The routes of the admin API.

pub(super) mod cluster;
pub(super) mod nodes;
pub(super) mod sessions;
pub(super) mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, Uri};
use axum::middleware;
use axum::routing::{delete, get, post};

use super::error::Failure;
use super::guard::refuse_web_pages;
use crate::cluster::Bench;
use crate::seed::MAX_SEED_BYTES;

/// The cluster a handler works on.
type Cluster = State<Arc<Bench>>;

/// Bytes of a request body: a seed file inside JSON, where every byte may be written as six.
const MAX_BODY: usize = 6 * MAX_SEED_BYTES;

/// The whole API over a cluster.
pub(super) fn router(bench: Arc<Bench>) -> Router {
    Router::new()
        .route("/health", get(cluster::health))
        .route("/ready", get(cluster::ready))
        .route("/reset", post(cluster::reset))
        .route("/seed", post(cluster::seed).layer(DefaultBodyLimit::max(MAX_BODY)))
        .route("/stop", post(cluster::stop))
        .route("/clock", get(cluster::clock))
        .route("/clock/advance", post(cluster::advance_clock))
        .route("/mode", get(cluster::mode).post(cluster::set_mode))
        .route("/metrics", get(cluster::metrics))
        .route("/openapi.json", get(cluster::openapi))
        .route("/nodes", get(nodes::list))
        .route("/nodes/{name}/{action}", post(nodes::act))
        .route("/nodes/{name}/faults", get(nodes::faults).post(nodes::set_faults).delete(nodes::clear_faults))
        .route("/faults", post(nodes::set_all_faults).delete(nodes::clear_all_faults))
        .route("/sessions", get(sessions::list).delete(sessions::close_all))
        .route("/sessions/{id}", delete(sessions::close))
        .route("/users", get(users::list))
        .route("/users/{name}", get(users::show).post(users::change))
        .fallback(nowhere)
        .layer(middleware::from_fn(refuse_web_pages))
        .with_state(bench)
}

async fn nowhere(uri: Uri) -> Failure {
    Failure::new(StatusCode::NOT_FOUND, format!("there is nothing at {}; see /openapi.json", uri.path()))
}
