//! The clear bytes of a BLOB's interior, read as docs/digipass.md, section 8, describes them.

use bancada_digipass::encoding::from_base64;

use super::call::{KEYS, Sealer};
use super::model::Application;

/// Bytes of a BLOB before its Base64.
const OUTER: usize = 24;
/// Bytes of the interior.
const INNER: usize = 168;

/// Where a number stands: name, place and bytes.
type Place = (&'static str, usize, usize);

const SEALER: Place = ("the sealer", 1, 1);
const STATE: Place = ("the state's bits", 32, 2);
const PIN_LENGTHS: Place = ("the lengths of the PIN", 34, 1);
const USES: Place = ("the use count", 44, 4);
const ERRORS: Place = ("the error count", 48, 2);
const LAST_USED: Place = ("the last time used", 50, 4);
const DEVIATION: Place = ("the deviation", 54, 4);
const EVENT: Place = ("the next event", 58, 4);
const PASSWORD_STEP: Place = ("the last step of a password", 62, 4);
const SIGNATURE_STEP: Place = ("the last step of a signature", 66, 4);
const MARK: Place = ("the mark of the last response", 70, 4);
const INSTANCE: Place = ("the number of the instance", 74, 1);
const BACKUP_USES: Place = ("the uses of the virtual token", 76, 1);
const BACKUP_DAYS: Place = ("the days of the virtual token", 77, 2);
const UNLOCKED: Place = ("the unlock counter", 79, 1);

/// How a BLOB's state differs from the model's, if it does.
#[must_use]
pub fn difference(blob: &str, model: &Application, sealer: Sealer) -> Option<String> {
    let Some(bytes) = interior(blob) else { return Some(format!("the BLOB cannot be read: {blob}")) };
    let numbers = expected(model, sealer).into_iter().find_map(|(place, value)| {
        let mut found = number(&bytes, place);
        // Which mark it is, only the kernel knows.
        if place == MARK {
            found = i64::from(found != 0);
        }
        (found != value).then(|| format!("{} is {found:#x} in the BLOB, not {value:#x}", place.0))
    });
    let challenge = challenge(&bytes);
    numbers.or_else(|| {
        (challenge != model.challenge)
            .then(|| format!("the challenge is {challenge:?} in the BLOB, not {:?}", model.challenge))
    })
}

fn expected(model: &Application, sealer: Sealer) -> [(Place, i64); 15] {
    let backup = model.backup;
    let sealed_by = match sealer {
        Sealer::Software => 0,
        Sealer::Named { key, .. } if KEYS[key % KEYS.len()].contains("3DES") => 2,
        Sealer::Named { .. } => 1,
    };
    let bits = [
        model.pin.enabled,
        model.pin.change_on,
        model.pin.change_forced,
        model.primary,
        backup.enabled,
        model.waiting,
        model.bound.is_some(),
        backup.begun,
        backup.last,
        model.pin.reset,
    ];
    let bits = bits.iter().enumerate().map(|(place, on)| i64::from(*on) << place).sum();
    [
        (SEALER, sealed_by),
        (STATE, bits),
        (PIN_LENGTHS, (model.pin.text.len() << 4 | model.pin.min_len) as i64),
        (USES, i64::from(model.uses)),
        (ERRORS, i64::from(model.errors)),
        (LAST_USED, model.last_used),
        (DEVIATION, model.deviation & 0xffff_ffff),
        (EVENT, model.next_event),
        (PASSWORD_STEP, model.password_step),
        (SIGNATURE_STEP, model.signature_step),
        (MARK, i64::from(model.mark.is_some())),
        (INSTANCE, i64::from(model.owner.1)),
        (BACKUP_USES, i64::from(backup.uses)),
        (BACKUP_DAYS, i64::from(backup.days)),
        // Only unlock authentication codes count, and lives use none.
        (UNLOCKED, 0),
    ]
}

fn interior(blob: &str) -> Option<Vec<u8>> {
    let bytes = hex::decode(blob).ok()?;
    from_base64(bytes.get(OUTER..)?).filter(|inner| inner.len() == INNER)
}

fn number(bytes: &[u8], (_, place, length): Place) -> i64 {
    let bytes = bytes.get(place..place + length).unwrap_or_default();
    bytes.iter().fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// The stored challenge: its length, and a digit in each half byte.
fn challenge(bytes: &[u8]) -> Option<String> {
    let (length, halves) = bytes.get(35..44)?.split_first()?;
    let digits = hex::encode_upper(halves);
    digits.get(..usize::from(*length)).filter(|text| !text.is_empty()).map(str::to_owned)
}
