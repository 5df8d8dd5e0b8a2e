/* The shapes in which public callers pass their arguments: LinOTP 2.11 and privacyIDEA 3.14 through ctypes, the Ruby gem
 * vacman_controller 0.5 through C. Places end at a guard, so that nothing is written behind them. */
#include "host.h"

#define START 1700000000L

/* A place of so many bytes with a guard behind it. */
#define PLACE(name, size)                                                                                              \
    struct {                                                                                                           \
        char text[size];                                                                                               \
        char guard[16];                                                                                                \
    } name;                                                                                                            \
    memset(&name, '#', sizeof name)
#define WHOLE(place) THAT(!memcmp((place).guard, "################", 16))

/* Compiled without _64BIT on a 64-bit system: 20 fields of 8 bytes, and ParmCount says 19. */
typedef struct {
    unsigned long field[20];
} WideParms;

static WideParms wide_parms(void) {
    WideParms parms = {{19, 100, 24, 0, 0, 0, 0, 1, 0, 0, 2, 1, 100, 0}};
    return parms;
}

/* Through ctypes: a password in a place of its own size, and as challenge a place full of zeros. */
static aat_int32 through_ctypes(TDigipassBlob *blob, const char *password) {
    WideParms *parms = malloc(sizeof *parms);
    char *text = strdup(password), *challenge = calloc(17, 1);
    *parms = wide_parms();
    aat_int32 code = AAL2VerifyPassword(blob, (TKernelParms *)parms, text, challenge);
    THAT(!strcmp(text, password) && !challenge[0]);
    free(parms);
    free(text);
    free(challenge);
    return code;
}

static void a_login_through_ctypes(void) {
    TDigipassBlob blob = blob_of(ask("blob VIRT"));
    static char longest[10001];
    at(START);
    char *otp = ask("password VIRT");
    EXPECT(0, through_ctypes(&blob, otp));
    EXPECT(201, through_ctypes(&blob, otp));
    EXPECT(1, through_ctypes(&blob, wrong(otp)));
    EXPECT(-202, through_ctypes(&blob, "123"));
    EXPECT(-205, through_ctypes(&blob, "12345x"));
    EXPECT(-205, through_ctypes(&blob, "\xff\xfe\xff\xfe\xff\xfe"));
    memset(longest, '1', 10000);
    THAT(through_ctypes(&blob, longest) != 0);
    at(START + 36);
    EXPECT(0, through_ctypes(&blob, ask("password VIRT")));
}

/* Counts in places of 4 bytes that were zero, 97 bytes for the names, and a place too small for the static vector, which does not
 * end the import. */
static void an_import_through_ctypes(void) {
    WideParms parms = wide_parms();
    TKernelParms *p = (TKernelParms *)&parms;
    TDPXHandle handle = {0, 0};
    TDigipassBlob blob;
    aat_int32 applications = 0, tokens = 0, length = 112, delivered = 0;
    unsigned long property = PIN_SUPPORTED, off = 2;
    PLACE(names, 98);
    PLACE(vector, 114);
    PLACE(serial, 24);
    PLACE(type, 7);
    PLACE(mode, 4);
    PLACE(value, 8);
    at(START);
    char *file = ask("dpx sdl"), *key = ask("transport-key");
    EXPECT(-15, AAL2DPXInit(&handle, file, "00000000000000000000000000000000", (aat_int16 *)&applications, names.text,
                            (aat_int16 *)&tokens));
    EXPECT(-20, AAL2DPXInit(&handle, "/nonexistent", key, (aat_int16 *)&applications, names.text, (aat_int16 *)&tokens));
    EXPECT(0, AAL2DPXInit(&handle, file, key, (aat_int16 *)&applications, names.text, (aat_int16 *)&tokens));
    THAT(applications == 2 && tokens == 2);
    EXPECT(1025, AAL2DPXGetStaticVector(&handle, p, vector.text, &length));
    while (AAL2DPXGetToken(&handle, p, names.text, serial.text, type.text, mode.text, &blob) == 100) {
        THAT(!strcmp(type.text, "MOB30") && !strcmp(mode.text, "RO") && strstr(serial.text, "OTP         "));
        EXPECT(0, AAL2SetTokenProperty(&blob, p, property, off));
        EXPECT(0, AAL2GetTokenProperty(&blob, p, USE_COUNT, value.text));
        THAT(atoi(value.text) == 0);
        delivered++;
    }
    THAT(delivered == 2);
    EXPECT(0, AAL2DPXClose(&handle));
    WHOLE(names), WHOLE(vector), WHOLE(serial), WHOLE(type), WHOLE(mode), WHOLE(value);
}

static TKernelParms parms(void) {
    TKernelParms parms;
    memset(&parms, 0, sizeof parms);
    parms.ParmCount = 19, parms.ITimeWindow = 30, parms.STimeWindow = 24, parms.IThreshold = 3, parms.SThreshold = 1;
    parms.SyncWindow = 2, parms.OnLineSG = 2, parms.EventWindow = 100;
    return parms;
}

/* A BLOB kept as three texts and two numbers, as a hash of a scripting language has it. */
static TDigipassBlob through_texts(const TDigipassBlob *blob) {
    char serial[256] = "", application[256] = "", data[256] = "";
    int flags[2] = {(signed char)blob->DPFlags[0], (signed char)blob->DPFlags[1]};
    TDigipassBlob again;
    memset(&again, 0, sizeof again);
    memcpy(again.Serial, strncpy(serial, blob->Serial, 10), 10);
    memcpy(again.AppName, strncpy(application, blob->AppName, 12), 12);
    memcpy(again.Blob, strncpy(data, blob->Blob, 224), 224);
    again.DPFlags[0] = (aat_byte)flags[0];
    again.DPFlags[1] = (aat_byte)flags[1];
    return again;
}

static void the_library_in_small_places(void) {
    aat_int32 version_length = 16, bitness_length = 4, type_length = 8;
    PLACE(version, 16);
    PLACE(bitness, 4);
    PLACE(type, 8);
    PLACE(text, 100);
    EXPECT(0, AAL2GetLibraryVersion(version.text, &version_length, bitness.text, &bitness_length, type.text, &type_length));
    for (aat_int32 code = -1100; code < 20000; code += code == 2000 ? 7990 : code == 10020 ? 8970 : 1) {
        AAL2GetErrorMsg(code, text.text);
        THAT(memchr(text.text, 0, 100));
    }
    WHOLE(version), WHOLE(bitness), WHOLE(type), WHOLE(text);
}

/* Import, every property into 64 bytes, activation of one application with null for what is not wanted, and a login. */
static void a_life_in_texts(void) {
    TKernelParms p = parms();
    TDPXHandle handle;
    TDigipassBlob blob;
    TDigipassBlob *blobs[8] = {&blob, 0, 0, 0, 0, 0, 0, 0};
    aat_int16 applications, tokens;
    aat_int32 length = 4095, flags = ACTV_OFFLINE;
    PLACE(names, 13 * 8);
    PLACE(vector, 4095);
    PLACE(serial, 23);
    PLACE(type, 6);
    PLACE(mode, 3);
    PLACE(value, 64);
    PLACE(suffix, 15);
    PLACE(activation, 4143);
    at(START);
    EXPECT(0, AAL2DPXInit(&handle, ask("dpx sdl"), ask("transport-key"), &applications, names.text, &tokens));
    EXPECT(0, AAL2DPXGetStaticVector(&handle, &p, vector.text, &length));
    EXPECT(100, AAL2DPXGetToken(&handle, &p, names.text, serial.text, type.text, mode.text, &blob));
    EXPECT(0, AAL2DPXClose(&handle));
    blob = through_texts(&blob);
    THAT(!memcmp(blob.Serial, "VDS0000001", 10) && !memcmp(blob.AppName, "OTP         ", 12));
    for (aat_int32 property = 0; property < 0x200; property++) {
        AAL2GetTokenProperty(&blob, &p, property, value.text);
        THAT(memchr(value.text, 0, 64) || value.text[0] == '#');
    }
    EXPECT(0, AAL2GenActivationCodeXErc(blobs, 1, &p, vector.text, NULL, NULL, &flags, suffix.text, activation.text, NULL));
    THAT(!strcmp(suffix.text, "30303030303031"));
    ask("activate 1 %s %s", vector.text, activation.text);
    ask("use 1");
    blob = through_texts(&blob);
    EXPECT(0, AAL2VerifyPassword(&blob, &p, ask("password OTP"), 0));
    blob = through_texts(&blob);
    EXPECT(0, AAL2GetTokenProperty(&blob, &p, USE_COUNT, value.text));
    THAT(atoi(value.text) == 1);
    WHOLE(names), WHOLE(vector), WHOLE(serial), WHOLE(type), WHOLE(mode), WHOLE(value), WHOLE(suffix), WHOLE(activation);
}

int main(void) {
    a_login_through_ctypes();
    an_import_through_ctypes();
    a_life_in_texts();
    the_library_in_small_places();
    return 0;
}
