//! Strategies: scenarios drawn from one seed, mostly of valid actions, with the model as the state that makes them so.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Action, Call, Handle, Login, MASTER, MASTER_PASSWORD, Scenario, Slot};
use crate::check::Expect;
use crate::model::Model;

mod crypto;
pub(crate) mod draw;
mod keys;
mod people;

use draw::Draw;

/// Most draws of a scenario; each makes one action or a few.
const MAX_DRAWS: usize = 40;

/// The handle of the session the runner itself plays.
const AIDE: Handle = 0;

/// A strategy for scenarios. Fewer draws make a shorter scenario with the same beginning.
pub fn scenarios() -> impl Strategy<Value = Scenario> {
    prop::collection::vec(any::<u64>(), 8..MAX_DRAWS).prop_map(|draws| build(&draws))
}

/// The scenario with a number in the run of a seed.
///
/// # Errors
/// When proptest gives up, which none of these strategies lets it.
pub fn scenario(seed: u64, number: u64) -> Result<Scenario, String> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    scenarios().new_tree(&mut runner).map(|tree| tree.current()).map_err(|reason| reason.to_string())
}

/// Builds a scenario from its draws.
#[must_use]
pub fn build(draws: &[u64]) -> Scenario {
    let mut maker = Maker::new();
    for (index, draw) in draws.iter().enumerate() {
        let mut draw = Draw::new(*draw);
        if index == 0 {
            maker.begin(&mut draw);
        }
        maker.add(&mut draw);
    }
    Scenario { actions: maker.actions }
}

/// A scenario in the making.
pub(crate) struct Maker {
    model: Model,
    actions: Vec<Action>,
    users: Vec<Account>,
    sessions: Vec<Seat>,
    keys: Vec<Kept>,
    results: Vec<Made>,
    tokens: Vec<(Slot, String)>,
    next_slot: Slot,
    next_handle: Handle,
}

/// A user as the maker remembers it.
#[derive(Debug, Clone)]
struct Account {
    name: String,
    password: String,
    /// Key of a one-time password generator, whether it counts time, and its next counter.
    generator: Option<(Vec<u8>, bool, u64)>,
}

/// An open session.
#[derive(Debug, Clone)]
struct Seat {
    handle: Handle,
    user: String,
}

/// A key or blob somebody made.
#[derive(Debug, Clone)]
struct Kept {
    owner: String,
    name: String,
    algorithm: u32,
    public: Option<Slot>,
}

/// A result to come back to.
#[derive(Debug, Clone)]
struct Made {
    slot: Slot,
    call: Call,
    user: String,
}

impl Maker {
    fn new() -> Self {
        Self {
            model: Model::default(),
            actions: Vec::new(),
            users: vec![Account {
                name: MASTER.to_owned(),
                password: MASTER_PASSWORD.to_owned(),
                generator: None,
            }],
            sessions: Vec::new(),
            keys: Vec::new(),
            results: Vec::new(),
            tokens: Vec::new(),
            next_slot: 1,
            next_handle: 1,
        }
    }

    /// The stage: the runner's own session, sometimes another operating mode, a user, and the client's session.
    fn begin(&mut self, draw: &mut Draw) {
        if draw.chance(12) {
            self.aide(Call::SetMode { mode: draw.below(2) as u32 + 1 });
        }
        self.new_user(draw);
        if draw.chance(60) {
            self.new_user(draw);
        }
        self.open_some(draw);
    }

    /// One more idea.
    fn add(&mut self, draw: &mut Draw) {
        if self.sessions.is_empty() {
            self.open_some(draw);
            return;
        }
        match draw.below(100) {
            0..=11 => self.open_some(draw),
            12..=27 => self.people(draw),
            28..=31 => self.leave(draw),
            32..=34 => self.time(draw),
            35..=38 => self.malformed(draw),
            39..=42 => self.ask(draw),
            43..=68 => self.key(draw),
            _ => self.crypto(draw),
        }
    }

    /// Adds an action if the documents tell what it comes to; tells what that is.
    fn push(&mut self, action: Action) -> Option<Expect> {
        let mut model = self.model.clone();
        let expect = model.step(&action);
        if matches!(expect, Expect::Skip | Expect::Any) {
            return None;
        }
        self.model = model;
        self.actions.push(action);
        Some(expect)
    }

    /// Adds a call; whether it succeeds.
    fn call(&mut self, handle: Handle, call: Call, into: Option<Slot>) -> bool {
        matches!(self.push(Action::Call { handle, call, into }), Some(Expect::Ok(_)))
    }

    /// Adds a call of the runner's own session, opened when it is not; whether it succeeds.
    fn aide(&mut self, call: Call) -> bool {
        if !self.model.is_full(AIDE) {
            self.push(Action::Close { handle: AIDE });
            let password = self.users[0].password.clone();
            let login = Login::Password { user: MASTER.to_owned(), password };
            self.push(Action::Open { handle: AIDE, login, tls: None, aide: true });
        }
        self.model.is_full(AIDE) && self.call(AIDE, call, None)
    }

    fn slot(&mut self) -> Slot {
        self.next_slot += 1;
        self.next_slot
    }

    fn seat(&self, draw: &mut Draw) -> Option<Seat> {
        draw.pick(&self.sessions).cloned()
    }

    /// Closes a session or drops its connection.
    fn leave(&mut self, draw: &mut Draw) {
        let Some(seat) = self.seat(draw) else { return };
        self.sessions.retain(|other| other.handle != seat.handle);
        let handle = seat.handle;
        self.push(if draw.chance(50) { Action::Close { handle } } else { Action::Disconnect { handle } });
    }

    /// Moves the clock: past the idle time, or by days. Shorter moves could end within the time a run takes.
    fn time(&mut self, draw: &mut Draw) {
        let seconds = match draw.below(3) {
            0 => 400,
            1 => 86_400 * (1 + draw.below(40)) + 400,
            _ => 3_600,
        };
        self.push(Action::AdvanceClock { seconds });
        // One of them may find out; the others are left behind.
        if let Some(seat) = self.seat(draw)
            && draw.chance(50)
        {
            self.call(seat.handle, Call::Ping, None);
        }
        self.sessions.clear();
    }
}

/// A password to try: sometimes one the default policy refuses.
fn password(draw: &mut Draw) -> String {
    let good = ["Passw0rd", "s3cret-Word", "abcdEFGH12345678", "12345678", "Zz9!zz9!zz9", "correcthorse"];
    let bad = ["short", "sieben7", ""];
    let list: &[&str] = if draw.chance(93) { &good } else { &bad };
    draw.pick(list).map_or_else(String::new, |text| (*text).to_owned())
}

#[cfg(test)]
mod tests;
