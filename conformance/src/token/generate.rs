//! Draws lives from a seed.

mod actions;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use actions::{Cast, moves};

use super::action::{Action, Import, Life, Mode, Shape};
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
        actions.extend([Action::DeviceCode { wrong: false }, Action::Instance, Action::Request { app: 1 }]);
    } else {
        for _ in 0..first.one(&[0, 0, 0, 1, 1, 2, 7]) {
            applications.push(shape(&mut first, false));
        }
    }
    let flaws = [Import::Right, Import::OtherKey, Import::ShortKey, Import::OtherFile, Import::Damaged];
    let import = first.chance(20).then(|| first.one(&flaws));
    let parms = parms(&mut first, &applications);
    let instances = if licensed { first.one(&[1, 2, 3]) } else { 0 };
    let cast = Cast { shapes: &applications, licensed };
    actions.extend(draws.iter().skip(1).flat_map(|draw| moves(&mut Draw::new(*draw), cast)));
    Life { applications, instances, import, parms, actions }
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
    let pin = !licensed && mode != Mode::SG && draw.chance(25);
    Shape {
        mode,
        check_digit: !hex && !suite.contains("-16") && draw.chance(15),
        host_code: draw.one(&[0, 0, 4, 6, 10]),
        score: !both && draw.chance(30),
        pin,
        derivation: !licensed && draw.chance(75),
        secure_channel: licensed && draw.chance(50),
        unlock: draw.chance(30),
        backup: (mode != Mode::SG && !pin && draw.chance(60))
            .then(|| (draw.one(&[255, 255, 1, 2, 3]), draw.one(&[0, 0, 1, 2, 30]))),
        least: if mode == Mode::RO { 0 } else { draw.one(&[0, 0, 0, 2, 4]) },
        field_check: mode != Mode::RO && !licensed && draw.chance(15),
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
        backup: None,
        least: 0,
        field_check: false,
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
