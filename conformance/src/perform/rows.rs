//! Rows of replies in the words of an outcome.

use bancada_wire::op;
use bancada_wire::text::FixedText;

use crate::outcome::{ObjectRow, UserRow, Value};
use crate::scenario::Policy;

pub(super) fn name<const N: usize>(field: &FixedText<N>) -> String {
    String::from_utf8_lossy(field.as_bytes()).into_owned()
}

pub(super) fn user(entry: &op::UserEntry) -> UserRow {
    UserRow {
        user: name(&entry.user),
        acl: entry.acl,
        blocked: entry.blocked != 0,
        attempts: entry.attempts,
        expires: entry.expires_ms != 0,
    }
}

pub(super) fn grant(entry: &op::GrantEntry) -> (String, u32) {
    (name(&entry.user), entry.acl)
}

pub(super) fn object(entry: &op::ObjectEntry) -> ObjectRow {
    ObjectRow {
        name: name(&entry.name),
        algorithm: entry.algorithm,
        attributes: entry.attributes,
        blocked: entry.blocked != 0,
        temporary: entry.temporary != 0,
        key_bits: None,
    }
}

pub(super) fn object_info(info: &op::ObjectInfoResponse) -> ObjectRow {
    ObjectRow {
        name: name(&info.partition),
        algorithm: info.algorithm,
        attributes: info.attributes,
        blocked: info.blocked != 0,
        temporary: info.temporary != 0,
        key_bits: Some(info.key_bits),
    }
}

pub(super) fn policy_of(policy: &op::PwdPolicy) -> Policy {
    Policy {
        max_invalid_logins: policy.max_invalid_logins,
        expiration_days: policy.expiration_days,
        history: policy.history,
        min_length: policy.min_length,
        min_special: policy.min_special,
        min_upper: policy.min_upper,
        min_lower: policy.min_lower,
    }
}

pub(super) fn policy_to(policy: &Policy) -> op::PwdPolicy {
    op::PwdPolicy {
        max_invalid_logins: policy.max_invalid_logins,
        expiration_days: policy.expiration_days,
        history: policy.history,
        min_length: policy.min_length,
        min_special: policy.min_special,
        min_upper: policy.min_upper,
        min_lower: policy.min_lower,
    }
}

pub(super) fn server(info: &op::ServerInfoResponse) -> Value {
    Value::Server {
        mode: info.mode,
        users: info.users,
        objects: info.objects,
        named: ![&info.model, &info.serial, &info.engine, &info.firmware]
            .iter()
            .any(|field| field.is_empty()),
    }
}

pub(super) fn session(info: &op::SessionInfoResponse) -> Value {
    Value::Session { kind: info.kind, mode: info.mode, user: name(&info.user), cipher: name(&info.cipher) }
}
