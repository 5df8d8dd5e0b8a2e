/* The codes of a key service: no session, no key, a key that may not be used, a key of a wrong type, another key. */
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

static TKernelParms parms = {19, 10, 10, 0, 0, 0, 0, 0, 0, 0, 6, 0, 100, 0, 0, 0x7FFFFF, 0, 0, 0, 0, 0, 0, 0, 0};

int main(void) {
    aat_ascii vector[17] = "0011223344556677", long_name[65];
    at(1700000000L);
    TDigipassBlob software = blob_of(ask("blob AUTH")), blob = software, other;
    EXPECT(908, AAL2MigrateBlobICSF(&blob, &parms, NULL, NULL, "NO.SUCH.KEY", vector));
    memset(long_name, 'A', sizeof long_name);
    EXPECT(908, AAL2MigrateBlobICSF(&blob, &parms, NULL, NULL, long_name, vector));
    EXPECT(908, AAL2MigrateBlobICSF(&blob, &parms, NULL, NULL, "", vector));
    EXPECT(913, AAL2MigrateBlobICSF(&blob, &parms, NULL, NULL, "BLOCKED.KEY", vector));
    EXPECT(951, AAL2MigrateBlobICSF(&blob, &parms, NULL, NULL, "SINGLE.KEY", vector));
    EXPECT(951, AAL2MigrateBlobICSF(&blob, &parms, NULL, NULL, "RSA.KEY", vector));
    EXPECT(149, AAL2MigrateBlobICSF(&blob, &parms, NULL, NULL, "STORAGE.KEY", "xyz"));
    THAT(!memcmp(&blob, &software, sizeof blob));
    EXPECT(0, AAL2MigrateBlobICSF(&blob, &parms, NULL, NULL, "STORAGE.KEY", vector));
    other = blob;
    char *otp = ask("password AUTH");
    EXPECT(414, AAL2VerifyPasswordICSF(&other, &parms, "STORAGE.KEY", "0011223344556678", otp, NULL, NULL, NULL));
    other.Serial[9] = '7';
    EXPECT(414, AAL2VerifyPasswordICSF(&other, &parms, "STORAGE.KEY", vector, otp, NULL, NULL, NULL));
    EXPECT(0, AAL2VerifyPasswordICSF(&blob, &parms, "STORAGE.KEY", vector, otp, NULL, NULL, NULL));

    /* Another key of another kind under the same name: the BLOB no longer opens, a new one does. */
    ask("service replace");
    EXPECT(414, AAL2VerifyPasswordICSF(&blob, &parms, "STORAGE.KEY", vector, otp, NULL, NULL, NULL));
    EXPECT(0, AAL2MigrateBlobICSF(&software, &parms, NULL, NULL, "STORAGE.KEY", vector));
    EXPECT(0, AAL2VerifyPasswordICSF(&software, &parms, "STORAGE.KEY", vector, otp, NULL, NULL, NULL));

    /* After a fork both processes go on, the child with a session of its own. */
    other = software;
    pid_t child = fork();
    if (child == 0) {
        _exit(AAL2MigrateBlobICSF(&other, &parms, "STORAGE.KEY", vector, "STORAGE.KEY", vector) == 0 ? 0 : 1);
    }
    int status = -1;
    THAT(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT(0, AAL2MigrateBlobICSF(&other, &parms, "STORAGE.KEY", vector, "STORAGE.KEY", vector));

    setenv("BANCADA_DIGIPASS_HSM_PASSWORD", "another1", 1);
    EXPECT(900, AAL2VerifyPasswordICSF(&software, &parms, "STORAGE.KEY", vector, otp, NULL, NULL, NULL));
    unsetenv("BANCADA_DIGIPASS_HSM_PASSWORD");
    EXPECT(900, AAL2VerifyPasswordICSF(&software, &parms, "STORAGE.KEY", vector, otp, NULL, NULL, NULL));
    return 0;
}
