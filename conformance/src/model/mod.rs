//! The model: a pure prediction of what every action comes to, written from `docs/device.md` and the vendor's documents.
//!
//! It knows nothing of the device's code. Section numbers in comments are those of `docs/device.md`.

use std::collections::{BTreeMap, BTreeSet};

use bancada_wire::codec::MAX_PAYLOAD;
use bancada_wire::frame::{HEADER_LEN, Header};
use bancada_wire::status::Status;

use crate::check::{Check, Expect};
use crate::scenario::number::{ACL_ALL, ACL_CHANGE_PWD_NEXT_TIME, NRM};
use crate::scenario::{Action, Call, Data, Handle, Login, MASTER, MASTER_PASSWORD, Malformed, Policy, Slot};

mod crypto;
mod key;
mod login;
mod object;
pub(crate) mod rules;
mod secret;
mod state;
mod stream;
mod user;

use state::{Body, Life, Material, MaterialId, Origin, Phase, Session, User};

/// Seconds without a request after which the device closes a session (§2).
pub const IDLE_SECONDS: u64 = 300;

/// A device as the model sees it.
#[derive(Debug, Clone)]
pub struct Model {
    /// Seconds the clock was advanced.
    now: u64,
    mode: u32,
    policy: Policy,
    users: BTreeMap<String, User>,
    sessions: BTreeMap<Handle, Session>,
    materials: Vec<Material>,
    slots: BTreeMap<Slot, Origin>,
    lives: Life,
}

/// Why an operation does not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It answers with an error.
    Status(Status),
    /// It answers with an error and closes the session.
    Fatal(Status),
    /// No document tells.
    Unknown,
}

type Verdict = Result<Check, Fault>;

impl From<Status> for Fault {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

const fn fault<T>(status: Status) -> Result<T, Fault> {
    Err(Fault::Status(status))
}

fn require(condition: bool, status: Status) -> Result<(), Fault> {
    if condition { Ok(()) } else { fault(status) }
}

impl Default for Model {
    fn default() -> Self {
        Self::factory(MASTER, MASTER_PASSWORD, NRM)
    }
}

impl Model {
    /// A device with one operator, as it leaves the factory.
    #[must_use]
    pub fn factory(operator: &str, password: &str, mode: u32) -> Self {
        Self {
            now: 0,
            mode,
            policy: Policy::default(),
            users: BTreeMap::from([(
                operator.to_owned(),
                User::new(0, password, ACL_ALL & !ACL_CHANGE_PWD_NEXT_TIME, 0),
            )]),
            sessions: BTreeMap::new(),
            materials: Vec::new(),
            slots: BTreeMap::new(),
            lives: 1,
        }
    }

    /// Predicts what an action comes to, and takes its effect into account.
    pub fn step(&mut self, action: &Action) -> Expect {
        match action {
            Action::Open { handle, login, tls, .. } => self.open(*handle, login, *tls),
            Action::Close { handle } | Action::Disconnect { handle } => match self.sessions.remove(handle) {
                Some(_) => Expect::Ok(Check::Any),
                None => Expect::Skip,
            },
            Action::AdvanceClock { seconds } => {
                self.now += seconds;
                Expect::Ok(Check::Any)
            }
            Action::Call { handle, call, into } => self.played(*handle, call, *into),
            Action::Malformed { handle, frame } => self.malformed(*handle, frame),
        }
    }

    /// The operating mode.
    #[must_use]
    pub fn mode(&self) -> u32 {
        self.mode
    }

    /// Whether everything a call refers to is there.
    fn has_slots(&self, call: &Call) -> bool {
        let mut call = call.clone();
        call.data_mut().iter().all(|data| self.has_slot(data))
    }

    fn has_slot(&self, data: &Data) -> bool {
        match data {
            Data::Bytes(_) => true,
            Data::Slot { slot, .. } | Data::Sealed { public: slot, .. } => self.slots.contains_key(slot),
        }
    }

    fn open(&mut self, handle: Handle, login: &Login, tls: Option<bool>) -> Expect {
        if self.sessions.contains_key(&handle) {
            return Expect::Skip;
        }
        if let Login::Token { key, .. } = login
            && !self.has_slot(key)
        {
            return Expect::Skip;
        }
        match self.login(login) {
            Ok(mut session) => {
                session.tls = tls;
                let expired = session.phase == Phase::Expired;
                self.sessions.insert(handle, session);
                match expired {
                    true => Expect::Status(Status::ERR_PWD_EXPIRED),
                    false => Expect::Ok(Check::Opened { mode: self.mode }),
                }
            }
            Err(Fault::Status(status) | Fault::Fatal(status)) => Expect::Status(status),
            Err(Fault::Unknown) => Expect::Any,
        }
    }

    /// The session, once it is known to be there and not to have idled out.
    fn awake(&mut self, handle: Handle) -> Result<Phase, Expect> {
        let now = self.now;
        let session = self.sessions.get_mut(&handle).ok_or(Expect::Skip)?;
        if now - session.last_used >= IDLE_SECONDS {
            session.phase = Phase::Gone;
        }
        session.last_used = now;
        if session.phase == Phase::Gone { Err(Expect::Disconnected) } else { Ok(session.phase) }
    }

    fn played(&mut self, handle: Handle, call: &Call, into: Option<Slot>) -> Expect {
        if !self.sessions.contains_key(&handle) || !self.has_slots(call) {
            return Expect::Skip;
        }
        let phase = match self.awake(handle) {
            Ok(phase) => phase,
            Err(expect) => return expect,
        };
        let verdict = self.admitted(handle, call).and_then(|()| self.carried_out(handle, call, into));
        self.concluded(handle, phase, verdict)
    }

    /// Turns a verdict into an expectation; in a session with an expired password any failure ends it (§1).
    fn concluded(&mut self, handle: Handle, phase: Phase, verdict: Verdict) -> Expect {
        match verdict {
            Ok(check) => Expect::Ok(check),
            Err(Fault::Status(status)) => {
                if phase == Phase::Expired {
                    self.end(handle);
                }
                Expect::Status(status)
            }
            Err(Fault::Fatal(status)) => {
                self.end(handle);
                Expect::Status(status)
            }
            Err(Fault::Unknown) => Expect::Any,
        }
    }

    fn end(&mut self, handle: Handle) {
        if let Some(session) = self.sessions.get_mut(&handle) {
            session.phase = Phase::Gone;
        }
    }

    /// Checks 3 to 5 of §1.
    fn admitted(&mut self, handle: Handle, call: &Call) -> Result<(), Fault> {
        if matches!(call, Call::OpenEnvelope { .. } | Call::RsaDecrypt { .. }) && self.mode != NRM {
            return fault(Status::ERR_NON_APPROVED_OPERATION);
        }
        let session = self.session(handle)?;
        if session.phase == Phase::Anonymous {
            let allowed = matches!(call, Call::Ping | Call::ServerInfo | Call::SessionInfo);
            return require(allowed, Status::ERR_ACCESS_DENIED);
        }
        let user = self
            .users
            .get(&session.user)
            .filter(|user| user.life == session.life)
            .ok_or(Fault::Fatal(Status::ERR_USR_NOT_FOUND))?;
        if user.blocked {
            return Err(Fault::Fatal(Status::ERR_ACCESS_DENIED_USR_BLOCKED));
        }
        if session.phase == Phase::Expired && !matches!(call, Call::ChangePassword { .. }) {
            return Err(Fault::Fatal(Status::ERR_PWD_EXPIRED));
        }
        require(rules::holds(user.acl, rules::permission(call)), Status::ERR_ACCESS_DENIED)
    }

    fn carried_out(&mut self, handle: Handle, call: &Call, into: Option<Slot>) -> Verdict {
        let (check, origin) = match self.answer(handle, call, into)? {
            (check, Some(origin)) => (check, origin),
            (check, None) => (check, Origin::Opaque),
        };
        if let Some(slot) = into {
            self.slots.insert(slot, origin);
        }
        Ok(check)
    }

    fn answer(
        &mut self,
        handle: Handle,
        call: &Call,
        into: Option<Slot>,
    ) -> Result<(Check, Option<Origin>), Fault> {
        let plain = |verdict: Verdict| verdict.map(|check| (check, None));
        match call {
            Call::Ping | Call::ServerInfo | Call::SessionInfo | Call::LogRead { .. } | Call::LogTruncate => {
                plain(self.device(handle, call))
            }
            Call::SetMode { mode } => plain(self.set_mode(handle, *mode)),
            Call::ChangePassword { .. }
            | Call::CreateUser { .. }
            | Call::DeleteUser { .. }
            | Call::ListUsers { .. }
            | Call::UserInfo { .. }
            | Call::BlockUser { .. }
            | Call::ResetPassword { .. }
            | Call::SetAcl { .. }
            | Call::AssignOtp { .. }
            | Call::UnassignOtp { .. }
            | Call::ResyncOtp { .. }
            | Call::Grant { .. }
            | Call::ListGrants { .. }
            | Call::GetPolicy
            | Call::SetPolicy { .. } => plain(self.user_call(handle, call)),
            Call::IssueToken { .. }
            | Call::RevokeToken { .. }
            | Call::ListTokens
            | Call::Split { .. }
            | Call::Recover { .. }
            | Call::Random { .. } => self.secret_call(handle, call, into),
            Call::RemoveObject { .. }
            | Call::ListObjects { .. }
            | Call::BlockObject { .. }
            | Call::ObjectInfo { .. }
            | Call::CreateBlob { .. } => plain(self.object_call(handle, call)),
            Call::CreateKey { .. }
            | Call::ImportKey { .. }
            | Call::ExportObject { .. }
            | Call::ExportPublic { .. }
            | Call::KekExport { .. }
            | Call::KekImport { .. }
            | Call::P8Export { .. }
            | Call::P8Import { .. }
            | Call::Csr { .. } => self.key_call(handle, call, into),
            Call::HashStart { .. } | Call::HashCont { .. } | Call::HashEnd { .. } | Call::Hash { .. } => {
                self.stream_call(handle, call, into)
            }
            _ => self.crypto_call(handle, call),
        }
    }

    fn device(&mut self, handle: Handle, call: &Call) -> Verdict {
        let session = self.session(handle)?;
        Ok(match call {
            Call::ServerInfo => Check::Server {
                mode: self.mode,
                users: self.users.len() as u64,
                objects: self.users.values().map(|user| user.objects.len() as u64).sum(),
            },
            Call::SessionInfo => Check::Session {
                kind: session.kind,
                mode: self.mode,
                user: session.user.clone(),
                tls: session.tls,
            },
            Call::LogRead { max, .. } => {
                require((1..=1024).contains(max), Status::ERR_INVALID_PAYLOAD)?;
                Check::Log { least: 0, most: *max as usize }
            }
            _ => Check::Any,
        })
    }

    /// Changing the mode wipes the database (§7).
    fn set_mode(&mut self, handle: Handle, mode: u32) -> Verdict {
        require(mode <= 2, Status::ERR_INVALID_PAYLOAD)?;
        if mode == self.mode {
            return Ok(Check::Any);
        }
        let fresh = Self::factory(MASTER, MASTER_PASSWORD, mode);
        self.mode = mode;
        self.policy = fresh.policy;
        self.users = fresh.users;
        let life = self.next_life();
        let now = self.now;
        for user in self.users.values_mut() {
            user.life = life;
            user.set_at = now;
        }
        self.end(handle);
        Ok(Check::Any)
    }

    fn malformed(&mut self, handle: Handle, frame: &Malformed) -> Expect {
        let (Malformed::Truncated { call }
        | Malformed::Trailing { call }
        | Malformed::WrongFlag { call }
        | Malformed::TooLarge { call }) = frame
        else {
            let phase = match self.awake(handle) {
                Ok(phase) => phase,
                Err(expect) => return expect,
            };
            let verdict = match (frame, phase) {
                (Malformed::Garbage { bytes }, _) => match announced(bytes) {
                    Some(length) if length > MAX_PAYLOAD => Err(Fault::Fatal(Status::ERR_INVALID_PAYLOAD)),
                    _ => Err(Fault::Unknown),
                },
                (Malformed::SecondLogin, Phase::Expired) => Err(Fault::Fatal(Status::ERR_PWD_EXPIRED)),
                _ => fault(Status::ERR_INVALID_OPERATION),
            };
            return self.concluded(handle, phase, verdict);
        };
        let fits = match frame {
            Malformed::Truncated { .. } => rules::fixed_width(call) && !rules::empty(call),
            Malformed::Trailing { .. } => rules::fixed_width(call),
            Malformed::WrongFlag { .. } => !rules::flag_is_choice(call),
            _ => true,
        };
        if !fits || !self.sessions.contains_key(&handle) || !self.has_slots(call) {
            return Expect::Skip;
        }
        let phase = match self.awake(handle) {
            Ok(phase) => phase,
            Err(expect) => return expect,
        };
        let verdict = match frame {
            Malformed::TooLarge { .. } => Err(Fault::Fatal(Status::ERR_INVALID_PAYLOAD)),
            _ => self.admitted(handle, call).and_then(|()| fault(Status::ERR_INVALID_PAYLOAD)),
        };
        self.concluded(handle, phase, verdict)
    }

    fn session(&self, handle: Handle) -> Result<&Session, Fault> {
        self.sessions.get(&handle).ok_or(Fault::Unknown)
    }

    fn session_mut(&mut self, handle: Handle) -> Result<&mut Session, Fault> {
        self.sessions.get_mut(&handle).ok_or(Fault::Unknown)
    }

    /// The session's user.
    fn me(&mut self, handle: Handle) -> Result<&mut User, Fault> {
        let name = self.session(handle)?.user.clone();
        self.users.get_mut(&name).ok_or(Fault::Fatal(Status::ERR_USR_NOT_FOUND))
    }

    fn next_life(&mut self) -> Life {
        self.lives += 1;
        self.lives
    }

    fn new_material(&mut self, material: Material) -> MaterialId {
        self.materials.push(material);
        self.materials.len() - 1
    }

    fn new_session(&self, phase: Phase, kind: u8, user: &str) -> Session {
        Session {
            phase,
            kind,
            user: user.to_owned(),
            life: self.users.get(user).map_or(0, |user| user.life),
            tls: None,
            last_used: self.now,
            temporary: BTreeMap::new(),
            streams: BTreeSet::new(),
            lost_streams: 0,
        }
    }
}

/// Payload bytes the header of a frame announces.
fn announced(bytes: &[u8]) -> Option<usize> {
    bytes.first_chunk::<HEADER_LEN>().map(|header| Header::from_bytes(*header).request_len())
}

#[cfg(test)]
mod tests;
