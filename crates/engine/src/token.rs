//! Access tokens: kept in the cluster's volatile store, so they die with it (docs/device.md §3; vendor header dinamo.h, DManageAToken).

use crate::env::Env;
use crate::fault::Outcome;
use crate::record::{Reader, Writer};
use crate::store::{Revision, StoreError};
use crate::user::User;
use crate::vault::{Transaction, Vault};
use bancada_crypto::Zeroizing;
use bancada_wire::op::A_TOKEN_INFINITE;
use zeroize::ZeroizeOnDrop;

/// Tokens a user may have (vendor docs give 1024 for the smallest model).
pub(crate) const MAX_TOKENS: usize = 1024;
/// An expiry above this is read as milliseconds, as the npm client sends it (our choice).
const MILLISECONDS_ABOVE: u64 = 100_000_000_000;

/// A token.
#[derive(Clone, ZeroizeOnDrop)]
pub(crate) struct Token {
    pub(crate) key: [u8; 16],
    /// When it expires, as it was given.
    #[zeroize(skip)]
    pub(crate) expiration: u64,
}

impl Token {
    /// Whether it is past its time.
    pub(crate) fn expired(&self, now_ms: u64) -> bool {
        let expires_ms = match self.expiration {
            A_TOKEN_INFINITE => return false,
            milliseconds if milliseconds > MILLISECONDS_ABOVE => milliseconds,
            seconds => seconds * 1000,
        };
        now_ms >= expires_ms
    }
}

/// The tokens of a user.
#[derive(Default)]
pub(crate) struct Tokens {
    pub(crate) list: Vec<Token>,
    /// The user they belong to: tokens of an earlier user of the same name are not this one's.
    owner: u64,
    revision: Revision,
}

fn key(user: &str) -> Vec<u8> {
    [b"t/", user.as_bytes()].concat()
}

impl Tokens {
    /// Reads the tokens of a user.
    pub(crate) fn load(vault: &Vault, user: &User) -> Result<Self, StoreError> {
        let mut tokens = vault.read(&key(&user.name), Self::from_record)?.unwrap_or_default();
        if tokens.owner != user.id {
            tokens.owner = user.id;
            tokens.list.clear();
        }
        Ok(tokens)
    }

    /// Writes them back.
    pub(crate) fn save(&self, vault: &Vault, user: &User, env: &mut Env<'_>) -> Outcome<()> {
        let mut transaction = Transaction::default();
        transaction.replace(key(&user.name), self.revision, self.to_record());
        vault.commit(transaction, env).map(drop)
    }

    /// Forgets the tokens of a user that is no more. They are worth nothing already: they name their owner.
    pub(crate) fn remove(vault: &Vault, user: &str, env: &mut Env<'_>) -> Result<(), StoreError> {
        let mut transaction = Transaction::default();
        transaction.delete(key(user));
        vault.apply(transaction, env).map(drop)
    }

    fn to_record(&self) -> Zeroizing<Vec<u8>> {
        let mut record = Writer::new();
        record.u64(self.owner).u32(self.list.len() as u32);
        for token in &self.list {
            record.bytes(&token.key).u64(token.expiration);
        }
        record.finish()
    }

    fn from_record(record: &[u8], revision: Revision) -> Option<Self> {
        let mut fields = Reader::new(record)?;
        let mut tokens = Self { list: Vec::new(), owner: fields.u64()?, revision };
        for _ in 0..fields.u32()? {
            tokens.list.push(Token { key: fields.bytes()?.try_into().ok()?, expiration: fields.u64()? });
        }
        fields.end()?;
        Some(tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_is_read_in_seconds_and_in_milliseconds() {
        let token = |expiration| Token { key: [0; 16], expiration };
        assert!(token(1_700_000_000).expired(1_700_000_000_000));
        assert!(!token(1_700_000_000).expired(1_699_999_999_999));
        assert!(token(1_700_000_000_000).expired(1_700_000_000_000));
        assert!(!token(1_700_000_000_001).expired(1_700_000_000_000));
        assert!(!token(A_TOKEN_INFINITE).expired(u64::MAX));
    }
}
