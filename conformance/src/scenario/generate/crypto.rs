//! Ideas about cryptography: signing, verifying, encrypting, MACs, streams, agreement and split secrets.

use bancada_crypto::hash::HashAlg;

use super::keys::name_for;
use super::{Draw, Maker, Seat};
use crate::check::hash_of;
use crate::model::rules::Kind;
use crate::scenario::number::*;
use crate::scenario::{Call, Change, Crypt, Data};

const HASHES: [u8; 9] = [SHA256, SHA256, SHA384, SHA512, SHA224, SHA1, SHA3_256, SHA3_512, MD5];

impl Maker {
    pub(super) fn crypto(&mut self, draw: &mut Draw) {
        let Some(seat) = self.seat(draw) else { return };
        match draw.below(20) {
            0..=6 => self.sign(&seat, draw),
            7..=10 => self.verify(&seat, draw),
            11..=13 => self.encrypt(&seat, draw),
            14 => self.decrypt(&seat, draw),
            15 => self.mac(&seat, draw),
            16 => self.stream(&seat, draw),
            17 => self.agree(&seat, draw),
            18 => self.unseal(&seat, draw),
            _ => self.split(&seat, draw),
        }
    }

    fn sign(&mut self, seat: &Seat, draw: &mut Draw) {
        let kinds = [Kind::Rsa, Kind::Ecc, Kind::Eddsa];
        let Some(kept) = self.kept(seat, &kinds, draw) else {
            return self.key(draw);
        };
        let name = match draw.chance(95) {
            true => name_for(&kept, seat),
            false => self.object_name(seat, draw),
        };
        let hash = draw.one(&HASHES);
        let digest = Data::Bytes(draw.bytes(hash_of(hash).map_or(32, HashAlg::output_len)));
        let call = match crate::model::rules::algorithm(kept.algorithm, NRM).map(|known| known.kind) {
            Ok(Kind::Rsa) => Call::RsaSign { name, padding: draw.one(&[RSA_PKCS1, RSA_PSS]), hash, digest },
            Ok(Kind::Ecc) => match draw.below(12) {
                0 => Call::EccSign { name, hash: NO_HASH, digest },
                1 => Call::EccSign { name, hash, digest: Data::Bytes(vec![1; 13]) },
                _ => Call::EccSign { name, hash, digest },
            },
            _ => {
                let length = draw.one(&[1, 33, 300]);
                Call::EddsaSign { name, data: Data::Bytes(draw.bytes(length)) }
            }
        };
        let slot = self.slot();
        if self.call(seat.handle, call.clone(), Some(slot)) {
            self.made(seat, slot, call);
        }
    }

    /// Verifies an earlier signature: the right one, a tampered one, or over another message.
    fn verify(&mut self, seat: &Seat, draw: &mut Draw) {
        let signed: Vec<_> = self
            .results
            .iter()
            .filter(|made| {
                made.user == seat.user
                    && matches!(
                        made.call,
                        Call::RsaSign { .. } | Call::EccSign { .. } | Call::EddsaSign { .. }
                    )
            })
            .collect();
        let Some(made) = draw.pick(&signed) else { return self.sign(seat, draw) };
        let change = match draw.below(10) {
            0 | 1 => Change::Flip(draw.below(60) as u16),
            2 => Change::Cut(1),
            _ => Change::None,
        };
        let other = draw.chance(15);
        let message = |data: &Data| match other {
            true => Data::Bytes(vec![9; data.bytes().len()]),
            false => data.clone(),
        };
        let signature = Data::Slot { slot: made.slot, change };
        let call = match made.call.clone() {
            Call::RsaSign { name, padding, hash, digest } => {
                let padding = if draw.chance(90) { padding } else { RSA_PKCS1 + RSA_PSS - padding };
                Call::RsaVerify { name, padding, hash, digest: message(&digest), signature }
            }
            Call::EccSign { name, hash, digest } => {
                Call::EccVerify { name, hash, digest: message(&digest), signature }
            }
            Call::EddsaSign { name, data } => {
                let data = message(&data);
                Call::EddsaVerify { name, data, signature }
            }
            _ => return,
        };
        self.call(seat.handle, call, None);
    }

    fn encrypt(&mut self, seat: &Seat, draw: &mut Draw) {
        let Some(kept) = self.kept(seat, &[Kind::Aes, Kind::Des2, Kind::Des3], draw) else {
            return self.key(draw);
        };
        let block = if matches!(kept.algorithm, AES_128 | AES_192 | AES_256) { 16 } else { 8 };
        let mode = if block == 16 { draw.one(&[ECB, CBC, CTR, GCM, KW]) } else { draw.one(&[ECB, CBC]) };
        let iv = match mode {
            CBC | CTR => {
                let short = usize::from(draw.chance(5));
                draw.bytes(block - short)
            }
            GCM => draw.bytes(12),
            _ => Vec::new(),
        };
        let padding =
            if matches!(mode, ECB | CBC) { draw.one(&[PKCS5, PKCS5, NO_PADDING]) } else { NO_PADDING };
        let aad = if mode == GCM { draw.bytes(5) } else { Vec::new() };
        let length = if mode == KW { 32 } else { draw.one(&[16, 48, 5, 200]) };
        let crypt = Crypt { mode, padding, tag: 0, iv, aad };
        let call =
            Call::Encrypt { name: name_for(&kept, seat), crypt, data: Data::Bytes(draw.bytes(length)) };
        let slot = self.slot();
        if self.call(seat.handle, call.clone(), Some(slot)) {
            self.made(seat, slot, call);
            if draw.chance(60) {
                self.decrypt(seat, draw);
            }
        }
    }

    fn decrypt(&mut self, seat: &Seat, draw: &mut Draw) {
        let encrypted: Vec<_> = self
            .results
            .iter()
            .filter(|made| made.user == seat.user && matches!(made.call, Call::Encrypt { .. }))
            .collect();
        let Some(made) = draw.pick(&encrypted) else { return self.encrypt(seat, draw) };
        let Call::Encrypt { name, crypt, .. } = made.call.clone() else { return };
        let change = if draw.chance(25) { Change::Flip(draw.below(20) as u16) } else { Change::None };
        let data = Data::Slot { slot: made.slot, change };
        self.call(seat.handle, Call::Decrypt { name, crypt, data }, None);
    }

    fn mac_of(&self, seat: &Seat, draw: &mut Draw) -> Option<(String, u8)> {
        let kept = self.kept(seat, &[Kind::Hmac, Kind::Aes, Kind::Des3], draw)?;
        let algorithm = match kept.algorithm {
            AES_128 | AES_192 | AES_256 => CMAC_AES,
            DES3_112 | DES3_168 => CMAC_DES,
            number => number as u8,
        };
        Some((name_for(&kept, seat), algorithm))
    }

    fn mac(&mut self, seat: &Seat, draw: &mut Draw) {
        let Some((name, algorithm)) = self.mac_of(seat, draw) else { return self.key(draw) };
        let length = draw.one(&[1, 64, 500]);
        let call = Call::Mac { name, algorithm, data: Data::Bytes(draw.bytes(length)) };
        let slot = self.slot();
        self.call(seat.handle, call.clone(), Some(slot));
        self.call(seat.handle, call, None);
    }

    fn stream(&mut self, seat: &Seat, draw: &mut Draw) {
        let length = draw.one(&[0, 10, 2048, 5000]);
        let data = Data::Bytes(draw.bytes(length));
        let (key, algorithm) = match self.mac_of(seat, draw) {
            Some((name, algorithm)) if draw.chance(40) => (name, algorithm),
            _ => (String::new(), draw.one(&[MD5, SHA1, SHA256, SHA512, SHA3_256, NO_HASH])),
        };
        if draw.chance(60) {
            self.call(seat.handle, Call::Hash { algorithm, key, data }, None);
            return;
        }
        let slot = self.slot();
        if self.call(seat.handle, Call::HashStart { algorithm, key }, Some(slot)) {
            let ticket = Data::slot(slot);
            let piece = Data::Bytes(draw.bytes(100));
            self.call(seat.handle, Call::HashCont { ticket: ticket.clone(), data: piece }, None);
            if draw.chance(80) {
                self.call(seat.handle, Call::HashEnd { ticket }, None);
            }
        }
        let nowhere = Data::Bytes(vec![0xFF, 0xFF]);
        if draw.chance(20) {
            self.call(seat.handle, Call::HashEnd { ticket: nowhere }, None);
        }
    }

    fn agree(&mut self, seat: &Seat, draw: &mut Draw) {
        let Some(mine) = self.kept(seat, &[Kind::Ecc, Kind::Xdh], draw) else { return self.key(draw) };
        let peers: Vec<_> = self
            .keys
            .iter()
            .filter(|kept| kept.algorithm == mine.algorithm && kept.public.is_some())
            .cloned()
            .collect();
        let Some(peer) = draw.pick(&peers) else { return self.key(draw) };
        let Some(public) = peer.public else { return };
        let (derivation, length, info) = match draw.below(3) {
            0 => (KDF_RAW, 0, Vec::new()),
            1 => (KDF_X963_SHA256, 40, b"info".to_vec()),
            _ => (KDF_X963_SHA256, 32, Vec::new()),
        };
        let slot = self.slot();
        let name = name_for(&mine, seat);
        // The shorter form of an RSA key is the only one that is not SubjectPublicKeyInfo.
        let call = Call::GenEcdh { name, derivation, length, info, peer: Data::slot(public) };
        self.call(seat.handle, call, Some(slot));
    }

    /// Decrypts what the runner encrypted under a public key.
    fn unseal(&mut self, seat: &Seat, draw: &mut Draw) {
        let Some(kept) = self.kept(seat, &[Kind::Rsa], draw) else { return self.key(draw) };
        let name = name_for(&kept, seat);
        let Some(public) = kept.public else { return self.publish_named(seat, &name) };
        let message = draw.bytes(20);
        let padding = draw.one(&[PKCS1, PKCS1, OAEP]);
        let block = Data::Sealed { public, padding, message };
        let call = match padding == PKCS1 && kept.algorithm == RSA_2048 && draw.chance(60) {
            true => Call::OpenEnvelope { name, block },
            false => Call::RsaDecrypt { name, padding, hash: 0, block },
        };
        self.call(seat.handle, call, None);
    }

    fn split(&mut self, seat: &Seat, draw: &mut Draw) {
        let slot = self.slot();
        let (m, n) = match draw.below(8) {
            0 => (1, 3),
            1 => (4, 3),
            _ => (2 + draw.below(2) as u8, 3 + draw.below(3) as u8),
        };
        let secret = if draw.chance(40) { vec![0; 24] } else { b"twenty-four-bytes-secret".to_vec() };
        if !self.call(seat.handle, Call::Split { secret, m, n }, Some(slot)) {
            return;
        }
        let mut pick: Vec<u8> = (0..n).rev().collect();
        pick.truncate(usize::from(if draw.chance(80) { m } else { n }));
        self.call(seat.handle, Call::Recover { parts: Data::slot(slot), pick }, None);
    }
}
