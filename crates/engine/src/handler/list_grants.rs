//! LIST_GRANTS: who trusts a user, or whom it trusts.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::vault::grants_key;
use bancada_wire::codec::Items;
use bancada_wire::op::{GrantEntry, ListGrants};
use bancada_wire::status::Status;
use bancada_wire::text::UserName;

/// `direction`: those who trust the user (`OP_LST_USR_TRUSTERS`).
const TRUSTERS: u8 = 1;
/// `direction`: those the user trusts (`OP_LST_USR_TRUSTEES`).
const TRUSTEES: u8 = 2;
/// Most entries of a reply.
const MAX: usize = 1024;

impl Handle for ListGrants {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Items<GrantEntry, 1024>> {
        let user = cx.user_to_show(&self.user)?;
        // Names that were accepted fit their field.
        let entry = |name: &str, acl| GrantEntry { user: UserName::new(name).unwrap_or_default(), acl };
        let mut entries = Vec::new();
        match self.direction {
            TRUSTEES => {
                let grants = cx.hsm.vault.grants(&user.name)?;
                entries.extend(grants.trusted.iter().take(MAX).map(|(name, acl)| entry(name, *acl)));
            }
            TRUSTERS => {
                let mut after = None;
                loop {
                    let page = cx.hsm.vault.keys(&grants_key(""), after.as_deref(), MAX)?;
                    for key in &page {
                        let owner =
                            key.get(2..).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
                        if let Some(acl) = cx.hsm.vault.grants(owner)?.trusted.get(&user.name) {
                            entries.push(entry(owner, *acl));
                        }
                    }
                    match page.into_iter().last() {
                        Some(last) if entries.len() < MAX => after = Some(last),
                        _ => break,
                    }
                }
                entries.truncate(MAX);
            }
            _ => return Err(Status::ERR_INVALID_PAYLOAD.into()),
        }
        Ok(Items(entries))
    }
}
