//! What import operations name as an algorithm, and the keys they carry.
//!
//! Numbers and forms: vendor header dinamo.h (`D_IMPORT_ALG_*`, PRIVATEKEY_BLOB, PUBLICKEY_BLOB); docs/device.md §§5–7.

use crate::algorithm::KeyKind;
use crate::fault::Outcome;
use crate::material::Material;
use bancada_wire::algorithm::key;
use bancada_wire::frame::OperatingMode;
use bancada_wire::status::Status;

/// What an import asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted {
    /// A private or symmetric key of this kind.
    Kind(KeyKind),
    /// A public key of this kind.
    Public(KeyKind),
    /// A private key whose kind its bytes say, of this family.
    Family(u32),
}

impl Wanted {
    /// What `algorithm` asks for, if the operating mode approves it.
    ///
    /// # Errors
    /// `D_ERR_CANNOT_CREATE_UNKNOWN_OBJ`, `D_ERR_NON_APPROVED_OPERATION` or `D_ERR_NOT_IMPLEMENTED`.
    pub(crate) fn approved(algorithm: u32, mode: OperatingMode) -> Outcome<Self> {
        match algorithm {
            key::IMPORT_RSA | key::IMPORT_ECC | key::IMPORT_P8 | key::IMPORT_ECX => {
                Ok(Self::Family(algorithm))
            }
            _ if algorithm & key::PUBLIC != 0 => match KeyKind::approved(algorithm & !key::PUBLIC, mode)? {
                KeyKind::Symmetric(_) | KeyKind::Hmac(_) => Err(Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ.into()),
                kind => Ok(Self::Public(kind)),
            },
            _ => Ok(Self::Kind(KeyKind::approved(algorithm, mode)?)),
        }
    }

    /// Whether the algorithm itself says that this is an RSA private key.
    pub(crate) fn is_private_rsa(self) -> bool {
        matches!(self, Self::Kind(KeyKind::Rsa { .. }) | Self::Family(key::IMPORT_RSA))
    }

    /// Reads the key, and says its algorithm number.
    ///
    /// # Errors
    /// `D_ERR_INVALID_KEY`, `D_ERR_CANNOT_PARSE_DER_PRIV_KEY`, or `D_ERR_NON_APPROVED_OPERATION`.
    pub(crate) fn read(self, bytes: &[u8], mode: OperatingMode) -> Outcome<(u32, Material)> {
        let material = match self {
            Self::Public(kind) => {
                Material::import_public(kind, bytes).map_err(|_| Status::ERR_INVALID_KEY)?
            }
            Self::Kind(kind @ (KeyKind::Symmetric(_) | KeyKind::Hmac(_))) => {
                Material::import(kind, bytes).map_err(|_| Status::ERR_INVALID_KEY)?
            }
            Self::Kind(kind) => {
                let material = parse_private(bytes)?;
                if material.kind() != Some(kind) {
                    return Err(Status::ERR_INVALID_KEY.into());
                }
                material
            }
            Self::Family(family) => {
                let material = parse_private(bytes)?;
                if !is_of_family(&material, family) {
                    return Err(Status::ERR_INVALID_KEY.into());
                }
                material
            }
        };
        let kind = material.kind().ok_or(Status::ERR_INVALID_KEY)?;
        let algorithm = material.algorithm().ok_or(Status::ERR_INVALID_KEY)?;
        if !kind.is_approved(mode) {
            return Err(Status::ERR_NON_APPROVED_OPERATION.into());
        }
        Ok((algorithm, material))
    }
}

fn parse_private(bytes: &[u8]) -> Outcome<Material> {
    Material::import_private(bytes).map_err(|_| Status::ERR_CANNOT_PARSE_DER_PRIV_KEY.into())
}

fn is_of_family(material: &Material, family: u32) -> bool {
    match family {
        key::IMPORT_RSA => matches!(material, Material::Rsa { .. }),
        key::IMPORT_ECC => matches!(material, Material::Ec { .. }),
        key::IMPORT_ECX => matches!(material, Material::Ed25519 { .. } | Material::X25519 { .. }),
        _ => true,
    }
}

/// Restricted modes take and give RSA keys in PKCS#8 envelopes only (vendor docs, Operating modes).
///
/// # Errors
/// `D_ERR_NON_APPROVED_OPERATION`.
pub(crate) fn clear_rsa_is_approved(mode: OperatingMode) -> Result<(), Status> {
    (mode == OperatingMode::Nrm).then_some(()).ok_or(Status::ERR_NON_APPROVED_OPERATION)
}
