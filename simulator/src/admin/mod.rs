//! The admin API: JSON over HTTP on loopback, for tests and people (our own; described by `/openapi.json`).

pub mod client;
mod error;
mod guard;
mod model;
mod routes;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use utoipa::OpenApi;

use crate::cluster::Bench;

/// What the API offers, for `/openapi.json`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bancada simulator",
        description = "Looks at and changes a running cluster of simulated HSMs. Loopback only, no authentication."
    ),
    paths(
        routes::cluster::health,
        routes::cluster::ready,
        routes::cluster::reset,
        routes::cluster::seed,
        routes::cluster::stop,
        routes::cluster::clock,
        routes::cluster::advance_clock,
        routes::cluster::mode,
        routes::cluster::set_mode,
        routes::cluster::metrics,
        routes::cluster::openapi,
        routes::nodes::list,
        routes::nodes::act,
        routes::nodes::faults,
        routes::nodes::set_faults,
        routes::nodes::clear_faults,
        routes::nodes::set_all_faults,
        routes::nodes::clear_all_faults,
        routes::sessions::list,
        routes::sessions::close_all,
        routes::sessions::close,
        routes::users::list,
        routes::users::show,
        routes::users::change,
    )
)]
struct Description;

/// Serves the API until the runtime ends; gives the address it listens on.
pub(crate) async fn serve(bench: Arc<Bench>, address: SocketAddr) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let router = routes::router(bench);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the admin API stopped");
        }
    });
    Ok(address)
}

/// The API's description as JSON.
fn openapi_json() -> String {
    Description::openapi().to_json().unwrap_or_default()
}
