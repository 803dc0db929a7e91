#include "budget.h"

#include <string.h>

#include "util.h"

/* Binary logarithm in 1/256: the integer part, then one squaring for each further bit. */
static unsigned log2_256(unsigned n) {
    unsigned whole = 31U - (unsigned)__builtin_clz(n), fraction = 0;
    uint64_t x = ((uint64_t)n << 16) >> whole; /* 1 to 2, in 1/65536 */
    for (unsigned bit = 128; bit > 0; bit >>= 1) {
        x = (x * x) >> 16;
        if (x >= 2U << 16) {
            x >>= 1;
            fraction += bit;
        }
    }
    return whole * 256 + fraction;
}

unsigned budget_information(const char *label, size_t length) {
    unsigned counts[256] = {0}, sum = 0;
    if (length == 0 || length > 255)
        return 0;
    for (size_t i = 0; i < length; i++)
        counts[(unsigned char)label[i]]++;
    /* length * log2(length) - sum of count * log2(count) */
    for (unsigned c = 0; c < 256; c++)
        if (counts[c] > 0)
            sum += counts[c] * log2_256(counts[c]);
    return ((unsigned)length * log2_256((unsigned)length) - sum) / 256;
}

bool budget_spend(struct budget *b, const char *name, size_t below) {
    uint64_t hash = hash_bytes(name, strlen(name));
    for (unsigned i = 0; i < b->names; i++)
        if (b->seen[i] == hash)
            return true;
    unsigned bits = 0;
    for (size_t at = 0; at < below;) {
        size_t n = strcspn(name + at, ".");
        if (n > below - at)
            n = below - at;
        if (n >= BUDGET_LABEL)
            bits += budget_information(name + at, n);
        at += n + 1;
    }
    if (b->names == BUDGET_NAMES || (bits > 0 && b->bits + bits > BUDGET_BITS))
        return false;
    b->bits += bits;
    b->seen[b->names++] = hash;
    return true;
}
