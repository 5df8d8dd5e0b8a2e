/*
 * The adapter between the conformance runner and libaal2sdk.so: one call per line of standard input, one answer per line of
 * standard output. It keeps nothing between lines: BLOBs come with a call and go back with its answer.
 *
 * A line: operation, key name (- for software), = and initial vector, host time, 23 kernel parameters, then three lists, each a count and its
 * members: BLOBs (496 hexadecimal digits), texts (- for a null pointer, else = and hexadecimal digits), numbers.
 * An answer: return code and the same three lists.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aal2sdk.h"

#define MOST 20
#define TEXT 4200

typedef struct {
    char operation[32], key[65], vector[17];
    TKernelParms parms;
    TDigipassBlob blobs[8];
    int blob_count, text_count, number_count;
    char texts[MOST][TEXT];
    int given[MOST];
    aat_int32 numbers[MOST];
} Call;

typedef struct {
    TDigipassBlob blobs[8];
    int blob_count, text_count, number_count;
    char texts[2][TEXT];
    aat_int32 numbers[MOST];
} Answer;

static Call call;
static Answer answer;
static char line[65536];

static void give_up(const char *why) {
    fprintf(stderr, "adapter: %s\n", why);
    exit(2);
}

static char *word(void) {
    char *next = strtok(NULL, " \n");
    if (!next) give_up("the line is too short");
    return next;
}

static int count(int most) {
    int number = atoi(word());
    if (number < 0 || number > most) give_up("a list is too long");
    return number;
}

static void bytes_of(const char *hex, void *out, size_t length) {
    for (size_t i = 0; i < length; i++) {
        unsigned byte;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1) give_up("not hexadecimal");
        ((unsigned char *)out)[i] = (unsigned char)byte;
    }
}

static void hex_of(const void *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) printf("%02X", ((const unsigned char *)bytes)[i]);
}

static void read_call(void) {
    char *operation = strtok(line, " \n");
    if (!operation) give_up("an empty line");
    memset(&call, 0, sizeof call);
    snprintf(call.operation, sizeof call.operation, "%s", operation);
    snprintf(call.key, sizeof call.key, "%s", word());
    snprintf(call.vector, sizeof call.vector, "%s", word() + 1);
    setenv("BANCADA_DIGIPASS_TIME", word(), 1);
    aat_int32 *field = &call.parms.ParmCount;
    *field++ = 23;
    for (int i = 0; i < 23; i++) *field++ = atoi(word());
    call.blob_count = count(8);
    for (int i = 0; i < call.blob_count; i++) {
        char *hex = word();
        if (strlen(hex) != 2 * sizeof(TDigipassBlob)) give_up("not a BLOB");
        bytes_of(hex, &call.blobs[i], sizeof(TDigipassBlob));
    }
    call.text_count = count(MOST);
    for (int i = 0; i < call.text_count; i++) {
        char *text = word();
        if (text[0] != '=') continue;
        size_t length = strlen(text + 1) / 2;
        if (length >= TEXT) give_up("a text is too long");
        bytes_of(text + 1, call.texts[i], length);
        call.given[i] = 1;
    }
    call.number_count = count(MOST);
    for (int i = 0; i < call.number_count; i++) call.numbers[i] = atoi(word());
    memset(&answer, 0, sizeof answer);
    memcpy(answer.blobs, call.blobs, sizeof answer.blobs);
    answer.blob_count = call.blob_count;
}

static void write_answer(aat_int32 code) {
    printf("%d %d", code, answer.blob_count);
    for (int i = 0; i < answer.blob_count; i++) {
        putchar(' ');
        hex_of(&answer.blobs[i], sizeof(TDigipassBlob));
    }
    printf(" %d", answer.text_count);
    for (int i = 0; i < answer.text_count; i++) {
        printf(" =");
        hex_of(answer.texts[i], strlen(answer.texts[i]));
    }
    printf(" %d", answer.number_count);
    for (int i = 0; i < answer.number_count; i++) printf(" %d", answer.numbers[i]);
    putchar('\n');
    fflush(stdout);
}

static int is(const char *operation) { return !strcmp(call.operation, operation); }

static char *text(int place) { return call.given[place] ? call.texts[place] : NULL; }

/* Whether a named key seals the BLOBs of this call. */
static int icsf(void) { return strcmp(call.key, "-") != 0; }

/* Data fields, from this text on. */
static void fill_fields(aat_ascii fields[8][20], int first) {
    memset(fields, ' ', 8 * sizeof fields[0]);
    for (int i = 0; i < 8 && first + i < call.text_count; i++) {
        size_t used = strlen(call.texts[first + i]);
        memcpy(fields[i], call.texts[first + i], used > 20 ? 20 : used);
    }
}

/* Passwords, signatures and what binds. */
static int verify(aat_int32 *code) {
    TDigipassBlob *blob = answer.blobs;
    char *out = answer.texts[0];
    aat_int32 length = 17;
    if (is("password")) {
        *code = icsf() ? AAL2VerifyPasswordICSF(blob, &call.parms, call.key, call.vector, text(0), text(1), out, &length)
                       : AAL2VerifyPasswordEx(blob, &call.parms, text(0), text(1), out, &length);
        answer.text_count = 1;
    } else if (is("signature")) {
        aat_ascii fields[8][20];
        int fields_given = call.text_count - 1;
        fill_fields(fields, 1);
        *code = icsf() ? AAL2VerifySignatureICSF(blob, &call.parms, call.key, call.vector, text(0), fields, fields_given,
                                                 call.numbers[0], out, &length)
                       : AAL2VerifySignatureEx(blob, &call.parms, text(0), fields, fields_given, call.numbers[0], out,
                                               &length);
        answer.text_count = 1;
    } else if (is("message")) {
        *code = icsf() ? AAL2VerifyMessageSignatureICSF(blob, &call.parms, call.key, call.vector, call.numbers[0], text(0),
                                                        text(1), call.numbers[1], out, &length)
                       : AAL2VerifyMessageSignature(blob, &call.parms, call.numbers[0], text(0), text(1),
                                                    call.numbers[1], out, &length);
        answer.text_count = 1;
    } else if (is("derive")) {
        TDigipassBlob *blobs[8] = {0};
        for (int i = 0; i < answer.blob_count; i++) blobs[i] = &answer.blobs[i];
        aat_int16 number = (aat_int16)call.numbers[0];
        aat_word32 format = (aat_word32)call.numbers[1];
        *code = icsf() ? AAL2DeriveTokenBlobsICSF(blobs, number, &call.parms, call.key, call.vector, text(0), text(1), format)
                       : AAL2DeriveTokenBlobs(blobs, &call.parms, number, text(0), text(1), format);
    } else {
        return 0;
    }
    return 1;
}

/* What virtual tokens give. */
static int generate(aat_int32 *code) {
    char *out = answer.texts[0];
    if (is("gen-password")) {
        *code = AAL2GenPassword(answer.blobs, &call.parms, out, text(0));
    } else if (is("gen-signature")) {
        aat_ascii fields[8][20];
        fill_fields(fields, 0);
        *code = AAL2GenSignature(answer.blobs, &call.parms, out, fields, call.text_count, call.numbers[0]);
    } else {
        return 0;
    }
    answer.text_count = 1;
    return 1;
}

/* The next token of an import file: its BLOBs, the activation vector, the instances, and the application names in one text. */
static aat_int32 import(void) {
    TDPXHandle handle;
    aat_ascii names[8][13], owners[8][23], type[6], modes[8][3];
    aat_int16 applications = 0, tokens = 0, room = 8;
    aat_int32 length = 65, instances = 0;
    aat_int32 code = AAL2DPXInit(&handle, text(0), text(1), &applications, names[0], &tokens);
    if (code != 0) return code;
    code = AAL2DPXGetTokenBlobsEx(&handle, &call.parms, &room, owners, type, modes, answer.blobs, &instances,
                                  answer.texts[0], &length);
    if (code == 100) {
        answer.blob_count = room;
        answer.text_count = 1;
        answer.number_count = 2;
        answer.numbers[0] = tokens;
        answer.numbers[1] = instances;
    }
    aat_int32 closed = AAL2DPXClose(&handle);
    return closed == 0 ? code : closed;
}

/* To another named key, or to other derive values. */
static aat_int32 migrate(void) {
    TDigipassBlob *blob = answer.blobs;
    aat_int32 *to = call.numbers;
    if (call.text_count == 2) {
        return AAL2MigrateBlobICSF(blob, &call.parms, icsf() ? call.key : NULL, icsf() ? call.vector : NULL, text(0), text(1));
    }
    return AAL2MigrateBlobEx(blob, &call.parms, to[0], to[1], to[2], to[3], to[4], to[5], to[6], to[7], to[8]);
}

/* Administration. What needs no secret has no ICSF edition: the plain function takes the BLOBs of a key service too. */
static int administer(aat_int32 *code) {
    TDigipassBlob *blob = answer.blobs;
    aat_int32 length = 17;
    if (is("dpx")) {
        *code = import();
    } else if (is("migrate")) {
        *code = migrate();
    } else if (is("challenge")) {
        *code = AAL2GenerateChallenge(blob, &call.parms, answer.texts[0], &length);
        answer.text_count = 1;
    } else if (is("synchronise")) {
        *code = AAL2SyncTokenAndHost(blob, &call.parms, text(0), text(1), text(2), text(3));
    } else if (is("reset")) {
        *code = AAL2ResetTokenInfo(blob, &call.parms);
    } else if (is("set")) {
        *code = AAL2SetTokenProperty(blob, &call.parms, call.numbers[0], call.numbers[1]);
    } else if (is("get")) {
        *code = 0;
        for (int i = 0; i < call.number_count && *code == 0; i++) {
            *code = AAL2GetTokenProperty(blob, &call.parms, call.numbers[i] | INT_VALUE, (aat_ascii *)&answer.numbers[i]);
        }
        answer.number_count = call.number_count;
    } else if (is("set-pin")) {
        *code = icsf() ? AAL2ChangeStaticPasswordICSF(blob, &call.parms, call.key, call.vector, text(0), text(1))
                       : AAL2ChangeStaticPassword(blob, &call.parms, text(0), text(1));
    } else if (is("clear-pin")) {
        *code = AAL2ResetStaticPassword(blob, &call.parms);
    } else if (is("unlock")) {
        *code = AAL2Unlock(blob, &call.parms, text(0), answer.texts[0]);
        answer.text_count = 1;
    } else {
        return 0;
    }
    return 1;
}

/* The second message makes the instance's BLOBs, which follow the licence's in the answer. */
static aat_int32 second_message(void) {
    TDigipassBlob made[8];
    aat_ascii names[8][23], type[6], modes[8][3];
    aat_int16 made_count = 8;
    aat_int32 length = 109, sequence = 0;
    aat_int32 code =
        icsf() ? AAL2GenMessageActivation2ICSF(answer.blobs, &call.parms, call.key, call.vector, text(2), text(0), text(1),
                                               text(3), &sequence, type, &made_count, names, modes, made,
                                               answer.texts[0], &length)
               : AAL2GenMessageActivation2(answer.blobs, text(2), &call.parms, text(0), text(1), text(3), &sequence, type,
                                           &made_count, names, modes, made, answer.texts[0], &length);
    answer.text_count = 1;
    answer.number_count = 1;
    answer.numbers[0] = sequence;
    if (code == 0) {
        if (made_count < 0 || made_count > 7) give_up("too many applications");
        memcpy(answer.blobs + 1, made, sizeof(TDigipassBlob) * (size_t)made_count);
        answer.blob_count = 1 + made_count;
    }
    return code;
}

/* Activation data for all the BLOBs. */
static aat_int32 activation_data(void) {
    TDigipassBlob *blobs[8] = {0};
    aat_int32 flags = 0;
    aat_ascii suffix[15], xerc[1];
    for (int i = 0; i < answer.blob_count; i++) blobs[i] = &answer.blobs[i];
    return AAL2GenActivationCodeXErc(blobs, (aat_int16)answer.blob_count, &call.parms, text(0), text(1), NULL, &flags, suffix,
                                     answer.texts[0], xerc);
}

/* Activation and messages. */
static int license(aat_int32 *code) {
    TDigipassBlob *blob = answer.blobs;
    char *out = answer.texts[0];
    aat_int32 length = 1071;
    answer.text_count = 1;
    if (is("first-message")) {
        *code = icsf() ? AAL2GenMessageActivation1ICSF(blob, &call.parms, call.key, call.vector, text(0), text(1), text(2),
                                                       text(3), out, &length)
                       : AAL2GenMessageActivation1(blob, &call.parms, text(0), text(1), text(2), text(3), out, &length);
    } else if (is("device-code")) {
        length = 27;
        *code = icsf() ? AAL2VerifyDeviceCodeICSF(blob, &call.parms, call.key, call.vector, text(0), text(1), out, &length,
                                                  answer.numbers)
                       : AAL2VerifyDeviceCode(blob, &call.parms, text(0), text(1), out, &length, answer.numbers);
        answer.number_count = 1;
    } else if (is("second-message")) {
        *code = second_message();
    } else if (is("payload-key")) {
        length = 89;
        *code = icsf() ? AAL2GenPayloadKeyBlobICSF(blob, &call.parms, call.key, call.vector, text(0), out, &length)
                       : AAL2GenPayloadKeyBlob(blob, &call.parms, text(0), out, &length);
    } else if (is("request")) {
        *code = icsf() ? AAL2GenMessageRequestICSF(text(0), &call.parms, call.key, call.vector, text(1), text(2), out, &length)
                       : AAL2GenMessageRequest(text(0), &call.parms, text(1), text(2), out, &length);
    } else if (is("deactivation")) {
        length = 51;
        *code = icsf() ? AAL2GenMessageDeactivationICSF(text(0), &call.parms, call.key, call.vector, text(1),
                                                        call.numbers[0], out, &length)
                       : AAL2GenMessageDeactivation(text(0), &call.parms, text(1), call.numbers[0], out, &length);
    } else if (is("activation-data")) {
        *code = activation_data();
    } else if (is("response")) {
        *code = icsf() ? AAL2ProcMessageResponseICSF(text(0), &call.parms, call.key, call.vector, text(1), text(2), out, &length)
                       : AAL2ProcMessageResponse(text(0), &call.parms, text(1), text(2), out, &length);
    } else if (is("message-properties")) {
        aat_int32 *read = answer.numbers;
        *code = AAL2GetMessageProperties(text(0), read, read + 1, read + 2, read + 3, read + 4, out);
        answer.number_count = 5;
    } else {
        return 0;
    }
    return 1;
}

int main(void) {
    while (fgets(line, sizeof line, stdin)) {
        aat_int32 code = 0;
        read_call();
        if (!verify(&code) && !generate(&code) && !administer(&code) && !license(&code)) give_up("no such operation");
        write_answer(code);
    }
    return 0;
}
