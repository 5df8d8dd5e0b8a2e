//! Cases of LOGIN_OTP: one-time passwords.

use bancada_wire::status::Status;

use super::say::{block_user, create_user, user_info};
use super::{Case, password_login};
use crate::scenario::{Call, Login, Otp};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a user with a generator needs a one-time password, others must not give one",
            "vendor header dinamo.h, D_ERR_ACCESS_DENIED_TOKEN_NEEDED and _NOT_NEEDED",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .refused(1, one_time("alice", hotp(0)), Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED)
        .ok(0, bind("alice", false))
        .refused(1, password_login("alice", "Passw0rd"), Status::ERR_ACCESS_DENIED_TOKEN_NEEDED)
        .ok(0, user_info("alice"))
        .login(1, one_time("alice", hotp(0))),
        Case::new("nine counters ahead are accepted, eleven not", "vendor docs, OATH: look-ahead window")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, bind("alice", false))
            .refused(1, one_time("alice", hotp(11)), Status::ERR_ACCESS_DENIED)
            .login(1, one_time("alice", hotp(9)))
            .login(2, one_time("alice", hotp(19))),
        Case::new("a one-time password counts once", "vendor header dinamo.h, D_ERR_REPLAY_DETECTED")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, bind("alice", false))
            .login(1, one_time("alice", hotp(2)))
            .refused(2, one_time("alice", hotp(2)), Status::ERR_REPLAY_DETECTED)
            .refused(2, one_time("alice", hotp(1)), Status::ERR_REPLAY_DETECTED)
            .ok(0, user_info("alice"))
            .login(2, one_time("alice", hotp(3)))
            .ok(0, user_info("alice")),
        Case::new("by the clock, ten steps to either side", "vendor docs, OATH: look-ahead window; RFC 6238")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, bind("alice", true))
            .refused(1, one_time("alice", totp(14)), Status::ERR_ACCESS_DENIED)
            .login(1, one_time("alice", totp(0)))
            .login(2, one_time("alice", totp(8)))
            .refused(3, one_time("alice", totp(4)), Status::ERR_REPLAY_DETECTED),
        Case::new("a wrong one-time password counts as a wrong login", "docs/device.md §3")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, bind("alice", false))
            .refused(1, one_time("alice", hotp(40)), Status::ERR_ACCESS_DENIED)
            .refused(1, one_time("alice", hotp(41)), Status::ERR_ACCESS_DENIED)
            .ok(0, user_info("alice")),
        Case::new("a blocked user does not get in with it either", "docs/device.md §3")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, bind("alice", false))
            .ok(0, block_user("alice", true))
            .refused(1, one_time("alice", hotp(0)), Status::ERR_ACCESS_DENIED_USR_BLOCKED),
    ]
}

/// The key of RFC 4226, appendix D.
pub(super) const KEY: &[u8] = b"12345678901234567890";

pub(super) fn bind(user: &str, totp: bool) -> Call {
    Call::AssignOtp { user: user.to_owned(), totp, key: KEY.to_vec() }
}

/// A login with the password `Passw0rd`.
pub(super) fn one_time(user: &str, otp: Otp) -> Login {
    Login::OneTime { user: user.to_owned(), password: "Passw0rd".to_owned(), otp }
}

pub(super) fn hotp(counter: u64) -> Otp {
    Otp::Hotp { key: KEY.to_vec(), counter }
}

fn totp(steps: i64) -> Otp {
    Otp::Totp { key: KEY.to_vec(), steps }
}
