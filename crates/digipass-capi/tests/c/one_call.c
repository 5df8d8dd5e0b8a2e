/* One call of the key service, whatever it comes to. */
#include "host.h"

static TKernelParms parms = {19, 10, 10, 0, 0, 0, 0, 0, 0, 0, 6, 0, 100, 0, 0, 0x7FFFFF, 0, 0, 0, 0, 0, 0, 0, 0};

int main(void) {
    at(1700000000L);
    TDigipassBlob blob = blob_of(ask("blob AUTH"));
    THAT(AAL2MigrateBlobICSF(&blob, &parms, NULL, NULL, "STORAGE.KEY", NULL) != 0);
    return 0;
}
