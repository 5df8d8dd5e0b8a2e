//! Cases of A_TOKEN: access tokens.

use bancada_wire::status::Status;

use super::say::{block_user, create_user, delete_user};
use super::{Case, tampered};
use crate::scenario::{Call, Data, Expiry, Login};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a token opens a session until it is revoked",
            "npm hsm-dinamo 4.9.1, User.generateToken and User.revokeToken",
        )
        .harmless()
        .master()
        .keep(1, issue(Expiry::Never), 1)
        .login(2, token("master", Data::slot(1)))
        .ok(2, Call::ListTokens)
        .close(2)
        .ok(1, Call::RevokeToken { key: Data::slot(1) })
        .refused(3, token("master", Data::slot(1)), Status::ERR_ACCESS_DENIED),
        Case::new("the own tokens are listed", "npm hsm-dinamo 4.9.1, User.listTokens")
            .aide()
            .keep(0, issue(Expiry::Never), 9)
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .ok(1, Call::ListTokens)
            .keep(1, issue(Expiry::Never), 1)
            .keep(1, issue(Expiry::In(3_600)), 2)
            .keep(1, issue(Expiry::Never), 3)
            .ok(1, Call::ListTokens)
            .ok(1, Call::RevokeToken { key: Data::slot(2) })
            .ok(1, Call::ListTokens),
        Case::new("a token expires", "vendor docs, Access tokens")
            .master()
            .keep(1, issue(Expiry::In(3_600)), 1)
            .login(2, token("master", Data::slot(1)))
            .advance(4_000)
            .refused(3, token("master", Data::slot(1)), Status::ERR_ACCESS_DENIED),
        Case::new("a tampered token, or another user's, opens nothing", "docs/device.md §3")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .master()
            .keep(1, issue(Expiry::Never), 1)
            .refused(2, token("master", tampered(1)), Status::ERR_ACCESS_DENIED)
            .refused(2, token("alice", Data::slot(1)), Status::ERR_ACCESS_DENIED)
            .refused(2, token("nobody", Data::slot(1)), Status::ERR_ACCESS_DENIED),
        Case::new("a token that nobody issued cannot be revoked", "docs/device.md §3").master().fails(
            1,
            Call::RevokeToken { key: Data::Bytes(vec![9; 16]) },
            Status::ERR_CANNOT_OPEN_OBJ,
        ),
        Case::new("a blocked user's token is refused, a removed user's gone", "docs/device.md §3")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .keep(1, issue(Expiry::Never), 1)
            .ok(0, block_user("alice", true))
            .refused(2, token("alice", Data::slot(1)), Status::ERR_ACCESS_DENIED_USR_BLOCKED)
            .ok(0, delete_user("alice"))
            .ok(0, create_user("alice", "Passw0rd", 0))
            .refused(3, token("alice", Data::slot(1)), Status::ERR_ACCESS_DENIED),
    ]
}

fn issue(expires: Expiry) -> Call {
    Call::IssueToken { expires }
}

fn token(user: &str, key: Data) -> Login {
    Login::Token { user: user.to_owned(), key }
}
