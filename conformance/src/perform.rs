//! From a call to the operation of `bancada-wire` and back: shared by the drivers that speak in typed operations.

use bancada_wire::codec::{DecodeError, Items, ShortTail, Tail};
use bancada_wire::op::{self, Operation};
use bancada_wire::status::Status;
use bancada_wire::text::{FixedSecret, FixedText};

use crate::outcome::{Outcome, Value};
use crate::scenario::{Call, Expiry, Otp};

mod crypto;
mod rows;

/// Why a call brought no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The device answered with an error.
    Status(Status),
    /// The connection is gone.
    Disconnected,
    /// The call does not fit the fields of its operation.
    CannotExpress(&'static str),
    /// The client failed.
    Broken(String),
}

/// Something that sends a typed operation and brings the reply.
pub trait Caller {
    /// Sends one operation.
    ///
    /// # Errors
    /// [`Failure`] when there is no reply of success.
    fn call<O: Operation>(&mut self, operation: O) -> Result<O::Response, Failure>;

    /// Hashes a stream by the client's own means.
    ///
    /// # Errors
    /// As for [`Caller::call`].
    fn hash(&mut self, algorithm: u8, key: &str, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let started = self.call(op::HashStart { algorithm, key: text(key)? })?;
        for piece in data.chunks(op::MAX_SEGMENT) {
            self.call(op::HashCont {
                ticket: started.ticket,
                length: piece.len() as u16,
                data: ShortTail::new(piece)?,
            })?;
        }
        self.call(op::HashEnd { ticket: started.ticket }).map(|value| value.0)
    }
}

/// Plays a call whose references have been resolved.
pub fn perform<C: Caller>(caller: &mut C, call: &Call) -> Outcome {
    match try_perform(caller, call) {
        Ok(value) => Outcome::Ok(value),
        Err(Failure::Status(status)) => Outcome::Status(status),
        Err(Failure::Disconnected) => Outcome::Disconnected,
        Err(Failure::CannotExpress(reason)) => Outcome::CannotExpress(reason),
        Err(Failure::Broken(reason)) => Outcome::Broken(reason),
    }
}

/// As [`perform`], with the failure apart.
///
/// # Errors
/// [`Failure`] when there is no value.
pub fn try_perform<C: Caller>(caller: &mut C, call: &Call) -> Result<Value, Failure> {
    match session_call(caller, call) {
        Some(result) => result,
        None => match user_call(caller, call) {
            Some(result) => result,
            None => match crypto::object_call(caller, call) {
                Some(result) => result,
                None => crypto::crypto_call(caller, call),
            },
        },
    }
}

impl From<DecodeError> for Failure {
    fn from(_: DecodeError) -> Self {
        Self::CannotExpress("an argument does not fit the field that carries it")
    }
}

/// Bytes of a one-time password field.
///
/// # Errors
/// [`Failure::CannotExpress`] when the digits do not fit or are still to be computed.
pub fn otp_field(otp: &Otp) -> Result<FixedSecret<16>, Failure> {
    match otp {
        Otp::Digits(digits) => Ok(FixedSecret::new(digits)?),
        _ => Err(Failure::Broken("a one-time password was not computed".to_owned())),
    }
}

fn text<const N: usize>(value: &str) -> Result<FixedText<N>, Failure> {
    Ok(FixedText::new(value)?)
}

fn none<T>(result: Result<T, Failure>) -> Result<Value, Failure> {
    result.map(|_| Value::None)
}

fn bytes16(value: &[u8]) -> Result<FixedSecret<16>, Failure> {
    <[u8; 16]>::try_from(value)
        .map(FixedSecret::from)
        .map_err(|_| Failure::CannotExpress("a token's key has 16 bytes"))
}

/// Sessions, the device, tokens and secrets.
fn session_call<C: Caller>(caller: &mut C, call: &Call) -> Option<Result<Value, Failure>> {
    Some(match call {
        Call::Ping => none(caller.call(op::Ping)),
        Call::ServerInfo => caller.call(op::ServerInfo).map(|info| rows::server(&info)),
        Call::SessionInfo => caller.call(op::SessionInfo).map(|info| rows::session(&info)),
        Call::Random { length } => {
            caller.call(op::GetRandom { length: *length }).map(|drawn| Value::Bytes(drawn.expose().to_vec()))
        }
        Call::SetMode { mode } => none(caller.call(op::SetOpMode { mode: *mode })),
        Call::LogRead { start, max } => caller
            .call(op::LogRead { start: *start, max_lines: *max })
            .map(|log| Value::Log { next: log.next, text: String::from_utf8_lossy(&log.text).into_owned() }),
        Call::LogTruncate => none(caller.call(op::LogTruncate)),
        Call::IssueToken { expires } => issue_token(caller, *expires),
        Call::RevokeToken { key } => bytes16(key.bytes()).and_then(|key| {
            let operation = op::AToken { operation: op::A_TOKEN_REVOKE, key, expiration: 0 };
            none(caller.call(operation))
        }),
        Call::ListTokens => caller
            .call(op::AToken {
                operation: op::A_TOKEN_LIST,
                key: FixedSecret::from([0; 16]),
                expiration: op::A_TOKEN_INFINITE,
            })
            .map(|list| Value::Tokens(list.0.iter().map(|token| token.key.expose().to_vec()).collect())),
        Call::Split { secret, m, n } => split(caller, secret, *m, *n),
        Call::Recover { parts, pick } => recover(caller, parts.bytes(), pick),
        _ => return None,
    })
}

fn issue_token<C: Caller>(caller: &mut C, expires: Expiry) -> Result<Value, Failure> {
    let expiration = match expires {
        Expiry::Never => op::A_TOKEN_INFINITE,
        Expiry::At(second) => second,
        Expiry::In(_) => return Err(Failure::Broken("a moment was not computed".to_owned())),
    };
    let operation = op::AToken { operation: op::A_TOKEN_ISSUE, key: FixedSecret::from([0; 16]), expiration };
    let issued = caller.call(operation)?;
    match issued.0.as_slice() {
        [token] => Ok(Value::Token { key: token.key.expose().to_vec(), expiration: Some(token.expiration) }),
        other => Err(Failure::Broken(format!("issuing one token brought {}", other.len()))),
    }
}

fn split<C: Caller>(caller: &mut C, secret: &[u8], m: u8, n: u8) -> Result<Value, Failure> {
    let secret =
        <[u8; 24]>::try_from(secret).map_err(|_| Failure::CannotExpress("a secret to split has 24 bytes"))?;
    let done = caller.call(op::MOfNSplit { secret: secret.into(), m, n })?;
    let parts = done.parts.0.iter().flat_map(|part| *part.expose()).collect();
    Ok(Value::Split { secret: done.secret.expose().to_vec(), parts })
}

fn recover<C: Caller>(caller: &mut C, parts: &[u8], pick: &[u8]) -> Result<Value, Failure> {
    let parts = picked_parts(parts, pick).map_err(Failure::CannotExpress)?;
    let parts = Items(parts.into_iter().map(FixedSecret::from).collect());
    caller.call(op::MOfNRecover { parts }).map(|found| Value::Bytes(found.secret.expose().to_vec()))
}

/// The parts of a split secret that stand at the picked positions.
///
/// # Errors
/// A reason when a position is behind the last part.
pub fn picked_parts(parts: &[u8], pick: &[u8]) -> Result<Vec<[u8; 27]>, &'static str> {
    let (all, _) = parts.as_chunks::<27>();
    pick.iter()
        .map(|position| all.get(usize::from(*position)).copied().ok_or("there is no such part"))
        .collect()
}

/// Users, their permissions and the password policy.
fn user_call<C: Caller>(caller: &mut C, call: &Call) -> Option<Result<Value, Failure>> {
    Some(match call {
        Call::ChangePassword { password } => FixedSecret::new(password)
            .map_err(Failure::from)
            .and_then(|password| none(caller.call(op::ChangePwd { password }))),
        Call::ListUsers { after, max } => text(after)
            .and_then(|after| caller.call(op::ListUsers { after, max: *max }))
            .map(|list| Value::Users(list.0.iter().map(rows::user).collect())),
        Call::UserInfo { user } => text(user)
            .and_then(|user| caller.call(op::UserInfo { user }))
            .map(|entry| Value::User(rows::user(&entry))),
        Call::ListGrants { user, direction } => text(user)
            .and_then(|user| caller.call(op::ListGrants { user, direction: *direction }))
            .map(|list| Value::Grants(list.0.iter().map(rows::grant).collect())),
        Call::GetPolicy => {
            caller.call(op::GetPwdPolicy).map(|policy| Value::Policy(rows::policy_of(&policy)))
        }
        Call::SetPolicy { policy } => none(caller.call(op::SetPwdPolicy { policy: rows::policy_to(policy) })),
        Call::CreateUser { .. }
        | Call::DeleteUser { .. }
        | Call::BlockUser { .. }
        | Call::ResetPassword { .. }
        | Call::SetAcl { .. }
        | Call::AssignOtp { .. }
        | Call::UnassignOtp { .. }
        | Call::ResyncOtp { .. }
        | Call::Grant { .. } => none(user_change(caller, call)),
        _ => return None,
    })
}

fn user_change<C: Caller>(caller: &mut C, call: &Call) -> Result<(), Failure> {
    match call {
        Call::CreateUser { user, password, acl } => {
            caller.call(op::CreateUsr { user: text(user)?, password: FixedSecret::new(password)?, acl: *acl })
        }
        Call::DeleteUser { user, commit } => {
            caller.call(op::DeleteUsr { commit: *commit, user: text(user)? })
        }
        Call::BlockUser { user, blocked } => {
            caller.call(op::BlockUser { user: text(user)?, blocked: u8::from(*blocked) })
        }
        Call::ResetPassword { user, password } => {
            caller.call(op::ResetPassword { user: text(user)?, password: FixedSecret::new(password)? })
        }
        Call::SetAcl { user, acl } => caller.call(op::SetUserAcl { user: text(user)?, acl: *acl }),
        Call::AssignOtp { user, totp, key } => caller.call(op::AssignOtp {
            user: text(user)?,
            kind: if *totp { 3 } else { 2 },
            hmac: 1,
            truncation_offset: 16,
            time_step: if *totp { 30 } else { 0 },
            t0: 0,
            seed: key.as_slice().into(),
        }),
        Call::UnassignOtp { user } => caller.call(op::UnassignOtp { user: text(user)? }),
        Call::ResyncOtp { user, first, second } => caller.call(op::ResyncOtp {
            user: text(user)?,
            first: otp_field(first)?,
            second: otp_field(second)?,
        }),
        Call::Grant { user, acl } => caller.call(op::Grant { user: text(user)?, acl: *acl }),
        _ => Err(Failure::Broken(format!("{} changes no user", call.name()))),
    }
}

fn tail(bytes: &[u8]) -> Tail {
    Tail(bytes.to_vec())
}
