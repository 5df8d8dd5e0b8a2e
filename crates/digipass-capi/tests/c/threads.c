/* Eight threads at once: each with its own BLOB, all with one import file, and each with files it opens and closes itself. */
#include <pthread.h>

#include "host.h"

#define THREADS 8
#define START 1700000000L

static TKernelParms parms;
static TDigipassBlob issued;
static char *first, *second, *file, *key;
static TDPXHandle shared;
static int rounds = 20;

static void *log_in(void *delivered) {
    for (int round = 0; round < rounds; round++) {
        TDigipassBlob blob = issued;
        char text[100], value[65];
        EXPECT(0, AAL2VerifyPassword(&blob, &parms, first, NULL));
        EXPECT(201, AAL2VerifyPassword(&blob, &parms, first, NULL));
        EXPECT(1, AAL2VerifyPassword(&blob, &parms, "00000000", NULL));
        EXPECT(0, AAL2VerifyPassword(&blob, &parms, second, NULL));
        EXPECT(0, AAL2GetTokenProperty(&blob, &parms, USE_COUNT, value));
        THAT(atoi(value) == 2 && AAL2GetErrorMsg(201, text) == text);
    }
    return delivered;
}

static void *share(void *delivered) {
    aat_ascii serial[23], type[6], mode[3];
    TDigipassBlob blob;
    aat_int32 code;
    while ((code = AAL2DPXGetToken(&shared, &parms, "OTP         ", serial, type, mode, &blob)) == 100) {
        THAT(!memcmp(blob.Serial, serial, 10));
        ++*(int *)delivered;
    }
    EXPECT(107, code);
    return delivered;
}

static void *own(void *delivered) {
    for (int round = 0; round < rounds; round++) {
        char names[13 * 8];
        aat_int16 applications, tokens;
        TDPXHandle handle, copy;
        TDigipassBlob blob;
        aat_ascii serial[23], type[6], mode[3];
        EXPECT(0, AAL2DPXInit(&handle, file, key, &applications, names, &tokens));
        EXPECT(100, AAL2DPXGetToken(&handle, &parms, names, serial, type, mode, &blob));
        THAT(!memcmp(serial, "VDS0000001OTP", 13));
        copy = handle;
        EXPECT(0, AAL2DPXClose(&handle));
        EXPECT(-1505, AAL2DPXClose(&copy));
    }
    return delivered;
}

/* What all threads counted together. */
static int at_once(void *(*work)(void *)) {
    pthread_t threads[THREADS];
    int delivered[THREADS] = {0}, sum = 0;
    for (int i = 0; i < THREADS; i++)
        THAT(!pthread_create(&threads[i], NULL, work, &delivered[i]));
    for (int i = 0; i < THREADS; i++) {
        THAT(!pthread_join(threads[i], NULL));
        sum += delivered[i];
    }
    return sum;
}

int main(int count, char **words) {
    char names[13 * 8];
    aat_int16 applications, tokens;
    if (count > 1)
        rounds = atoi(words[1]);
    memset(&parms, 0, sizeof parms);
    parms.ParmCount = 19;
    at(START + 36);
    second = ask("password AUTH");
    at(START);
    first = ask("password AUTH");
    issued = blob_of(ask("blob AUTH"));
    file = ask("dpx sdl");
    key = ask("transport-key");
    at_once(log_in);
    at_once(own);
    for (int round = 0; round < rounds; round++) {
        EXPECT(0, AAL2DPXInit(&shared, file, key, &applications, names, &tokens));
        THAT(at_once(share) == 2);
        EXPECT(0, AAL2DPXClose(&shared));
    }
    return 0;
}
