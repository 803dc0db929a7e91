/* SHA-256 (FIPS 180-4). */
#ifndef HARDEN_SHA256_H
#define HARDEN_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

struct sha256 {
    uint32_t state[8];
    uint64_t length;
    unsigned char block[64];
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *data, size_t length);
void sha256_final(struct sha256 *s, unsigned char digest[SHA256_SIZE]);
/* Whether the processor's own instructions are used; tests switch them off to compare. */
bool sha256_accelerate(bool wanted);

/* sha256-x86.c */
bool sha256_x86_usable(void);
void sha256_x86_compress(uint32_t state[8], const unsigned char *block, const uint32_t K[64]);

/* Lower-case hexadecimal, 64 characters and a final NUL. */
void sha256_hex(const unsigned char digest[SHA256_SIZE], char hex[65]);

#endif
