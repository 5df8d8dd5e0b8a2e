//! Ideas about keys and blobs: making, importing, exporting, moving, listing and removing them.

use super::{Draw, Kept, Made, Maker, Seat};
use crate::model::rules::{self, Kind};
use crate::scenario::material::{Known, symmetric, symmetric_length};
use crate::scenario::number::*;
use crate::scenario::{Call, Change, Data};

/// Algorithms whose keys are made quickly enough to be made often.
const QUICK: [u32; 13] = [
    AES_128,
    AES_192,
    AES_256,
    DES3_112,
    DES3_168,
    SECP256R1,
    SECP384R1,
    SECP521R1,
    SECP256K1,
    ED25519,
    X25519,
    HMAC_SHA256,
    HMAC_SHA512,
];

const SYMMETRIC: [u32; 8] =
    [AES_128, AES_192, AES_256, DES3_112, DES3_168, HMAC_SHA1, HMAC_SHA256, HMAC_SHA512];

/// Names of permanent objects; temporary ones have their own, so that neither hides the other.
const PERMANENT_NAMES: [&str; 9] =
    ["k1", "k2", "Key_3", "sign", "a_name_of_thirty_two_characters0", "K1", "wrap", "_", "0"];
const TEMPORARY_NAMES: [&str; 3] = ["t1", "t2", ""];

impl Maker {
    pub(super) fn key(&mut self, draw: &mut Draw) {
        let Some(seat) = self.seat(draw) else { return };
        match draw.below(20) {
            0..=4 => self.create_key(&seat, draw),
            5..=8 => self.import_key(&seat, draw),
            9 => self.create_blob(&seat, draw),
            10 | 11 => self.export(&seat, draw),
            12 => self.publish(&seat, draw),
            13 => self.remove(&seat, draw),
            14 => {
                let name = self.object_name(&seat, draw);
                let blocked = draw.chance(60);
                self.call(seat.handle, Call::BlockObject { name, blocked }, None);
            }
            15 => {
                let name = self.object_name(&seat, draw);
                self.call(seat.handle, Call::ObjectInfo { name }, None);
            }
            16 => {
                let partition = match draw.below(3) {
                    0 => self.keys.first().map_or_else(String::new, |kept| kept.owner.clone()),
                    _ => String::new(),
                };
                let max = draw.one(&[1024, 1, 2]);
                let call = Call::ListObjects { partition, after: String::new(), max };
                self.call(seat.handle, call, None);
            }
            17 => self.wrap(&seat, draw),
            18 => self.envelope(&seat, draw),
            _ => self.request(&seat, draw),
        }
    }

    /// The name of a kept object as a session would say it, or one that is not there.
    pub(super) fn object_name(&mut self, seat: &Seat, draw: &mut Draw) -> String {
        let kept = draw.pick(&self.keys).cloned();
        match (kept, draw.below(20)) {
            (_, 0) => draw.one(&["nothing", "with space", "nobody/k1", "", "a-b"]).to_owned(),
            (Some(kept), _) => name_for(&kept, seat),
            (None, _) => "k1".to_owned(),
        }
    }

    /// A kept key of some kinds, by preference one of the session's own user.
    pub(super) fn kept(&self, seat: &Seat, kinds: &[Kind], draw: &mut Draw) -> Option<Kept> {
        let fits = |kept: &&Kept| {
            rules::algorithm(kept.algorithm, NRM).is_ok_and(|known| kinds.contains(&known.kind))
        };
        let own: Vec<&Kept> = self.keys.iter().filter(fits).filter(|kept| kept.owner == seat.user).collect();
        let all: Vec<&Kept> = self.keys.iter().filter(fits).collect();
        let list = if own.is_empty() || draw.chance(20) { all } else { own };
        draw.pick(&list).map(|kept| (*kept).clone())
    }

    /// A name, attributes, and whether it goes to somebody else's partition.
    fn place(&mut self, seat: &Seat, draw: &mut Draw) -> (String, u32) {
        let exportable = if draw.chance(60) { EXPORTABLE } else { 0 };
        if draw.chance(25) {
            return (draw.one(&TEMPORARY_NAMES).to_owned(), exportable | TEMPORARY);
        }
        let name = draw.one(&PERMANENT_NAMES);
        match draw.below(12) {
            0 => (
                draw.one(&["white space", "dash-ed", "", "a_name_of_thirty_three_characters"]).to_owned(),
                exportable,
            ),
            1 | 2 => {
                let owner = draw.pick(&self.users).map_or_else(String::new, |user| user.name.clone());
                (format!("{owner}/{name}"), exportable)
            }
            _ => (
                format!("{}{name}", if draw.chance(10) { format!("{}/", seat.user) } else { String::new() }),
                exportable,
            ),
        }
    }

    fn keep(&mut self, seat: &Seat, name: &str, algorithm: u32) {
        let (owner, name) = match name.split_once('/') {
            Some((owner, name)) => (owner.to_owned(), name.to_owned()),
            None => (seat.user.clone(), name.to_owned()),
        };
        self.keys.retain(|kept| kept.owner != owner || kept.name != name);
        self.keys.push(Kept { owner, name, algorithm, public: None });
    }

    fn create_key(&mut self, seat: &Seat, draw: &mut Draw) {
        let (name, mut attributes) = self.place(seat, draw);
        let algorithm = match draw.below(30) {
            0 => RSA_2048,
            1 => draw.one(&[NO_ALGORITHM, ED448, BRAINPOOL_P256R1]),
            2 => RSA_1024,
            3 => DES,
            _ => draw.one(&QUICK),
        };
        attributes |= profile(algorithm, draw);
        if draw.chance(2) {
            attributes |= NO_ATTRIBUTE;
        }
        let call = Call::CreateKey { name: name.clone(), algorithm, attributes };
        if self.call(seat.handle, call, None) {
            self.keep(seat, &name, algorithm);
            if draw.chance(60) {
                self.publish_named(seat, &name);
            }
        }
    }

    fn import_key(&mut self, seat: &Seat, draw: &mut Draw) {
        let (name, mut attributes) = self.place(seat, draw);
        let (algorithm, mut material) = match draw.chance(45) {
            true => {
                let algorithm = draw.one(&SYMMETRIC);
                let length = symmetric_length(algorithm).unwrap_or_default();
                (algorithm, symmetric(length, draw.below(3) as u8))
            }
            false => draw
                .pick(&Known::ALL)
                .map_or((AES_128, Vec::new()), |known| (known.algorithm(), known.material())),
        };
        attributes |= profile(algorithm, draw);
        if draw.chance(6) {
            material.truncate(material.len() / 2);
        }
        let wanted = match (rules::algorithm(algorithm, NRM).map(|known| known.kind), draw.below(4)) {
            (Ok(Kind::Rsa), 0) => IMPORT_RSA,
            (Ok(Kind::Ecc), 0) => IMPORT_ECC,
            (Ok(Kind::Eddsa | Kind::Xdh), 0) => IMPORT_ECX,
            _ => algorithm,
        };
        let material = Data::Bytes(material);
        let call = Call::ImportKey { name: name.clone(), algorithm: wanted, attributes, material };
        if self.call(seat.handle, call, None) {
            self.keep(seat, &name, algorithm);
        }
    }

    fn create_blob(&mut self, seat: &Seat, draw: &mut Draw) {
        let (name, _) = self.place(seat, draw);
        let length = draw.one(&[1, 7, 100, 3000]);
        let data = Data::Bytes(vec![0x5A; length]);
        if self.call(seat.handle, Call::CreateBlob { name: name.clone(), data }, None) {
            self.keep(seat, &name, BLOB);
            let slot = self.slot();
            self.call(seat.handle, Call::ExportObject { name, raw: false }, Some(slot));
        }
    }

    /// Exports a key and imports it again under another name.
    fn export(&mut self, seat: &Seat, draw: &mut Draw) {
        let name = self.object_name(seat, draw);
        let slot = self.slot();
        let raw = draw.chance(15);
        if !self.call(seat.handle, Call::ExportObject { name: name.clone(), raw }, Some(slot)) {
            return;
        }
        let algorithm = self.algorithm(seat, &name);
        if let Some(algorithm) = algorithm.filter(|number| *number != BLOB) {
            let (copy, attributes) = self.place(seat, draw);
            let change = if draw.chance(10) { Change::Cut(1) } else { Change::None };
            let material = Data::Slot { slot, change };
            let call = Call::ImportKey { name: copy.clone(), algorithm, attributes, material };
            if self.call(seat.handle, call, None) {
                self.keep(seat, &copy, algorithm);
            }
        }
    }

    fn algorithm(&self, seat: &Seat, name: &str) -> Option<u32> {
        self.keys.iter().find(|kept| name_for(kept, seat) == name).map(|kept| kept.algorithm)
    }

    fn publish(&mut self, seat: &Seat, draw: &mut Draw) {
        let kinds = [Kind::Rsa, Kind::Ecc, Kind::Eddsa, Kind::Xdh];
        let name = match self.kept(seat, &kinds, draw) {
            Some(kept) if draw.chance(90) => name_for(&kept, seat),
            _ => self.object_name(seat, draw),
        };
        self.publish_named(seat, &name);
    }

    /// Exports a public key, so that the runner can check signatures by itself.
    pub(super) fn publish_named(&mut self, seat: &Seat, name: &str) {
        let slot = self.slot();
        let x509 = !slot.is_multiple_of(3);
        if self.call(seat.handle, Call::ExportPublic { name: name.to_owned(), x509 }, Some(slot))
            && let Some(kept) = self.keys.iter_mut().find(|kept| name_for(kept, seat) == name)
        {
            kept.public = Some(slot);
        }
    }

    fn remove(&mut self, seat: &Seat, draw: &mut Draw) {
        let name = self.object_name(seat, draw);
        if self.call(seat.handle, Call::RemoveObject { name: name.clone() }, None) {
            self.keys.retain(|kept| name_for(kept, seat) != name);
            self.call(seat.handle, Call::ObjectInfo { name }, None);
        }
    }

    /// Wraps a key under another and brings it back.
    fn wrap(&mut self, seat: &Seat, draw: &mut Draw) {
        let Some(kek) = self.kept(seat, &[Kind::Aes], draw) else { return };
        let name = self.object_name(seat, draw);
        let mode = draw.one(&[ECB, CBC, CBC, 99]);
        let iv = if mode == CBC { draw.bytes(16) } else { Vec::new() };
        let padding = draw.one(&[PKCS5, PKCS5, NO_PADDING]);
        let kek = name_for(&kek, seat);
        let slot = self.slot();
        let export = Call::KekExport { mode, padding, iv: iv.clone(), kek: kek.clone(), name: name.clone() };
        if !self.call(seat.handle, export, Some(slot)) {
            return;
        }
        if let Some(algorithm) = self.algorithm(seat, &name) {
            let (copy, attributes) = self.place(seat, draw);
            let data = Data::slot(slot);
            let call =
                Call::KekImport { mode, padding, iv, kek, name: copy.clone(), algorithm, attributes, data };
            if self.call(seat.handle, call, None) {
                self.keep(seat, &copy, algorithm);
            }
        }
    }

    /// Puts a private key into a PKCS#8 envelope and takes it out again.
    fn envelope(&mut self, seat: &Seat, draw: &mut Draw) {
        let kinds = [Kind::Rsa, Kind::Ecc, Kind::Eddsa];
        let Some(kept) = self.kept(seat, &kinds, draw) else { return };
        let password = draw.one(&["12345678", "0123456789abcdef", "longenough1"]).to_owned();
        let slot = self.slot();
        let export = Call::P8Export { name: name_for(&kept, seat), password: password.clone() };
        if !self.call(seat.handle, export, Some(slot)) {
            return;
        }
        let (copy, attributes) = self.place(seat, draw);
        let password = if draw.chance(85) { password } else { "another-word".to_owned() };
        let call = Call::P8Import {
            name: copy.clone(),
            algorithm: kept.algorithm,
            attributes,
            password,
            envelope: Data::slot(slot),
        };
        if self.call(seat.handle, call, None) {
            self.keep(seat, &copy, kept.algorithm);
        }
    }

    fn request(&mut self, seat: &Seat, draw: &mut Draw) {
        let kinds = [Kind::Rsa, Kind::Ecc, Kind::Eddsa, Kind::Aes];
        let Some(kept) = self.kept(seat, &kinds, draw) else { return };
        let call = Call::Csr {
            name: name_for(&kept, seat),
            subject: "/CN=bench/O=Acme".to_owned(),
            hash: draw.one(&[None, Some(CSR_SHA256), Some(CSR_SHA512), Some(CSR_SHA1)]),
        };
        self.call(seat.handle, call, None);
    }

    pub(super) fn made(&mut self, seat: &Seat, slot: crate::scenario::Slot, call: Call) {
        self.results.push(Made { slot, call, user: seat.user.clone() });
    }
}

/// The name of a kept object as a session says it.
pub(super) fn name_for(kept: &Kept, seat: &Seat) -> String {
    match kept.owner == seat.user {
        true => kept.name.clone(),
        false => format!("{}/{}", kept.owner, kept.name),
    }
}

/// A usage profile now and then, mostly one that suits the key.
fn profile(algorithm: u32, draw: &mut Draw) -> u32 {
    if draw.chance(75) {
        return 0;
    }
    match rules::algorithm(algorithm, NRM).map(|known| known.kind) {
        Ok(Kind::Rsa | Kind::Ecc | Kind::Eddsa) => AUP_DIG_SIG,
        Ok(Kind::Aes) => draw.one(&[AUP_DATA_CRYPTO, AUP_KEK, AUP_MAC]),
        Ok(Kind::Des2 | Kind::Des3) => draw.one(&[AUP_DATA_CRYPTO, AUP_MAC]),
        Ok(Kind::Hmac) => AUP_MAC,
        _ => 0,
    }
}
