/* Strings of hostile programs against values and patterns; what is written never contains the value itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "json.h"
#include "secret.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct json line;
    static int ready;
    if (!ready++) {
        secret_add("s3cr3t&'\\x");
        secret_add("xyzxyzxyw");
        secret_pattern_add("key[=:][a-z]{6,}");
        secret_option_add("--pass");
    }
    if (size == 0)
        return 0;
    line.length = 0;
    line.cut = line.overflow = false;
    json_argument(&line, NULL, 0, (const char *)data + 1, size - 1, 4096, data[0] & 1);
    if (memmem(line.text, line.length, "xyzxyzxyw", 9) != NULL)
        abort();
    struct secret_pattern p;
    size_t at;
    char text[256];
    size_t n = size < sizeof text ? size : sizeof text - 1;
    memcpy(text, data, n);
    text[n] = '\0';
    (void)secret_pattern_parse(text, &p, &at);
    return 0;
}
