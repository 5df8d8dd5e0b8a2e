use std::ffi::c_char;
use std::ptr::{null, null_mut};

use bancada_crypto::random::SeededRandom;
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::message::activation;
use bancada_digipass::vector::{ActivationVector, MessageVector, StaticVector, Template};
use bancada_digipass::{Context, Definition, KernelParams, Owner, Sealing};
use proptest::prelude::*;

use super::activation::*;
use super::cobol::*;
use super::derive::*;
use super::dpx::*;
use super::info::*;
use super::layout::*;
use super::manage::*;
use super::message::*;
use super::password::*;
use super::property::*;
use super::signature::*;
use super::*;

/// A caller's memory: what is passed, and behind it bytes that must stay as they are.
#[derive(Debug)]
struct Memory {
    bytes: Vec<u8>,
    room: usize,
}

const GUARD: usize = 64;
const GUARD_BYTE: u8 = 0xa5;

impl Memory {
    /// Room for so many bytes, filled with what hostile callers leave there.
    fn new(content: &[u8], room: usize) -> Self {
        let mut bytes = vec![0xff; room];
        let len = content.len().min(room);
        bytes[..len].copy_from_slice(&content[..len]);
        bytes.extend([GUARD_BYTE; GUARD]);
        Self { bytes, room }
    }

    fn at<T>(&mut self) -> *mut T {
        self.bytes.as_mut_ptr().cast()
    }

    fn intact(&self) -> bool {
        self.bytes[self.room..] == [GUARD_BYTE; GUARD]
    }
}

/// What a caller passes, each in its own memory with exactly the documented room; any of them may be missing.
#[derive(Debug)]
struct Caller {
    blob: Memory,
    table: [*mut TDigipassBlob; 8],
    parms: Memory,
    texts: [Memory; 4],
    long: [Memory; 2],
    key: Memory,
    vector: Memory,
    out: Memory,
    big: Memory,
    blobs: Memory,
    names: Memory,
    modes: Memory,
    length: Memory,
    other: Memory,
    missing: u32,
    numbers: [i32; 3],
}

fn pass<T>(missing: u32, place: u32, memory: &mut Memory) -> *mut T {
    if missing >> place & 1 == 1 { null_mut() } else { memory.at() }
}

impl Caller {
    /// Calls every function once.
    fn call_everything(&mut self) {
        let passed = self.pass_all();
        // SAFETY: the place is null or has 100 bytes.
        unsafe {
            AAL2GetErrorMsg(self.numbers[0], passed.big);
            AAL2DPXGetErrorMsg(self.numbers[0], passed.big);
        }
        let codes = [passed.applications(), passed.messages(), passed.imports()].concat();
        assert!(!codes.contains(&INTERNAL.0), "a panic: {codes:?}");
        let all = [&self.blob, &self.parms, &self.key, &self.vector, &self.out, &self.big, &self.blobs];
        let all = all.into_iter().chain([&self.names, &self.modes, &self.length, &self.other]);
        for (place, memory) in all.chain(&self.texts).chain(&self.long).enumerate() {
            assert!(memory.intact(), "memory {place} was written beyond its end");
        }
    }

    fn pass_all(&mut self) -> Passed {
        let missing = self.missing;
        let [t0, t1, t2, t3] = &mut self.texts;
        let [l0, l1] = &mut self.long;
        let blob = pass(missing, 0, &mut self.blob);
        let statics: *mut c_char = pass(missing, 7, l1);
        self.table = [blob; 8];
        self.table[7] = null_mut();
        Passed {
            blob,
            table: if missing >> 18 & 1 == 1 { null_mut() } else { self.table.as_mut_ptr() },
            parms: pass(missing, 1, &mut self.parms),
            one: pass(missing, 2, t0),
            two: pass(missing, 3, t1),
            three: pass(missing, 4, t2),
            four: pass(missing, 5, t3),
            message: pass(missing, 6, l0),
            statics,
            fields: if missing >> 17 & 1 == 1 { null() } else { statics.cast_const().cast() },
            key: pass(missing, 8, &mut self.key),
            iv: pass(missing, 9, &mut self.vector),
            out: pass(missing, 10, &mut self.out),
            handle: if missing >> 19 & 1 == 1 { null_mut() } else { self.big.at() },
            big: pass(missing, 11, &mut self.big),
            length: pass(missing, 12, &mut self.length),
            blobs: pass(missing, 13, &mut self.blobs),
            names: pass(missing, 14, &mut self.names),
            modes: pass(missing, 15, &mut self.modes),
            other: pass(missing, 16, &mut self.other),
            numbers: self.numbers,
        }
    }
}

/// The pointers a caller passes.
#[derive(Clone, Copy)]
struct Passed {
    blob: *mut TDigipassBlob,
    table: *mut *mut TDigipassBlob,
    parms: *mut TKernelParms,
    one: *mut c_char,
    two: *mut c_char,
    three: *mut c_char,
    four: *mut c_char,
    message: *mut c_char,
    statics: *mut c_char,
    fields: *const [c_char; 20],
    key: *mut c_char,
    iv: *mut c_char,
    out: *mut c_char,
    big: *mut c_char,
    blobs: *mut c_char,
    names: *mut c_char,
    modes: *mut c_char,
    length: *mut i32,
    other: *mut i32,
    handle: *mut TDPXHandle,
    numbers: [i32; 3],
}

impl Passed {
    /// Functions of applications.
    fn applications(&self) -> Vec<i32> {
        let Self { blob, parms, one, two, three, four, key, iv, out, big, length, fields, table, .. } = *self;
        let [a, b, c] = self.numbers;
        // SAFETY: every pointer is null or has the room that aal2sdk.h asks for.
        unsafe {
            vec![
                AAL2GetLibraryVersion(out, length, out, length, out, length),
                AAL2VerifyPassword(blob, parms, one, two),
                AAL2VerifyPasswordEx(blob, parms, one, two, out, length),
                AAL2VerifyPasswordICSF(blob, parms, key, iv, one, two, out, length),
                AAL2GenPassword(blob, parms, big, two),
                AAL2GenerateChallenge(blob, parms, out, length),
                AAL2SyncTokenAndHost(blob, parms, one, two, three, four),
                AAL2VerifySignature(blob, parms, one, fields, a, b),
                AAL2VerifySignatureEx(blob, parms, one, fields, a, b, out, length),
                AAL2VerifySignatureICSF(blob, parms, key, iv, one, fields, a, b, out, length),
                AAL2GenSignature(blob, parms, big, fields, a, b),
                AAL2GetTokenProperty(blob, parms, a, big),
                AAL2SetTokenProperty(blob, parms, a, b),
                AAL2GetTokenInfo(blob, parms, big.cast()),
                AAL2ResetTokenInfo(blob, parms),
                AAL2ChangeStaticPassword(blob, parms, one, two),
                AAL2ResetStaticPassword(blob, parms),
                AAL2Unlock(blob, parms, one, out),
                AAL2MigrateBlob(blob, parms, a, b, c, a, b),
                AAL2MigrateBlobEx(blob, parms, a, b, c, a, b, c, a, b, c),
                AAL2MigrateBlobICSF(blob, parms, key, iv, key, iv),
                AAL2DeriveTokenBlobs(table, parms, a as i16, one, two, b as u32),
                AAL2DeriveTokenBlobsICSF(table, a as i16, parms, key, iv, one, two, b as u32),
            ]
        }
    }

    /// Functions of activations and messages.
    fn messages(&self) -> Vec<i32> {
        let Self {
            blob,
            parms,
            one,
            two,
            three,
            message,
            statics,
            key,
            iv,
            out,
            big,
            length,
            blobs,
            names,
            modes,
            other,
            table,
            ..
        } = *self;
        let [a, b, _] = self.numbers;
        let count = other.cast::<i16>();
        // SAFETY: every pointer is null or has the room that aal2sdk.h asks for.
        unsafe {
            vec![
                AAL2GenActivationCodeXErc(
                    table, a as i16, parms, statics, message, one, other, out, big, out,
                ),
                AAL2GenMessageActivation1(blob, parms, one, statics, two, three, big, length),
                AAL2GenMessageActivation1ICSF(blob, parms, key, iv, one, statics, two, three, big, length),
                AAL2VerifyDeviceCode(blob, parms, one, two, big, length, other),
                AAL2VerifyDeviceCodeICSF(blob, parms, key, iv, one, two, big, length, other),
                AAL2GenMessageActivation2(
                    blob, message, parms, statics, two, three, length, out, count, names, modes, blobs, big,
                    length,
                ),
                AAL2GenMessageActivation2ICSF(
                    blob, parms, key, iv, message, statics, two, three, length, out, count, names, modes,
                    blobs, big, length,
                ),
                AAL2GenPayloadKeyBlob(blob, parms, two, big, length),
                AAL2GenPayloadKeyBlobICSF(blob, parms, key, iv, two, big, length),
                AAL2GenMessageRequest(statics, parms, two, message, big, length),
                AAL2GenMessageRequestICSF(statics, parms, key, iv, two, message, big, length),
                AAL2ProcMessageResponse(statics, parms, message, message, big, length),
                AAL2GenMessageDeactivation(statics, parms, two, a, big, length),
                AAL2GenMessageDeactivationICSF(statics, parms, key, iv, two, a, big, length),
                AAL2GetMessageProperties(message, length, length, other, other, length, out),
                AAL2VerifyMessageSignature(blob, parms, a, one, message, b, out, length),
                AAL2VerifyMessageSignatureICSF(blob, parms, key, iv, a, one, message, b, out, length),
                AA2VMSIC(blob, parms, key, iv, a, one, message, b, out, length),
            ]
        }
    }

    /// Functions of imports.
    fn imports(&self) -> Vec<i32> {
        let Self {
            blob, parms, one, message, key, out, big, length, blobs, names, modes, other, handle, ..
        } = *self;
        let count = other.cast::<i16>();
        // SAFETY: every pointer is null or has the room that aal2sdk.h asks for.
        unsafe {
            vec![
                AAL2DPXInit(handle, message, key, count, big, count),
                AAL2DPXGetStaticVector(handle, parms, big, length),
                AAL2DPXGetMessageVector(handle, parms, big, length),
                AAL2DPXGetToken(handle, parms, one, names, out, modes, blob),
                AAL2DPXGetTokenBlobs(handle, parms, count, names, out, modes, blobs),
                AAL2DPXGetTokenBlobsEx(handle, parms, count, names, out, modes, blobs, length, big, length),
                AAL2DPXGetTokenBlobsEx2(
                    handle, parms, big, count, names, out, modes, blobs, length, big, length, big, length,
                ),
                AAL2DPXClose(handle),
            ]
        }
    }
}

/// BLOBs of every kind, as starting points for damage.
fn blobs() -> Vec<Vec<u8>> {
    let random = &mut SeededRandom::from_u64(3);
    let kinds = [
        (Kind::ResponseOnly, "TOTP-SHA256-8-T36S"),
        (Kind::ChallengeResponse, "OCRA-1:HOTP-SHA256-8:QN08-T36S"),
        (Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S"),
        (Kind::MasterActivation, "OCRA-1:HOTP-SHA256-8:QH16"),
    ];
    let params = KernelParams::default();
    let cx = Context { now: 1_700_000_000, params: &params, sealing: Sealing::Software };
    let blob = |(kind, suite): (Kind, &str)| {
        let mut profile = Profile::new(*b"MOB30", kind, suite.parse().unwrap());
        (profile.pin, profile.unlock, profile.virtual_token) = (true, true, true);
        (profile.derivation, profile.secure_channel) = (true, true);
        let owner = Owner::new("VDS0000001", kind.code()).unwrap();
        let mut definition = Definition::generate(owner, profile, random);
        definition.instances = u8::from(kind == Kind::MasterActivation);
        definition.blob(&cx).unwrap().as_bytes().to_vec()
    };
    kinds.into_iter().map(blob).collect()
}

/// Bytes that are nothing, text of the characters that are looked for, or text without an end.
fn hostile(room: usize) -> BoxedStrategy<Vec<u8>> {
    prop_oneof![
        3 => "[0-9]{0,27}\0",
        2 => "[0-9A-F]{0,120}\0 {0,8}",
        1 => " {0,80}",
    ]
    .prop_map(String::into_bytes)
    .boxed()
    .prop_union(proptest::collection::vec(any::<u8>(), 0..=room).boxed())
    .boxed()
}

fn parms() -> impl Strategy<Value = Vec<u8>> {
    let count = prop_oneof![4 => 0..24i32, 1 => any::<i32>(), 1 => (0..24i32).prop_map(i32::swap_bytes)];
    let field = prop_oneof![2 => Just(0), 2 => 0..1001i32, 1 => any::<i32>()];
    (count, proptest::collection::vec(field, 23))
        .prop_map(|(count, fields)| std::iter::once(count).chain(fields).flat_map(i32::to_ne_bytes).collect())
}

prop_compose! {
    fn caller()(
        kind in 0..blobs().len(),
        damage in proptest::option::of((0..248usize, any::<u8>())),
        parms in parms(),
        texts in proptest::array::uniform4(hostile(42)),
        long in proptest::array::uniform2(hostile(4096)),
        key in hostile(65),
        vector in hostile(17),
        length in prop_oneof![-2..20i32, any::<i32>()],
        other in prop_oneof![-2..10i32, any::<i32>()],
        missing in prop_oneof![2 => Just(0), 2 => (0..20u32).prop_map(|place| 1 << place), 1 => any::<u32>()],
        numbers in proptest::array::uniform3(prop_oneof![-1..30i32, any::<i32>()]),
    ) -> Caller {
        let mut blob = blobs()[kind].clone();
        if let Some((place, byte)) = damage {
            blob[place] = byte;
        }
        Caller {
            blob: Memory::new(&blob, 248),
            table: [null_mut(); 8],
            parms: Memory::new(&parms, 96),
            texts: texts.map(|text| Memory::new(&text, 513)),
            long: long.map(|text| Memory::new(&text, 4096)),
            key: Memory::new(&key, 65),
            vector: Memory::new(&vector, 17),
            out: Memory::new(&[], 17),
            big: Memory::new(&[], 4143),
            blobs: Memory::new(&[], 8 * 248),
            names: Memory::new(&[], 8 * 23),
            modes: Memory::new(&[], 8 * 3),
            length: Memory::new(&length.to_ne_bytes(), 4),
            other: Memory::new(&other.to_ne_bytes(), 4),
            missing,
            numbers,
        }
    }
}

/// How many callers: `PROPTEST_CASES`, or as many as fit a second.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    /// Null, short, unterminated and meaningless arguments: a code, no panic, and nothing written beyond the documented room.
    #[test]
    fn every_function_survives_every_caller(mut caller in caller()) {
        caller.call_everything();
    }
}

/// Texts without an end are read to their width and no byte more.
#[test]
fn unterminated_texts_are_read_to_their_width_only() {
    let memory: [u8; 32] = std::array::from_fn(|place| b'A' + place as u8);
    // SAFETY: 32 bytes, of which no text reads more than 20.
    let (text, fields) = unsafe {
        let text = <arg::Text<17> as arg::FromC>::from_c(memory.as_ptr().cast());
        (text, <arg::Fields as arg::FromC>::from_c(memory.as_ptr().cast()).get(1).unwrap())
    };
    assert_eq!(text.get().unwrap(), &memory[..17]);
    assert_eq!(fields[0].as_slice(), &memory[..20]);
    // SAFETY: the text ends at its zero byte.
    let text = unsafe { <arg::Text<17> as arg::FromC>::from_c(c"12".as_ptr()) };
    assert_eq!(text.get().unwrap(), b"12");
    // SAFETY: the text ends at its space.
    let word = unsafe { <arg::Word<1071> as arg::FromC>::from_c(c"AB ".as_ptr()) };
    assert_eq!(word.get().unwrap(), b"AB");
}

#[test]
fn a_panic_is_a_code_and_the_library_lives_on() {
    let code = enter("test", || panic!("on purpose"));
    assert_eq!(code, 19_099);
    assert_eq!(enter("test", || Ok(bancada_digipass::ReturnCode::SUCCESS)), 0);
    let mut text = [0; 100];
    // SAFETY: the place has 100 bytes.
    unsafe { AAL2GetErrorMsg(19_099, text.as_mut_ptr()) };
    assert!(text[0] != 0 && text.contains(&0));
}

/// Every code has a sentence that fits, with its zero byte, the 100 bytes callers have.
#[test]
fn every_code_has_a_sentence() {
    for row in bancada_digipass::ReturnCode::TABLE {
        let mut memory = Memory::new(&[], 100);
        // SAFETY: the place has 100 bytes.
        let returned = unsafe { AAL2GetErrorMsg(row.code.0, memory.at()) };
        assert_eq!(returned, memory.at());
        let end = memory.bytes.iter().position(|byte| *byte == 0).unwrap();
        assert!(memory.intact() && end < 100);
        assert_eq!(&memory.bytes[..end], row.text.as_bytes());
    }
}

/// No more fields are read than ParmCount says, and none when it makes no sense.
#[test]
fn parameters_are_read_as_far_as_their_count() {
    for count in [i32::MIN, -1, 0, 1, 2, 19, 23, 24, i32::MAX] {
        let mut numbers = [77; 24];
        numbers[0] = count;
        // SAFETY: ParmCount and 23 fields.
        let params = unsafe { <arg::Params as arg::FromC>::from_c(numbers.as_ptr().cast()) };
        let expected = usize::try_from(count).ok().filter(|count| *count <= 23).unwrap_or(0);
        let fields = params.0.to_fields();
        let defaults = KernelParams::default().to_fields();
        assert!(fields[..expected].iter().all(|field| *field == 77), "{count}");
        assert_eq!(fields[expected..], defaults[expected..], "{count}");
    }
}

/// A COBOL program's numbers are big-endian on every machine, unless it says otherwise.
#[test]
fn cobol_parameters_in_either_byte_order() {
    let native: [i32; 4] = [3, 10, 11, 12];
    for swap in [false, true] {
        let numbers = native.map(|number| if swap { number.swap_bytes() } else { number });
        // SAFETY: ParmCount and three fields.
        let params = unsafe { <CobolParams as arg::FromC>::from_c(numbers.as_ptr().cast()) };
        assert!(params.params().i_time_window == 10 && params.params().diag_level == 12, "{swap}");
    }
}

/// An activation message 2 of the kernel fits the place callers have for it.
#[test]
fn messages_fit_the_documented_places() {
    let params = KernelParams { check_challenge: 0, ..KernelParams::default() };
    let cx = Context { now: 1_700_000_000, params: &params, sealing: Sealing::Software };
    let random = &mut SeededRandom::from_u64(9);
    let suite = "OCRA-1:HOTP-SHA256-8:QH16".parse().unwrap();
    let owner = Owner::new("VDS0000001", "MA").unwrap();
    let mut licence =
        Definition::generate(owner, Profile::new(*b"MOB30", Kind::MasterActivation, suite), random);
    licence.instances = 1;
    let template = |place: usize| Template {
        name: Owner::new("VDS0000001", &format!("APPLICATION{place}")).unwrap().application,
        profile: Profile::new(*b"MOB30", Kind::ResponseOnly, "TOTP-SHA256-8-T36S".parse().unwrap()),
    };
    let vector = StaticVector::generate(*b"VDS", (1..=8).map(template).collect(), random).to_hex();
    assert!(vector.len() < STATIC_VECTOR);
    let message_vector =
        MessageVector { protection: bancada_digipass::message::Protection::Encrypted, customer: [1; 10] }
            .to_hex();
    let message = activation::gen_message_activation1(
        &cx,
        &licence.blob(&cx).unwrap(),
        None,
        Some(vector.as_bytes()),
        Some(message_vector.as_bytes()),
        Some(ActivationVector::of(&licence).to_hex().as_bytes()),
    )
    .unwrap();
    assert!(message.len() < MESSAGE && message_vector.len() < MESSAGE_VECTOR);
}
