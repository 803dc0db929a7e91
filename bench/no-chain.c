/* The helper's hash without its work. bench/evidence links a helper with this in place of sha256.c, to see what the chain
 * of events costs; such a helper proves nothing and is never installed. */
#include <string.h>

#include "sha256.h"

void sha256_init(struct sha256 *s) { s->length = 0; }
void sha256_update(struct sha256 *s, const void *data, size_t length) {
    (void)data;
    s->length += length;
}
void sha256_final(struct sha256 *s, unsigned char digest[SHA256_SIZE]) {
    (void)s;
    memset(digest, 0, SHA256_SIZE);
}
void sha256_hex(const unsigned char digest[SHA256_SIZE], char hex[65]) {
    (void)digest;
    memset(hex, '0', 64);
    hex[64] = '\0';
}
bool sha256_accelerate(bool wanted) { return wanted; }
