//! Routes about connections.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};

use super::Cluster;
use crate::admin::error::{ErrorBody, Failure};
use crate::admin::model::{Closed, SessionView};
use crate::node::{End, Entry};

/// How long a closed connection is waited for, a turn and how many.
const TURN: Duration = Duration::from_millis(5);
const TURNS: u32 = 160;

/// Every connection.
#[utoipa::path(get, path = "/sessions", responses((status = 200, body = [SessionView])))]
pub(crate) async fn list(State(bench): Cluster) -> Json<Vec<SessionView>> {
    let of_node =
        |node: &crate::Node| node.entries().iter().map(|entry| view(node.name(), entry)).collect::<Vec<_>>();
    Json(bench.nodes().iter().flat_map(of_node).collect())
}

/// Closes every connection.
#[utoipa::path(delete, path = "/sessions", responses((status = 200, body = Closed)))]
pub(crate) async fn close_all(State(bench): Cluster) -> Json<Closed> {
    let closed = bench.nodes().iter().map(crate::Node::connections).sum();
    bench.drain().await;
    Json(Closed { closed })
}

/// Closes a connection.
#[utoipa::path(
    delete, path = "/sessions/{id}", params(("id" = u64, Path)),
    responses((status = 200, body = Closed), (status = 404, body = ErrorBody))
)]
pub(crate) async fn close(State(bench): Cluster, Path(id): Path<String>) -> Result<Json<Closed>, Failure> {
    let wanted = id.parse::<u64>().map_err(|_| Failure::not_found("session", &id))?;
    let find = || bench.nodes().iter().flat_map(crate::Node::entries).find(|entry| entry.id == wanted);
    let Some(entry) = find() else { return Err(Failure::not_found("session", &id)) };
    entry.end(End::Close);
    for _ in 0..TURNS {
        if find().is_none() {
            break;
        }
        tokio::time::sleep(TURN).await;
    }
    Ok(Json(Closed { closed: 1 }))
}

fn view(node: &str, entry: &Entry) -> SessionView {
    let about = entry.about();
    SessionView {
        id: entry.id,
        node: node.into(),
        session: about.session,
        peer: entry.peer.to_string(),
        user: about.user.map(Into::into),
        kind: about.kind.into(),
        since_ms: entry.since_ms,
        tls: about.cipher.map(Into::into),
    }
}
