//! A_TOKEN: issues, revokes and lists access tokens of the session's own user.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/user (managerToken); vendor header dinamo.h, DManageAToken.

use crate::codec::{Decode, Encode, Items};
use crate::op::{Operation, ReplyShape, Spec};
use crate::text::FixedSecret;

/// `operation` that issues a token.
pub const A_TOKEN_ISSUE: u8 = 1;
/// `operation` that revokes the token named by `key`.
pub const A_TOKEN_REVOKE: u8 = 2;
/// `operation` that lists the user's tokens.
pub const A_TOKEN_LIST: u8 = 3;
/// `expiration` of a token that never expires.
pub const A_TOKEN_INFINITE: u64 = u64::MAX;

/// Issues, revokes or lists access tokens of the session's own user.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AToken {
    /// [`A_TOKEN_ISSUE`], [`A_TOKEN_REVOKE`] or [`A_TOKEN_LIST`].
    pub operation: u8,
    /// Key of the token to revoke; zero otherwise.
    pub key: FixedSecret<16>,
    /// When an issued token expires, since 1970 UTC; [`A_TOKEN_INFINITE`] for never. The vendor's C and Java
    /// documentation counts seconds, its npm client sends milliseconds.
    pub expiration: u64,
}

/// One access token: the issued one, or one of the list.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AccessToken {
    /// The token's key.
    pub key: FixedSecret<16>,
    /// When it expires, in the unit it was issued with.
    pub expiration: u64,
}

/// Bytes of an [`AccessToken`] on the wire.
pub const ACCESS_TOKEN_LEN: usize = 24;

impl Operation for AToken {
    type Response = Items<AccessToken, { 1 << 20 }>;
    const SPEC: Spec =
        Spec::vendor(61, "A_TOKEN", "npm hsm-dinamo 4.9.1, hsm/modules/user (managerToken)").writes();

    fn reply_shape(&self) -> ReplyShape {
        match self.operation {
            A_TOKEN_LIST => ReplyShape::Records { size: ACCESS_TOKEN_LEN },
            _ => ReplyShape::Single,
        }
    }
}
