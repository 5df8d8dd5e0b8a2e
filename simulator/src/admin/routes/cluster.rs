//! Routes about the cluster as a whole: health, reset, seed, clock, operating mode, metrics.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use super::Cluster;
use crate::admin::error::{Body, ErrorBody, Failure};
use crate::admin::model::{Advance, ClockView, Done, Health, ModeView, Reset, SeedText};
use crate::cluster::Bench;
use crate::metrics::{Scraped, render};
use crate::seed::mode_named;

/// Whether the simulator is alive.
#[utoipa::path(get, path = "/health", responses((status = 200, body = Health)))]
pub(crate) async fn health() -> Json<Health> {
    Json(Health { status: "ok".into() })
}

/// Whether every node accepts connections.
#[utoipa::path(get, path = "/ready", responses((status = 200, body = Health), (status = 503, body = Health)))]
pub(crate) async fn ready(State(bench): Cluster) -> (StatusCode, Json<Health>) {
    if bench.nodes().iter().all(|node| node.is_running() && !node.faults().refuse) {
        (StatusCode::OK, Json(Health { status: "ok".into() }))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Json(Health { status: "not ready".into() }))
    }
}

/// Closes every connection and goes back to the state of the start. Faults are gone, stopped nodes run; the clock stays.
#[utoipa::path(post, path = "/reset", request_body = Reset, responses((status = 200, body = Done)))]
pub(crate) async fn reset(State(bench): Cluster, Body(wanted): Body<Reset>) -> Result<Json<Done>, Failure> {
    bench.reset(wanted.factory).await?;
    done()
}

/// Applies a seed file on top of what is there. The body is the file, or JSON with the file in it.
#[utoipa::path(
    post, path = "/seed",
    request_body(content((String = "text/plain"), (SeedText = "application/json"))),
    responses((status = 200, body = Done), (status = 400, body = ErrorBody, description = "With line and reason."))
)]
pub(crate) async fn seed(State(bench): Cluster, text: String) -> Result<Json<Done>, Failure> {
    // No TOML document starts with a brace.
    if text.trim_start().starts_with('{') {
        let inner: SeedText = serde_json::from_str(&text)
            .map_err(|error| Failure::bad_request(format!("the request's JSON is not usable: {error}")))?;
        bench.apply_toml(&inner.toml)?;
    } else {
        bench.apply_toml(&text)?;
    }
    done()
}

/// Stops the simulator.
#[utoipa::path(post, path = "/stop", responses((status = 200, body = Done)))]
pub(crate) async fn stop(State(bench): Cluster) -> Result<Json<Done>, Failure> {
    bench.request_stop();
    done()
}

/// The device's time.
#[utoipa::path(get, path = "/clock", responses((status = 200, body = ClockView)))]
pub(crate) async fn clock(State(bench): Cluster) -> Json<ClockView> {
    Json(view(&bench))
}

/// Advances the device's time, and closes the sessions that have become idle.
#[utoipa::path(
    post, path = "/clock/advance", request_body = Advance,
    responses((status = 200, body = ClockView), (status = 400, body = ErrorBody))
)]
pub(crate) async fn advance_clock(
    State(bench): Cluster,
    Body(wanted): Body<Advance>,
) -> Result<Json<ClockView>, Failure> {
    if wanted.seconds.is_none() && wanted.ms.is_none() {
        return Err(Failure::bad_request("say how far: {\"seconds\": N} or {\"ms\": N}"));
    }
    let seconds = Duration::from_secs(wanted.seconds.unwrap_or_default());
    bench.advance(seconds.saturating_add(Duration::from_millis(wanted.ms.unwrap_or_default())));
    Ok(Json(view(&bench)))
}

/// The operating mode.
#[utoipa::path(get, path = "/mode", responses((status = 200, body = ModeView)))]
pub(crate) async fn mode(State(bench): Cluster) -> Result<Json<ModeView>, Failure> {
    Ok(Json(ModeView { mode: bench.mode()?.name().into() }))
}

/// Changes the operating mode, which wipes the device, as the operation does.
#[utoipa::path(
    post, path = "/mode", request_body = ModeView,
    responses((status = 200, body = ModeView), (status = 400, body = ErrorBody))
)]
pub(crate) async fn set_mode(
    State(bench): Cluster,
    Body(wanted): Body<ModeView>,
) -> Result<Json<ModeView>, Failure> {
    let mode = mode_named(&wanted.mode).ok_or_else(|| {
        Failure::bad_request(format!("there is no operating mode {:?}; use NRM, RM1 or RM2", wanted.mode))
    })?;
    bench.set_mode(mode)?;
    Ok(Json(ModeView { mode: mode.name().into() }))
}

/// Counters in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", responses((status = 200, content_type = "text/plain", body = String)))]
pub(crate) async fn metrics(State(bench): Cluster) -> impl IntoResponse {
    let nodes = bench.nodes().iter().map(|node| Scraped {
        name: node.name(),
        running: node.is_running(),
        sessions: node.connections(),
        metrics: node.metrics(),
    });
    let text = render(&nodes.collect::<Vec<_>>());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, content_type = "application/json", body = String)))]
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], crate::admin::openapi_json())
}

fn view(bench: &Bench) -> ClockView {
    ClockView { now_ms: bench.clock().now_ms(), offset_ms: bench.clock().offset_ms() }
}

fn done() -> Result<Json<Done>, Failure> {
    Ok(Json(Done { ok: true }))
}
