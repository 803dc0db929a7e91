/* Strings of hostile programs in JSON: escapes, bytes that are not UTF-8, caps, redaction. */
#include <string.h>

#include "check.h"
#include "json.h"
#include "secret.h"

static struct json line;

static void shows(const char *bytes, size_t length, size_t cap, const char *expected, bool cut) {
    line.length = 0;
    line.cut = line.overflow = false;
    json_element(&line, bytes, length, cap);
    CHECK(line.length == strlen(expected) && memcmp(line.text, expected, line.length) == 0 && line.cut == cut && !line.overflow,
          "%.*s instead of %s", (int)line.length, line.text, expected);
}
#define SHOWS(text, expected) shows(text, sizeof text - 1, 4096, expected, false)

void test_json(void) {
    SHOWS("plain", "\"plain\"");
    SHOWS("\"\\\n\x01\x7f\0z", "\"\\\"\\\\\\u000a\\u0001\\u007f\\u0000z\"");
    SHOWS("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", "\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"");
    SHOWS("\xff\x80", "\"\\\\xff\\\\x80\"");
    SHOWS("\xc0\xaf", "\"\\\\xc0\\\\xaf\"");                     /* overlong */
    SHOWS("\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\"");           /* surrogate */
    SHOWS("\xf4\x90\x80\x80", "\"\\\\xf4\\\\x90\\\\x80\\\\x80\""); /* above U+10FFFF */
    SHOWS("a\xe2\x82", "\"a\\\\xe2\\\\x82\"");                   /* cut short */
    shows("abcdef", 6, 3, "\"abc\xe2\x80\xa6\"", true);
    shows("ab\xe2\x82\xac", 5, 4, "\"ab\xe2\x80\xa6\"", true); /* never half a character */
    secret_add("ab");
    secret_add("token");
    secret_add("token-and-more");
    SHOWS("ab", "\"ab\"");
    SHOWS("x token y", "\"x **** y\"");
    SHOWS("token-and-more!", "\"****!\""); /* the longest first, so that no rest shows */
    SHOWS("tokentoken", "\"********\"");
    SHOWS("toke", "\"toke\"");
    line.length = 0;
    json_number(&line, "n", INT64_MIN);
    json_true(&line, "t");
    json_text(&line, "s", "v");
    static const char fields[] = ",\"n\":-9223372036854775808,\"t\":true,\"s\":\"v\"";
    CHECK(line.length == sizeof fields - 1 && memcmp(line.text, fields, line.length) == 0, "%.*s", (int)line.length, line.text);
    static char big[3 * JSON_CAPACITY];
    memset(big, '\n', sizeof big);
    line.length = 0;
    line.overflow = false;
    for (int i = 0; i < 6; i++)
        json_element(&line, big, sizeof big, sizeof big);
    CHECK(line.overflow && line.length <= JSON_CAPACITY, "length %zu", line.length);
}
