//! Draws lives from a seed.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::action::{Action, At, Challenge, From, Life, Mode, PinUse, Shape, Spoil};
use super::model::Form;
use super::model::parms::place;
use crate::scenario::generate::draw::Draw;

/// Tells these draws from those of the device's scenarios.
const KIND: u8 = 2;
/// Actions of a life.
const ACTIONS: std::ops::Range<usize> = 8..32;
/// Flag of growing windows and of minutes.
const HIGH: i32 = 0x7000_0000;
/// Flag of discrete windows.
const DISCRETE: i32 = 0x0100_0000;

/// The life with this number; the same seed and number always make the same one.
///
/// # Errors
/// When proptest gives up, which none of these strategies lets it.
pub fn life(seed: u64, number: u64) -> Result<Life, String> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    bytes[16] = KIND;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let lives = vec(any::<u64>(), ACTIONS).prop_map(|draws| build(&draws));
    lives.new_tree(&mut runner).map(|tree| tree.current()).map_err(|reason| reason.to_string())
}

/// Builds a life from its draws.
#[must_use]
pub fn build(draws: &[u64]) -> Life {
    let mut first = Draw::new(draws.first().copied().unwrap_or_default());
    let licensed = first.chance(25);
    let mut draw_shape = || shape(&mut first, licensed);
    let mut applications = vec![draw_shape()];
    let mut actions = Vec::new();
    if licensed {
        applications.push(message_signer());
        actions.extend([Action::Request { app: 1 }, Action::Begin { device_type: 7 }]);
        actions.extend([Action::DeviceCode { wrong: false }, Action::Instance]);
    } else if first.chance(50) {
        applications.push(shape(&mut first, false));
    }
    let parms = parms(&mut first, &applications);
    let instances = if licensed { first.one(&[1, 2, 3]) } else { 0 };
    actions.extend(draws.iter().skip(1).map(|draw| action(&mut Draw::new(*draw), licensed)));
    Life { applications, instances, parms, actions }
}

/// An application. Responses are long, so that a wrong one does not happen to be right somewhere in a window.
fn shape(draw: &mut Draw, licensed: bool) -> Shape {
    let mode = match draw.below(10) {
        0..=3 => Mode::RO,
        4..=5 => Mode::CR,
        6..=8 => Mode::SG,
        _ => Mode::MM,
    };
    let hash = *draw.pick(&["SHA1", "SHA256", "SHA512"]).unwrap_or(&"SHA256");
    let step = *draw.pick(&["T30S", "T36S", "T59S", "T1M", "T2M"]).unwrap_or(&"T36S");
    let digits = *draw.pick(&["12", "14", "16", "12H", "16H"]).unwrap_or(&"12");
    let decimal = digits.trim_end_matches('H');
    let (events, time) = match draw.below(10) {
        0..=5 => (false, true),
        6..=8 => (true, false),
        _ => (true, true),
    };
    let suite = match mode {
        Mode::RO if events && time => format!("BANCADA-1:HOTP-{hash}-{decimal}:C-QN08-{step}"),
        Mode::RO if time => format!("BANCADA-1:TOTP-{hash}-{decimal}-{step}"),
        Mode::RO => format!("BANCADA-1:HOTP-SHA1-{decimal}"),
        _ => {
            let question = match mode {
                Mode::CR => "QN08",
                Mode::SG if draw.chance(20) => "QN08",
                _ => "QH64",
            };
            let counter = if events { "C-" } else { "" };
            let timeless = !events && draw.chance(15);
            let time = if time && !timeless { format!("-{step}") } else { String::new() };
            format!("BANCADA-1:HOTP-{hash}-{digits}:{counter}{question}{time}")
        }
    };
    let hex = suite.contains("12H") || suite.contains("16H");
    let both = events && time;
    Shape {
        mode,
        check_digit: !hex && !suite.contains("-16") && draw.chance(15),
        host_code: draw.one(&[0, 0, 4, 6, 10]),
        score: !both && draw.chance(30),
        pin: !licensed && mode != Mode::SG && draw.chance(25),
        derivation: !licensed && draw.chance(75),
        secure_channel: licensed && draw.chance(50),
        unlock: draw.chance(30),
        suite,
    }
}

/// The application that signs the licence's messages.
fn message_signer() -> Shape {
    Shape {
        mode: Mode::SG,
        suite: "BANCADA-1:HOTP-SHA256-12:QH64-T36S".to_owned(),
        check_digit: false,
        host_code: 4,
        score: true,
        pin: false,
        derivation: false,
        secure_channel: true,
        unlock: false,
    }
}

fn parms(draw: &mut Draw, applications: &[Shape]) -> Vec<(usize, i32)> {
    let mut parms = Vec::new();
    for place in [
        place::I_TIME_WINDOW,
        place::S_TIME_WINDOW,
        place::CHECK_CHALLENGE,
        place::I_THRESHOLD,
        place::S_THRESHOLD,
        place::CHK_INACT_DAYS,
        place::SYNC_WINDOW,
        place::ON_LINE_SG,
        place::EVENT_WINDOW,
        place::GMT_ADJUST,
        place::DERIVE_VECTOR,
    ] {
        if draw.chance(60) {
            parms.push((place, value(draw, place)));
        }
    }
    // Events times steps stay few: the search takes every pair.
    if applications.iter().any(|shape| shape.suite.contains(":C-") && shape.suite.contains("-T")) {
        parms.retain(|(place, _)| ![place::SYNC_WINDOW, place::EVENT_WINDOW].contains(place));
        parms.extend([(place::SYNC_WINDOW, HIGH | 30), (place::EVENT_WINDOW, 10)]);
        parms.retain(|(place, _)| ![place::I_TIME_WINDOW, place::S_TIME_WINDOW].contains(place));
        parms.extend([(place::I_TIME_WINDOW, 10), (place::S_TIME_WINDOW, 6)]);
    }
    parms
}

/// A value of a parameter, now and then one out of its range.
fn value(draw: &mut Draw, which: usize) -> i32 {
    let choices: &[i32] = match which {
        place::I_TIME_WINDOW | place::S_TIME_WINDOW => {
            &[2, 3, 5, 10, 11, 20, 24, HIGH | 4, HIGH | 10, 0, 1, -1]
        }
        place::CHECK_CHALLENGE => &[0, 0, 1, 1, 2, 3, 4, 5],
        place::I_THRESHOLD | place::S_THRESHOLD => &[0, 1, 2, 3, 5, -1],
        place::CHK_INACT_DAYS => &[0, 1, 3, 30, 2000],
        place::SYNC_WINDOW => {
            &[1, 2, 6, HIGH | 10, HIGH | 45, DISCRETE | 2, DISCRETE | 3, DISCRETE | 6, 0, 61]
        }
        place::ON_LINE_SG => &[0, 1, 1, 2, 2, 3, 4],
        place::EVENT_WINDOW => &[10, 11, 20, 25, 9, 2000],
        place::GMT_ADJUST => &[0, 3600, -7200, 90, 60_000],
        _ => &[0, 5, -77],
    };
    draw.one(choices)
}

fn at(draw: &mut Draw) -> At {
    let from = match draw.below(10) {
        0..=4 => From::Middle,
        5..=6 => From::Low,
        7..=8 => From::High,
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

fn action(draw: &mut Draw, licensed: bool) -> Action {
    let (app, device) = (draw.below(6) as usize, if draw.chance(90) { 0 } else { 1 });
    let device = if licensed { draw.below(3) as usize } else { device };
    let at = at(draw);
    let score = if draw.chance(70) { 0 } else { draw.below(8) as u8 };
    match draw.below(100) {
        0..=29 => {
            let challenge = match draw.below(10) {
                0..=3 => Challenge::Least,
                4..=6 => Challenge::Stored,
                7 => Challenge::Own(draw.below(9) as u8),
                8 => Challenge::Crossed,
                _ => Challenge::Missing,
            };
            let pin = match draw.below(20) {
                0..=1 => PinUse::Wrong,
                2..=4 => PinUse::Change(draw.below(1000) as u16),
                5 => PinUse::Differ,
                6 => PinUse::Short,
                7..=10 => PinUse::LeftOut(draw.below(1000) as u16),
                11 => PinUse::Forgotten,
                _ => PinUse::Right,
            };
            Action::Password { app, device, at, score, spoil: spoil(draw), challenge, pin }
        }
        30..=46 => {
            let fields = draw.one(&[1, 1, 1, 2, 3, 8]);
            let later = if draw.chance(75) { 0 } else { draw.one(&[1, 2, 10, 100]) };
            Action::Sign { app, device, at, score, spoil: spoil(draw), fields, later }
        }
        47..=56 => Action::Again { back: draw.below(3) as usize },
        57..=66 => {
            Action::Advance { seconds: draw.one(&[1, 30, 36, 72, 600, 3600, 90_000, 400_000, 4_000_000]) }
        }
        _ if licensed && draw.chance(60) => licence_action(draw, (app, device), at, score),
        67..=72 => host_action(draw, app),
        73..=78 => Action::Inspect { app },
        79..=83 => {
            let fingerprint = draw.below(3) as u8;
            let count = draw.below(2) as usize;
            Action::Derive { app, count, device, at, fingerprint, hex: draw.chance(30), spoil: spoil(draw) }
        }
        84..=86 => {
            let steps = draw.one(&[0, 5, -5, 40, -40]);
            let gap = draw.one(&[1, 1, 2, 0, 60]);
            Action::Synchronise { app, device, steps, gap, wrong: draw.chance(15) }
        }
        87..=91 => Action::MakeChallenge { app },
        _ => {
            let place = draw.one(&[0, 1, 4, 5, 6, 7, 9, 10]);
            let value = value(draw, place);
            // A window in hours next to events would be tried pair by pair.
            match place {
                place::SYNC_WINDOW => Action::Parameter { place, value: HIGH | 30 },
                place::I_TIME_WINDOW | place::S_TIME_WINDOW if value & !HIGH < 2 => Action::Inspect { app },
                _ => Action::Parameter { place, value },
            }
        }
    }
}

fn host_action(draw: &mut Draw, app: usize) -> Action {
    match draw.below(12) {
        0..=3 => Action::Reset { app },
        4..=6 => Action::Status { app, enabled: draw.chance(70) },
        7 => Action::SetPin { app, pin: draw.below(10_000) as u16 },
        8 => Action::ClearPin { app },
        9 => Action::PinEnabled { app, enabled: draw.chance(60) },
        10 => Action::Unlock { app, device: 0, number: draw.below(100_000_000) as u32 },
        _ => Action::OtherVector { app },
    }
}

fn licence_action(draw: &mut Draw, (app, device): (usize, usize), at: At, score: u8) -> Action {
    match draw.below(12) {
        0..=1 => Action::Begin { device_type: draw.below(100) as u8 },
        2..=3 => Action::DeviceCode { wrong: draw.chance(25) },
        4..=5 => Action::Instance,
        6..=7 => Action::Request { app },
        8..=10 => {
            let expiration = draw.one(&[0, 60, 60, 3600, -1]);
            Action::SignMessage { app, device, at, score, spoil: spoil(draw), expiration }
        }
        _ => Action::Deactivate { device },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_life_and_lives_differ() {
        assert_eq!(life(7, 3).unwrap(), life(7, 3).unwrap());
        assert_ne!(life(7, 3).unwrap(), life(7, 4).unwrap());
        assert_ne!(life(7, 3).unwrap(), life(8, 3).unwrap());
    }

    #[test]
    fn a_life_survives_its_file() {
        for number in 0..50 {
            let life = life(1, number).unwrap();
            let text = serde_json::to_string(&life).unwrap();
            assert_eq!(serde_json::from_str::<Life>(&text).unwrap(), life);
        }
    }
}
