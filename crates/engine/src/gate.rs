//! The way in: every request passes the same checks in the same order.

use crate::context::Context;
use crate::env::Env;
use crate::fault::{Fault, Outcome};
use crate::handler;
use crate::hsm::Hsm;
use crate::login;
use crate::session::{Identity, Phase, Session};
use crate::store::Revision;
use bancada_wire::codec;
use bancada_wire::op::{
    Auth, Effect, LOGIN_RESPONSE_LEN, LoginOtp, LoginResponse, Operation, ReplyShape, Spec,
};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;
use std::sync::atomic::Ordering;

/// How often an operation is run again because another write came first, before the peer is told to.
pub(crate) const MAX_CONFLICTS: u32 = 64;

/// What a peer sent.
#[derive(Debug, Clone, Copy)]
pub enum Request<'a> {
    /// A frame.
    Frame {
        /// Opcode.
        code: u32,
        /// Bit 31 of the length word.
        flag: bool,
        /// Payload.
        payload: &'a [u8],
    },
    /// A frame whose length word says more than the operation allows.
    TooLarge {
        /// Opcode.
        code: u32,
    },
    /// The answer to a challenge, which has no header.
    LoginResponse(&'a [u8; LOGIN_RESPONSE_LEN]),
}

impl Hsm {
    /// Serves one request: writes the reply, and says with [`Reply::disconnects`] whether the connection ends.
    ///
    /// The order of checks is contract (docs/device.md §1); the first that fails decides the answer:
    ///
    /// 1. frame: the payload is not larger than the operation allows;
    /// 2. the operation is known;
    /// 3. the operating mode approves the operation;
    /// 4. session state: the user is still there and not blocked; before the login, anonymous, password expired, or user;
    /// 5. the user holds the operation's system permission;
    /// 6. the payload is well-formed;
    /// 7. object access, by the accessors of `Context`;
    /// 8. the handler;
    /// 9. the audit log.
    ///
    /// Checks 1 to 6 stand in this file and nowhere else. A failure leaves the session as it was; it ends the connection
    /// where the rules say so, and always when it is a login's, or the password has expired.
    pub fn execute(&self, session: &mut Session, env: &mut Env<'_>, request: Request<'_>, reply: &mut Reply) {
        self.operations.fetch_add(1, Ordering::Relaxed);
        session.last_activity_ms = env.now_ms;
        let ends = matches!(session.phase, Phase::Expired(_)) || is_login(session, &request);
        let (name, result) = match request {
            Request::Frame { code, flag, payload } => {
                let row = handler::find(code);
                let result = self.frame(session, env, row, (payload, flag), reply);
                (row.map_or("unknown operation", |row| row.spec.name), result)
            }
            Request::TooLarge { code } => (
                Self::spec(code).map_or("unknown operation", |spec| spec.name),
                Err(Fault::Ended(Status::ERR_INVALID_PAYLOAD)),
            ),
            Request::LoginResponse(response) => ("login", self.answer(session, env, response, reply)),
        };
        let (status, ended) = match result {
            Ok(()) => return,
            Err(Fault::Refused(status)) => (status, ends),
            Err(Fault::Opened(status)) => (status, false),
            Err(Fault::Ended(status)) => (status, true),
            Err(Fault::Conflict) => (Status::ERR_SERVER_BUSY, ends),
        };
        reply.error(status);
        if ended {
            reply.disconnect();
        }
        let who = session.user().unwrap_or("nobody");
        let what = status.name().unwrap_or("unknown status");
        self.log.add(
            env.now_ms,
            self.config.node,
            session.correlation,
            format_args!("{name} by {who} refused: {what}"),
        );
    }

    fn frame(
        &self,
        session: &mut Session,
        env: &mut Env<'_>,
        row: Option<&'static handler::Row>,
        (payload, flag): (&[u8], bool),
        reply: &mut Reply,
    ) -> Outcome<()> {
        let row = row.ok_or(Status::ERR_INVALID_OPERATION)?;
        if payload.len() > row.spec.max_request {
            return Err(Fault::Ended(Status::ERR_INVALID_PAYLOAD));
        }
        let (mut conflicts, mut draft) = (0, None);
        loop {
            let seen = self.refresh_settings(session)?;
            if !row.spec.modes.contains(session.settings.mode) {
                return Err(Status::ERR_NON_APPROVED_OPERATION.into());
            }
            self.refresh_user(session, seen)?;
            check_state(session, row.spec)?;
            check_permission(session, row.spec)?;
            let mut context = Context::new(self, session, env);
            context.draft = draft.take();
            match (row.run)(&mut context, payload, flag, reply) {
                Err(Fault::Conflict) if conflicts < MAX_CONFLICTS => {
                    draft = context.draft;
                    conflicts += 1;
                }
                Ok(()) => {
                    let Context { subject, logged, disconnect, .. } = context;
                    if disconnect {
                        reply.disconnect();
                    }
                    if row.spec.effect == Effect::Write && !logged {
                        self.log_write(session, env, row.spec, &subject);
                    }
                    return Ok(());
                }
                other => return other,
            }
        }
    }

    fn log_write(&self, session: &Session, env: &Env<'_>, spec: &Spec, subject: &str) {
        let who = session.user().unwrap_or("nobody");
        let space = if subject.is_empty() { "" } else { " " };
        let line = format_args!("{}{space}{subject} by {who}", spec.name);
        self.log.add(env.now_ms, self.config.node, session.correlation, line);
    }

    /// Looks again at the settings, if anything was written since the last time; and says up to when it looked.
    fn refresh_settings(&self, session: &mut Session) -> Outcome<Revision> {
        let revision = self.vault.revision();
        if session.seen != Some(revision) {
            session.settings = self.vault.settings()?;
        }
        Ok(revision)
    }

    /// Looks again at the session's user, if anything was written since the last time.
    fn refresh_user(&self, session: &mut Session, revision: Revision) -> Outcome<()> {
        if session.seen == Some(revision) {
            return Ok(());
        }
        if let Phase::Expired(identity) | Phase::User(identity) = &mut session.phase {
            let Some(user) = self.vault.user(&identity.user.name)? else {
                return Err(Fault::Ended(Status::ERR_USR_NOT_FOUND));
            };
            // A user that was removed and made again under the same name is another user.
            if user.id != identity.user.id {
                return Err(Fault::Ended(Status::ERR_USR_NOT_FOUND));
            }
            if user.blocked {
                return Err(Fault::Ended(Status::ERR_ACCESS_DENIED_USR_BLOCKED));
            }
            identity.user = user;
        }
        session.seen = Some(revision);
        Ok(())
    }

    /// Takes the answer to a login challenge.
    fn answer(
        &self,
        session: &mut Session,
        env: &mut Env<'_>,
        response: &[u8; LOGIN_RESPONSE_LEN],
        reply: &mut Reply,
    ) -> Outcome<()> {
        let Phase::Challenged(challenge) = session.phase else {
            return Err(Fault::Ended(Status::ERR_INVALID_OPERATION));
        };
        session.phase = Phase::Start;
        let response: LoginResponse = codec::decode(response).map_err(|_| Status::ERR_INVALID_PAYLOAD)?;
        let mut conflicts = 0;
        loop {
            self.refresh_settings(session)?;
            let mut context = Context::new(self, session, env);
            let result = if context.session.token_login {
                login::with_token(&mut context, &response, &challenge)
            } else {
                login::with_password(&mut context, &response, &challenge, None)
            };
            match result {
                Err(Fault::Conflict) if conflicts < MAX_CONFLICTS => conflicts += 1,
                Ok(()) => {
                    reply.ok(&(), ReplyShape::Single);
                    return Ok(());
                }
                other => return other,
            }
        }
    }
}

/// Whether a request is what a connection logs in with: if it fails, in whatever way, the connection ends.
fn is_login(session: &Session, request: &Request<'_>) -> bool {
    match request {
        Request::LoginResponse(_) => true,
        Request::Frame { code, .. } => *code == LoginOtp::SPEC.code && session.kind().is_none(),
        Request::TooLarge { .. } => true,
    }
}

/// Check 4: what the session is, against what the operation asks for.
fn check_state(session: &Session, spec: &Spec) -> Outcome<()> {
    match (&session.phase, spec.auth) {
        (Phase::Start | Phase::Challenged(_) | Phase::ChallengedOtp(_), Auth::Login) => Ok(()),
        (Phase::Start | Phase::Challenged(_) | Phase::ChallengedOtp(_), _) => {
            Err(Status::ERR_ACCESS_DENIED.into())
        }
        (Phase::Expired(_), Auth::ExpiredPassword) => Ok(()),
        (Phase::Expired(_), _) => Err(Fault::Ended(Status::ERR_PWD_EXPIRED)),
        (Phase::Anonymous | Phase::User(_), Auth::Login) => Err(Status::ERR_INVALID_OPERATION.into()),
        (Phase::Anonymous, Auth::Anonymous) => Ok(()),
        (Phase::Anonymous, _) => Err(Status::ERR_ACCESS_DENIED.into()),
        (Phase::User(_), _) => Ok(()),
    }
}

/// Check 5: the user's system permissions.
fn check_permission(session: &Session, spec: &Spec) -> Outcome<()> {
    let held = |identity: &Identity| identity.user.may(spec.permission);
    if spec.permission == 0 || session.identity().is_some_and(held) {
        Ok(())
    } else {
        Err(Status::ERR_ACCESS_DENIED.into())
    }
}
