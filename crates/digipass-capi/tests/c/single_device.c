/* A server's work with a single-device licence: passwords, challenges, signatures, administration, binding to a device. */
#include "host.h"

#define START 1700000000L

static TKernelParms parms(void) {
    TKernelParms parms;
    memset(&parms, 0, sizeof parms);
    parms.ParmCount = 19;
    parms.ITimeWindow = 10;
    parms.STimeWindow = 10;
    parms.CheckChallenge = 1;
    parms.SyncWindow = 6;
    parms.EventWindow = 100;
    return parms;
}

static void the_library(void) {
    char version[16], bitness[16], type[16], text[100];
    aat_int32 version_length = 16, bitness_length = 16, type_length = 16;
    EXPECT(0, AAL2GetLibraryVersion(version, &version_length, bitness, &bitness_length, type, &type_length));
    THAT(strlen(version) == (size_t)version_length && strchr(version, '.'));
    THAT(!strcmp(bitness, sizeof(void *) == 8 ? "64" : "32") && !strcmp(type, "BANCADA"));
    type_length = 3;
    EXPECT(1025, AAL2GetLibraryVersion(NULL, NULL, NULL, NULL, type, &type_length));
    THAT(type_length == 8);
    THAT(AAL2GetErrorMsg(1, text) == text && strstr(text, "Validation Failed") == text);
    THAT(strlen(AAL2DPXGetErrorMsg(-15, text)) > 10);
    THAT(strlen(AAL2GetErrorMsg(123456, text)) > 10);
    THAT(AAL2GetErrorMsg(0, NULL) == NULL);
}

static void passwords(void) {
    TKernelParms p = parms();
    TDigipassBlob blob = blob_of(ask("blob AUTH")), before = blob;
    char *otp, empty[17] = "", code[18];
    char longest[10001];
    at(START);
    THAT(number_of(&blob, &p, USE_COUNT) == 0);
    otp = ask("password AUTH");
    EXPECT(0, AAL2VerifyPassword(&blob, &p, otp, NULL));
    THAT(!memcmp(&blob, &before, 24) && memcmp(&blob, &before, sizeof blob));
    EXPECT(201, AAL2VerifyPassword(&blob, &p, otp, NULL));
    at(START + 36);
    EXPECT(1, AAL2VerifyPassword(&blob, &p, wrong(ask("password AUTH")), empty));
    EXPECT(0, AAL2VerifyPassword(&blob, &p, ask("password AUTH"), empty));
    THAT(number_of(&blob, &p, USE_COUNT) == 2 && number_of(&blob, &p, ERROR_COUNT) == 0);

    /* Three wrong ones, then a right one is refused and counted too. */
    p.IThreshold = 3;
    at(START + 72);
    otp = ask("password AUTH");
    for (int i = 1; i <= 3; i++) {
        EXPECT(1, AAL2VerifyPassword(&blob, &p, wrong(otp), NULL));
        THAT(number_of(&blob, &p, ERROR_COUNT) == i);
    }
    EXPECT(202, AAL2VerifyPassword(&blob, &p, otp, NULL));
    THAT(number_of(&blob, &p, ERROR_COUNT) == 4);
    EXPECT(0, AAL2ResetTokenInfo(&blob, &p));
    EXPECT(0, AAL2VerifyPassword(&blob, &p, otp, NULL));

    /* Host code: its length in and out. */
    aat_int32 length = 18;
    at(START + 108);
    EXPECT(0, AAL2VerifyPasswordEx(&blob, &p, ask("password AUTH"), NULL, code, &length));
    THAT(length == 6 && strlen(code) == 6 && !strcmp(code, ask("host-code")));
    at(START + 144);
    otp = ask("password AUTH");
    length = 6;
    before = blob;
    EXPECT(1025, AAL2VerifyPasswordEx(&blob, &p, otp, NULL, code, &length));
    THAT(length == 7 && !memcmp(&blob, &before, sizeof blob));
    EXPECT(0, AAL2VerifyPasswordEx(&blob, &p, otp, NULL, NULL, NULL));

    memset(longest, '1', 10000);
    longest[10000] = 0;
    EXPECT(-203, AAL2VerifyPassword(&blob, &p, longest, NULL));
    EXPECT(-202, AAL2VerifyPassword(&blob, &p, "1", NULL));
    EXPECT(-205, AAL2VerifyPassword(&blob, &p, "12x45678", NULL));
    EXPECT(130, AAL2VerifyPassword(&blob, &p, NULL, NULL));
    EXPECT(510, AAL2VerifyPassword(NULL, &p, otp, NULL));
    /* The malformed ones count, the missing one does not. */
    THAT(number_of(&blob, &p, ERROR_COUNT) == 3);
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, ERROR_COUNT, 0));

    /* A score comes back as a success with a warning. */
    at(START + 180);
    ask("score 5");
    EXPECT(10005, AAL2VerifyPassword(&blob, &p, ask("password AUTH"), NULL));
    ask("score 0");

    before = blob;
    before.Blob[5] ^= 1;
    at(START + 216);
    THAT(AAL2VerifyPassword(&before, &p, ask("password AUTH"), NULL) != 0);
    before = blob;
    before.Serial[9] = '9';
    EXPECT(412, AAL2VerifyPassword(&before, &p, ask("password AUTH"), NULL));
    before = blob;
    before.Blob[7] = '*';
    EXPECT(413, AAL2VerifyPassword(&before, &p, ask("password AUTH"), NULL));
}

/* Programs compiled with fields of 8 bytes pass 19 and every other 4-byte field 0. */
static void wide_parameters(void) {
    long wide[20] = {19, 100, 24, 0, 0, 1, 0, 0, 0, 0, 6, 0, 100, 0, 0, 0x7FFFFF};
    TDigipassBlob blob = blob_of(ask("blob AUTH"));
    at(START);
    EXPECT(0, AAL2VerifyPassword(&blob, (TKernelParms *)wide, ask("password AUTH"), NULL));
    at(START + 36);
    EXPECT(0, AAL2VerifyPassword(&blob, NULL, ask("password AUTH"), NULL));
}

static void challenges(void) {
    TKernelParms p = parms();
    TDigipassBlob blob = blob_of(ask("blob CHAL"));
    char challenge[17], padded[17];
    aat_int32 length = 17;
    at(START);
    EXPECT(131, AAL2VerifyPassword(&blob, &p, "12345678", NULL));
    EXPECT(135, AAL2GenerateChallenge(&blob, &p, NULL, &length));
    EXPECT(0, AAL2GenerateChallenge(&blob, &p, challenge, &length));
    THAT(length == 8 && strlen(challenge) == 8);
    EXPECT(140, AAL2VerifyPassword(&blob, &p, ask("password CHAL %s", challenge), wrong(challenge)));
    memset(padded, ' ', sizeof padded);
    memcpy(padded, challenge, 8);
    EXPECT(0, AAL2VerifyPassword(&blob, &p, ask("password CHAL %s", challenge), padded));
    TDigipassBlob other = blob_of(ask("blob AUTH"));
    EXPECT(137, AAL2GenerateChallenge(&other, &p, challenge, &length));
}

static void signatures(void) {
    TKernelParms p = parms();
    TDigipassBlob blob = blob_of(ask("blob SIGN"));
    aat_ascii fields[8][20] = {"1234567890", "AMOUNT 12.50        "};
    char code[18];
    aat_int32 length = 0;
    at(START);
    char *signature = ask("sign SIGN 1234567890,AMOUNT 12.50");
    memset(fields[1] + 12, ' ', 8);
    EXPECT(1, AAL2VerifySignature(&blob, &p, wrong(signature), fields, 2, 0));
    EXPECT(1, AAL2VerifySignature(&blob, &p, signature, fields, 1, 0));
    EXPECT(0, AAL2VerifySignatureEx(&blob, &p, signature, fields, 2, 0, code, &length));
    THAT(length == 4 && !strcmp(code, ask("host-code")));
    EXPECT(0, AAL2VerifySignature(&blob, &p, signature, fields, 2, START - 36));
    p.OnLineSG = 1;
    EXPECT(207, AAL2VerifySignature(&blob, &p, signature, fields, 2, START));
    EXPECT(0, AAL2VerifySignature(&blob, &p, signature, fields, 2, 0));
    EXPECT(204, AAL2VerifySignature(&blob, &p, signature, fields, 2, 0));
    EXPECT(141, AAL2VerifySignature(&blob, &p, signature, fields, 9, 0));
    EXPECT(141, AAL2VerifySignature(&blob, &p, signature, fields, 0, 0));
    EXPECT(148, AAL2VerifySignature(&blob, &p, signature, NULL, 1, 0));
    EXPECT(139, AAL2VerifySignature(&blob, &p, NULL, fields, 1, 0));
    p.SThreshold = 1;
    EXPECT(203, AAL2VerifySignature(&blob, &p, signature, fields, 2, 0));
}

static void administration(void) {
    TKernelParms p = parms(), other = parms();
    TDigipassBlob blob = blob_of(ask("blob AUTH"));
    TDigipassInfo info;
    char value[65], pin[64];
    at(START);
    EXPECT(0, AAL2GetTokenInfo(&blob, &p, &info));
    THAT(!strcmp(info.TokenModel, "MOB30") && !strcmp(info.LastTimeUsed, "Thu Jan  1 00:00:00 1970"));
    EXPECT(514, AAL2GetTokenInfo(&blob, &p, NULL));
    EXPECT(0, AAL2GetTokenProperty(&blob, &p, DERIVATION_SUPPORTED, value));
    THAT(!strcmp(value, "YES"));
    EXPECT(0, AAL2GetTokenProperty(&blob, &p, OCRA_SUITE, value));
    THAT(strstr(value, "SHA256"));
    EXPECT(518, AAL2GetTokenProperty(&blob, &p, 999, value));
    EXPECT(518, AAL2GetTokenProperty(&blob, &p, TOKEN_MODEL | INT_VALUE, value));
    EXPECT(517, AAL2SetTokenProperty(&blob, &p, ERROR_COUNT, 1));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, TOKEN_STATUS, 0));
    EXPECT(208, AAL2VerifyPassword(&blob, &p, ask("password AUTH"), NULL));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, TOKEN_STATUS, 1));

    /* A PIN, changed by its user behind the response. */
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, PIN_SUPPORTED, 1));
    EXPECT(0, AAL2ChangeStaticPassword(&blob, &p, "1234", "1234"));
    THAT(number_of(&blob, &p, PIN_LEN) == 4);
    snprintf(pin, sizeof pin, "1235%s", ask("password AUTH"));
    EXPECT(2, AAL2VerifyPassword(&blob, &p, pin, NULL));
    snprintf(pin, sizeof pin, "1234%s43214321", ask("password AUTH"));
    EXPECT(0, AAL2VerifyPassword(&blob, &p, pin, NULL));
    at(START + 36);
    snprintf(pin, sizeof pin, "4321%s", ask("password AUTH"));
    EXPECT(0, AAL2VerifyPassword(&blob, &p, pin, NULL));
    /* What public callers find refused, and the BLOB as it was. */
    TDigipassBlob before = blob;
    EXPECT(803, AAL2ChangeStaticPassword(&blob, &p, "1", "1"));
    EXPECT(803, AAL2ChangeStaticPassword(&blob, &p, "ab", "ab"));
    EXPECT(804, AAL2ChangeStaticPassword(&blob, &p, "1234567890", "1234567890"));
    EXPECT(805, AAL2ChangeStaticPassword(&blob, &p, "1234", "1235"));
    EXPECT(130, AAL2ChangeStaticPassword(&blob, &p, "1234", NULL));
    THAT(!memcmp(&before, &blob, sizeof blob));

    /* After a reset: response and new PIN twice, without the old one. */
    EXPECT(0, AAL2ResetStaticPassword(&blob, &p));
    at(START + 72);
    snprintf(pin, sizeof pin, "%s12341234", ask("password AUTH"));
    EXPECT(0, AAL2VerifyPassword(&blob, &p, pin, NULL));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, PIN_CH_FORCED, 1));
    at(START + 108);
    snprintf(pin, sizeof pin, "1234%s", ask("password AUTH"));
    EXPECT(802, AAL2VerifyPassword(&blob, &p, pin, NULL));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, PIN_ENABLED, 2));
    TDigipassBlob sign = blob_of(ask("blob SIGN"));
    EXPECT(801, AAL2ChangeStaticPassword(&sign, &p, "1234", "1234"));
    EXPECT(0, AAL2SetTokenProperty(&sign, &p, PIN_SUPPORTED, 2));
    EXPECT(517, AAL2SetTokenProperty(&sign, &p, PIN_ENABLED, 2));

    /* A device that runs 8 hours ahead is found by two passwords in a row, within SyncWindow. */
    at(START + 8 * 3600);
    char *first = ask("password AUTH");
    ask("time %ld", START + 8 * 3600 + 36);
    char *second = ask("password AUTH");
    at(START + 144);
    EXPECT(1, AAL2SyncTokenAndHost(&blob, &p, first, NULL, second, NULL));
    p.SyncWindow = 20;
    EXPECT(1, AAL2VerifyPassword(&blob, &p, first, NULL));
    EXPECT(0, AAL2SyncTokenAndHost(&blob, &p, first, NULL, second, NULL));
    THAT(number_of(&blob, &p, LAST_TIME_SHIFT) > 28000);
    EXPECT(1, AAL2SyncTokenAndHost(&blob, &p, wrong(first), NULL, second, NULL));

    p.SyncWindow = 6;

    /* Other derive keys. */
    other.DeriveVector = 5;
    other.StorageDeriveKey4 = -7;
    EXPECT(0, AAL2MigrateBlob(&blob, &p, 5, 0, 0, 0, -7));
    EXPECT(412, AAL2ResetTokenInfo(&blob, &p));
    EXPECT(0, AAL2ResetTokenInfo(&blob, &other));
    EXPECT(0, AAL2MigrateBlobEx(&blob, &other, 0, 0, 0, 0, 0, 0, 0, 0, 9));
    other = parms();
    EXPECT(412, AAL2ResetTokenInfo(&blob, &other));
    other.ParmCount = 23;
    other.StorageDeriveKey8 = 9;
    EXPECT(0, AAL2ResetTokenInfo(&blob, &other));
}

static void virtual_tokens(void) {
    TKernelParms p = parms();
    TDigipassBlob blob = blob_of(ask("blob VIRT")), real = blob_of(ask("blob AUTH"));
    char otp[18];
    at(START);
    EXPECT(211, AAL2GenPassword(&real, &p, otp, NULL));
    EXPECT(208, AAL2GenPassword(&blob, &p, otp, NULL));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, TOKEN_STATUS, 3));
    EXPECT(130, AAL2GenPassword(&blob, &p, NULL, NULL));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, VIRTUAL_TOKEN_REMAIN_USE, 1));
    EXPECT(0, AAL2GenPassword(&blob, &p, otp, NULL));
    EXPECT(0, AAL2VerifyPassword(&blob, &p, otp, NULL));
    EXPECT(210, AAL2GenPassword(&blob, &p, otp, NULL));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, VIRTUAL_TOKEN_REMAIN_USE, 0));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, VIRTUAL_TOKEN_GRACE_PERIOD, 1));
    EXPECT(0, AAL2GenPassword(&blob, &p, otp, NULL));
    at(START + 3 * 86400);
    EXPECT(209, AAL2GenPassword(&blob, &p, otp, NULL));
    at(START);

    TDigipassBlob signing = blob_of(ask("blob VSIG"));
    aat_ascii fields[8][20] = {"PAY", "7"};
    char signature[18], code[17], again[17];
    aat_int32 length = sizeof code;
    EXPECT(517, AAL2SetTokenProperty(&signing, &p, TOKEN_STATUS, 3));
    EXPECT(139, AAL2GenSignature(&signing, &p, NULL, fields, 2, 0));
    EXPECT(141, AAL2GenSignature(&signing, &p, signature, fields, 9, 0));
    EXPECT(132, AAL2GenSignature(&real, &p, signature, fields, 2, 0));
    EXPECT(0, AAL2GenSignature(&signing, &p, signature, fields, 2, 0));
    EXPECT(1, AAL2VerifySignature(&signing, &p, signature, fields, 1, 0));
    EXPECT(0, AAL2GenSignatureEx(&signing, &p, signature, fields, 2, 0, code, &length));
    THAT(length == 6);
    length = sizeof again;
    EXPECT(0, AAL2VerifySignatureEx(&signing, &p, signature, fields, 2, 0, again, &length));
    THAT(!strcmp(code, again));
    length = sizeof code;
    EXPECT(0, AAL2GenPasswordEx(&signing, &p, otp, NULL, code, &length));
    length = sizeof again;
    EXPECT(0, AAL2VerifyPasswordEx(&signing, &p, otp, NULL, again, &length));
    THAT(!strcmp(code, again));
}

/* Unlocking with the device's own application and with a BLOB of its own; authentication codes; BLOBs in line. */
static void unlocking(void) {
    TKernelParms p = parms();
    TDigipassBlob blob = blob_of(ask("blob AUTH")), version2 = blob_of(ask("blob UNLOCK"));
    TDigipassBlob sign = blob_of(ask("blob SIGN")), foreign = blob_of(ask("blob OTHER"));
    TDigipassBlob *blobs[8] = {&blob, &sign};
    char unlock[9], codes[6][9];
    aat_int32 counter = -1;
    at(START);
    EXPECT(0, AAL2Unlock(&blob, &p, "12345678", unlock));
    THAT(!strcmp(unlock, ask("unlock AUTH 12345678")));
    EXPECT(0, AAL2Unlock(&version2, &p, "12345678", unlock));
    THAT(!strcmp(unlock, ask("unlock UNLOCK 12345678")));
    EXPECT(133, AAL2Unlock(&blob, &p, NULL, unlock));
    EXPECT(134, AAL2Unlock(&blob, &p, "12345678", NULL));
    EXPECT(-102, AAL2Unlock(&blob, &p, "123456789", unlock));
    EXPECT(138, AAL2Unlock(&sign, &p, "12345678", unlock));
    EXPECT(1103, AAL2ResetTokenInfo(&version2, &p));

    for (int index = 0; index < 6; index++) {
        EXPECT(0, AAL2GenUnlockAuthCode(&version2, &p, index, codes[index], &counter));
        THAT(counter == index);
    }
    EXPECT(138, AAL2GenUnlockAuthCode(&version2, &p, 6, codes[0], NULL));
    EXPECT(0, AAL2AuthorizeUnlock(&version2, &p, codes[1], "12345678", unlock));
    THAT(!strcmp(unlock, ask("unlock UNLOCK 12345678")));
    EXPECT(1, AAL2AuthorizeUnlock(&version2, &p, codes[1], "12345678", unlock));
    EXPECT(1, AAL2AuthorizeUnlock(&version2, &p, codes[0], "12345678", unlock));
    EXPECT(814, AAL2AuthorizeUnlock(&version2, &p, "123456789", "12345678", unlock));
    EXPECT(134, AAL2AuthorizeUnlock(&version2, &p, codes[2], "12345678", NULL));

    EXPECT(0, AAL2VerifyPassword(&blob, &p, ask("password AUTH"), NULL));
    EXPECT(808, AAL2SyncTokenBlob(blobs, 0, &p));
    EXPECT(510, AAL2SyncTokenBlob(blobs, 3, &p));
    EXPECT(510, AAL2SyncTokenBlob(NULL, 2, &p));
    EXPECT(0, AAL2SyncTokenBlob(blobs, 2, &p));
    THAT(number_of(&sign, &p, LAST_TIME_USED) == START);
    blobs[1] = &foreign;
    EXPECT(807, AAL2SyncTokenBlob(blobs, 2, &p));
}

static void single_information(void) {
    TKernelParms p = parms();
    TDigipassBlob blob = blob_of(ask("blob AUTH")), chal = blob_of(ask("blob CHAL"));
    char text[65], challenge[17], message[100], expected[100];
    aat_int32 number = -1, length = sizeof challenge;
    TData data = {USE_COUNT, 0, sizeof text, (aat_byte *)text};
    EXPECT(0, AAL2GetTokenSingleInfo(&blob, &p, &data));
    THAT(data.Size == 6 && !strcmp(text, "000000"));
    data.AllocatedSize = 6;
    EXPECT(1025, AAL2GetTokenSingleInfo(&blob, &p, &data));
    THAT(data.Size == 7);
    TData numeric = {USE_COUNT | INT_VALUE, 0, sizeof number, (aat_byte *)&number};
    EXPECT(0, AAL2GetTokenSingleInfo(&blob, &p, &numeric));
    THAT(numeric.Size == 4 && number == 0);
    data.Type = 99;
    EXPECT(518, AAL2GetTokenSingleInfo(&blob, &p, &data));
    data.Value = NULL;
    EXPECT(514, AAL2GetTokenSingleInfo(&blob, &p, &data));
    EXPECT(514, AAL2GetTokenSingleInfo(&blob, &p, NULL));

    EXPECT(136, AAL2GenerateChallenge(&chal, &p, challenge, NULL));
    EXPECT(0, AAL2GenerateChallengeEx(&chal, &p, challenge, &length, message));
    snprintf(expected, sizeof expected, "MOB30: [%s]", challenge);
    THAT(length == 8 && !strcmp(message, expected));
}

/* A static PIN of a BLOB that a named key seals. */
static void pin_with_service(void) {
    TKernelParms p = parms();
    char unlock[9], code[9];
    TDigipassBlob blob = blob_of(ask("sealed AUTH STORAGE.KEY 0011223344556677"));
    at(START);
    EXPECT(908, AAL2ChangeStaticPasswordICSF(&blob, &p, "NO.SUCH.KEY", "0011223344556677", "1234", "1234"));
    EXPECT(805, AAL2ChangeStaticPasswordICSF(&blob, &p, "STORAGE.KEY", "0011223344556677", "1234", "4321"));
    EXPECT(0, AAL2ChangeStaticPasswordICSF(&blob, &p, "STORAGE.KEY", "0011223344556677", "1234", "1234"));
    EXPECT(0, AAL2GenUnlockAuthCodeICSF(&blob, &p, "STORAGE.KEY", "0011223344556677", 0, code, NULL));
    EXPECT(0, AAL2AuthorizeUnlockICSF(&blob, &p, "STORAGE.KEY", "0011223344556677", code, "12345678", unlock));
}

static void binding(void) {
    TKernelParms p = parms();
    TDigipassBlob authentication = blob_of(ask("blob AUTH")), signing = blob_of(ask("blob SIGN"));
    TDigipassBlob foreign = blob_of(ask("blob OTHER"));
    TDigipassBlob *blobs[8] = {&authentication, &signing};
    at(START);
    EXPECT(0, AAL2VerifyPassword(&authentication, &p, ask("password AUTH"), NULL));
    at(START + 36);
    char *code = ask("derive AUTH telephone");
    EXPECT(1110, AAL2DeriveTokenBlobs(blobs, &p, 2, NULL, NULL, 0));
    EXPECT(1114, AAL2DeriveTokenBlobs(blobs, &p, 2, NULL, code, 7));
    EXPECT(1113, AAL2DeriveTokenBlobs(blobs, &p, 2, NULL, wrong(code), 0));
    EXPECT(808, AAL2DeriveTokenBlobs(blobs, &p, 0, NULL, code, 0));
    EXPECT(808, AAL2DeriveTokenBlobs(blobs, &p, 9, NULL, code, 0));
    EXPECT(510, AAL2DeriveTokenBlobs(NULL, &p, 2, NULL, code, 0));
    blobs[2] = &foreign;
    EXPECT(807, AAL2DeriveTokenBlobs(blobs, &p, 3, NULL, code, 0));
    blobs[2] = NULL;
    /* A count of 8 with fewer BLOBs is what a public caller passes. */
    EXPECT(0, AAL2DeriveTokenBlobs(blobs, &p, 8, NULL, code, 0));
    THAT(number_of(&authentication, &p, DERIVED) == 1 && number_of(&signing, &p, DERIVED) == 1);
    at(START + 72);
    EXPECT(0, AAL2VerifyPassword(&authentication, &p, ask("password AUTH"), NULL));
    aat_ascii fields[8][20] = {"42"};
    EXPECT(0, AAL2VerifySignature(&signing, &p, ask("sign SIGN 42"), fields, 1, 0));

    /* The token moves to another telephone; the old one stops working. */
    ask("use 1");
    at(START + 108);
    EXPECT(0, AAL2DeriveTokenBlobs(blobs, &p, 2, NULL, ask("derive AUTH another"), 0));
    ask("use 0");
    at(START + 144);
    EXPECT(1, AAL2VerifyPassword(&authentication, &p, ask("password AUTH"), NULL));
    ask("use 1");
    EXPECT(0, AAL2VerifyPassword(&authentication, &p, ask("password AUTH"), NULL));
}

/* The same with a named key in a key service. */
static void binding_with_service(void) {
    TKernelParms p = parms();
    char key[65], vector[17] = "0011223344556677";
    TDigipassBlob blob;
    TDigipassBlob *blobs[8] = {&blob};
    aat_ascii value[65];
    memset(key, ' ', sizeof key);
    memcpy(key, "STORAGE.KEY", 11);
    ask("use 2");
    at(START);
    blob = blob_of(ask("sealed AUTH STORAGE.KEY 0011223344556677"));
    char *code = ask("derive AUTH tablet");
    EXPECT(908, AAL2DeriveTokenBlobsICSF(blobs, 1, &p, "NO.SUCH.KEY", vector, NULL, code, 0));
    EXPECT(908, AAL2DeriveTokenBlobsICSF(blobs, 1, &p, NULL, vector, NULL, code, 0));
    EXPECT(149, AAL2DeriveTokenBlobsICSF(blobs, 1, &p, key, "00", NULL, code, 0));
    EXPECT(414, AAL2DeriveTokenBlobsICSF(blobs, 1, &p, key, "0011223344556678", NULL, code, 0));
    /* What needs no secret needs no key: the way to DERIVATION_SUPPORTED before a derivation. */
    EXPECT(0, AAL2GetTokenProperty(&blob, &p, DERIVATION_SUPPORTED, value));
    THAT(!strcmp(value, "YES"));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, TOKEN_STATUS, 0));
    EXPECT(208, AAL2DeriveTokenBlobsICSF(blobs, 1, &p, key, vector, NULL, code, 0));
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, TOKEN_STATUS, 1));
    EXPECT(0, AAL2ResetTokenInfo(&blob, &p));
    EXPECT(412, AAL2VerifyPassword(&blob, &p, code, NULL));
    EXPECT(414, AAL2DeriveTokenBlobsICSF(blobs, 1, &p, key, "0011223344556678", NULL, code, 0));
    EXPECT(0, AAL2DeriveTokenBlobsICSF(blobs, 1, &p, key, vector, NULL, code, 0));
    EXPECT(201, AAL2DeriveTokenBlobsICSF(blobs, 1, &p, key, vector, NULL, code, 0));
    unsetenv("BANCADA_DIGIPASS_KEYS");
    EXPECT(900, AAL2DeriveTokenBlobsICSF(blobs, 1, &p, key, vector, NULL, code, 0));
}

static void time_from_the_environment(void) {
    TKernelParms p = parms();
    TDigipassBlob blob = blob_of(ask("blob AUTH"));
    char value[65];
    ask("use 0");
    setenv("BANCADA_DIGIPASS_TIME", "2023-11-14T22:13:20Z", 1);
    EXPECT(0, AAL2SetTokenProperty(&blob, &p, LAST_TIME_USED, START));
    EXPECT(0, AAL2GetTokenProperty(&blob, &p, LAST_TIME_USED, value));
    THAT(!strcmp(value, "Tue Nov 14 22:13:20 2023"));
    setenv("BANCADA_DIGIPASS_TIME", "tomorrow", 1);
    EXPECT(143, AAL2ResetTokenInfo(&blob, &p));
    unsetenv("BANCADA_DIGIPASS_TIME");
    EXPECT(0, AAL2ResetTokenInfo(&blob, &p));
}

int main(void) {
    the_library();
    passwords();
    wide_parameters();
    challenges();
    signatures();
    administration();
    virtual_tokens();
    unlocking();
    single_information();
    pin_with_service();
    binding();
    binding_with_service();
    time_from_the_environment();
    return 0;
}
