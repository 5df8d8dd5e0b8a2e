//! Routes about users.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use bancada_crypto::Zeroizing;
use bancada_engine::{UserChange, UserView};
use bancada_wire::status::Status;

use super::Cluster;
use crate::admin::error::{Body, ErrorBody, Failure};
use crate::admin::model::{UserChangeJson, UserJson};
use crate::cluster::Bench;

/// Every user.
#[utoipa::path(get, path = "/users", responses((status = 200, body = [UserJson])))]
pub(crate) async fn list(State(bench): Cluster) -> Result<Json<Vec<UserJson>>, Failure> {
    Ok(Json(bench.users()?.into_iter().map(view).collect()))
}

/// One user.
#[utoipa::path(
    get, path = "/users/{name}", params(("name" = String, Path)),
    responses((status = 200, body = UserJson), (status = 404, body = ErrorBody))
)]
pub(crate) async fn show(State(bench): Cluster, Path(name): Path<String>) -> Result<Json<UserJson>, Failure> {
    find(&bench, &name).map(Json)
}

/// Changes a user's state directly, without permission or policy.
#[utoipa::path(
    post, path = "/users/{name}", params(("name" = String, Path)), request_body = UserChangeJson,
    responses((status = 200, body = UserJson), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody))
)]
pub(crate) async fn change(
    State(bench): Cluster,
    Path(name): Path<String>,
    Body(change): Body<UserChangeJson>,
) -> Result<Json<UserJson>, Failure> {
    find(&bench, &name)?;
    let change = UserChange {
        blocked: change.blocked,
        expired: change.expired,
        must_change: change.must_change,
        password: change.password.map(Zeroizing::new),
    };
    bench.set_user(&name, &change).map_err(|status| match status {
        Status::ERR_USR_NOT_FOUND => Failure::not_found("user", &name),
        status => Failure::new(StatusCode::INTERNAL_SERVER_ERROR, format!("{name}: {status}")),
    })?;
    find(&bench, &name).map(Json)
}

fn find(bench: &Bench, name: &str) -> Result<UserJson, Failure> {
    let found = bench.users()?.into_iter().find(|user| user.name == name);
    found.map(view).ok_or_else(|| Failure::not_found("user", name))
}

fn view(user: UserView) -> UserJson {
    UserJson {
        name: user.name,
        acl: user.acl,
        blocked: user.blocked,
        attempts: user.attempts,
        must_change: user.must_change,
        expires_ms: user.expires_ms,
    }
}
