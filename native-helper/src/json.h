/*
 * A JSON line under construction in a fixed buffer. Strings come from hostile programs: control characters are
 * escaped, bytes that are not valid UTF-8 appear as the text \xHH, values above their cap are cut and marked, and
 * what is secret (secret.h) is replaced by "****" before anything else looks at it.
 */
#ifndef HARDEN_JSON_H
#define HARDEN_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_CAPACITY 16000 /* leaves room for the hash below the contract's 16 KiB a line */

struct json {
    size_t length;
    bool cut;      /* some value was shortened */
    bool overflow; /* more was added than fits: a bug of the caller, the line must not be used */
    char text[JSON_CAPACITY];
};

void json_raw(struct json *j, const char *text);
void json_bytes(struct json *j, const char *data, size_t length); /* as they are */
void json_number(struct json *j, const char *key, int64_t value);   /* ,"key":value */
void json_decimal(struct json *j, int64_t value);                   /* value */
void json_true(struct json *j, const char *key);                    /* ,"key":true */
void json_string(struct json *j, const char *key, const char *value, size_t length, size_t cap);
void json_text(struct json *j, const char *key, const char *value); /* NUL-terminated, cap 4096 */
/* A string without a key, for arrays. */
void json_element(struct json *j, const char *value, size_t length, size_t cap);
/* The same for an argument of a command: that of an option such as --password is secret. `before` may be NULL; `cut` says
 * that the value ends where the buffer ended into which it was read. */
void json_argument(struct json *j, const char *before, size_t before_length, const char *value, size_t length, size_t cap,
                   bool cut);

#endif
