//! SERVER_INFO: about the device.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use bancada_wire::op::{ServerInfo, ServerInfoResponse};
use bancada_wire::text::FixedText;
use std::sync::atomic::Ordering;

impl Handle for ServerInfo {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<ServerInfoResponse> {
        let hsm = cx.hsm;
        let (users, objects) = hsm.vault.census()?;
        let text = |text: &str| FixedText::new(text).unwrap_or_default();
        Ok(ServerInfoResponse {
            model: text(&hsm.config.model),
            serial: text(&hsm.config.serial),
            engine: text(env!("CARGO_PKG_VERSION")),
            firmware: text(&hsm.config.firmware),
            mode: cx.mode().number(),
            now_ms: cx.env.now_ms,
            sessions: hsm.open_sessions.load(Ordering::Relaxed),
            users,
            objects,
            operations: hsm.operations.load(Ordering::Relaxed),
            master_key_id: hsm.vault.master_key_id(),
        })
    }
}
