//! Every return code, in one table: number, name and our own sentence.
//!
//! Numbers: vendor docs, pages of AAL2VerifyMessageSignatureICSF and AAL2DeriveTokenBlobs, and the return code table of the
//! 4.0 C-C++ Programmer's Guide; pages of AAL2ProcMessageResponse, AAL2GenMessageDeactivation, AAL2MigratePKBlob, AAL2GetBlobInfo and
//! AAL2DPXClose, whose -1501 is a missing handle; -14, -15, -20 and 100 as public callers rely on them. 19002 and above are our choice.

use std::fmt;

/// The result of a kernel call: an integer with named values, so that numbers this version does not know pass through.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReturnCode(pub i32);

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The number.
    pub code: ReturnCode,
    /// The name of the constant.
    pub name: &'static str,
    /// One sentence of at most 99 bytes, so that it fits the 100-byte buffer of the C interface.
    pub text: &'static str,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        impl ReturnCode {
            $(#[doc = $text] pub const $name: Self = Self($number);)*

            /// The table, in the order of the numbers within each group.
            pub const TABLE: &[Row] = &[$(Row { code: Self::$name, name: stringify!($name), text: $text },)*];
        }
    };
}

codes! {
    SUCCESS = 0, "The operation succeeded.";
    NOT_VERIFIED = 1, "Validation Failed: the code or signature is not one this application produces now.";
    STATIC_PASSWORD_FAILED = 2, "Static password validation failed: the PIN is wrong, missing or not acceptable.";
    TOKEN_DELIVERED = 100, "One token was delivered from the import file; ask for the next one.";
    END_OF_FILE = 107, "The last token of the import file has been delivered.";
    RESPONSE_POINTER = 130, "The response is missing: pass the password to verify.";
    CHALLENGE_MISSING = 131, "The application needs a challenge and none was given or stored.";
    TOKEN_TYPE = 132, "The application's type cannot do this operation.";
    RANDOM_POINTER = 133, "The number shown by the locked device is missing.";
    UNLOCK_POINTER = 134, "The place for the unlock code is missing.";
    CHALLENGE_POINTER = 135, "The place for the challenge is missing.";
    CHALLENGE_LENGTH_POINTER = 136, "The place for the challenge length is missing.";
    CHALLENGE_NOT_SUPPORTED = 137, "The application takes no challenge.";
    UNLOCK_NOT_SUPPORTED = 138, "The application cannot be unlocked.";
    SIGNATURE_POINTER = 139, "The signature is missing: pass the signature to verify.";
    CHALLENGE_CORRUPTED = 140, "The challenge is not the one stored in the BLOB.";
    FIELD_COUNT = 141, "The number of data fields does not fit the application.";
    TEST_CODE = 142, "The test code is invalid.";
    HOST_DATE = 143, "The host date is invalid.";
    CLOCK_SHIFT = 144, "The clock shift is invalid.";
    CHALLENGE_MESSAGE_POINTER = 145, "The place for the challenge message is missing.";
    MASTER_KEY_POINTER = 146, "The master key is missing.";
    ACTIVATION_CODE_POINTER = 147, "The place for the activation code is missing.";
    DATA_FIELDS_POINTER = 148, "The data fields are missing.";
    VECTOR_LENGTH = 149, "The initial vector must be 16 hexadecimal characters.";
    DERIVATION_DATA_LENGTH = 150, "The derivation data has a wrong length.";
    KEY_CHECK_LENGTH = 151, "The key check value has a wrong length.";
    DATA_FIELD_POINTER = 152, "A data field is missing.";
    EVENT_WINDOW = 153, "The event window is invalid.";
    BLOCK_SIZE = 154, "The block size is invalid.";
    TIME_WINDOW = 155, "The time window is invalid.";
    HASH_POINTER = 156, "The hash state is missing.";
    HASH_LENGTH = 157, "The hash state has a wrong length.";
    BLOCK_POINTER = 158, "The state block is missing.";
    BLOCK_LENGTH = 159, "The state block has a wrong length.";
    BLOCK_STATE = 160, "The state block is invalid.";
    KEY_POINTER = 161, "The key is missing or is not hexadecimal of an accepted length.";
    SALT_LENGTH = 162, "The salt is too large.";
    KEY_LENGTH = 163, "The key is too large.";
    SERIAL_SUFFIX = 164, "The serial number suffix is invalid.";
    RESPONSE_LENGTH = 165, "The response length is invalid.";
    ENCRYPTED_RESPONSE_MISSING = 166, "The encrypted response is missing.";
    INPUT_CORRUPTED = 167, "The input data is corrupted.";
    SESSION_HANDLE = 179, "The session handle is invalid.";
    CODE_REPLAY = 201, "The code was valid, but it or a later one has been used already.";
    IDENTIFICATION_THRESHOLD = 202, "Too many wrong codes in a row: reset the application's error counter.";
    SIGNATURE_THRESHOLD = 203, "Too many wrong signatures in a row: reset the application's error counter.";
    DUPLICATE_SIGNATURE = 204, "The signature has been accepted before.";
    INACTIVE = 205, "The application was idle for too many days: reset it before it is used again.";
    CHRONOLOGY = 206, "The signature is older than the last one accepted.";
    DEFERRED_NOT_ALLOWED = 207, "Deferred signature data must be 0 when OnLineSG asks for online signatures.";
    APPLICATION_DISABLED = 208, "Application disabled: enable it through the TOKEN_STATUS property.";
    GRACE_EXPIRED = 209, "Grace period expired: the virtual token's days are over.";
    USES_REACHED = 210, "Allowed use count reached: the virtual token may give no more passwords.";
    VIRTUAL_NOT_SUPPORTED = 211, "Virtual token not supported: only the device itself makes responses.";
    CHECKSUM_SOFTWARE = 412, "Invalid checksum: the BLOB is damaged, or its derive vector or derive keys differ.";
    BASE64 = 413, "The BLOB is not valid Base64.";
    CHECKSUM_HSM = 414, "Invalid checksum: the BLOB is damaged, or the HSM key or initial vector is another one.";
    DATA_POINTER = 510, "The Digipass data is missing or shorter than 248 bytes.";
    INFO_POINTER = 514, "The place for the token information is missing.";
    PROPERTY_VALUE = 517, "Invalid property value: an invalid property value for this application, or out of range.";
    PROPERTY = 518, "Invalid property: unknown, or not readable or writable this way.";
    BLOB_INFO_POINTER = 591, "The place for the BLOB information is missing.";
    GORDIAN_ROOT = 600, "The Gordian root information is invalid.";
    GORDIAN_TODAY = 601, "The Gordian information for today is invalid.";
    GORDIAN_TOMORROW = 602, "The Gordian information for tomorrow is invalid.";
    GORDIAN_STIMULUS = 603, "The Gordian stimulus is invalid.";
    PIN_NOT_SUPPORTED = 801, "Static password not supported: PIN not supported by this application.";
    PIN_CHANGE_MANDATORY = 802, "A new static password must follow the response, twice.";
    PIN_TOO_SHORT = 803, "The new static password is shorter than PIN_MIN_LEN.";
    PIN_TOO_LONG = 804, "The new static password is longer than 8 characters.";
    PIN_NOT_EQUAL = 805, "The two entries of the new static password differ.";
    PIN_CHANGE_NOT_SUPPORTED = 806, "The application does not let its user change the static password.";
    SERIAL_DIFFERS = 807, "The BLOBs of one call must carry one serial number.";
    APPLICATION_COUNT = 808, "The number of applications must be 1 to 8 and match the BLOBs.";
    UNLOCK_AUTH_TOO_LONG = 814, "The unlock authentication code has more than 8 digits.";
    HSM_SESSION = 900, "The HSM session is closed or failed: open it again.";
    HSM_KEY_NOT_FOUND = 908, "The HSM has no key of this name, or it may not be used here.";
    HSM_KEY_PROPERTY = 913, "The HSM key has a property that forbids this use.";
    HSM_KEY_TYPE = 951, "The HSM key is not of the type that encrypted the BLOB.";
    EMV_CAP = 1000, "EMV-CAP applications cannot do this operation.";
    TLV_LENGTH = 1009, "A length inside the vector or message is wrong.";
    TLV_POINTER = 1018, "A vector or message is missing.";
    TLV_MISSING = 1019, "The vector or message lacks a required part.";
    BUFFER_TOO_SMALL = 1025, "The output buffer is too small.";
    RESPONSE_LENGTH_ALGORITHM = 1039, "A score-based application needs responses of 7 to 16 characters.";
    HOST_CODE_LENGTH_ALGORITHM = 1040, "The host code length does not fit the algorithm (0, or 4 to 10 with scores).";
    UNLOCK_V2 = 1103, "An Unlock Version 2 BLOB cannot do this operation.";
    NOT_PRIMARY_VIRTUAL = 1104, "A backup virtual token cannot do this; a primary one or the device can.";
    DERIVATION_CODE = 1109, "The derivation code carries no diversifier.";
    DERIVATION_CODE_POINTER = 1110, "The derivation code is missing.";
    DERIVATION_CODE_LENGTH = 1111, "The derivation code is too short or too long.";
    DERIVATION_CODE_CHARACTER = 1112, "The derivation code has a character its format does not allow.";
    DERIVATION_CODE_CHECK_DIGIT = 1113, "The check digit of the derivation code is wrong: it was mistyped.";
    DERIVATION_CODE_FORMAT = 1114, "The derivation code format must be 0 (decimal) or 1 (hexadecimal).";
    RESPONSE_CHECK_DIGIT_NOT_ALLOWED = 1116, "This kind of response cannot carry a check digit.";
    CHALLENGE_CHECK_DIGIT_NOT_ALLOWED = 1117, "This kind of challenge or data field cannot carry a check digit.";
    UNSUPPORTED_BLOB = 1118, "The BLOB's version is unknown, or the application lacks this feature.";
    PAYLOAD_KEY_POINTER = 1286, "The payload key BLOB is missing or shorter than 88 characters.";
    SERIAL_PREFIX = 1288, "The first three characters of the serial number are invalid.";
    SERIAL_DIGITS = 1289, "The last seven characters of the serial number are invalid.";
    SEQUENCE_NUMBER = 1293, "The sequence number of the instance must be 1 to 99.";
    MESSAGE_NOT_HEX = 1299, "The signed message is not hexadecimal.";
    SIGNED_MESSAGE_LENGTH = 1300, "The signed message must have an even length of at most 1070 characters.";
    SIGNED_MESSAGE_POINTER = 1301, "The signed message is missing.";
    NOT_FOR_SECURE_CHANNEL = 1309, "The application cannot be used for Secure Channel transactions.";
    MESSAGE_VERSION = 1337, "The message's protocol version or type is not supported.";
    MESSAGE_LENGTH = 1339, "The message's length does not fit its contents.";
    RESPONSE_PROTECTION = 1346, "The response is not protected as its request is.";
    RESPONSE_MESSAGE_POINTER = 1348, "The response or information message is missing.";
    RESPONSE_BODY_POINTER = 1349, "The place for the message body is missing.";
    RESPONSE_BODY_LENGTH_POINTER = 1350, "The place for the length of the message body is missing.";
    RESPONSE_BODY_SIZE = 1351, "The place for the message body is too small.";
    NONCES_DIFFER = 1352, "The nonces of request and response differ.";
    PAYLOAD_KEY_MANDATORY = 1353, "A protected message needs the payload key BLOB.";
    REQUEST_TYPE = 1354, "The request message is of another type.";
    RESPONSE_TYPE = 1355, "The response message is of another type.";
    AUTHENTICATION_TAG = 1361, "The message was not made with this payload key, for another request, or was altered.";
    EXPIRATION_VALUE = 1363, "The message expiration time must be 0 or a number of seconds above 0.";
    MESSAGE_EXPIRED = 1364, "The message is older than allowed, or carries no time to judge by.";
    CONTEXT_WARNING = 10001, "Success with a context warning.";
    USER_WARNING = 10002, "Success with a user warning.";
    USER_CONTEXT_WARNING = 10003, "Success with user and context warnings.";
    PLATFORM_WARNING = 10004, "Success with a platform warning.";
    PLATFORM_CONTEXT_WARNING = 10005, "Success with platform and context warnings.";
    PLATFORM_USER_WARNING = 10006, "Success with platform and user warnings.";
    PLATFORM_USER_CONTEXT_WARNING = 10007, "Success with platform, user and context warnings.";
    SEQUENCE_EXHAUSTED = 19002, "All instances this licence allows have been activated.";
    FOREIGN_VECTOR = 19003, "The vector or payload key belongs to another licence.";
    IMPORT_CONTENT = 19004, "The import file is damaged, or a record lacks what this product needs.";
    MESSAGE_AUTHENTICITY = 19005, "The message was not made with the key at hand, or was altered.";
    STATIC_VECTOR_LENGTH = 19008, "Invalid Static Vector Length: it is missing, empty or too long; take the import file's.";
    TRANSPORT_KEY_FORMAT = -14, "The transport key must be 32 or 64 hexadecimal digits.";
    TRANSPORT_KEY_WRONG = -15, "The transport key is not the one the import file was made with.";
    FILE_OPEN = -20, "The import file cannot be opened or is not an import file.";
    FILE_CLOSE = -21, "The import file cannot be closed.";
    IMPORT_FATAL = -30, "The import cannot go on: too many imports are open; close the others.";
    CHALLENGE_TOO_SHORT = -101, "The challenge or data field is too short.";
    CHALLENGE_TOO_LONG = -102, "The challenge or data field is too long.";
    CHALLENGE_CHECK_DIGIT = -103, "The check digit of the challenge or data field is wrong.";
    CHALLENGE_MINIMUM = -105, "The application's minimum length of challenge or data field is not allowed.";
    CHALLENGE_MAXIMUM = -106, "The application's maximum length of challenge or data field is not allowed.";
    CHALLENGE_NUMBER = -107, "The application's number of challenges or data fields is wrong.";
    CHALLENGE_CHARACTER = -108, "The challenge or data field has a character the application does not take.";
    RESPONSE_BOUNDS = -201, "The application's response length is not allowed.";
    RESPONSE_TOO_SHORT = -202, "The response is too short.";
    RESPONSE_TOO_LONG = -203, "The response is too long.";
    RESPONSE_CHECK_DIGIT = -204, "The check digit of the response is wrong: it was mistyped.";
    RESPONSE_NOT_DECIMAL = -205, "The response has a character that is not a decimal digit.";
    RESPONSE_NOT_HEX = -206, "The response has a character that is not a hexadecimal digit.";
    RESPONSE_CHARACTER_SET = -207, "The application does not say whether its responses are decimal or hexadecimal.";
    MEMORY = -1501, "Memory could not be allocated.";
    HANDLE_CONTEXT_POINTER = -1502, "The import handle is empty: it was never opened, or has been closed.";
    HANDLE_KEY_POINTER = -1503, "The import handle lacks its key: it was overwritten.";
    HANDLE_CONTEXT = -1504, "The import handle is not one of this library's.";
    HANDLE_KEY = -1505, "The import handle is not open: it was closed through a copy, or overwritten.";
    APPLICATION_NAME_POINTER = -1507, "The name of the application to import is missing.";
}

/// What every code of a device's refusal has above the device's own error code.
const DEVICE_ERROR: i32 = 5000;

impl ReturnCode {
    /// The code for a request that the device answered with an error code of its own: 5000 and that code (vendor docs, page
    /// AAL2ProcMessageResponse).
    #[must_use]
    pub const fn of_device_error(error: u8) -> Self {
        Self(DEVICE_ERROR + error as i32)
    }

    /// Whether the call did what was asked: 0, or a success with a score warning.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == 0 || (self.0 >= 10_001 && self.0 <= 10_007)
    }

    /// The row of the table, if the number is known.
    #[must_use]
    pub fn row(self) -> Option<&'static Row> {
        Self::TABLE.iter().find(|row| row.code == self)
    }

    /// The sentence of the table, or one that says the number is unknown.
    #[must_use]
    pub fn text(self) -> &'static str {
        if (DEVICE_ERROR..=DEVICE_ERROR + 255).contains(&self.0) {
            return "The device answered the request with an error: its own error code is this number minus 5000.";
        }
        self.row().map_or("This return code is not known to this version.", |row| row.text)
    }
}

impl fmt::Debug for ReturnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row() {
            Some(row) => write!(f, "{} {}", self.0, row.name),
            None => write!(f, "{}", self.0),
        }
    }
}

impl fmt::Display for ReturnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0, self.text())
    }
}

impl std::error::Error for ReturnCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_number_and_name_once_and_complete_sentences() {
        for (index, row) in ReturnCode::TABLE.iter().enumerate() {
            for other in &ReturnCode::TABLE[index + 1..] {
                assert!(row.code != other.code && row.name != other.name, "{}", row.name);
            }
            assert!(row.text.len() <= 99 && row.text.ends_with('.'), "{}", row.name);
            assert_eq!(row.code.text(), row.text);
        }
        assert_eq!(ReturnCode(424_242).text(), "This return code is not known to this version.");
        let refused = ReturnCode::of_device_error(255);
        assert!(refused.0 == 5255 && refused.text().len() <= 99 && refused.text() != ReturnCode(5256).text());
    }

    /// What public callers compare with.
    #[test]
    fn texts_that_callers_look_for() {
        for (code, words) in [
            (ReturnCode::NOT_VERIFIED, "Validation Failed"),
            (ReturnCode::APPLICATION_DISABLED, "Application disabled"),
            (ReturnCode::PIN_NOT_SUPPORTED, "PIN not supported"),
            (ReturnCode::PROPERTY_VALUE, "invalid property value"),
            (ReturnCode::PROPERTY_VALUE, "Invalid property value"),
            (ReturnCode::PROPERTY, "Invalid property"),
            (ReturnCode::STATIC_VECTOR_LENGTH, "Invalid Static Vector Length"),
        ] {
            assert!(code.text().contains(words), "{code:?}");
        }
    }
}
