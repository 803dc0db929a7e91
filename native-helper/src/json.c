#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"
#include "util.h"

void json_bytes(struct json *j, const char *data, size_t length) {
    if (length > sizeof j->text - j->length) {
        j->overflow = true;
        return;
    }
    memcpy(j->text + j->length, data, length);
    j->length += length;
}

void json_raw(struct json *j, const char *text) { json_bytes(j, text, strlen(text)); }

static void key(struct json *j, const char *name) {
    json_bytes(j, ",\"", 2);
    json_raw(j, name);
    json_bytes(j, "\":", 2);
}

/* printf is a tenth of the cost of an event in musl. */
void json_decimal(struct json *j, int64_t value) {
    char digits[24], *at = digits + sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--at = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (value < 0)
        *--at = '-';
    json_bytes(j, at, (size_t)(digits + sizeof digits - at));
}

void json_number(struct json *j, const char *name, int64_t value) {
    key(j, name);
    json_decimal(j, value);
}

void json_true(struct json *j, const char *name) {
    key(j, name);
    json_bytes(j, "true", 4);
}

/* Length of the valid UTF-8 sequence at p (1 to 4), or 0. Overlong forms and surrogates are not valid. */
static size_t utf8(const unsigned char *p, size_t left) {
    if (p[0] < 0x80)
        return 1;
    size_t n = p[0] >= 0xc2 && p[0] <= 0xdf ? 2 : p[0] >= 0xe0 && p[0] <= 0xef ? 3 : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4 : 0;
    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
        (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

/* How many bytes from here need no second look: printable ASCII that is not escaped and starts no secret. */
static size_t plain(const char *p, size_t length) {
    size_t n = 0;
    while (n < length && (unsigned char)p[n] >= 0x20 && (unsigned char)p[n] < 0x7f && p[n] != '"' && p[n] != '\\' &&
           !secret_start[(unsigned char)p[n]])
        n++;
    return n;
}

/* Writes the quoted string; `cap` counts the bytes of its escaped form. */
static void element(struct json *j, const char *value, size_t length, size_t cap, bool cut) {
    static const char ellipsis[] = "\xe2\x80\xa6";
    static const char hex[] = "0123456789abcdef";
    size_t room = sizeof j->text - j->length;
    if (room < 16) {
        j->overflow = true;
        return;
    }
    if (cap > room - 8)
        cap = room - 8;
    size_t used = 0;
    size_t shown = 0, hidden = 0; /* bytes from here that are known to be shown, and to be hidden behind these */
    json_bytes(j, "\"", 1);
    for (size_t i = 0; i < length;) {
        size_t run = shown + hidden > 0 ? 0 : plain(value + i, length - i);
        if (run > cap - used)
            run = cap - used;
        if (run > 0) {
            json_bytes(j, value + i, run);
            used += run;
            i += run;
            if (i == length)
                break;
        }
        char out[8];
        size_t n, step = 1;
        const unsigned char *p = (const unsigned char *)value + i;
        if (shown + hidden == 0) {
            hidden = secret_at(value + i, length - i, cut, &shown);
            hidden -= shown;
        }
        size_t seq = utf8(p, length - i);
        bool hide = shown == 0 && hidden > 0;
        if (hide) {
            memcpy(out, "****", 4);
            n = 4;
            step = hidden;
        } else if (*p == '"' || *p == '\\') {
            out[0] = '\\';
            out[1] = (char)*p;
            n = 2;
        } else if (*p < 0x20 || *p == 0x7f) {
            n = (size_t)snprintf(out, sizeof out, "\\u%04x", *p);
        } else if (seq == 0) {
            memcpy(out, "\\\\x", 3);
            out[3] = hex[*p >> 4];
            out[4] = hex[*p & 15];
            n = 5;
        } else {
            memcpy(out, p, seq);
            n = step = seq;
        }
        if (used + n > cap) {
            json_bytes(j, ellipsis, 3);
            j->cut = true;
            break;
        }
        json_bytes(j, out, n);
        used += n;
        i += step;
        if (hide)
            hidden = 0;
        else
            shown -= step < shown ? step : shown;
    }
    json_bytes(j, "\"", 1);
}

void json_element(struct json *j, const char *value, size_t length, size_t cap) { element(j, value, length, cap, false); }

void json_argument(struct json *j, const char *before, size_t before_length, const char *value, size_t length, size_t cap,
                   bool cut) {
    if (before != NULL && secret_follows(before, before_length))
        json_bytes(j, "\"****\"", 6);
    else
        element(j, value, length, cap, cut);
}

void json_string(struct json *j, const char *name, const char *value, size_t length, size_t cap) {
    key(j, name);
    json_element(j, value, length, cap);
}

void json_text(struct json *j, const char *name, const char *value) { json_string(j, name, value, strlen(value), 4096); }
