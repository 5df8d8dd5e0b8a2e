//! Cases of UNASSIGN_OTP: taking the generator away.

use bancada_wire::status::Status;

use super::login_otp::{bind, hotp, one_time};
use super::say::{create_user, user_info};
use super::{Case, password_login};
use crate::scenario::Call;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "without the generator the password is enough again",
            "vendor header dinamo.h, DUnassignToken",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .ok(0, bind("alice", false))
        .refused(1, password_login("alice", "Passw0rd"), Status::ERR_ACCESS_DENIED_TOKEN_NEEDED)
        .ok(0, Call::UnassignOtp { user: "alice".into() })
        .ok(0, user_info("alice"))
        .refused(1, one_time("alice", hotp(0)), Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED)
        .open(1, "alice", "Passw0rd"),
        Case::new("a user without a generator has none to take", "docs/device.md §3")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .fails(0, Call::UnassignOtp { user: "alice".into() }, Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED),
        Case::new("only an operator takes it", "docs/device.md §1")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, bind("alice", false))
            .ok(0, create_user("bob2", "Passw0rd", 0))
            .open(1, "bob2", "Passw0rd")
            .fails(1, Call::UnassignOtp { user: "alice".into() }, Status::ERR_ACCESS_DENIED),
        Case::new("a user there is not has none to take", "docs/device.md §4").aide().fails(
            0,
            Call::UnassignOtp { user: "nobody".into() },
            Status::ERR_USR_NOT_FOUND,
        ),
    ]
}
