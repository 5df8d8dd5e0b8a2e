//! Ideas about users: creating them, letting them in, blocking them, passwords, permissions and tokens.

use super::{Account, Draw, MASTER, Maker, Seat, password as some_password};
use crate::check::Expect;
use crate::model::rules;
use crate::scenario::number::*;
use crate::scenario::{Action, Call, Change, Data, Expiry, Handle, Login, Malformed, Otp, Policy};
use bancada_wire::status::Status;

const NAMES: [&str; 8] = ["alice", "bob2", "carol", "Dave", "eve9", "sixteenLetters16", "x1y", "Alice"];

const MASKS: [u32; 6] = [
    0,
    0xF,
    ACL_USR_CREATE | ACL_USR_LIST,
    ACL_USR_LIST | ACL_USR_REMOTE_LOG,
    ACL_SYS_OPERATOR,
    ACL_SYS_BACKUP | ACL_SYS_UPDATE_HSM | ACL_NS_AUTHORIZATION,
];

impl Maker {
    /// Creates a user with the runner's own session.
    pub(super) fn new_user(&mut self, draw: &mut Draw) {
        let name = draw.one(&NAMES).to_owned();
        let password = some_password(draw);
        let acl = draw.one(&MASKS) | if draw.chance(8) { ACL_CHANGE_PWD_NEXT_TIME } else { 0 };
        if self.aide(Call::CreateUser { user: name.clone(), password: password.clone(), acl }) {
            self.users.retain(|user| user.name != name);
            self.users.push(Account { name, password, generator: None });
        }
    }

    fn account(&self, draw: &mut Draw) -> Option<Account> {
        draw.pick(&self.users).cloned()
    }

    fn other_name(&self, draw: &mut Draw) -> String {
        match draw.chance(90) {
            true => self.account(draw).map_or_else(String::new, |account| account.name),
            false => draw.one(&["nobody", "zoe"]).to_owned(),
        }
    }

    /// Opens a session of some kind, rightly or wrongly.
    pub(super) fn open_some(&mut self, draw: &mut Draw) {
        let Some(account) = self.account(draw) else { return };
        let login = match draw.below(20) {
            0 => Login::Anonymous,
            1 | 2 => Login::Password { user: account.name.clone(), password: "wrong-word".to_owned() },
            3 => Login::Password { user: "nobody".to_owned(), password: account.password.clone() },
            4..=6 => match draw.pick(&self.tokens).cloned() {
                Some((slot, user)) => {
                    let change = if draw.chance(80) { Change::None } else { Change::Flip(3) };
                    Login::Token { user, key: Data::Slot { slot, change } }
                }
                None => Login::Anonymous,
            },
            _ => self.right_login(&account, draw),
        };
        let tls = if draw.chance(15) { Some(draw.chance(50)) } else { None };
        let handle = self.next_handle;
        let user = match &login {
            Login::Anonymous => String::new(),
            Login::Password { user, .. } | Login::OneTime { user, .. } | Login::Token { user, .. } => {
                user.clone()
            }
        };
        let Some(expect) = self.push(Action::Open { handle, login, tls, aide: false }) else { return };
        self.next_handle = self.next_handle.wrapping_add(1).max(1);
        match expect {
            Expect::Ok(_) => self.sessions.push(Seat { handle, user }),
            Expect::Status(Status::ERR_PWD_EXPIRED) => self.expired(handle, &user, draw),
            _ => {}
        }
    }

    fn right_login(&mut self, account: &Account, draw: &mut Draw) -> Login {
        let (user, password) = (account.name.clone(), account.password.clone());
        let Some((key, totp, counter)) = account.generator.clone() else {
            return match draw.chance(97) {
                true => Login::Password { user, password },
                false => Login::OneTime { user, password, otp: Otp::Digits("123456".to_owned()) },
            };
        };
        let otp = match (totp, draw.below(10)) {
            (true, 0) => Otp::Totp { key, steps: 14 },
            // Two steps apart: the clock may pass from one to the next while the scenario runs.
            (true, 1) if counter > 2 => Otp::Totp { key, steps: counter as i64 - 4 },
            (true, _) => {
                self.bind(&user, Some((key.clone(), true, counter + 2)));
                Otp::Totp { key, steps: counter as i64 }
            }
            (false, 0) => Otp::Hotp { key, counter: counter + 40 },
            (false, ahead) => {
                let counter = counter + ahead % 3;
                self.bind(&user, Some((key.clone(), false, counter + 1)));
                Otp::Hotp { key, counter }
            }
        };
        Login::OneTime { user, password, otp }
    }

    /// A session that can only change its password: rightly, wrongly, or by something else.
    fn expired(&mut self, handle: Handle, user: &str, draw: &mut Draw) {
        match draw.below(10) {
            0 => {
                let call = match draw.below(5) {
                    0 => Call::SessionInfo,
                    1 => Call::EddsaSign { name: "k1".into(), data: Data::Bytes(vec![1]) },
                    2 => Call::CreateKey { name: "k1".into(), algorithm: AES_128, attributes: 0 },
                    3 => Call::Random { length: 8 },
                    _ => Call::ListObjects { partition: String::new(), after: String::new(), max: 10 },
                };
                self.call(handle, call, None);
            }
            1 => {
                self.call(handle, Call::ChangePassword { password: "tiny".to_owned() }, None);
            }
            _ => {
                let password = some_password(draw);
                if self.call(handle, Call::ChangePassword { password: password.clone() }, None) {
                    self.remember(user, &password);
                    self.sessions.push(Seat { handle, user: user.to_owned() });
                }
            }
        }
        // Whoever was thrown out finds out.
        if draw.chance(30) {
            self.call(handle, Call::Ping, None);
        }
    }

    fn remember(&mut self, user: &str, password: &str) {
        if let Some(account) = self.users.iter_mut().find(|account| account.name == user) {
            account.password = password.to_owned();
        }
    }

    /// Administration, by the client's own session or the runner's.
    pub(super) fn people(&mut self, draw: &mut Draw) {
        let Some(seat) = self.seat(draw) else { return };
        let user = self.other_name(draw);
        match draw.below(18) {
            0 | 1 => self.new_user(draw),
            2 => self.create_by(&seat, draw),
            3 => {
                let commit = u8::from(draw.chance(90));
                if self.by(&seat, draw, Call::DeleteUser { user: user.clone(), commit }) {
                    self.users.retain(|account| account.name != user);
                    self.tokens.retain(|(_, owner)| *owner != user);
                }
            }
            4 | 5 => {
                let blocked = draw.chance(50);
                self.by(&seat, draw, Call::BlockUser { user, blocked });
            }
            6 => {
                let password = some_password(draw);
                let call = Call::ResetPassword { user: user.clone(), password: password.clone() };
                if self.by(&seat, draw, call) {
                    self.remember(&user, &password);
                }
            }
            7 | 8 => {
                let acl = draw.one(&MASKS)
                    | if draw.chance(30) { ACL_CHANGE_PWD_NEXT_TIME } else { 0 }
                    | if draw.chance(5) { NO_ACL } else { 0 };
                self.by(&seat, draw, Call::SetAcl { user, acl });
            }
            9 | 10 => {
                let password = some_password(draw);
                if self.call(seat.handle, Call::ChangePassword { password: password.clone() }, None) {
                    self.remember(&seat.user, &password);
                }
            }
            11..=13 => {
                let acl = if draw.chance(95) { draw.below(16) as u32 } else { 0x20 };
                self.call(seat.handle, Call::Grant { user, acl }, None);
            }
            14 => self.policy(&seat, draw),
            15 => self.generator(&user, draw),
            _ => self.token(&seat, draw),
        }
    }

    fn by(&mut self, seat: &Seat, draw: &mut Draw, call: Call) -> bool {
        if draw.chance(40) { self.call(seat.handle, call, None) } else { self.aide(call) }
    }

    /// Creates a user with the client's session; at most one thing is wrong.
    fn create_by(&mut self, seat: &Seat, draw: &mut Draw) {
        let mut name = draw.one(&NAMES).to_owned();
        let (mut password, mut acl) = (some_password(draw), 0);
        match draw.below(8) {
            0 => name = draw.one(&["x", "with_underscore", "ab", "dash-ed"]).to_owned(),
            1 => acl = NO_ACL,
            2 => password = "seven77".to_owned(),
            3 => acl = ACL_SYS_OPERATOR,
            _ => acl = draw.one(&[0, 1, 2, 4, 8]),
        }
        let call = Call::CreateUser { user: name.clone(), password: password.clone(), acl };
        let violations = usize::from(!rules::user_name(&name)) + usize::from(password.len() < 8);
        if violations <= 1 && self.call(seat.handle, call, None) {
            self.users.retain(|user| user.name != name);
            self.users.push(Account { name, password, generator: None });
        }
    }

    fn policy(&mut self, seat: &Seat, draw: &mut Draw) {
        let policy = Policy {
            max_invalid_logins: draw.one(&[0, 2, 3]),
            expiration_days: draw.one(&[0, 0, 1, 30]),
            history: draw.one(&[0, 1, 3]),
            min_length: draw.one(&[0, 8, 10]),
            min_special: draw.one(&[0, 0, 1]),
            min_upper: draw.one(&[0, 0, 1]),
            min_lower: draw.one(&[0, 0, 1]),
        };
        self.by(seat, draw, Call::SetPolicy { policy });
        self.call(seat.handle, Call::GetPolicy, None);
    }

    fn generator(&mut self, user: &str, draw: &mut Draw) {
        if user == MASTER {
            return;
        }
        let bound = self.users.iter().any(|account| account.name == user && account.generator.is_some());
        if bound && draw.chance(60) {
            if self.aide(Call::UnassignOtp { user: user.to_owned() }) {
                self.bind(user, None);
            }
            return;
        }
        let (key, totp) = (draw.bytes(20), draw.chance(40));
        if self.aide(Call::AssignOtp { user: user.to_owned(), totp, key: key.clone() }) {
            self.bind(user, Some((key, totp, 0)));
        }
    }

    fn bind(&mut self, user: &str, generator: Option<(Vec<u8>, bool, u64)>) {
        if let Some(account) = self.users.iter_mut().find(|account| account.name == user) {
            account.generator = generator;
        }
    }

    fn token(&mut self, seat: &Seat, draw: &mut Draw) {
        match draw.below(5) {
            0 => {
                self.call(seat.handle, Call::ListTokens, None);
            }
            1 => {
                let key = match draw.pick(&self.tokens) {
                    Some((slot, _)) if draw.chance(80) => Data::slot(*slot),
                    _ => Data::Bytes(vec![7; 16]),
                };
                if self.call(seat.handle, Call::RevokeToken { key: key.clone() }, None) {
                    self.tokens.retain(|(slot, _)| key != Data::slot(*slot));
                }
            }
            _ => {
                let slot = self.slot();
                let expires = if draw.chance(50) { Expiry::Never } else { Expiry::In(1_800) };
                if self.call(seat.handle, Call::IssueToken { expires }, Some(slot)) {
                    self.tokens.push((slot, seat.user.clone()));
                }
            }
        }
    }

    /// Asks about something.
    pub(super) fn ask(&mut self, draw: &mut Draw) {
        let Some(seat) = self.seat(draw) else { return };
        let user = self.other_name(draw);
        let call = match draw.below(9) {
            0 => Call::Ping,
            1 => Call::ServerInfo,
            2 => Call::SessionInfo,
            3 => Call::ListUsers { after: String::new(), max: draw.one(&[1024, 2, 0]) },
            4 => Call::UserInfo { user: if draw.chance(50) { String::new() } else { user } },
            5 => Call::ListGrants { user, direction: draw.one(&[TRUSTERS, TRUSTEES]) },
            6 => Call::LogRead { start: 0, max: draw.one(&[1, 50, 1024, 0]) },
            7 => Call::Random { length: draw.one(&[1, 16, 2048, 0, 2049]) },
            _ => Call::GetPolicy,
        };
        self.call(seat.handle, call, None);
    }

    /// A frame that is wrong in one way.
    pub(super) fn malformed(&mut self, draw: &mut Draw) {
        let Some(seat) = self.seat(draw) else { return };
        let call = match draw.below(5) {
            0 => Call::CreateKey { name: "k1".into(), algorithm: AES_128, attributes: 0 },
            1 => Call::Random { length: 4 },
            2 => Call::ServerInfo,
            3 => Call::P8Export { name: "k1".into(), password: "12345678".into() },
            _ => Call::GetPolicy,
        };
        let frame = match draw.below(7) {
            0 => Malformed::UnknownOpcode {
                opcode: draw.one(&[3, 999, 0x00B4_0FFF, 0xFFFF_FF00]),
                payload: vec![1; 5],
            },
            1 => Malformed::SecondLogin,
            6 => Malformed::Garbage { bytes: [&draw.bytes(7)[..], &[0x7F]].concat() },
            2 => Malformed::Truncated { call },
            3 => Malformed::Trailing { call },
            4 => Malformed::WrongFlag { call },
            _ => Malformed::TooLarge { call },
        };
        let handle = seat.handle;
        self.push(Action::Malformed { handle, frame });
        if draw.chance(30) {
            self.call(handle, Call::Ping, None);
        }
        if !self.model.is_full(handle) {
            self.sessions.retain(|other| other.handle != handle || other.user.is_empty());
        }
    }
}
