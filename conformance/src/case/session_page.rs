//! Cases of the vendor's Session page: every clause of it that sessions are built on so far.

use bancada_wire::status::Status;

use super::login_otp::{KEY, bind, one_time};
use super::say::{change_password, create_key, create_user, ecc_sign, export, info, set_acl};
use super::{Case, password_login};
use crate::scenario::number::*;
use crate::scenario::{Call, Data, Expiry, Login, Malformed, Otp};

pub(super) fn cases() -> Vec<Case> {
    [opening(), after_expiry(), ending()].concat()
}

/// How a session is opened, and what it tells of itself.
fn opening() -> Vec<Case> {
    vec![
        Case::new(
            "SS_USER_PWD: user and password open a session",
            "vendor docs, Session page, DOpenSession: SS_USER_PWD",
        )
        .harmless()
        .master()
        .ok(1, create_key("key", AES_128, TEMPORARY))
        .close(1),
        Case::new(
            "SS_USR_PWD_EX: a one-time password may be given",
            "vendor docs, Session page, DOpenSession: SS_USR_PWD_EX",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .ok(0, bind("alice", false))
        .login(1, one_time("alice", Otp::Hotp { key: KEY.to_vec(), counter: 0 }))
        .ok(1, create_key("key", AES_128, 0)),
        Case::new(
            "SS_ATOKEN: an access token opens a session",
            "vendor docs, Session page, DOpenSession: SS_ATOKEN",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .open(1, "alice", "Passw0rd")
        .keep(1, Call::IssueToken { expires: Expiry::Never }, 1)
        .login(2, Login::Token { user: "alice".to_owned(), key: Data::slot(1) })
        .ok(2, create_key("key", AES_128, 0)),
        Case::new(
            "SS_ANONYMOUS: nobody needs to log in to ask",
            "vendor docs, Session page, DOpenSession: SS_ANONYMOUS",
        )
        .login(1, Login::Anonymous)
        .ok(1, Call::ServerInfo),
        Case::new(
            "ENCRYPTED_CONN: the session goes through TLS",
            "vendor docs, Session page, DOpenSession: ENCRYPTED_CONN",
        )
        .harmless()
        .open_tls(1, true)
        .ok(1, create_key("key", AES_128, TEMPORARY | EXPORTABLE))
        .ok(1, export("key")),
        Case::new(
            "without it the session is in clear text",
            "vendor docs, Session page, DOpenSession, notes",
        )
        .harmless()
        .open_tls(1, false)
        .ok(1, create_key("key", AES_128, TEMPORARY)),
        Case::new(
            "SP_SESSION_CIPHER: an encrypted session names its cipher suite, a clear one has none",
            "vendor docs, Session page, DGetSessionParam: SP_SESSION_CIPHER",
        )
        .open_tls(1, true)
        .ok(1, Call::SessionInfo)
        .open_tls(2, false)
        .ok(2, Call::SessionInfo),
        Case::new(
            "SP_HSM_OP_MODE: a session tells the operating mode",
            "vendor docs, Session page, DGetSessionParam: SP_HSM_OP_MODE",
        )
        .aide()
        .ok(0, Call::SetMode { mode: RM2 })
        .master()
        .ok(1, Call::SessionInfo),
    ]
}

/// What is left of a session when the password has expired.
fn after_expiry() -> Vec<Case> {
    vec![
        expired("success of the change enables everything", 1)
            .ok(1, change_password("n3w-Password"))
            .ok(1, create_key("key", AES_128, 0))
            .close(1)
            .open(2, "alice", "n3w-Password")
            .ok(2, info("key")),
        expired("a change that fails ends it", 2)
            .fails(1, change_password("Passw0rd"), Status::ERR_PWD_BLOCKED_BY_POLICY)
            .gone(1, change_password("n3w-Password"))
            .refused(2, password_login("alice", "Passw0rd"), Status::ERR_PWD_EXPIRED),
        expired("any other operation ends it: making a key", 3)
            .fails(1, create_key("key", AES_128, 0), Status::ERR_PWD_EXPIRED)
            .gone(1, change_password("n3w-Password")),
        expired("any other operation ends it: signing", 4)
            .fails(1, ecc_sign("key", SHA256, vec![1; 32]), Status::ERR_PWD_EXPIRED)
            .gone(1, Call::Ping),
        expired("any other operation ends it: asking for a sign of life", 5)
            .fails(1, Call::Ping, Status::ERR_PWD_EXPIRED)
            .gone(1, Call::Ping),
        expired("any other operation ends it: one nobody knows", 6)
            .malformed(
                1,
                Malformed::UnknownOpcode { opcode: 999, payload: Vec::new() },
                Status::ERR_INVALID_OPERATION,
            )
            .gone(1, change_password("n3w-Password")),
        expired("a malformed change ends it", 7)
            .malformed(
                1,
                Malformed::Truncated { call: change_password("n3w-Password") },
                Status::ERR_INVALID_PAYLOAD,
            )
            .gone(1, change_password("n3w-Password")),
        Case::new(
            "an expired password does not spoil sessions that are open",
            "vendor docs, Session page, DOpenSession, notes",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .open(1, "alice", "Passw0rd")
        .ok(0, set_acl("alice", ACL_CHANGE_PWD_NEXT_TIME))
        .refused(2, password_login("alice", "Passw0rd"), Status::ERR_PWD_EXPIRED)
        .ok(1, create_key("key", AES_128, 0)),
    ]
}

/// How a session ends.
fn ending() -> Vec<Case> {
    vec![
        Case::new(
            "DCloseSession: what was the session's own is gone after it",
            "vendor docs, Session page, DCloseSession",
        )
        .aide()
        .master()
        .ok(1, create_key("brief", AES_128, TEMPORARY | EXPORTABLE))
        .ok(1, create_key("stays", AES_128, EXPORTABLE))
        .close(1)
        .open(2, "master", "12345678")
        .fails(2, export("brief"), Status::ERR_CANNOT_OPEN_OBJ)
        .ok(2, export("stays")),
        Case::new(
            "CLOSE_PHYSICALLY: dropping the connection ends the session too",
            "vendor docs, Session page, DCloseSession: CLOSE_PHYSICALLY",
        )
        .master()
        .ok(1, create_key("brief", AES_128, TEMPORARY | EXPORTABLE))
        .disconnect(1)
        .open(2, "master", "12345678")
        .fails(2, export("brief"), Status::ERR_CANNOT_OPEN_OBJ),
        Case::new("each session stands alone", "vendor docs, Session page, DOpenSession, observation")
            .master()
            .open(2, "master", "12345678")
            .ok(1, create_key("t", AES_128, TEMPORARY | EXPORTABLE))
            .ok(2, create_key("t", AES_256, TEMPORARY | EXPORTABLE))
            .close(1)
            .ok(2, export("t")),
    ]
}

/// A session that only may change its password; `number` keeps the names apart.
fn expired(name: &'static str, number: u8) -> Case {
    let clause = match number {
        1 => "vendor docs, Session page, DOpenSession, notes: D_ERR_PWD_EXPIRED, success",
        2 | 7 => "vendor docs, Session page, DOpenSession, notes: D_ERR_PWD_EXPIRED, failure",
        _ => "vendor docs, Session page, DOpenSession, notes: D_ERR_PWD_EXPIRED, any other operation",
    };
    Case::new(name, clause)
        .aide()
        .ok(0, create_user("alice", "Passw0rd", ACL_USR_LIST | ACL_CHANGE_PWD_NEXT_TIME))
        .refused(1, password_login("alice", "Passw0rd"), Status::ERR_PWD_EXPIRED)
}
