//! What AWS-LC computes for us against independent implementations (RustCrypto), and the other way round where
//! RustCrypto serves.
#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use aes_gcm::aead::consts::{U8, U12, U16};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aws_lc_rs::cipher as aws_cipher;
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrap};
use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ec::{Curve, EcPrivateKey, EcPublicKey};
use bancada_crypto::edwards::{Ed25519PrivateKey, Ed25519PublicKey};
use bancada_crypto::hash::{HashAlg, Hasher, digest};
use bancada_crypto::mac;
use bancada_crypto::random::{Random, SystemRandom};
use bancada_crypto::rsa::{RsaPrivateKey, RsaPublicKey};
use proptest::prelude::*;
use sha2::Digest as _;

fn bytes(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), len)
}

/// Our randomness where `rsa` wants its own trait.
struct Rng;

impl rsa::rand_core::RngCore for Rng {
    fn next_u32(&mut self) -> u32 {
        rsa::rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rsa::rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        SystemRandom.fill(out);
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl rsa::rand_core::CryptoRng for Rng {}

/// ECDSA both ways and ECDH on one curve, against one of the RustCrypto curve crates.
macro_rules! curve_test {
    ($name:ident, $crate_name:ident, $curve:expr, $digest_len:expr) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(24))]

            #[test]
            fn $name(value in bytes($digest_len)) {
                use $crate_name::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
                use $crate_name::ecdsa::{Signature, SigningKey, VerifyingKey};
                use $crate_name::{PublicKey, SecretKey};

                let ours = EcPrivateKey::generate($curve).unwrap();
                let scalar = ours.to_scalar().unwrap();
                let theirs = SigningKey::from_slice(&scalar).unwrap();
                let point = ours.public_key().unwrap().to_point();
                let their_public = VerifyingKey::from(&theirs);
                let their_point = their_public.to_sec1_point(false);
                prop_assert_eq!(their_point.as_bytes(), &point[..]);

                let signature = Signature::from_der(&ours.sign_prehash(&value).unwrap()).unwrap();
                // k256 refuses the larger of the two equivalent signatures.
                let signature = signature.normalize_s();
                prop_assert!(their_public.verify_prehash(&value, &signature).is_ok());

                let signature: Signature = theirs.sign_prehash(&value).unwrap();
                let public = EcPublicKey::from_point($curve, &point).unwrap();
                prop_assert_eq!(public.verify_prehash(&value, signature.to_der().as_bytes()), Ok(()));

                let peer = EcPrivateKey::generate($curve).unwrap().public_key().unwrap();
                let their_peer = PublicKey::from_sec1_bytes(&peer.to_point()).unwrap();
                let their_secret = SecretKey::from_slice(&scalar).unwrap().diffie_hellman(&their_peer);
                prop_assert_eq!(&ours.ecdh(&peer).unwrap()[..], &their_secret.raw_secret_bytes()[..]);
            }
        }
    };
}

curve_test!(p256_agrees, p256, Curve::P256, 20..65);
curve_test!(p384_agrees, p384, Curve::P384, 28..65);
curve_test!(p521_agrees, p521, Curve::P521, 33..65);
curve_test!(secp256k1_agrees, k256, Curve::Secp256k1, 20..65);

proptest! {
    #[test]
    fn sha2_agrees(data in bytes(0..500), split in any::<prop::sample::Index>()) {
        let at = split.index(data.len() + 1);
        for (alg, expected) in [
            (HashAlg::Sha224, sha2::Sha224::digest(&data).to_vec()),
            (HashAlg::Sha256, sha2::Sha256::digest(&data).to_vec()),
            (HashAlg::Sha384, sha2::Sha384::digest(&data).to_vec()),
            (HashAlg::Sha512, sha2::Sha512::digest(&data).to_vec()),
        ] {
            prop_assert_eq!(&*digest(alg, &data), &expected[..]);
            let mut hasher = Hasher::new(alg);
            hasher.update(&data[..at]);
            hasher.update(&data[at..]);
            prop_assert_eq!(&*hasher.finish(), &expected[..]);
        }
    }

    #[test]
    fn sha3_agrees(data in bytes(0..500)) {
        for (alg, expected) in [
            (HashAlg::Sha3_256, sha3::Sha3_256::digest(&data).to_vec()),
            (HashAlg::Sha3_384, sha3::Sha3_384::digest(&data).to_vec()),
            (HashAlg::Sha3_512, sha3::Sha3_512::digest(&data).to_vec()),
        ] {
            prop_assert_eq!(&*digest(alg, &data), &expected[..]);
        }
    }

    #[test]
    fn ed25519_agrees(start: [u8; 32], message in bytes(0..200)) {
        use ed25519_dalek::{Signer, SigningKey, Verifier};
        let ours = Ed25519PrivateKey::from_seed(&start).unwrap();
        let theirs = SigningKey::from_bytes(&start);
        let signature = ours.sign(&message);
        prop_assert_eq!(signature, theirs.sign(&message).to_bytes());
        let public = theirs.verifying_key();
        prop_assert!(public.verify(&message, &signature.into()).is_ok());
        prop_assert_eq!(Ed25519PublicKey::from_bytes(public.as_bytes()).unwrap(), ours.public().unwrap());
    }

    /// The usual nonce is AWS-LC's, the others are our own composition.
    #[test]
    fn aes_gcm_agrees(key: [u8; 32], nonce: [u8; 16], aad in bytes(0..60), data in bytes(0..3000)) {
        let ours = SymKey::new(SymAlg::Aes256, &key).unwrap();
        let payload = || Payload { msg: &data, aad: &aad };
        let usual = aes_gcm::AesGcm::<aes_gcm::aes::Aes256, U12>::new(&key.into());
        let short = aes_gcm::AesGcm::<aes_gcm::aes::Aes256, U8>::new(&key.into());
        let long = aes_gcm::AesGcm::<aes_gcm::aes::Aes256, U16>::new(&key.into());
        let twelve: [u8; 12] = nonce[..12].try_into().unwrap();
        let eight: [u8; 8] = nonce[..8].try_into().unwrap();
        for (nonce, expected) in [
            (&nonce[..12], usual.encrypt(&twelve.into(), payload()).unwrap()),
            (&nonce[..8], short.encrypt(&eight.into(), payload()).unwrap()),
            (&nonce[..], long.encrypt(&nonce.into(), payload()).unwrap()),
        ] {
            let mode = Mode::Gcm { tag_len: 16, aad: &aad };
            let mut sealed = Vec::new();
            ours.encrypt(mode, Padding::None, nonce, &data, &mut sealed).unwrap();
            prop_assert_eq!(&sealed, &expected);
            let mut opened = Vec::new();
            ours.decrypt(mode, Padding::None, nonce, &sealed, &mut opened).unwrap();
            prop_assert_eq!(&opened, &data);
        }
    }

    /// RustCrypto serves triple DES; AWS-LC, which refuses degenerate keys, is the oracle for the others.
    #[test]
    #[expect(deprecated, reason = "a legacy algorithm is what is being compared")]
    fn triple_des_agrees(key: [u8; 24], iv: [u8; 8], blocks in 0..20usize) {
        let data: Vec<u8> = (0..blocks * 8).map(|i| i as u8).collect();
        let ours = SymKey::new(SymAlg::Des3_168, &key).unwrap();
        let mut sealed = Vec::new();
        ours.encrypt(Mode::Cbc, Padding::None, &iv, &data, &mut sealed).unwrap();
        let unbound = aws_cipher::UnboundCipherKey::new(&aws_cipher::DES_EDE3_FOR_LEGACY_USE_ONLY, &key);
        prop_assume!(unbound.is_ok());
        let theirs = aws_cipher::EncryptingKey::cbc(unbound.unwrap()).unwrap();
        let mut expected = data.clone();
        theirs.less_safe_encrypt(&mut expected, aws_cipher::EncryptionContext::Iv64((&iv).into())).unwrap();
        prop_assert_eq!(&sealed, &expected);
        let mut opened = Vec::new();
        ours.decrypt(Mode::Cbc, Padding::None, &iv, &sealed, &mut opened).unwrap();
        prop_assert_eq!(opened, data);
    }

    /// RustCrypto serves key wrap; AWS-LC is the oracle for the two sizes it has.
    #[test]
    fn key_wrap_agrees(key: [u8; 32], blocks in 2..20usize) {
        let data: Vec<u8> = (0..blocks * 8).map(|i| i as u8).collect();
        let mut expected = vec![0; data.len() + 8];
        for (alg, key, kek) in [
            (SymAlg::Aes128, &key[..16], AesKek::new(&AES_128, &key[..16]).unwrap()),
            (SymAlg::Aes256, &key[..], AesKek::new(&AES_256, &key).unwrap()),
        ] {
            let mut wrapped = Vec::new();
            let ours = SymKey::new(alg, key).unwrap();
            ours.encrypt(Mode::Kw, Padding::None, &[], &data, &mut wrapped).unwrap();
            prop_assert_eq!(&wrapped[..], &*kek.wrap(&data, &mut expected).unwrap());
        }
    }

    /// CMAC written out (SP 800-38B) over our DES against the library's.
    #[test]
    fn triple_des_cmac_agrees(key: [u8; 24], data in bytes(0..50)) {
        let cipher = SymKey::new(SymAlg::Des3_168, &key).unwrap();
        let encrypt = |block: u64| {
            let mut out = Vec::new();
            cipher.encrypt(Mode::Ecb, Padding::None, &[], &block.to_be_bytes(), &mut out).unwrap();
            u64::from_be_bytes(out.try_into().unwrap())
        };
        let double = |value: u64| (value << 1) ^ if value >> 63 == 1 { 0x1b } else { 0 };
        let first = double(encrypt(0));
        let whole = !data.is_empty() && data.len().is_multiple_of(8);
        let mut padded = data.clone();
        if !whole {
            padded.push(0x80);
            padded.resize(padded.len().next_multiple_of(8), 0);
        }
        let blocks: Vec<u64> = padded.chunks_exact(8).map(|b| u64::from_be_bytes(b.try_into().unwrap())).collect();
        let (last, head) = blocks.split_last().unwrap();
        let state = head.iter().fold(0, |state, block| encrypt(state ^ block));
        let expected = encrypt(state ^ last ^ if whole { first } else { double(first) });
        prop_assert_eq!(mac::cmac_3des(&key, &data).unwrap(), expected.to_be_bytes());
    }
}

#[test]
fn rsa_agrees() {
    use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPublicKey};
    use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey};
    use rsa::sha2::{Sha256, Sha512};
    use rsa::traits::{PrivateKeyParts, PublicKeyParts};
    use rsa::{Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, Pss};

    for (bits, exponent) in [(1024, 65537), (2048, 65537), (2048, 3)] {
        let ours = RsaPrivateKey::generate(bits, exponent).unwrap();
        let our_public = ours.public_key().unwrap();
        let theirs = rsa::RsaPrivateKey::from_pkcs1_der(&ours.to_pkcs1().unwrap()).unwrap();
        let their_public = theirs.to_public_key();
        assert_eq!(theirs.to_pkcs8_der().unwrap().as_bytes(), &ours.to_pkcs8().unwrap()[..]);
        assert_eq!(their_public.to_public_key_der().unwrap().as_bytes(), our_public.to_spki());
        assert_eq!(their_public.to_pkcs1_der().unwrap().as_bytes(), our_public.to_pkcs1());
        assert_eq!(their_public.n().to_bytes_be(), our_public.modulus());
        assert_eq!(RsaPublicKey::from_spki(&our_public.to_spki()).unwrap(), our_public);

        let value = digest(HashAlg::Sha256, b"message");
        let signature = ours.sign_pkcs1(Some(HashAlg::Sha256), &value).unwrap();
        assert_eq!(signature, theirs.sign(Pkcs1v15Sign::new::<Sha256>(), &value).unwrap());
        let signature = ours.sign_pkcs1(None, b"any bytes").unwrap();
        assert_eq!(signature, theirs.sign(Pkcs1v15Sign::new_unprefixed(), b"any bytes").unwrap());

        for salt_len in [0, 20, 32] {
            let signature = ours.sign_pss(HashAlg::Sha256, salt_len, &value).unwrap();
            their_public.verify(Pss::new_with_salt::<Sha256>(salt_len), &value, &signature).unwrap();
            let signature =
                theirs.sign_with_rng(&mut Rng, Pss::new_with_salt::<Sha256>(salt_len), &value).unwrap();
            our_public.verify_pss(HashAlg::Sha256, Some(salt_len), &value, &signature).unwrap();
        }

        let sealed = our_public.encrypt_pkcs1(b"secret").unwrap();
        assert_eq!(theirs.decrypt(Pkcs1v15Encrypt, &sealed).unwrap(), b"secret");
        let sealed = their_public.encrypt(&mut Rng, Pkcs1v15Encrypt, b"secret").unwrap();
        assert_eq!(&ours.decrypt_pkcs1(&sealed).unwrap()[..], b"secret");

        let sealed = our_public.encrypt_oaep(HashAlg::Sha256, b"label", b"secret").unwrap();
        assert_eq!(theirs.decrypt(Oaep::new_with_label::<Sha256, _>("label"), &sealed).unwrap(), b"secret");
        let oaep = Oaep::new_with_mgf_hash::<Sha256, Sha512>();
        let sealed = their_public.encrypt(&mut Rng, oaep, b"secret").unwrap();
        let opened = ours.decrypt_oaep_mgf(HashAlg::Sha256, HashAlg::Sha512, b"", &sealed).unwrap();
        assert_eq!(&opened[..], b"secret");

        let raw = rsa::BigUint::from(2u32).modpow(theirs.d(), theirs.n());
        assert_eq!(ours.raw(&[2]).unwrap(), {
            let digits = raw.to_bytes_be();
            [vec![0; ours.modulus_len() - digits.len()], digits].concat()
        });
    }
}
