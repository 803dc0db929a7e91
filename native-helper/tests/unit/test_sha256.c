/* FIPS 180-4 example messages, and every way of cutting one into pieces. */
#include <string.h>

#include "check.h"
#include "sha256.h"

static void digest(const char *data, size_t length, size_t cut, char hex[65]) {
    struct sha256 s;
    unsigned char out[SHA256_SIZE];
    sha256_init(&s);
    sha256_update(&s, data, cut);
    sha256_update(&s, data + cut, length - cut);
    sha256_final(&s, out);
    sha256_hex(out, hex);
}

static void check_all(void) {
    static const struct { const char *text, *hex; } vectors[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"}};
    char hex[65];
    for (size_t i = 0; i < 4; i++)
        for (size_t cut = 0; cut <= strlen(vectors[i].text); cut++) {
            digest(vectors[i].text, strlen(vectors[i].text), cut, hex);
            CHECK(strcmp(hex, vectors[i].hex) == 0, "%s cut at %zu", hex, cut);
        }
    struct sha256 s;
    unsigned char out[SHA256_SIZE];
    char thousand[1000];
    memset(thousand, 'a', sizeof thousand);
    sha256_init(&s);
    for (int i = 0; i < 1000; i++)
        sha256_update(&s, thousand, sizeof thousand);
    sha256_final(&s, out);
    sha256_hex(out, hex);
    CHECK(strcmp(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0") == 0, "a million a: %s", hex);
}

void test_sha256(void) {
    sha256_accelerate(false);
    check_all();
    if (sha256_accelerate(true)) /* else there is only the portable form */
        check_all();
}
