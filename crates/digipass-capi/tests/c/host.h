/* What the C programs of the tests share: checks, and the conversation with the test that plays the device. */
#ifndef HOST_H
#define HOST_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aal2sdk.h"

/* Sends a line to the test and gives its answer, which lives until the next but seven. */
static inline char *ask(const char *format, ...) {
    static char answers[8][4096];
    static int next;
    char *answer = answers[next++ % 8];
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
    if (!fgets(answer, sizeof answers[0], stdin)) {
        fprintf(stderr, "the test went away\n");
        exit(3);
    }
    answer[strcspn(answer, "\n")] = 0;
    return answer;
}

static inline void check_code(aat_int32 got, aat_int32 expected, const char *what, const char *file, int line) {
    if (got != expected) {
        char text[100];
        fprintf(stderr, "%s:%d: %s gave %d (%s), expected %d\n", file, line, what, got, AAL2GetErrorMsg(got, text),
                expected);
        exit(1);
    }
}

static inline void check_true(int holds, const char *what, const char *file, int line) {
    if (!holds) {
        fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
        exit(1);
    }
}

#define EXPECT(code, call) check_code((call), (code), #call, __FILE__, __LINE__)
#define THAT(condition) check_true((condition) ? 1 : 0, #condition, __FILE__, __LINE__)

/* Sets the time of host and device, in seconds since 1970. */
static inline void at(long seconds) {
    char text[32];
    snprintf(text, sizeof text, "%ld", seconds);
    setenv("BANCADA_DIGIPASS_TIME", text, 1);
    ask("time %ld", seconds);
}

/* Reads a BLOB from hexadecimal. */
static inline TDigipassBlob blob_of(const char *hex) {
    TDigipassBlob blob;
    unsigned byte;
    memset(&blob, 0, sizeof blob);
    if (strlen(hex) != 2 * sizeof blob) {
        fprintf(stderr, "not a BLOB: %s\n", hex);
        exit(1);
    }
    for (size_t i = 0; i < sizeof blob; i++) {
        sscanf(hex + 2 * i, "%2x", &byte);
        ((unsigned char *)&blob)[i] = (unsigned char)byte;
    }
    return blob;
}

/* The first digit is another one. */
static inline char *wrong(const char *right) {
    static char text[64];
    snprintf(text, sizeof text, "%s", right);
    text[0] = text[0] == '9' ? '0' : (char)(text[0] + 1);
    return text;
}

static inline aat_int32 number_of(TDigipassBlob *blob, TKernelParms *parms, aat_int32 property) {
    aat_int32 value = -1;
    EXPECT(0, AAL2GetTokenProperty(blob, parms, property | INT_VALUE, (aat_ascii *)&value));
    return value;
}

#endif
