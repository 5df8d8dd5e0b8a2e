//! Access tokens (§3), split secrets and random bytes (§6).

use bancada_wire::status::Status;

use super::state::{Origin, SecretOf, Token};
use super::{Fault, Model, fault, require};
use crate::check::Check;
use crate::scenario::{Call, Change, Data, Expiry, Handle, Slot};

/// Tokens a user may have (§3).
const MAX_TOKENS: usize = 1024;

type Answer = Result<(Check, Option<Origin>), Fault>;

impl Model {
    pub(super) fn secret_call(&mut self, handle: Handle, call: &Call, into: Option<Slot>) -> Answer {
        match call {
            Call::IssueToken { expires } => self.issue_token(handle, *expires, into),
            Call::RevokeToken { key } => self.revoke_token(handle, key),
            Call::ListTokens => self.list_tokens(handle),
            Call::Split { secret, m, n } => {
                require(*m >= 2 && m <= n && *n <= 250, Status::ERR_INVALID_PAYLOAD)?;
                let given = secret.iter().any(|byte| *byte != 0);
                let secret_of = if given { SecretOf::Given(secret.clone()) } else { SecretOf::Drawn };
                let check = Check::Split { secret: given.then(|| secret.clone()), n: *n };
                Ok((check, Some(Origin::Parts { secret: secret_of, m: *m, n: *n })))
            }
            Call::Recover { parts, pick } => self.recover(parts, pick),
            Call::Random { length } => {
                require((1..=2048).contains(length), Status::ERR_INVALID_PAYLOAD)?;
                Ok((Check::Length(*length as usize), None))
            }
            _ => Err(Fault::Unknown),
        }
    }

    fn issue_token(&mut self, handle: Handle, expires: Expiry, into: Option<Slot>) -> Answer {
        let moment = match expires {
            Expiry::Never => None,
            Expiry::In(seconds) => Some(self.now.saturating_add_signed(seconds)),
            Expiry::At(_) => return Err(Fault::Unknown),
        };
        let me = self.me(handle)?;
        require(me.tokens.len() < MAX_TOKENS, Status::ERR_CANNOT_ALLOC_RES)?;
        me.tokens.push(Token { slot: into, expires: moment });
        let life = me.life;
        let user = self.session(handle)?.user.clone();
        let check = Check::Token { expiration: moment.is_none().then_some(u64::MAX) };
        Ok((check, Some(Origin::Token { user, life })))
    }

    fn revoke_token(&mut self, handle: Handle, key: &Data) -> Answer {
        let slot = match key {
            Data::Slot { slot, change: Change::None } => *slot,
            _ => return fault(Status::ERR_CANNOT_OPEN_OBJ),
        };
        let me = self.me(handle)?;
        let position = me.tokens.iter().position(|token| token.slot == Some(slot));
        match position {
            Some(position) => {
                me.tokens.remove(position);
                Ok((Check::Any, None))
            }
            None => fault(Status::ERR_CANNOT_OPEN_OBJ),
        }
    }

    /// Expired tokens are not listed.
    fn list_tokens(&mut self, handle: Handle) -> Answer {
        let now = self.now;
        let live =
            self.me(handle)?.tokens.iter().filter(|token| token.expires.is_none_or(|expires| expires > now));
        let slots: Vec<Option<Slot>> = live.map(|token| token.slot).collect();
        let check = match slots.iter().copied().collect::<Option<Vec<Slot>>>() {
            Some(slots) => Check::Tokens(slots),
            None => Check::Any,
        };
        Ok((check, None))
    }

    fn recover(&self, parts: &Data, pick: &[u8]) -> Answer {
        let Data::Slot { slot, change: Change::None } = parts else { return Err(Fault::Unknown) };
        let Some(Origin::Parts { secret, m, n }) = self.slots.get(slot) else { return Err(Fault::Unknown) };
        let mut distinct = pick.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() != pick.len() || pick.iter().any(|position| position >= n) {
            return Err(Fault::Unknown);
        }
        require(pick.len() >= usize::from(*m), Status::ERR_INVALID_SECRET)?;
        let check = match secret {
            SecretOf::Given(secret) => Check::Bytes(secret.clone()),
            SecretOf::Drawn => Check::Length(24),
        };
        Ok((check, None))
    }
}
