//! Who seals the BLOBs, moving them, and opening them with something else; and where the BLOBs come from at the beginning.

use super::licence::Due;
use super::secrets::TRANSPORT_KEY;
use super::{After, Expect, Prepared, Stage};
use crate::token::action::{Action, Import, WrongSeal};
use crate::token::call::{KEYS, Operation, Sealer, TokenCall};
use crate::token::model::parms::place;

/// Who seals a BLOB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seal {
    /// The kernel, or a named key.
    pub(super) sealer: Sealer,
    /// The derive vector and the eight derive keys. They count where the kernel seals.
    pub(super) values: [i32; 9],
}

impl Seal {
    /// The parameters with its derive values.
    pub(super) fn parms(&self, mut parms: [i32; 23]) -> [i32; 23] {
        let [vector, keys @ ..] = self.values;
        parms[place::DERIVE_VECTOR] = vector;
        parms[place::DERIVE_KEYS..].copy_from_slice(&keys);
        parms
    }

    /// Whether what opens the one opens the other.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.sealer == other.sealer && (self.sealer != Sealer::Software || self.values == other.values)
    }

    /// The code of opening with this what is sealed otherwise.
    pub(super) fn invalid(&self) -> i32 {
        if self.sealer == Sealer::Software { 412 } else { 414 }
    }
}

impl Stage {
    /// Who sealed the BLOBs when they were issued.
    pub(super) fn issued_seal(&self) -> Seal {
        let mut values = [0; 9];
        values[0] = self.parms.0[place::DERIVE_VECTOR];
        values[1..].copy_from_slice(&self.parms.0[place::DERIVE_KEYS..]);
        Seal { sealer: Sealer::Software, values }
    }

    /// The call that begins the life with this number: first the import, if any, then every BLOB is sealed by who seals at home.
    #[must_use]
    pub fn opening(&self, number: usize, import: Option<Import>) -> Option<Prepared> {
        let attempts: &[Import] = match (&self.file, import) {
            (None, _) | (_, None) => &[],
            (_, Some(Import::Right)) => &[Import::Right],
            (_, Some(flaw)) => &[flaw, Import::Right],
        };
        if let Some(attempt) = attempts.get(number) {
            return self.import(*attempt);
        }
        let (key, vector) = self.home.key()?;
        let number = number - attempts.len();
        let (blob, seal, after) = match (self.apps.get(number), &self.office) {
            (Some(seat), _) => {
                (&seat.blob, seat.seal, After::Sealed(number, Seal { sealer: self.home, ..seat.seal }))
            }
            (None, Some(office)) if number == self.apps.len() => {
                let seal = Seal { sealer: self.home, ..office.seal };
                (&office.blob, office.seal, After::Licence(Due::Sealed(seal)))
            }
            _ => return None,
        };
        let call = TokenCall {
            operation: Operation::Migrate,
            now: self.now,
            parms: seal.parms(self.parms.0),
            sealer: seal.sealer,
            blobs: vec![blob.clone()],
            texts: vec![Some(key.to_owned()), Some(vector.to_owned())],
            numbers: Vec::new(),
        };
        Some(Prepared { call, expect: Expect::default(), after })
    }

    fn import(&self, attempt: Import) -> Option<Prepared> {
        let mut file = self.file.clone()?;
        let (key, code) = match attempt {
            Import::Right => (TRANSPORT_KEY.to_owned(), 100),
            Import::OtherKey => ("FF".repeat(16), -15),
            Import::ShortKey => (TRANSPORT_KEY[2..].to_owned(), -14),
            Import::OtherFile => {
                file.replace_range(..2, "XX");
                (TRANSPORT_KEY.to_owned(), -20)
            }
            Import::Damaged => {
                let end = file.len() / 2;
                let other = if file.as_bytes()[end] == b'A' { "B" } else { "A" };
                file.replace_range(end..=end, other);
                (TRANSPORT_KEY.to_owned(), 19_004)
            }
        };
        let right = code == 100;
        let instances = self.office.as_ref().map_or(0, |office| i32::from(office.model.allowed));
        let vector = self.office.as_ref().map_or_else(String::new, |office| office.activation_vector.clone());
        let expect =
            Expect { code, text: right.then_some(vector), numbers: right.then(|| vec![1, instances]) };
        let after = match &self.office {
            _ if !right => After::Nothing,
            Some(_) => After::Licence(Due::Licence),
            None => After::Apps((0..self.apps.len()).collect()),
        };
        let call = TokenCall {
            operation: Operation::Dpx,
            now: self.now,
            parms: self.parms.0,
            sealer: Sealer::Software,
            blobs: Vec::new(),
            texts: vec![Some(file), Some(key)],
            numbers: Vec::new(),
        };
        Some(Prepared { call, expect, after })
    }

    /// A BLOB moves, or is opened with something it was not sealed with.
    pub(super) fn seal(&self, action: &Action) -> Option<Prepared> {
        match action {
            Action::Migrate { app, key, value } => self.migrate(self.app(*app)?, *key, *value),
            Action::OtherSeal { app, with } => self.other_seal(self.app(*app)?, *with),
            _ => None,
        }
    }

    fn migrate(&self, app: usize, key: Option<usize>, value: i32) -> Option<Prepared> {
        let seal = self.apps.get(app)?.seal;
        let (to, texts, numbers) = match key {
            None => {
                let mut values = [0; 9];
                values[value.unsigned_abs() as usize % 9] = value;
                let to = Seal { sealer: Sealer::Software, values };
                (to, Vec::new(), values.to_vec())
            }
            Some(key) => {
                let sealer =
                    Sealer::Named { key: key % KEYS.len(), vector: value.unsigned_abs() as usize % 3 };
                let (name, vector) = sealer.key()?;
                let texts = vec![Some(name.to_owned()), Some(vector.to_owned())];
                (Seal { sealer, ..seal }, texts, Vec::new())
            }
        };
        let known = key.is_none_or(|key| key % KEYS.len() != KEYS.len() - 1);
        let call = self.call(Operation::Migrate, &[app], texts, numbers);
        let expect = Expect { code: if known { 0 } else { 908 }, ..Expect::default() };
        let after = if known { After::Sealed(app, to) } else { After::Apps(vec![app]) };
        Some(Prepared { call, expect, after })
    }

    fn other_seal(&self, app: usize, with: WrongSeal) -> Option<Prepared> {
        let seal = self.apps.get(app)?.seal;
        let named = match seal.sealer {
            Sealer::Software => None,
            Sealer::Named { key, vector } => Some((key, vector)),
        };
        let mut other = seal;
        match (with, named) {
            (WrongSeal::Vector, None) => other.values[0] ^= 1,
            (WrongSeal::DeriveKey(place), None) => other.values[1 + place % 8] ^= 1,
            (WrongSeal::Key(place), None) => {
                other.sealer = Sealer::Named { key: place % 3, vector: 0 };
            }
            (WrongSeal::Key(place), Some((key, vector))) => {
                other.sealer = Sealer::Named { key: (key + 1 + place % 2) % 3, vector };
            }
            (WrongSeal::InitialVector, Some((key, vector))) => {
                other.sealer = Sealer::Named { key, vector: vector + 1 };
            }
            (WrongSeal::NoKey, _) => other.sealer = Sealer::Named { key: KEYS.len() - 1, vector: 0 },
            (WrongSeal::NoService, Some(_)) => other.sealer = Sealer::Software,
            _ => return None,
        }
        let code = if with == WrongSeal::NoKey { 908 } else { other.invalid() };
        let mut call = self.call(Operation::Password, &[app], vec![Some("1".to_owned()), None], Vec::new());
        (call.parms, call.sealer) = (other.parms(call.parms), other.sealer);
        Some(Prepared { call, expect: Expect { code, ..Expect::default() }, after: After::Apps(vec![app]) })
    }
}
