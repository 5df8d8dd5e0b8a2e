//! Cases of SESSION_INFO: what a session is.

use super::Case;
use crate::scenario::number::RM1;
use crate::scenario::{Call, Data, Expiry, Login};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("a session tells its kind and user", "vendor docs, Session page: DGetSessionParam")
            .harmless()
            .master()
            .ok(1, Call::SessionInfo)
            .login(2, Login::Anonymous)
            .ok(2, Call::SessionInfo)
            .keep(1, Call::IssueToken { expires: Expiry::Never }, 1)
            .login(3, Login::Token { user: "master".to_owned(), key: Data::slot(1) })
            .ok(3, Call::SessionInfo)
            .ok(1, Call::RevokeToken { key: Data::slot(1) }),
        Case::new("and the operating mode", "vendor docs, Session page: SP_HSM_OP_MODE")
            .aide()
            .ok(0, Call::SetMode { mode: RM1 })
            .master()
            .ok(1, Call::SessionInfo),
    ]
}
