//! Draws what happens in a life.

use super::value;
use crate::scenario::generate::draw::Draw;
use crate::token::action::{
    Action, Age, Answer, At, Challenge, Flaw, From, MessageFlaw, Misuse, Mode, PinUse, Shape, Spoil,
    WrongSeal,
};
use crate::token::model::Form;
use crate::token::model::parms::place;

/// Seconds of a day.
const DAY_S: u32 = 86_400;
/// Flag of minutes.
const MINUTES: i32 = 0x7000_0000;

/// Who plays in a life.
#[derive(Clone, Copy)]
pub(super) struct Cast<'a> {
    /// The applications of the token, or of every instance.
    pub(super) shapes: &'a [Shape],
    /// There is a licence behind them.
    pub(super) licensed: bool,
}

impl Cast<'_> {
    /// Any application.
    fn any(self, draw: &mut Draw) -> usize {
        draw.below(8) as usize
    }

    /// Most often an application that is made for something.
    fn made_for(self, draw: &mut Draw, what: impl Fn(&Shape) -> bool) -> usize {
        let suited: Vec<usize> = (0..self.shapes.len()).filter(|place| what(&self.shapes[*place])).collect();
        match draw.pick(&suited) {
            Some(place) if draw.chance(85) => {
                // Every instance has the same applications in the same order.
                let instance = if self.licensed { draw.below(3) as usize } else { 0 };
                place + instance * self.shapes.len()
            }
            _ => self.any(draw),
        }
    }
}

fn has_passwords(shape: &Shape) -> bool {
    shape.mode != Mode::SG
}

fn signs(shape: &Shape) -> bool {
    matches!(shape.mode, Mode::SG | Mode::MM)
}

/// One thing, or things that belong together.
pub(super) fn moves(draw: &mut Draw, cast: Cast<'_>) -> Vec<Action> {
    let licensed = cast.licensed;
    if licensed && draw.chance(40) {
        return licence(draw, cast);
    }
    let app = cast.any(draw);
    match draw.below(100) {
        0..=26 => vec![password(draw, cast)],
        27..=39 => vec![sign(draw, cast)],
        40..=41 => late(draw, cast),
        42..=49 => vec![Action::Again { back: draw.below(3) as usize }],
        50..=59 => vec![pass(draw)],
        60..=65 => vec![host(draw, cast)],
        66..=70 => vec![Action::Inspect { app }],
        71..=76 => vec![derive(draw, cast)],
        77..=79 => vec![Action::Activate {
            device: draw.below(2) as usize,
            shared: draw.below(3) as u8,
            mistyped: draw.chance(25),
        }],
        80..=82 => {
            let steps = draw.one(&[0, 5, -5, 40, -40]);
            let gap = draw.one(&[1, 1, 2, 0, 60]);
            let device = device(draw, licensed);
            let app = cast.made_for(draw, has_passwords);
            vec![Action::Synchronise { app, device, steps, gap, wrong: draw.chance(15) }]
        }
        83..=86 => {
            let app = cast.made_for(draw, |shape| matches!(shape.mode, Mode::CR | Mode::MM));
            vec![Action::MakeChallenge { app }]
        }
        87..=89 => vec![seal(draw, app)],
        90..=94 => backup(draw, cast),
        _ => vec![parameter(draw, app)],
    }
}

fn device(draw: &mut Draw, licensed: bool) -> usize {
    if licensed { draw.below(3) as usize } else { usize::from(draw.chance(10)) }
}

fn at(draw: &mut Draw) -> At {
    let from = match draw.below(10) {
        0..=3 => From::Middle,
        4..=5 => From::Low,
        6..=7 => From::High,
        _ => From::Last,
    };
    let steps = match from {
        From::Middle if draw.chance(60) => 0,
        _ => draw.one(&[-1, 0, 0, 1, 2]),
    };
    let edge = draw.chance(15);
    let events = if edge { draw.one(&[0, 0, 1]) } else { draw.one(&[0, 0, 0, 1, 3]) };
    At { piece: if draw.chance(70) { 0 } else { draw.below(8) as u8 }, from, steps, events, edge }
}

fn score(draw: &mut Draw) -> u8 {
    if draw.chance(70) { 0 } else { draw.below(8) as u8 }
}

fn spoil(draw: &mut Draw) -> Spoil {
    match draw.below(100) {
        0..=14 => Spoil { wrong: true, form: Form::Whole },
        15..=22 => {
            let form =
                *draw.pick(&[Form::Short, Form::Long, Form::Letter, Form::Mistyped]).unwrap_or(&Form::Short);
            Spoil { wrong: false, form }
        }
        _ => Spoil::default(),
    }
}

fn flaw(draw: &mut Draw) -> Flaw {
    *draw.pick(&[Flaw::Short, Flaw::Long, Flaw::Letter, Flaw::Sign, Flaw::Last]).unwrap_or(&Flaw::Short)
}

fn challenge(draw: &mut Draw) -> Challenge {
    match draw.below(20) {
        0..=6 => Challenge::Least,
        7..=12 => Challenge::Stored,
        13..=14 => Challenge::Own(draw.below(9) as u8),
        15 => Challenge::Crossed,
        16 => Challenge::Missing,
        _ => Challenge::Flawed(flaw(draw)),
    }
}

fn password(draw: &mut Draw, cast: Cast<'_>) -> Action {
    let pin = match draw.below(20) {
        0..=1 => PinUse::Wrong,
        2..=4 => PinUse::Change(draw.below(1000) as u16),
        5 => PinUse::Differ,
        6 => PinUse::Short,
        7..=10 => PinUse::LeftOut(draw.below(1000) as u16),
        11 => PinUse::Forgotten,
        _ => PinUse::Right,
    };
    Action::Password {
        app: cast.made_for(draw, has_passwords),
        device: device(draw, cast.licensed),
        at: at(draw),
        score: score(draw),
        spoil: spoil(draw),
        challenge: challenge(draw),
        pin,
    }
}

fn sign(draw: &mut Draw, cast: Cast<'_>) -> Action {
    Action::Sign {
        app: cast.made_for(draw, signs),
        device: device(draw, cast.licensed),
        at: at(draw),
        score: score(draw),
        spoil: spoil(draw),
        fields: draw.one(&[1, 1, 1, 2, 3, 8]),
        flaw: if draw.chance(85) { Flaw::None } else { flaw(draw) },
        later: if draw.chance(75) { 0 } else { draw.one(&[1, 2, 10, 100]) },
    }
}

/// A signature, and one that was made before it and comes later.
fn late(draw: &mut Draw, cast: Cast<'_>) -> Vec<Action> {
    let app = cast.made_for(draw, |shape| signs(shape) && shape.suite.contains("-T"));
    let device = device(draw, cast.licensed);
    let mut signed = |at| Action::Sign {
        app,
        device,
        at,
        score: score(draw),
        spoil: Spoil::default(),
        fields: 1,
        flaw: Flaw::None,
        later: 0,
    };
    let at = At { from: From::Last, steps: -1, ..At::default() };
    let (first, second) = (signed(At::default()), signed(at));
    let online = Action::Parameter { place: place::ON_LINE_SG, value: draw.one(&[0, 1, 1, 2, 2, 3]) };
    vec![online, first, second]
}

fn pass(draw: &mut Draw) -> Action {
    match draw.below(10) {
        0 => Action::PutBack { seconds: draw.one(&[1, 36, 59, 60, 61, 62, 3600]) },
        _ => Action::Advance {
            seconds: draw.one(&[1, 30, 36, 72, 600, 3600, 86_399, 86_401, 90_000, 400_000, 4_000_000]),
        },
    }
}

fn parameter(draw: &mut Draw, app: usize) -> Action {
    let place = draw.one(&[0, 1, 4, 5, 6, 7, 9, 10]);
    let value = value(draw, place);
    // A window in hours next to events would be tried pair by pair.
    match place {
        place::SYNC_WINDOW => Action::Parameter { place, value: MINUTES | 30 },
        place::I_TIME_WINDOW | place::S_TIME_WINDOW if value & !MINUTES < 2 => Action::Inspect { app },
        _ => Action::Parameter { place, value },
    }
}

fn derive(draw: &mut Draw, cast: Cast<'_>) -> Action {
    let misuse = match draw.below(20) {
        0 => Misuse::Count(draw.one(&[0, 9, -1])),
        1 => Misuse::Format(draw.one(&[2, 7])),
        2 => Misuse::Foreign,
        3..=5 => Misuse::Eight,
        _ => Misuse::None,
    };
    Action::Derive {
        app: cast.made_for(draw, |shape| shape.derivation && has_passwords(shape)),
        count: draw.one(&[0, 1, 1, 2, 7]),
        device: device(draw, false),
        at: at(draw),
        fingerprint: draw.below(3) as u8,
        hex: draw.chance(30),
        spoil: spoil(draw),
        misuse,
    }
}

fn seal(draw: &mut Draw, app: usize) -> Action {
    let place = draw.below(8) as usize;
    if draw.chance(50) {
        let key = draw.one(&[None, None, Some(0), Some(1), Some(2), Some(3)]);
        return Action::Migrate { app, key, value: draw.one(&[0, 1, -2, 1003, i32::MAX]) };
    }
    let with = match draw.below(6) {
        0 => WrongSeal::Vector,
        1 => WrongSeal::DeriveKey(place),
        2 => WrongSeal::Key(place),
        3 => WrongSeal::InitialVector,
        4 => WrongSeal::NoKey,
        _ => WrongSeal::NoService,
    };
    Action::OtherSeal { app, with }
}

/// The virtual token, most often with its response submitted at once.
fn backup(draw: &mut Draw, cast: Cast<'_>) -> Vec<Action> {
    let lends = |shape: &Shape| shape.backup.is_some();
    let passwords = draw.chance(85);
    let app = cast
        .made_for(draw, |shape| lends(shape) && if passwords { has_passwords(shape) } else { signs(shape) });
    let made = if passwords { Action::BackupPassword { app } } else { Action::BackupSign { app } };
    let typed = Action::Again { back: 0 };
    match draw.below(10) {
        0..=1 => vec![Action::BackupLimit { app, days: false, value: draw.one(&[0, 1, 2, 3, 254]) }],
        2 => vec![Action::BackupLimit { app, days: true, value: draw.one(&[1, 2, 30]) }],
        3 => vec![Action::Status { app, status: 1 }, made, typed],
        4 => vec![made],
        5 => {
            let days = draw.one(&[1, 2]);
            let limit = Action::BackupLimit { app, days: true, value: days };
            let wait = Action::Advance { seconds: days.unsigned_abs() * DAY_S };
            let (both, next) = (Action::Status { app, status: 3 }, Action::Advance { seconds: DAY_S });
            let again = (made.clone(), typed.clone());
            vec![both, limit, made.clone(), typed.clone(), wait, made, typed, next, again.0, again.1]
        }
        6..=7 => vec![Action::Status { app, status: 2 }, made, typed],
        _ => vec![Action::Status { app, status: 3 }, made, typed],
    }
}

fn host(draw: &mut Draw, cast: Cast<'_>) -> Action {
    let app = cast.any(draw);
    let pin = cast.made_for(draw, |shape| shape.pin);
    match draw.below(12) {
        0..=2 => Action::Reset { app },
        3..=4 => Action::Status { app, status: draw.one(&[0, 1, 1, 2, 3]) },
        5..=6 => {
            let app = cast.made_for(draw, |shape| shape.backup.is_some());
            Action::Status { app, status: draw.one(&[1, 2, 3, 3]) }
        }
        7 => Action::SetPin { app: pin, pin: draw.below(10_000) as u16 },
        8 => Action::ClearPin { app: pin },
        9 => Action::PinEnabled { app: pin, enabled: draw.chance(60) },
        _ => {
            let app = cast.made_for(draw, |shape| shape.unlock);
            Action::Unlock {
                app,
                device: device(draw, cast.licensed),
                number: draw.below(100_000_000) as u32,
            }
        }
    }
}

/// A message from the future, about as far as it may be.
fn ahead(draw: &mut Draw, cast: Cast<'_>) -> Vec<Action> {
    let signed = Action::SignMessage {
        app: cast.made_for(draw, |shape| shape.secure_channel && signs(shape)),
        device: device(draw, true),
        at: At::default(),
        score: score(draw),
        spoil: Spoil::default(),
        flaw: MessageFlaw::None,
        age: Age::Plain(60),
    };
    let seconds = draw.one(&[59, 60, 60, 61, 61, 62]);
    vec![Action::Request { app: 1 }, Action::PutBack { seconds }, signed]
}

fn licence(draw: &mut Draw, cast: Cast<'_>) -> Vec<Action> {
    let app = cast.any(draw);
    let device = device(draw, true);
    let signed = |draw: &mut Draw| {
        let flaws = [
            MessageFlaw::Odd,
            MessageFlaw::Letter,
            MessageFlaw::Cut,
            MessageFlaw::Version,
            MessageFlaw::Type,
            MessageFlaw::Timeless,
            MessageFlaw::Timeless,
        ];
        let flaw = if draw.chance(75) { MessageFlaw::None } else { draw.one(&flaws) };
        let age = match draw.below(10) {
            0..=3 => Age::Plain(draw.one(&[0, 60, 60, 3600, -1])),
            _ => Age::Beyond(draw.one(&[-1, 0, 0, 1])),
        };
        let app = cast.made_for(draw, |shape| shape.secure_channel && signs(shape));
        Action::SignMessage { app, device, at: at(draw), score: score(draw), spoil: spoil(draw), flaw, age }
    };
    match draw.below(20) {
        0..=1 => vec![Action::Begin { device_type: draw.below(100) as u8 }],
        2..=3 => vec![Action::DeviceCode { wrong: draw.chance(25) }],
        4..=5 => vec![Action::Instance],
        6..=7 => vec![Action::Request { app }],
        8..=11 => vec![signed(draw)],
        12 => vec![Action::Request { app: 1 }, pass(draw), signed(draw)],
        13 => ahead(draw, cast),
        14..=16 => {
            let body = draw.one(&[0, 1, 40, 512]);
            let answers =
                [Answer::Body(body), Answer::Body(body), Answer::Refusal, Answer::Damaged, Answer::Late];
            vec![Action::Respond { device, answer: *draw.pick(&answers).unwrap_or(&Answer::Refusal) }]
        }
        17 => vec![Action::ReadMessage],
        18 => vec![host(draw, cast)],
        _ => vec![Action::Deactivate { device }],
    }
}
