/* What is hidden in events: a value in each notation, patterns, options; and that everything else stays. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "json.h"
#include "secret.h"

static struct json line;

static void shown(bool cut, const char *text, const char *expected) {
    line.length = 0;
    line.cut = line.overflow = false;
    json_argument(&line, NULL, 0, text, strlen(text), 4096, cut);
    CHECK(line.length == strlen(expected) + 2 && memcmp(line.text + 1, expected, line.length - 2) == 0, "%s: %.*s instead of \"%s\"", text,
          (int)line.length, line.text, expected);
}
#define HIDES(text, expected) shown(false, text, expected)
#define KEEPS(text) shown(false, text, text)

static void refused(const char *pattern, size_t where) {
    struct secret_pattern p;
    size_t at = 0;
    const char *wrong = secret_pattern_parse(pattern, &p, &at);
    CHECK(wrong != NULL && at == where, "%s: %s at %zu", pattern, wrong ? wrong : "parses", at);
}

static void values(void) {
    secret_add("s3cr3t&\"pa ss'w\\rd"); /* what needs quoting everywhere */
    HIDES("-p s3cr3t&\"pa ss'w\\rd!", "-p ****!");
    HIDES("q=s3cr3t%26%22pa%20ss%27w%5Crd", "q=****");
    HIDES("q=s3cr3t%26%22pa+ss%27w%5crd&x", "q=****&x");
    HIDES("q=%733cr3t%26%22pa%20ss'w%5Crd", "q=****");
    HIDES("{\"p\":\"s3cr3t&\\\"pa ss'w\\\\rd\"}", "{\\\"p\\\":\\\"****\\\"}");
    HIDES("\\u00733cr3t\\u0026\\\"pa ss\\u0027w\\\\rd", "****");
    HIDES("'s3cr3t&\"pa ss'\\''w\\rd'", "'****'");
    HIDES("s3cr3t\\&\\\"pa\\ ss\\'w\\\\rd", "****");
    HIDES("7333637233742622706120737327775c7264", "****");
    HIDES("x7333637233742622706120737327775C7264x", "x****x");
    /* base64 of "VALUE", "uVALUE", "usVALUE", followed by more; the characters that mix with the neighbours stay */
    HIDES("czNjcjN0JiJwYSBzcyd3XHJk", "****");
    HIDES("dXMzY3IzdCYicGEgc3Mnd1xyZA==", "dX****A==");
    HIDES("dXNzM2NyM3QmInBhIHNzJ3dccmQ=", "dXN****Q=");
    HIDES("czNjcjN0JiJwYSBzcyd3XHJkOm1vcmU=", "****Om1vcmU=");
    secret_add("a?>~a?>~a?>~");
    HIDES("YT8+fmE/Pn5hPz5+", "****");
    HIDES("YT8-fmE_Pn5hPz5-", "****");
    HIDES("YT8%2BfmE%2FPn5hPz5%2B", "****");
    secret_add("\xc3\xa4rger-\xf0\x9f\x98\x80-1");
    HIDES("\\u00e4rger-\\ud83d\\ude00-1 \xc3\xa4rger-%F0%9f%98%80-1", "**** ****");
    secret_add("-----BEGIN KEY-----\nfirst-line-of-it\nx\nlast-line-of-it\n");
    HIDES("first-line-of-it", "****");
    HIDES("-----BEGIN KEY-----\\nfirst-line-of-it\\nx\\nlast-line-of-it\\n", "****");
    KEEPS("line x");
    /* Only what a buffer cut off is hidden by its beginning. */
    KEEPS("-p s3cr3t&");
    shown(true, "-p s3cr3t&", "-p ****");
    shown(true, "-p s3c", "-p s3c");
    KEEPS("100% of it, a+b, %zz, 50%");
}

static void names(void) {
    setenv("DEPLOY_TOKEN_A", "by-its-name-1", 1);
    setenv("npm_password", "by-its-name-2", 1);
    setenv("SHORT_TOKEN", "true", 1);
    setenv("TOKENIZER", "by-no-means-3", 1);
    secret_add_environment("*_TOKEN*");
    secret_add_environment("*PASSWORD");
    HIDES("by-its-name-1 by-its-name-2 true by-no-means-3", "**** **** true by-no-means-3");
}

static void patterns(void) {
    secret_pattern_add("ghp_[A-Za-z0-9]{36,}");
    secret_pattern_add("[Bb]earer [A-Za-z0-9._~+/=-]{8,}");
    secret_pattern_add("://[^/@ :]*:[^/@ ]+@");
    secret_pattern_add("key\\[\\d]=.{3}");
    HIDES("ghp_0123456789abcdefghijABCDEFGHIJ012345 x", "ghp_**** x");
    KEEPS("ghp_0123456789");
    shown(true, "ghp_0123456789", "ghp_****");
    HIDES("Authorization: Bearer abc.def-ghi", "Authorization: Bearer ****");
    HIDES("https://user:pass@host.test/x", "https://****host.test/x");
    KEEPS("https://host.test:8080/x@y");
    HIDES("key[d]=abcd", "key[d]=****d");
    refused("", 0);
    refused("ab", 2);
    refused("abcdef", 6);
    refused(".+anything", 10);
    refused("a*bcdefgh+", 10);
    refused("abc(d|e)f", 3);
    refused("abc[d", 5);
    refused("abc[z-a]{9}", 6);
    refused("abc[a-z]{9", 10);
    refused("abc[a-z]{9,8}", 13);
    refused("abc[a-z]{10001}", 14);
    refused("abc\\", 4);
    refused("abcd?", 5);
    static char text[70 * 2 + 1];
    memset(text, 'a', 70);
    refused(text, 64);
}

static void options(void) {
    secret_option_add("--password");
    HIDES("tool --password hunter2 --user x", "tool --password **** --user x");
    HIDES("--password=hunter2", "--password=****");
    KEEPS("--passwords");
    line.length = 0;
    json_argument(&line, "--password", 10, "two words", 9, 4096, false);
    json_argument(&line, "--user", 6, "me", 2, 4096, false);
    CHECK(line.length == 10 && memcmp(line.text, "\"****\"\"me\"", 10) == 0, "%.*s", (int)line.length, line.text);
}

void test_secret(void) {
    values();
    names();
    patterns();
    options();
}
