//! Objects and cryptography: calls and the operations that carry them.

use bancada_wire::codec::ShortTail;
use bancada_wire::op;
use bancada_wire::text::FixedSecret;

use super::{Caller, Failure, none, rows, tail, text};
use crate::outcome::Value;
use crate::scenario::{Call, Crypt};

/// Objects: making, moving, listing, blocking and removing them.
pub(super) fn object_call<C: Caller>(caller: &mut C, call: &Call) -> Option<Result<Value, Failure>> {
    Some(match call {
        Call::ListObjects { partition, after, max } => list_objects(caller, partition, after, *max),
        Call::ObjectInfo { name } => text(name)
            .and_then(|name| caller.call(op::ObjectInfo { name }))
            .map(|info| Value::Object(rows::object_info(&info))),
        Call::ExportObject { name, raw } => text(name).and_then(|name| {
            let flags = if *raw { op::OBJ_EXP_RAW } else { 0 };
            caller.call(op::ObjExp { name, flags }).map(|bytes| Value::Bytes(bytes.expose().to_vec()))
        }),
        Call::ExportPublic { name, x509 } => text(name)
            .and_then(|name| caller.call(op::AsymExp { name, x509: *x509 }).map(|der| Value::Bytes(der.0))),
        Call::P8Export { name, password } => p8_export(caller, name, password),
        Call::Csr { name, subject, hash } => csr(caller, name, subject, *hash),
        Call::KekExport { .. } | Call::KekImport { .. } => kek(caller, call),
        Call::CreateKey { .. }
        | Call::ImportKey { .. }
        | Call::RemoveObject { .. }
        | Call::BlockObject { .. }
        | Call::CreateBlob { .. }
        | Call::P8Import { .. } => none(object_change(caller, call)),
        _ => return None,
    })
}

fn list_objects<C: Caller>(caller: &mut C, partition: &str, after: &str, max: u32) -> Result<Value, Failure> {
    let operation = op::ListObjects { partition: text(partition)?, after: text(after)?, max };
    caller.call(operation).map(|list| Value::Objects(list.0.iter().map(rows::object).collect()))
}

fn object_change<C: Caller>(caller: &mut C, call: &Call) -> Result<(), Failure> {
    match call {
        Call::CreateKey { name, algorithm, attributes } => {
            caller.call(op::CreateKey { algorithm: *algorithm, attributes: *attributes, name: text(name)? })
        }
        Call::ImportKey { name, algorithm, attributes, material } => caller.call(op::KeyImp {
            algorithm: *algorithm,
            attributes: *attributes,
            name: text(name)?,
            material: material.bytes().into(),
        }),
        Call::RemoveObject { name } => caller.call(op::RemoveObject { name: text(name)? }),
        Call::BlockObject { name, blocked } => {
            caller.call(op::BlockObject { name: text(name)?, blocked: u8::from(*blocked) })
        }
        Call::CreateBlob { name, data } => caller.call(op::CreateBlob {
            name: text(name)?,
            length: data.bytes().len() as u32,
            data: tail(data.bytes()),
        }),
        Call::P8Import { name, algorithm, attributes, password, envelope } => caller.call(op::P8Import {
            algorithm: *algorithm,
            attributes: *attributes,
            name: text(name)?,
            password: FixedSecret::new(password)?,
            envelope: tail(envelope.bytes()),
        }),
        _ => Err(Failure::Broken(format!("{} changes no object", call.name()))),
    }
}

fn p8_export<C: Caller>(caller: &mut C, name: &str, password: &str) -> Result<Value, Failure> {
    let operation = op::P8Export { name: text(name)?, password: FixedSecret::new(password)? };
    caller.call(operation).map(|der| Value::Bytes(der.0))
}

fn csr<C: Caller>(caller: &mut C, name: &str, subject: &str, hash: Option<u8>) -> Result<Value, Failure> {
    let hash = ShortTail::new(hash.as_slice())?;
    let operation = op::P10Csr { name: text(name)?, version: 0, subject: text(subject)?, hash };
    caller.call(operation).map(|der| Value::Bytes(der.0))
}

fn kek<C: Caller>(caller: &mut C, call: &Call) -> Result<Value, Failure> {
    match call {
        Call::KekExport { mode, padding, iv, kek, name } => {
            let operation = op::KekWrapObj {
                operation: op::KEK_EXPORT,
                mode: *mode,
                padding: *padding,
                iv: field(iv)?,
                kek: text(kek)?,
                name: text(name)?,
                algorithm: 0,
                attributes: 0,
                data: tail(&[]),
            };
            caller.call(operation).map(|wrapped| Value::Bytes(wrapped.0))
        }
        Call::KekImport { mode, padding, iv, kek, name, algorithm, attributes, data } => {
            let operation = op::KekWrapObj {
                operation: op::KEK_IMPORT,
                mode: *mode,
                padding: *padding,
                iv: field(iv)?,
                kek: text(kek)?,
                name: text(name)?,
                algorithm: *algorithm,
                attributes: *attributes,
                data: tail(data.bytes()),
            };
            none(caller.call(operation))
        }
        _ => Err(Failure::Broken(format!("{} wraps no key", call.name()))),
    }
}

/// Signatures, encryption, MACs and streams.
pub(super) fn crypto_call<C: Caller>(caller: &mut C, call: &Call) -> Result<Value, Failure> {
    match call {
        Call::RsaSign { name, padding, hash, digest } => {
            let operation = op::RsaSign {
                name: text(name)?,
                padding: *padding,
                hash_algorithm: *hash,
                hash: field(digest.bytes())?,
            };
            caller.call(operation).map(|signature| Value::Bytes(signature.0))
        }
        Call::EccSign { name, hash, digest } => {
            let operation = op::EccSign {
                name: text(name)?,
                hash_algorithm: *hash,
                hash: ShortTail::new(digest.bytes())?,
            };
            caller.call(operation).map(|signature| Value::Bytes(signature.0))
        }
        Call::EddsaSign { name, data } => caller
            .call(op::EddsaSign { name: text(name)?, mode: 0, data: tail(data.bytes()) })
            .map(|signature| Value::Bytes(signature.0)),
        Call::RsaVerify { .. } | Call::EccVerify { .. } | Call::EddsaVerify { .. } => {
            none(verify(caller, call))
        }
        Call::OpenEnvelope { name, block } => {
            let mut padded = block.bytes().to_vec();
            padded.resize(padded.len().max(256), 0);
            caller
                .call(op::AsymEnc { name: text(name)?, block: padded.into() })
                .map(|message| Value::Bytes(message.0))
        }
        Call::RsaDecrypt { name, padding, hash, block } => {
            let operation = op::RsaDecrypt {
                name: text(name)?,
                padding: *padding,
                hash_algorithm: *hash,
                block: tail(block.bytes()),
            };
            caller.call(operation).map(|message| Value::Bytes(message.expose().to_vec()))
        }
        Call::Encrypt { name, crypt, data } => sym_crypt(caller, name, 0, crypt, data.bytes()),
        Call::Decrypt { name, crypt, data } => sym_crypt(caller, name, 0x80, crypt, data.bytes()),
        Call::Mac { name, algorithm, data } => caller
            .call(op::Mac { name: text(name)?, algorithm: *algorithm, data: tail(data.bytes()) })
            .map(|mac| Value::Bytes(mac.0)),
        Call::GenEcdh { name, derivation, length, info, peer } => {
            let operation = op::GenEcdh {
                name: text(name)?,
                derivation: *derivation,
                length: *length,
                info_length: info.len() as u16,
                data: [info, peer.bytes()].concat().into(),
            };
            caller.call(operation).map(|secret| Value::Bytes(secret.expose().to_vec()))
        }
        _ => stream_call(caller, call),
    }
}

fn verify<C: Caller>(caller: &mut C, call: &Call) -> Result<(), Failure> {
    match call {
        Call::RsaVerify { name, padding, hash, digest, signature } => caller.call(op::RsaVerify {
            name: text(name)?,
            padding: *padding,
            hash_algorithm: *hash,
            hash: field(digest.bytes())?,
            signature: ShortTail::new(signature.bytes())?,
        }),
        Call::EccVerify { name, hash, digest, signature } => caller.call(op::EccVerify2 {
            name: text(name)?,
            padding: 0,
            hash_algorithm: *hash,
            hash: field(digest.bytes())?,
            signature: ShortTail::new(signature.bytes())?,
        }),
        Call::EddsaVerify { name, data, signature } => caller.call(op::EddsaVerify {
            name: text(name)?,
            mode: 0,
            signature: field(signature.bytes())?,
            data: tail(data.bytes()),
        }),
        _ => Err(Failure::Broken(format!("{} verifies nothing", call.name()))),
    }
}

fn sym_crypt<C: Caller>(
    caller: &mut C,
    name: &str,
    direction: u8,
    crypt: &Crypt,
    data: &[u8],
) -> Result<Value, Failure> {
    let operation = op::SymCrypt {
        name: text(name)?,
        direction,
        mode: crypt.mode,
        padding: crypt.padding,
        tag_length: crypt.tag,
        iv_length: crypt.iv.len() as u8,
        iv: field(&crypt.iv)?,
        aad_length: crypt.aad.len() as u32,
        data: [&crypt.aad, data].concat().into(),
    };
    caller.call(operation).map(|text| Value::Bytes(text.expose().to_vec()))
}

fn stream_call<C: Caller>(caller: &mut C, call: &Call) -> Result<Value, Failure> {
    let ticket = |bytes: &[u8]| {
        <[u8; 2]>::try_from(bytes)
            .map(u16::from_le_bytes)
            .map_err(|_| Failure::CannotExpress("a ticket has two bytes"))
    };
    match call {
        Call::HashStart { algorithm, key } => caller
            .call(op::HashStart { algorithm: *algorithm, key: text(key)? })
            .map(|started| Value::Bytes(started.ticket.to_le_bytes().to_vec())),
        Call::HashCont { ticket: number, data } => none(caller.call(op::HashCont {
            ticket: ticket(number.bytes())?,
            length: data.bytes().len() as u16,
            data: ShortTail::new(data.bytes())?,
        })),
        Call::HashEnd { ticket: number } => {
            caller.call(op::HashEnd { ticket: ticket(number.bytes())? }).map(|value| Value::Bytes(value.0))
        }
        Call::Hash { algorithm, key, data } => caller.hash(*algorithm, key, data.bytes()).map(Value::Bytes),
        _ => Err(Failure::Broken(format!("no operation carries {}", call.name()))),
    }
}

/// Zero-pads to a field.
fn field<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Failure> {
    let mut field = [0; N];
    field
        .get_mut(..bytes.len())
        .ok_or(Failure::CannotExpress("an argument is longer than the field that carries it"))?
        .copy_from_slice(bytes);
    Ok(field)
}
