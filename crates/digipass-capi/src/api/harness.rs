//! A hostile caller of every entry point, in safe hands: for the tests of this crate and for the fuzzer (feature `harness`).
//!
//! What is passed lies in memory of exactly the room that aal2sdk.h asks for, with guard bytes behind it that must stay as they are.

use std::ffi::c_char;
use std::ptr::{null, null_mut};

use super::INTERNAL;
use super::activation::*;
use super::cobol::*;
use super::derive::*;
use super::dpx::*;
use super::info::*;
use super::layout::*;
use super::manage::*;
use super::message::*;
use super::password::*;
use super::payload_key::*;
use super::property::*;
use super::response::*;
use super::signature::*;
use super::unlock::*;

/// What a caller passes. Texts that are longer than the place the header gives them are cut.
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    /// The BLOB, 248 bytes.
    pub blob: Vec<u8>,
    /// The kernel parameters, 96 bytes.
    pub parms: Vec<u8>,
    /// Passwords, challenges, codes and names.
    pub texts: [Vec<u8>; 4],
    /// A message or the path of a file, and a vector, a payload key or data fields.
    pub long: [Vec<u8>; 2],
    /// The name of a storage key, or a transport key.
    pub key: Vec<u8>,
    /// The initial vector.
    pub vector: Vec<u8>,
    /// What lengths say before the call.
    pub length: i32,
    /// What counts say before the call.
    pub other: i32,
    /// Bit by bit, which pointers are null.
    pub missing: u32,
    /// Numbers passed by value.
    pub numbers: [i32; 3],
}

/// Calls every function once, in an order in which an import is opened, read and closed; gives what they returned.
///
/// # Panics
/// When a function wrote beyond the room it was given, or caught a panic of its own.
pub fn call_everything(arguments: &Arguments) -> Vec<i32> {
    Caller::new(arguments).call_everything()
}

/// A caller's memory: what is passed, and behind it bytes that must stay as they are.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) bytes: Vec<u8>,
    room: usize,
}

/// Bytes of the largest place a function may fill: activation data.
const BIG: usize = 4143;
/// Bytes of the largest place for a short text: activation message 2's device identifier.
const SHORT: usize = 27;
/// Bytes of a message, a path or a vector that is passed.
const LONG: usize = 4096;
const GUARD: usize = 64;
const GUARD_BYTE: u8 = 0xa5;

impl Memory {
    /// Room for so many bytes, filled with what hostile callers leave there.
    pub(super) fn new(content: &[u8], room: usize) -> Self {
        let mut bytes = vec![0xff; room];
        let len = content.len().min(room);
        bytes[..len].copy_from_slice(&content[..len]);
        bytes.extend([GUARD_BYTE; GUARD]);
        Self { bytes, room }
    }

    pub(super) fn at<T>(&mut self) -> *mut T {
        self.bytes.as_mut_ptr().cast()
    }

    pub(super) fn intact(&self) -> bool {
        self.bytes[self.room..] == [GUARD_BYTE; GUARD]
    }
}

/// What a caller passes, each in its own memory with exactly the documented room; any of them may be missing.
#[derive(Debug)]
struct Caller {
    blob: Memory,
    table: [*mut TDigipassBlob; 8],
    info: TData,
    parms: Memory,
    texts: [Memory; 4],
    long: [Memory; 2],
    key: Memory,
    vector: Memory,
    out: Memory,
    big: Memory,
    handle: Memory,
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
    fn new(arguments: &Arguments) -> Self {
        Self {
            blob: Memory::new(&arguments.blob, 248),
            table: [null_mut(); 8],
            info: TData { kind: 0, size: 0, allocated_size: 0, value: null_mut() },
            parms: Memory::new(&arguments.parms, 96),
            texts: std::array::from_fn(|place| Memory::new(&arguments.texts[place], 513)),
            long: std::array::from_fn(|place| Memory::new(&arguments.long[place], LONG)),
            key: Memory::new(&arguments.key, 65),
            vector: Memory::new(&arguments.vector, 17),
            out: Memory::new(&[], SHORT),
            big: Memory::new(&[], BIG),
            handle: Memory::new(&[], size_of::<TDPXHandle>()),
            blobs: Memory::new(&[], 8 * 248),
            names: Memory::new(&[], 8 * 23),
            modes: Memory::new(&[], 8 * 3),
            length: Memory::new(&arguments.length.to_ne_bytes(), 4),
            other: Memory::new(&arguments.other.to_ne_bytes(), 4),
            missing: arguments.missing,
            numbers: arguments.numbers,
        }
    }

    fn call_everything(&mut self) -> Vec<i32> {
        let passed = self.pass_all();
        // SAFETY: the place is null or has 100 bytes.
        unsafe {
            AAL2GetErrorMsg(self.numbers[0], passed.place(100));
            AAL2DPXGetErrorMsg(self.numbers[0], passed.place(100));
        }
        let codes =
            [passed.applications(), passed.activations(), passed.messages(), passed.imports()].concat();
        assert!(!codes.contains(&INTERNAL.0), "a panic: {codes:?}");
        let all = [&self.blob, &self.parms, &self.key, &self.vector, &self.out, &self.big, &self.blobs];
        let all = all.into_iter().chain([&self.handle, &self.names, &self.modes, &self.length, &self.other]);
        for (place, memory) in all.chain(&self.texts).chain(&self.long).enumerate() {
            assert!(memory.intact(), "memory {place} was written beyond its end");
        }
        codes
    }

    fn pass_all(&mut self) -> Passed {
        let missing = self.missing;
        let [t0, t1, t2, t3] = &mut self.texts;
        let [l0, l1] = &mut self.long;
        let blob = pass(missing, 0, &mut self.blob);
        let statics: *mut c_char = pass(missing, 7, l1);
        let big: *mut c_char = pass(missing, 11, &mut self.big);
        let [kind, room, _] = self.numbers.map(i32::cast_unsigned);
        self.info = TData { kind, size: 0, allocated_size: (room % 65) as u16, value: big.cast() };
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
            handle: if missing >> 19 & 1 == 1 { null_mut() } else { self.handle.at() },
            big,
            info: if missing >> 20 & 1 == 1 { null_mut() } else { &raw mut self.info },
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
    info: *mut TData,
    blobs: *mut c_char,
    names: *mut c_char,
    modes: *mut c_char,
    length: *mut i32,
    other: *mut i32,
    handle: *mut TDPXHandle,
    numbers: [i32; 3],
}

impl Passed {
    /// A place for so many bytes and no more, right before the guard bytes; missing when `big` is.
    fn place(&self, room: usize) -> *mut c_char {
        if self.big.is_null() { null_mut() } else { self.big.wrapping_add(BIG - room) }
    }

    /// The same for short texts, in memory of their own; missing when `out` is.
    fn short(&self, room: usize) -> *mut c_char {
        if self.out.is_null() { null_mut() } else { self.out.wrapping_add(SHORT - room) }
    }

    /// Functions of applications.
    fn applications(&self) -> Vec<i32> {
        let Self { blob, parms, one, two, three, four, key, iv, info, length, other, .. } = *self;
        let Self { fields, table, .. } = *self;
        let (version, code, number) = (self.short(16), self.short(17), self.short(9));
        let [a, b, c] = self.numbers;
        // SAFETY: every pointer is null or has the room that aal2sdk.h asks for.
        unsafe {
            vec![
                AAL2GetLibraryVersion(version, length, version, length, version, length),
                AAL2VerifyPassword(blob, parms, one, two),
                AAL2VerifyPasswordEx(blob, parms, one, two, code, length),
                AAL2VerifyPasswordICSF(blob, parms, key, iv, one, two, code, length),
                AAL2GenPassword(blob, parms, self.place(18), two),
                AAL2GenPasswordEx(blob, parms, self.place(18), two, code, length),
                AAL2GenerateChallenge(blob, parms, code, length),
                AAL2GenerateChallengeEx(blob, parms, code, length, self.place(100)),
                AAL2GetBlobInfo(blob, self.short(3)),
                AAL2SyncTokenAndHost(blob, parms, one, two, three, four),
                AAL2VerifySignature(blob, parms, one, fields, a, b),
                AAL2VerifySignatureEx(blob, parms, one, fields, a, b, code, length),
                AAL2VerifySignatureICSF(blob, parms, key, iv, one, fields, a, b, code, length),
                AAL2GenSignature(blob, parms, self.place(18), fields, a, b),
                AAL2GenSignatureEx(blob, parms, self.place(18), fields, a, b, code, length),
                AAL2GetTokenProperty(blob, parms, a, self.place(65)),
                AAL2GetTokenSingleInfo(blob, parms, info),
                AAL2SetTokenProperty(blob, parms, a, b),
                AAL2GetTokenInfo(blob, parms, self.place(size_of::<TDigipassInfo>()).cast()),
                AAL2ResetTokenInfo(blob, parms),
                AAL2ChangeStaticPassword(blob, parms, one, two),
                AAL2ChangeStaticPasswordICSF(blob, parms, key, iv, one, two),
                AAL2ResetStaticPassword(blob, parms),
                AAL2SyncTokenBlob(table, a as i16, parms),
                AAL2Unlock(blob, parms, one, number),
                AAL2GenUnlockAuthCode(blob, parms, a, number, other),
                AAL2GenUnlockAuthCodeICSF(blob, parms, key, iv, a, number, other),
                AAL2AuthorizeUnlock(blob, parms, one, two, number),
                AAL2AuthorizeUnlockICSF(blob, parms, key, iv, one, two, number),
                AAL2MigrateBlob(blob, parms, a, b, c, a, b),
                AAL2MigrateBlobEx(blob, parms, a, b, c, a, b, c, a, b, c),
                AAL2MigrateBlobICSF(blob, parms, key, iv, key, iv),
                AAL2DeriveTokenBlobs(table, parms, a as i16, one, two, b as u32),
                AAL2DeriveTokenBlobsICSF(table, a as i16, parms, key, iv, one, two, b as u32),
            ]
        }
    }

    /// Functions of activations.
    fn activations(&self) -> Vec<i32> {
        let Self { blob, parms, one, two, three, message, statics, key, iv, big, length, .. } = *self;
        let Self { blobs, names, modes, other, table, .. } = *self;
        let [a, ..] = self.numbers;
        let count = other.cast::<i16>();
        let (text, message_2, payload, model) =
            (self.place(1071), self.place(109), self.place(89), self.short(6));
        // SAFETY: every pointer is null or has the room that aal2sdk.h asks for.
        unsafe {
            vec![
                AAL2GenActivationCodeXErc(
                    table,
                    a as i16,
                    parms,
                    statics,
                    message,
                    one,
                    other,
                    self.short(15),
                    big,
                    self.place(1),
                ),
                AAL2GenMessageActivation1(blob, parms, one, statics, two, three, text, length),
                AAL2GenMessageActivation1ICSF(blob, parms, key, iv, one, statics, two, three, text, length),
                AAL2VerifyDeviceCode(blob, parms, one, two, self.short(27), length, other),
                AAL2VerifyDeviceCodeICSF(blob, parms, key, iv, one, two, self.short(27), length, other),
                AAL2GenMessageActivation2(
                    blob, message, parms, statics, two, three, other, model, count, names, modes, blobs,
                    message_2, length,
                ),
                AAL2GenMessageActivation2ICSF(
                    blob, parms, key, iv, message, statics, two, three, other, model, count, names, modes,
                    blobs, message_2, length,
                ),
                AAL2GenPayloadKeyBlob(blob, parms, two, payload, length),
                AAL2GenPayloadKeyBlobICSF(blob, parms, key, iv, two, payload, length),
            ]
        }
    }

    /// Functions of payload keys and messages.
    fn messages(&self) -> Vec<i32> {
        let Self { blob, parms, one, two, message, statics, key, iv, length, other, .. } = *self;
        let [a, b, _] = self.numbers;
        let (text, body, end, code) = (self.place(1071), self.place(1025), self.place(51), self.short(17));
        // 88 characters are replaced, and no byte behind them is looked at.
        let sealed = if statics.is_null() { statics } else { statics.wrapping_add(LONG - 88) };
        // SAFETY: every pointer is null or has the room that aal2sdk.h asks for.
        unsafe {
            vec![
                AAL2MigratePKBlob(sealed, parms, a, b, a, b, a),
                AAL2MigratePKBlobEx(sealed, parms, a, b, a, b, a, b, a, b, a),
                AAL2MigratePKBlobICSF(sealed, parms, key, iv, key, iv),
                AAL2GenMessageRequest(statics, parms, two, message, text, length),
                AAL2GenMessageRequestICSF(statics, parms, key, iv, two, message, text, length),
                AAL2ProcMessageResponse(statics, parms, message, message, body, length),
                AAL2ProcMessageResponseICSF(statics, parms, key, iv, message, message, body, length),
                AAL2ProcMessageInformation(statics, parms, message, body, length),
                AAL2ProcMessageInformationICSF(statics, parms, key, iv, message, body, length),
                AAL2GenMessageDeactivation(statics, parms, two, a, end, length),
                AAL2GenMessageDeactivationICSF(statics, parms, key, iv, two, a, end, length),
                AAL2GetMessageProperties(message, length, length, other, other, length, self.short(11)),
                AAL2VerifyMessageSignature(blob, parms, a, one, message, b, code, length),
                AAL2VerifyMessageSignatureICSF(blob, parms, key, iv, a, one, message, b, code, length),
                AA2VMSIC(blob, parms, key, iv, a, one, message, b, code, length),
            ]
        }
    }

    /// Functions of imports.
    fn imports(&self) -> Vec<i32> {
        let Self { blob, parms, one, message, key, length, blobs, names, modes, other, handle, .. } = *self;
        let count = other.cast::<i16>();
        let (model, vector) = (self.short(6), self.place(65));
        // SAFETY: every pointer is null or has the room that aal2sdk.h asks for.
        unsafe {
            vec![
                AAL2DPXInit(handle, message, key, count, self.place(8 * 13), count),
                AAL2DPXGetStaticVector(handle, parms, self.place(4095), length),
                AAL2DPXGetMessageVector(handle, parms, self.short(27), length),
                AAL2DPXGetToken(handle, parms, one, self.short(23), model, self.place(3), blob),
                AAL2DPXGetTokenBlobs(handle, parms, count, names, model, self.place(8 * 2), blobs),
                AAL2DPXGetTokenBlobsEx(
                    handle, parms, count, names, model, modes, blobs, length, vector, length,
                ),
                AAL2DPXGetTokenBlobsEx2(
                    handle,
                    parms,
                    self.short(11),
                    count,
                    names,
                    model,
                    modes,
                    blobs,
                    length,
                    vector,
                    length,
                    self.place(89),
                    length,
                ),
                AAL2DPXClose(handle),
            ]
        }
    }
}
