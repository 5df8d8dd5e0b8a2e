//! Routes about nodes: stop, start, and the faults they play.

use axum::Json;
use axum::extract::{Path, State};

use super::Cluster;
use crate::admin::error::{Body, ErrorBody, Failure};
use crate::admin::model::NodeView;
use crate::cluster::Bench;
use crate::node::{Faults, Node};

/// Every node.
#[utoipa::path(get, path = "/nodes", responses((status = 200, body = [NodeView])))]
pub(crate) async fn list(State(bench): Cluster) -> Json<Vec<NodeView>> {
    Json(bench.nodes().iter().map(view).collect())
}

/// Stops, starts or restarts a node. Its sessions end; what it stored stays.
#[utoipa::path(
    post, path = "/nodes/{name}/{action}",
    params(("name" = String, Path), ("action" = String, Path, description = "`stop`, `start` or `restart`")),
    responses((status = 200, body = NodeView), (status = 404, body = ErrorBody))
)]
pub(crate) async fn act(
    State(bench): Cluster,
    Path((name, action)): Path<(String, String)>,
) -> Result<Json<NodeView>, Failure> {
    let node = find(&bench, &name)?;
    match action.as_str() {
        "stop" => node.stop().await,
        "start" => node.start().await?,
        "restart" => node.restart().await?,
        _ => return Err(Failure::not_found("action", &action)),
    }
    Ok(Json(view(node)))
}

/// The faults a node plays.
#[utoipa::path(
    get, path = "/nodes/{name}/faults", params(("name" = String, Path)),
    responses((status = 200, body = Faults), (status = 404, body = ErrorBody))
)]
pub(crate) async fn faults(State(bench): Cluster, Path(name): Path<String>) -> Result<Json<Faults>, Failure> {
    Ok(Json(find(&bench, &name)?.faults()))
}

/// Makes a node play faults, instead of those before.
#[utoipa::path(
    post, path = "/nodes/{name}/faults", params(("name" = String, Path)), request_body = Faults,
    responses((status = 200, body = Faults), (status = 404, body = ErrorBody))
)]
pub(crate) async fn set_faults(
    State(bench): Cluster,
    Path(name): Path<String>,
    Body(faults): Body<Faults>,
) -> Result<Json<Faults>, Failure> {
    let node = find(&bench, &name)?;
    node.set_faults(faults).await?;
    Ok(Json(node.faults()))
}

/// Makes a node play no faults.
#[utoipa::path(
    delete, path = "/nodes/{name}/faults", params(("name" = String, Path)),
    responses((status = 200, body = Faults), (status = 404, body = ErrorBody))
)]
pub(crate) async fn clear_faults(
    State(bench): Cluster,
    Path(name): Path<String>,
) -> Result<Json<Faults>, Failure> {
    set_faults(State(bench), Path(name), Body(Faults::default())).await
}

/// Makes every node play faults, instead of those before.
#[utoipa::path(post, path = "/faults", request_body = Faults, responses((status = 200, body = [NodeView])))]
pub(crate) async fn set_all_faults(
    State(bench): Cluster,
    Body(faults): Body<Faults>,
) -> Result<Json<Vec<NodeView>>, Failure> {
    for node in bench.nodes() {
        node.set_faults(faults).await?;
    }
    Ok(list(State(bench)).await)
}

/// Makes every node play no faults.
#[utoipa::path(delete, path = "/faults", responses((status = 200, body = [NodeView])))]
pub(crate) async fn clear_all_faults(State(bench): Cluster) -> Result<Json<Vec<NodeView>>, Failure> {
    set_all_faults(State(bench), Body(Faults::default())).await
}

fn find<'a>(bench: &'a Bench, name: &str) -> Result<&'a Node, Failure> {
    bench.node(name).ok_or_else(|| Failure::not_found("node", name))
}

fn view(node: &Node) -> NodeView {
    NodeView {
        name: node.name().into(),
        address: node.address().to_string(),
        running: node.is_running(),
        sessions: node.connections(),
        faults: node.faults(),
    }
}
