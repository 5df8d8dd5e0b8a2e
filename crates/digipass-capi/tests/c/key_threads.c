/* Many threads with their keys in an HSM: more of them than a process has sessions, each with a BLOB of its own. */
#include <pthread.h>

#include "host.h"

#define THREADS 24

static TKernelParms parms = {19, 10, 10, 0, 0, 0, 0, 0, 0, 0, 6, 0, 100, 0, 0, 0x7FFFFF, 0, 0, 0, 0, 0, 0, 0, 0};
static TDigipassBlob issued;
static char *otp;

static void *log_in(void *none) {
    TDigipassBlob blob = issued;
    EXPECT(0, AAL2VerifyPasswordICSF(&blob, &parms, "STORAGE.KEY", NULL, otp, NULL, NULL, NULL));
    EXPECT(201, AAL2VerifyPasswordICSF(&blob, &parms, "STORAGE.KEY", NULL, otp, NULL, NULL, NULL));
    EXPECT(908, AAL2VerifyPasswordICSF(&blob, &parms, "OTHER.KEY", NULL, otp, NULL, NULL, NULL));
    return none;
}

int main(void) {
    pthread_t threads[THREADS];
    at(1700000000L);
    issued = blob_of(ask("blob AUTH"));
    otp = strdup(ask("password AUTH"));
    EXPECT(0, AAL2MigrateBlobICSF(&issued, &parms, NULL, NULL, "STORAGE.KEY", NULL));
    for (int place = 0; place < THREADS; place++) THAT(!pthread_create(&threads[place], NULL, log_in, NULL));
    for (int place = 0; place < THREADS; place++) THAT(!pthread_join(threads[place], NULL));
    return 0;
}
