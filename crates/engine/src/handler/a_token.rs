//! A_TOKEN: issues, revokes and lists the user's access tokens.

use super::Handle;
use crate::context::Context;
use crate::fault::Outcome;
use crate::token::{MAX_TOKENS, Token, Tokens};
use bancada_crypto::ct_eq;
use bancada_wire::codec::Items;
use bancada_wire::op::{A_TOKEN_ISSUE, A_TOKEN_LIST, A_TOKEN_REVOKE, AToken, AccessToken};
use bancada_wire::status::Status;

impl Handle for AToken {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Items<AccessToken, { 1 << 20 }>> {
        let me = cx.me()?;
        let mut tokens = Tokens::load(&cx.hsm.tokens, &me)?;
        let shown = |token: &Token| AccessToken { key: token.key.into(), expiration: token.expiration };
        Ok(Items(match self.operation {
            A_TOKEN_ISSUE => {
                tokens.list.retain(|token| !token.expired(cx.env.now_ms));
                if tokens.list.len() >= MAX_TOKENS {
                    return Err(Status::ERR_CANNOT_ALLOC_RES.into());
                }
                let token = Token { key: cx.random(), expiration: self.expiration };
                tokens.list.push(token.clone());
                tokens.save(&cx.hsm.tokens, &me, cx.env)?;
                cx.subject = "issued".to_owned();
                vec![shown(&token)]
            }
            A_TOKEN_REVOKE => {
                let count = tokens.list.len();
                tokens.list.retain(|token| !ct_eq(&token.key, self.key.expose()));
                if tokens.list.len() == count {
                    return Err(Status::ERR_CANNOT_OPEN_OBJ.into());
                }
                tokens.save(&cx.hsm.tokens, &me, cx.env)?;
                cx.subject = "revoked".to_owned();
                Vec::new()
            }
            A_TOKEN_LIST => {
                cx.logged = true;
                tokens.list.iter().filter(|token| !token.expired(cx.env.now_ms)).map(shown).collect()
            }
            _ => return Err(Status::ERR_INVALID_PAYLOAD.into()),
        }))
    }
}
