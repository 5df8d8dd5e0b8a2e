//! Cases of ASSIGN_OTP: binding a one-time password generator.

use bancada_wire::status::Status;

use super::Case;
use super::login_otp::{bind, hotp, one_time};
use super::say::{create_user, user_info};
use crate::scenario::Call;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a bound generator shows in the user's mask",
            "vendor header dinamo.h, ACL_VIRTUAL_OTP_AUTH",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .ok(0, bind("alice", false))
        .ok(0, user_info("alice"))
        .login(1, one_time("alice", hotp(0))),
        Case::new("keys have 20, 32 or 64 bytes", "vendor header dinamo.h, ISSUE_OATH_SHA1_LEN")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .fails(
                0,
                Call::AssignOtp { user: "alice".into(), totp: false, key: vec![1; 19] },
                Status::ERR_INVALID_PAYLOAD,
            )
            .ok(0, Call::AssignOtp { user: "alice".into(), totp: false, key: vec![1; 32] }),
        Case::new("only an operator, only to a user there is", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, bind("alice", false), Status::ERR_ACCESS_DENIED)
            .fails(0, bind("nobody", false), Status::ERR_USR_NOT_FOUND),
    ]
}
