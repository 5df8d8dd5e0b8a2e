/* The whole life of a single-device and of a multi-device licence, from the import file to the end of an instance: in software, or
 * with the argument `icsf` with every BLOB under a named key of a key service. */
#include "host.h"

#define START 1700000000L

static int icsf;
static aat_ascii key[65] = "STORAGE.KEY", vector[17] = "8877665544332211";
static TKernelParms parms = {19, 10, 10, 0, 0, 0, 0, 0, 0, 0, 6, 0, 100, 0, 0, 0x7FFFFF, 0, 0, 0, 0, 0, 0, 0, 0};

static aat_int32 verify_password(TDigipassBlob *blob, char *password) {
    return icsf ? AAL2VerifyPasswordICSF(blob, &parms, key, vector, password, NULL, NULL, NULL)
                : AAL2VerifyPassword(blob, &parms, password, NULL);
}

static aat_int32 derive(TDigipassBlob *blobs[8], aat_int16 count, char *code) {
    return icsf ? AAL2DeriveTokenBlobsICSF(blobs, count, &parms, key, vector, NULL, code, 0)
                : AAL2DeriveTokenBlobs(blobs, &parms, count, NULL, code, 0);
}

static aat_int32 verify_signature(TDigipassBlob *blob, char *signature, aat_ascii fields[8][20], int count) {
    aat_ascii code[17];
    aat_int32 length = sizeof code;
    return icsf ? AAL2VerifySignatureICSF(blob, &parms, key, vector, signature, fields, count, 0, code, &length)
                : AAL2VerifySignature(blob, &parms, signature, fields, count, 0);
}

static aat_int32 verify_message(TDigipassBlob *blob, int age, char *signature, char *message, char code[17],
                                aat_int32 *length) {
    return icsf ? AAL2VerifyMessageSignatureICSF(blob, &parms, key, vector, age, signature, message, 0, code, length)
                : AAL2VerifyMessageSignature(blob, &parms, age, signature, message, 0, code, length);
}

/* BLOBs come out of the import sealed in software. */
static void migrate(TDigipassBlob *blobs, int count) {
    for (int i = 0; icsf && i < count; i++) {
        EXPECT(908, AAL2MigrateBlobICSF(&blobs[i], &parms, NULL, NULL, "NO.SUCH.KEY", vector));
        EXPECT(0, AAL2MigrateBlobICSF(&blobs[i], &parms, NULL, NULL, "OTHER.KEY", vector));
        EXPECT(0, AAL2MigrateBlobICSF(&blobs[i], &parms, "OTHER.KEY", vector, key, vector));
        EXPECT(0, AAL2ResetTokenInfo(&blobs[i], &parms));
        EXPECT(412, AAL2MigrateBlob(&blobs[i], &parms, 0, 0, 0, 0, 0));
        aat_ascii info[3];
        EXPECT(0, AAL2GetBlobInfo(&blobs[i], info));
        THAT(!strcmp(info, "AB"));
    }
}

static void open_file(TDPXHandle *handle, const char *which, int applications, int tokens, char static_vector[4095],
                      char message_vector[27]) {
    aat_int16 names_count = -1, tokens_count = -1;
    aat_ascii names[8 * 13];
    aat_int32 length = 4095;
    char *file = ask("dpx %s", which);
    EXPECT(-20, AAL2DPXInit(handle, "/no/such/file", "", &names_count, names, &tokens_count));
    EXPECT(-14, AAL2DPXInit(handle, file, "1234", &names_count, names, &tokens_count));
    EXPECT(-15, AAL2DPXInit(handle, file, "00000000000000000000000000000000", &names_count, names, &tokens_count));
    EXPECT(0, AAL2DPXInit(handle, file, ask("transport-key"), &names_count, names, &tokens_count));
    THAT(names_count == applications && tokens_count == tokens && strlen(names) == 12);
    EXPECT(0, AAL2DPXGetStaticVector(handle, &parms, static_vector, &length));
    THAT(length > 50 && strlen(static_vector) == (size_t)length);
    length = 27;
    EXPECT(0, AAL2DPXGetMessageVector(handle, &parms, message_vector, &length));
}

static void single_device(void) {
    static char static_vector[4095], activation[4143];
    char message_vector[27], suffix[15], erc[16];
    aat_ascii serial[11], names[8][23], type[6], modes[8][3], activation_vector[65], payload[89];
    TDigipassBlob data[8], other[8];
    aat_int16 count = 8;
    aat_int32 instances = -1, vector_length = 65, payload_length = 89, flags = 1;
    TDPXHandle handle, copy;
    TDigipassBlob *blobs[8] = {&data[0], &data[1]};

    at(START);
    open_file(&handle, "sdl", 2, 2, static_vector, message_vector);
    THAT(message_vector[0] == 0);
    EXPECT(100, AAL2DPXGetTokenBlobsEx2(&handle, &parms, serial, &count, names, type, modes, data, &instances,
                                        activation_vector, &vector_length, payload, &payload_length));
    THAT(count == 2 && instances == 0 && vector_length == 0 && payload_length == 0 && payload[0] == 0);
    THAT(!strcmp(serial, "VDS0000001") && !strcmp(names[0], "VDS0000001OTP         "));
    THAT(!strcmp(type, "MOB30") && !strcmp(modes[0], "RO") && !strcmp(modes[1], "SG"));
    EXPECT(100, AAL2DPXGetTokenBlobsEx2(&handle, &parms, serial, &count, names, type, modes, other, &instances,
                                        activation_vector, &vector_length, payload, &payload_length));
    THAT(!strcmp(serial, "VDS0000002"));
    EXPECT(107, AAL2DPXGetTokenBlobsEx2(&handle, &parms, serial, &count, names, type, modes, other, &instances,
                                        activation_vector, &vector_length, payload, &payload_length));
    copy = handle;
    EXPECT(0, AAL2DPXClose(&handle));
    EXPECT(-1502, AAL2DPXClose(&handle));
    EXPECT(-1505, AAL2DPXClose(&copy));
    copy.Data = NULL;
    EXPECT(-1503, AAL2DPXClose(&copy));
    EXPECT(-1501, AAL2DPXClose(NULL));
    char text[100];
    THAT(strstr(AAL2DPXGetErrorMsg(-1501, text), "handle") && !strstr(AAL2GetErrorMsg(-1501, text), "handle"));

    TDigipassBlob *gap[8] = {&data[0], NULL, &data[1]};
    EXPECT(510, AAL2GenActivationCodeXErc(gap, 3, &parms, static_vector, NULL, NULL, &flags, suffix, activation, erc));
    EXPECT(0, AAL2GenActivationCodeXErc(blobs, 8, &parms, static_vector, NULL, NULL, &flags, suffix, activation, erc));
    EXPECT(0, AAL2GenActivationCodeXErc(blobs, 2, &parms, static_vector, "pass phrase", NULL, &flags, suffix,
                                        activation, erc));
    EXPECT(19008, AAL2GenActivationCodeXErc(blobs, 2, &parms, NULL, NULL, NULL, &flags, suffix, activation, erc));
    EXPECT(19008, AAL2GenActivationCodeXErc(blobs, 2, &parms, "", NULL, NULL, &flags, suffix, activation, NULL));
    aat_ascii message[100];
    THAT(strstr(AAL2GetErrorMsg(19008, message), "Invalid Static Vector Length"));
    EXPECT(147, AAL2GenActivationCodeXErc(blobs, 2, &parms, static_vector, NULL, NULL, &flags, suffix, NULL, erc));
    EXPECT(808, AAL2GenActivationCodeXErc(blobs, 9, &parms, static_vector, NULL, NULL, &flags, suffix, activation, erc));
    THAT(!strcmp(suffix, "30303030303031") && erc[0] == 0);
    migrate(data, 2);

    /* Before binding an ordinary password verifies; after it only the bound device does. */
    ask("activate 0 %s %s pass phrase", static_vector, activation);
    ask("activate 1 %s %s pass phrase", static_vector, activation);
    ask("use 1");
    EXPECT(0, verify_password(&data[0], ask("password OTP")));
    at(START + 36);
    ask("use 0");
    EXPECT(0, derive(blobs, 2, ask("derive OTP fingerprint")));
    at(START + 72);
    aat_ascii fields[8][20] = {"PAY", "100"};
    EXPECT(0, verify_password(&data[0], ask("password OTP")));
    EXPECT(0, verify_signature(&data[1], ask("sign SIGN PAY,100"), fields, 2));
    at(START + 108);
    ask("use 1");
    EXPECT(1, verify_password(&data[0], ask("password OTP")));
    EXPECT(0, derive(blobs, 2, ask("derive OTP other fingerprint")));
    at(START + 144);
    EXPECT(0, verify_password(&data[0], ask("password OTP")));
    ask("use 0");
    EXPECT(1, verify_password(&data[0], ask("password OTP")));
}

/* The older import functions deliver the same tokens. */
static void older_import(void) {
    static char static_vector[4095];
    char message_vector[27];
    aat_ascii names[8][23], type[6], modes[8][2], long_modes[8][3], mode[3], one[23], activation_vector[65];
    TDigipassBlob data[8];
    aat_int16 count = 1;
    aat_int32 instances, length = 65;
    aat_ascii many[8 * 13];
    TDPXHandle handle, handles[64], garbage = {(void *)1, (void *)2};
    open_file(&handle, "sdl", 2, 2, static_vector, message_vector);
    EXPECT(808, AAL2DPXGetTokenBlobs(&handle, &parms, &count, names, type, modes, data));
    count = 0;
    EXPECT(100, AAL2DPXGetTokenBlobs(&handle, &parms, &count, names, type, modes, data));
    THAT(count == 2 && !memcmp(modes, "ROSG", 4) && !memcmp(data[1].AppName, "SIGN        ", 12));
    EXPECT(100, AAL2DPXGetTokenBlobsEx(&handle, &parms, &count, names, type, long_modes, data, &instances,
                                       activation_vector, &length));
    EXPECT(107, AAL2DPXGetTokenBlobs(&handle, &parms, &count, names, type, modes, data));
    EXPECT(0, AAL2DPXClose(&handle));
    open_file(&handle, "sdl", 2, 2, static_vector, message_vector);
    int tokens = 0;
    while (AAL2DPXGetToken(&handle, &parms, "SIGN        ", one, type, mode, data) == 100) {
        THAT(strlen(one) == 22 && !strcmp(mode, "SG") && !strcmp(type, "MOB30"));
        tokens++;
    }
    THAT(tokens == 2);
    EXPECT(107, AAL2DPXGetToken(&handle, &parms, "SIGN        ", one, type, mode, data));
    EXPECT(0, AAL2DPXClose(&handle));
    EXPECT(-1504, AAL2DPXGetToken(&garbage, &parms, "SIGN        ", one, type, mode, data));
    EXPECT(-1501, AAL2DPXGetToken(NULL, &parms, "SIGN        ", one, type, mode, data));
    EXPECT(-1501, AAL2DPXInit(NULL, "/no/such/file", "", NULL, NULL, NULL));
    open_file(&handle, "sdl", 2, 2, static_vector, message_vector);
    EXPECT(-1507, AAL2DPXGetToken(&handle, &parms, NULL, one, type, mode, data));
    EXPECT(0, AAL2DPXClose(&handle));
    for (int i = 0; i < 64; i++) {
        open_file(&handles[i], "sdl", 2, 2, static_vector, message_vector);
    }
    EXPECT(-30, AAL2DPXInit(&handle, ask("dpx sdl"), ask("transport-key"), &count, many, &count));
    for (int i = 0; i < 64; i++) {
        EXPECT(0, AAL2DPXClose(&handles[i]));
    }
}

/* An activation of the licence on a device: two messages by two channels, and the signature over the second. */
static int activate(TDigipassBlob *licence, int device, char *static_vector, char *message_vector,
                    char *activation_vector, char *payload, TDigipassBlob data[8], char *message_2) {
    char message_1[1071], device_id[27], code[17];
    aat_ascii names[8][23], type[6], modes[8][3], challenge[17] = "1234567890123456";
    aat_int16 count = 8;
    aat_int32 length = 1071, device_type = -1, sequence = -1;
    if (icsf) {
        EXPECT(0, AAL2GenMessageActivation1ICSF(licence, &parms, key, vector, challenge, static_vector,
                                                message_vector, activation_vector, message_1, &length));
    } else {
        EXPECT(0, AAL2GenMessageActivation1(licence, &parms, challenge, static_vector, message_vector,
                                            activation_vector, message_1, &length));
    }
    THAT(strlen(message_1) == (size_t)length);
    char *device_code = ask("begin %d %s %s", device, static_vector, message_1);
    length = 27;
    if (icsf) {
        EXPECT(1, AAL2VerifyDeviceCodeICSF(licence, &parms, key, vector, "6543210987654321", device_code, device_id,
                                           &length, &device_type));
        EXPECT(0, AAL2VerifyDeviceCodeICSF(licence, &parms, key, vector, challenge, device_code, device_id, &length,
                                           &device_type));
    } else {
        EXPECT(1, AAL2VerifyDeviceCode(licence, &parms, "6543210987654321", device_code, device_id, &length,
                                       &device_type));
        EXPECT(0, AAL2VerifyDeviceCode(licence, &parms, challenge, device_code, device_id, &length, &device_type));
    }
    THAT(length == 10 && device_type == 7);
    length = 20;
    EXPECT(1025, icsf ? AAL2GenMessageActivation2ICSF(licence, &parms, key, vector, payload, static_vector,
                                                      message_vector, device_id, &sequence, type, &count, names, modes,
                                                      data, message_2, &length)
                      : AAL2GenMessageActivation2(licence, payload, &parms, static_vector, message_vector, device_id,
                                                  &sequence, type, &count, names, modes, data, message_2, &length));
    THAT(length == 109 && sequence == -1);
    EXPECT(0, icsf ? AAL2GenMessageActivation2ICSF(licence, &parms, key, vector, payload, static_vector,
                                                   message_vector, device_id, &sequence, type, &count, names, modes,
                                                   data, message_2, &length)
                   : AAL2GenMessageActivation2(licence, payload, &parms, static_vector, message_vector, device_id,
                                               &sequence, type, &count, names, modes, data, message_2, &length));
    THAT(length == 108 && count == 2 && !strcmp(type, "TYP07") && !strcmp(modes[1], "SG"));
    THAT(!strcmp(ask("complete %d %s", device, message_2), "SIGN"));
    ask("use %d", device);
    length = 17;
    EXPECT(0, verify_message(&data[1], 60, ask("sign-message SIGN %s", message_2), message_2, code, &length));
    THAT(length == 4 && !strcmp(code, ask("host-code")));
    return sequence;
}

static aat_int32 response_body(char *payload, char *response, char *request, char *body, aat_int32 *length) {
    return icsf ? AAL2ProcMessageResponseICSF(payload, &parms, key, vector, response, request, body, length)
                : AAL2ProcMessageResponse(payload, &parms, response, request, body, length);
}

static aat_int32 information_body(char *payload, char *message, char *body, aat_int32 *length) {
    return icsf ? AAL2ProcMessageInformationICSF(payload, &parms, key, vector, message, body, length)
                : AAL2ProcMessageInformation(payload, &parms, message, body, length);
}

/* What the device sends back, and unasked. */
static void answers(char *payload, char *request) {
    static char response[1071], information[1071];
    char body[1025];
    aat_int32 length = 1025;
    strcpy(response, ask("respond %s 6F6B", request));
    strcpy(information, ask("inform 0 6869"));
    EXPECT(0, response_body(payload, response, request, body, &length));
    THAT(length == 4 && !strcmp(body, "6F6B"));
    length = 4;
    EXPECT(1351, response_body(payload, response, request, body, &length));
    THAT(length == 5);
    EXPECT(0, response_body(payload, response, request, body, &length));
    EXPECT(1353, response_body(NULL, response, request, body, &length));
    EXPECT(1353, response_body("", response, request, body, &length));
    EXPECT(1286, response_body("VDS0000009", response, request, body, &length));
    EXPECT(1348, response_body(payload, NULL, request, body, &length));
    EXPECT(1349, response_body(payload, response, request, NULL, &length));
    EXPECT(1350, response_body(payload, response, request, body, NULL));
    EXPECT(1355, response_body(payload, request, request, body, &length));
    EXPECT(1354, response_body(payload, response, response, body, &length));
    char *last = response + strlen(response) - 1, digit = *last;
    *last = digit == '0' ? '1' : '0';
    EXPECT(1361, response_body(payload, response, request, body, &length));
    *last = digit;
    EXPECT(5000 + 0x6E, response_body(payload, ask("refuse %s 6E6F", request), request, body, &length));
    THAT(strstr(AAL2GetErrorMsg(5110, body), "5000"));
    length = 1025;
    EXPECT(0, information_body(payload, information, body, &length));
    THAT(length == 4 && !strcmp(body, "6869"));
    EXPECT(1355, information_body(payload, response, body, &length));
    EXPECT(1353, information_body(NULL, information, body, &length));

    /* The payload key under other keys, and back. */
    char moved[89];
    strcpy(moved, payload);
    TKernelParms other = parms;
    other.DeriveVector = 5;
    other.StorageDeriveKey1 = 7;
    if (icsf) {
        EXPECT(0, AAL2MigratePKBlobICSF(moved, &parms, key, vector, "OTHER.KEY", vector));
        EXPECT(414, information_body(moved, information, body, &length));
        EXPECT(0, AAL2MigratePKBlobICSF(moved, &parms, "OTHER.KEY", vector, key, vector));
        EXPECT(908, AAL2MigratePKBlobICSF(moved, &parms, key, vector, "NO.SUCH.KEY", vector));
    } else {
        EXPECT(0, AAL2MigratePKBlob(moved, &parms, 5, 7, 0, 0, 0));
        EXPECT(412, information_body(moved, information, body, &length));
        EXPECT(412, AAL2MigratePKBlobEx(moved, &parms, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        EXPECT(0, AAL2MigratePKBlobEx(moved, &other, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        EXPECT(0, AAL2MigratePKBlobICSF(moved, &parms, NULL, NULL, key, vector));
        EXPECT(412, information_body(moved, information, body, &length));
        strcpy(moved, payload);
    }
    length = 1025;
    EXPECT(0, information_body(moved, information, body, &length));
    THAT(strlen(moved) == 88);
    EXPECT(1286, AAL2MigratePKBlob(NULL, &parms, 0, 0, 0, 0, 0));
    EXPECT(1286, AAL2MigratePKBlob("", &parms, 0, 0, 0, 0, 0));
}

/* A device with a Secure Channel from the factory: its payload key comes with the import. */
static void connected(void) {
    static char static_vector[4095], request[1071];
    char message_vector[27], code[17];
    aat_ascii serial[11], names[8][23], type[6], modes[8][3], activation_vector[65], payload[89];
    TDigipassBlob data[8];
    aat_int16 count = 8;
    aat_int32 instances = -1, length = 65, payload_length = 20;
    TDPXHandle handle;
    at(START);
    open_file(&handle, "connected", 2, 1, static_vector, message_vector);
    EXPECT(1025, AAL2DPXGetTokenBlobsEx2(&handle, &parms, serial, &count, names, type, modes, data, &instances,
                                         activation_vector, &length, payload, &payload_length));
    THAT(payload_length == 89);
    EXPECT(100, AAL2DPXGetTokenBlobsEx2(&handle, &parms, serial, &count, names, type, modes, data, &instances,
                                        activation_vector, &length, payload, &payload_length));
    THAT(payload_length == 88 && strlen(payload) == 88 && !memcmp(payload, "VDS0000003PAYLOADKEY", 20));
    THAT(instances == 0 && length == 0 && strlen(message_vector) == 26);
    EXPECT(0, AAL2DPXClose(&handle));
    migrate(data, 2);
    if (icsf) {
        EXPECT(0, AAL2MigratePKBlobICSF(payload, &parms, NULL, NULL, key, vector));
    }
    ask("connect");
    length = 1071;
    EXPECT(0, icsf ? AAL2GenMessageRequestICSF(payload, &parms, key, vector, message_vector, "0102706179", request,
                                               &length)
                   : AAL2GenMessageRequest(payload, &parms, message_vector, "0102706179", request, &length));
    EXPECT(1353, AAL2GenMessageRequest(NULL, &parms, message_vector, "0102706179", request + 1000, NULL));
    EXPECT(1286, AAL2GenMessageDeactivation("", &parms, message_vector, 1, request + 1000, NULL));
    EXPECT(1293, AAL2GenMessageDeactivation(payload, &parms, message_vector, 100, request + 1000, NULL));
    THAT(!strcmp(ask("open-request %s", request), "SIGN pay"));
    length = 17;
    EXPECT(0, verify_message(&data[1], 60, ask("sign-message SIGN %s", request), request, code, &length));
    answers(payload, request);
    ask("use 0");
}

static void multi_device(void) {
    static char static_vector[4095];
    char message_vector[27], message_2[109], request[1071], code[17], end[51];
    aat_ascii serial[11], names[8][23], type[6], modes[8][3], activation_vector[65], none[89], payload[89];
    TDigipassBlob licence[8], first[8], second[8], third[8];
    aat_int16 count = 8;
    aat_int32 instances = -1, length = 65, none_length = 89;
    TDPXHandle handle;

    at(START);
    open_file(&handle, "mdl", 1, 1, static_vector, message_vector);
    THAT(strlen(message_vector) == 26);
    EXPECT(100, AAL2DPXGetTokenBlobsEx2(&handle, &parms, serial, &count, names, type, modes, licence, &instances,
                                        activation_vector, &length, none, &none_length));
    THAT(count == 1 && instances == 2 && length == 20 && !strcmp(modes[0], "MA"));
    EXPECT(0, AAL2DPXClose(&handle));
    migrate(licence, 1);
    length = 89;
    EXPECT(0, icsf ? AAL2GenPayloadKeyBlobICSF(licence, &parms, key, vector, message_vector, payload, &length)
                   : AAL2GenPayloadKeyBlob(licence, &parms, message_vector, payload, &length));
    THAT(length == 88);
    THAT(activate(licence, 0, static_vector, message_vector, activation_vector, payload, first, message_2) == 1);
    THAT(activate(licence, 1, static_vector, message_vector, activation_vector, payload, second, message_2) == 2);
    ask("use 0");
    at(START + 36);
    EXPECT(0, verify_password(first, ask("password OTP")));
    ask("use 1");
    EXPECT(0, verify_password(second, ask("password OTP")));
    EXPECT(1, verify_password(first, ask("password OTP")));

    /* The half of the story where the key service goes away and comes back. */
    if (icsf) {
        ask("service stop");
        EXPECT(900, verify_password(second, ask("password OTP")));
        ask("service start");
    }

    /* A request that asks the user to sign: version 1, application 2, `pay`. */
    length = 1071;
    EXPECT(0, icsf ? AAL2GenMessageRequestICSF(payload, &parms, key, vector, message_vector, "0102706179", request,
                                               &length)
                   : AAL2GenMessageRequest(payload, &parms, message_vector, "0102706179", request, &length));
    aat_int32 version, message_type, protection, is_encrypted, is_signed;
    EXPECT(0, AAL2GetMessageProperties(request, &version, &message_type, &protection, &is_encrypted, &is_signed, serial));
    THAT(version == 2 && message_type == 3 && protection == 1 && is_encrypted == 1 && is_signed == 1);
    THAT(!strcmp(serial, "VDS0000009"));
    THAT(!strcmp(ask("open-request %s", request), "SIGN pay"));
    char *signature = ask("sign-message SIGN %s", request);
    length = 17;
    EXPECT(1, verify_message(second + 1, 0, wrong(signature), request, code, &length));
    EXPECT(1363, verify_message(second + 1, -1, signature, request, code, &length));
    EXPECT(1299, verify_message(second + 1, 0, signature, "zz", code, &length));
    EXPECT(1300, verify_message(second + 1, 0, signature, "012", code, &length));
    EXPECT(1301, verify_message(second + 1, 0, signature, NULL, code, &length));
    EXPECT(139, verify_message(second + 1, 0, NULL, request, code, &length));
    EXPECT(132, verify_message(second, 0, signature, request, code, &length));
    EXPECT(510, verify_message(NULL, 0, signature, request, code, &length));
    EXPECT(1, verify_message(first + 1, 0, signature, request, code, &length));
    length = 17;
    EXPECT(0, verify_message(second + 1, 300, signature, request, code, &length));
    THAT(!strcmp(code, ask("host-code")));
    at(START + 36 + 301);
    EXPECT(1364, verify_message(second + 1, 300, signature, request, code, &length));

    answers(payload, request);
    length = 51;
    EXPECT(0, icsf ? AAL2GenMessageDeactivationICSF(payload, &parms, key, vector, message_vector, 2, end, &length)
                   : AAL2GenMessageDeactivation(payload, &parms, message_vector, 2, end, &length));
    THAT(!strcmp(ask("deactivate %s", end), "ok"));
    THAT(!strcmp(ask("applications"), "0"));
    ask("use 0");
    at(START + 1000);
    EXPECT(0, verify_password(first, ask("password OTP")));

    /* The licence allows two instances. */
    char message_1[1071], device_id[27];
    length = 1071;
    if (!icsf) {
        EXPECT(0, AAL2GenMessageActivation1(licence, &parms, NULL, static_vector, message_vector, activation_vector,
                                            message_1, &length));
        char *device_code = ask("begin 2 %s %s", static_vector, message_1);
        aat_int32 device_type, sequence;
        EXPECT(0, AAL2VerifyDeviceCode(licence, &parms, NULL, device_code, device_id, NULL, &device_type));
        EXPECT(19002, AAL2GenMessageActivation2(licence, payload, &parms, static_vector, message_vector, device_id,
                                                &sequence, type, &count, names, modes, third, message_2, &length));
    }
}

/* A challenge that the BLOB remembers, also under a named key. */
static void challenges(void) {
    aat_ascii challenge[17], info[3];
    aat_int32 length = 17;
    TDigipassBlob blob = blob_of(ask("blob CHAL"));
    at(START);
    EXPECT(0, AAL2GetBlobInfo(&blob, info));
    THAT(!strcmp(info, "A0"));
    EXPECT(510, AAL2GetBlobInfo(NULL, info));
    EXPECT(591, AAL2GetBlobInfo(&blob, NULL));
    migrate(&blob, 1);
    EXPECT(0, AAL2GenerateChallenge(&blob, &parms, challenge, &length));
    THAT(length == 8 && strlen(challenge) == 8);
    blob.Blob[0] = '!';
    EXPECT(1118, AAL2GetBlobInfo(&blob, info));
}

int main(int argc, char **argv) {
    icsf = argc > 1 && !strcmp(argv[1], "icsf");
    single_device();
    older_import();
    multi_device();
    connected();
    challenges();
    return 0;
}
