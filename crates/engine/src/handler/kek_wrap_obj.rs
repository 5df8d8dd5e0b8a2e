//! KEK_WRAP_OBJ: a key out of the device or into it, encrypted by another key.

use super::Handle;
use crate::algorithm::{KeyKind, cipher_mode_is_approved};
use crate::context::Context;
use crate::fault::{Fault, Outcome};
use crate::import::{Wanted, clear_rsa_is_approved};
use crate::material::{HMAC_SIZES, Material};
use crate::object::{Object, Usage};
use bancada_crypto::Zeroizing;
use bancada_crypto::cipher::{Mode, Padding, SymKey};
use bancada_wire::algorithm::{mode, padding};
use bancada_wire::codec::Tail;
use bancada_wire::op::{KEK_EXPORT, KEK_IMPORT, KekWrapObj};
use bancada_wire::status::Status;
use std::sync::Arc;

impl Handle for KekWrapObj {
    fn handle(&self, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
        match self.operation {
            KEK_EXPORT => export(self, cx),
            KEK_IMPORT => import(self, cx),
            _ => Err(Status::ERR_INVALID_PAYLOAD.into()),
        }
    }
}

fn export(wrap: &KekWrapObj, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
    let object = cx.key(&wrap.name, Usage::Any)?;
    if matches!(object.material, Material::Bytes(_)) || object.material.is_public() {
        return Err(Status::ERR_INVALID_KEY.into());
    }
    if !object.is_exportable() {
        return Err(Status::ERR_OBJ_NOT_EXPORTABLE.into());
    }
    let kek = kek(wrap, cx)?;
    if matches!(object.material, Material::Rsa { .. }) {
        clear_rsa_is_approved(cx.mode())?;
    }
    is_strong_enough(&kek, &object.material)?;
    let (key, cipher) = cipher(wrap, cx, &kek)?;
    let mut wrapped = Vec::new();
    key.encrypt(cipher.mode, cipher.padding, cipher.iv, &object.material.encode()?, &mut wrapped)
        .map_err(|_| Status::ERR_INVALID_PAYLOAD)?;
    cx.subject = format!("{}/{} exported", object.partition, object.name);
    Ok(Tail(wrapped))
}

fn import(wrap: &KekWrapObj, cx: &mut Context<'_, '_>) -> Outcome<Tail> {
    let wanted = |cx: &Context<'_, '_>| Wanted::approved(wrap.algorithm, cx.mode());
    let (place, wanted) = cx.place(&wrap.name, wrap.attributes, wanted)?;
    let kek = kek(wrap, cx)?;
    let (key, cipher) = cipher(wrap, cx, &kek)?;
    let mut bytes = Zeroizing::new(Vec::new());
    key.decrypt(cipher.mode, cipher.padding, cipher.iv, &wrap.data, &mut bytes).map_err(
        |error| match error {
            bancada_crypto::CryptoError::BadPadding => Status::ERR_PADDING_CHECK_FAILED,
            _ => Status::ERR_INVALID_PAYLOAD,
        },
    )?;
    let (algorithm, material) = read(wanted, &bytes, cx, wrap.padding)?;
    if matches!(material, Material::Rsa { .. }) {
        clear_rsa_is_approved(cx.mode())?;
    }
    is_strong_enough(&kek, &material)?;
    cx.create(place, algorithm, wrap.attributes, material)?;
    Ok(Tail::default())
}

/// Reads what was unwrapped. Zero padding leaves zeros behind DER, which tells its own length, and behind the bytes of a
/// symmetric key, whose algorithm tells it. (An HMAC key with zeros behind it is the same key, if it has a size.)
fn read(wanted: Wanted, bytes: &[u8], cx: &Context<'_, '_>, padding: u8) -> Outcome<(u32, Material)> {
    let whole = wanted.read(bytes, cx.mode());
    if whole.is_ok() || padding != padding::ZERO {
        return whole;
    }
    let key = match wanted {
        Wanted::Kind(KeyKind::Symmetric(alg)) => bytes.get(..alg.key_len()),
        Wanted::Kind(KeyKind::Hmac(_)) => {
            let size = HMAC_SIZES.into_iter().rfind(|size| *size < bytes.len());
            size.and_then(|size| bytes.get(..size))
        }
        _ => bancada_crypto::envelope::der_prefix(bytes).ok(),
    };
    match key {
        Some(key) if bytes[key.len()..].iter().all(|byte| *byte == 0) => wanted.read(key, cx.mode()),
        _ => whole,
    }
}

/// The key that encrypts: a symmetric one.
fn kek(wrap: &KekWrapObj, cx: &Context<'_, '_>) -> Outcome<Arc<Object>> {
    let kek = cx.key(&wrap.kek, Usage::Wrap)?;
    match kek.material {
        Material::Symmetric(_) => Ok(kek),
        _ => Err(Status::ERR_INVALID_KEY.into()),
    }
}

/// The encrypting key must not be weaker than the key it carries, out or in (vendor docs, Export and Import).
fn is_strong_enough(kek: &Object, carried: &Material) -> Outcome<()> {
    if kek.material.strength() < carried.strength() {
        return Err(Status::ERR_INVALID_KEY.into());
    }
    Ok(())
}

struct Cipher<'a> {
    mode: Mode<'a>,
    padding: Padding,
    iv: &'a [u8],
}

/// How it encrypts.
fn cipher<'a>(
    wrap: &'a KekWrapObj,
    cx: &Context<'_, '_>,
    kek: &'a Object,
) -> Outcome<(&'a SymKey, Cipher<'a>)> {
    let Material::Symmetric(key) = &kek.material else {
        return Err(Fault::Refused(Status::ERR_INVALID_KEY));
    };
    let block = key.alg().block_len();
    let (mode, iv) = match wrap.mode {
        mode::ECB => (Mode::Ecb, &wrap.iv[..0]),
        mode::CBC => (Mode::Cbc, &wrap.iv[..block]),
        _ => return Err(Status::ERR_INVALID_PAYLOAD.into()),
    };
    if !cipher_mode_is_approved(key.alg(), wrap.mode, cx.mode()) {
        return Err(Status::ERR_NON_APPROVED_OPERATION.into());
    }
    let padding = match wrap.padding {
        padding::NONE => Padding::None,
        padding::PKCS5 => Padding::Pkcs5,
        padding::ZERO => Padding::Zero,
        _ => return Err(Status::ERR_INVALID_PAYLOAD.into()),
    };
    Ok((key, Cipher { mode, padding, iv }))
}
