//! Cases of LOGIN_CHALLENGE: the first step of a login with one-time password.

use bancada_wire::status::Status;

use super::Case;
use super::login_otp::{KEY, bind, one_time};
use super::say::create_user;
use crate::scenario::{Call, Otp};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("a login with one-time password tells its kind", "vendor header dinamo.h, SS_USR_PWD_EX")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, bind("alice", false))
            .login(1, one_time("alice", Otp::Hotp { key: KEY.to_vec(), counter: 0 }))
            .ok(1, Call::SessionInfo),
        Case::new("an unknown user is told no more than a wrong password", "docs/device.md §3").refused(
            1,
            one_time("nobody", Otp::Digits("123456".to_owned())),
            Status::ERR_ACCESS_DENIED,
        ),
    ]
}
