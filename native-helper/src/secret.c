#include "secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util.h"

extern char **environ;

/* Encoded forms shorter than this are found in ordinary text. */
#define ENCODED_MINIMUM 6
/* Of how many characters a part at the beginning of a pattern may be a choice. */
#define MAX_CHOICE 8
/* Of a secret that was cut off, less than this says nothing. */
#define CUT_MINIMUM 4

struct secret {
    struct secret *next, *next_of_byte;
    size_t length;
    char value[];
};

bool secret_start[256];
static struct secret *all, *by_byte[256]; /* longest first: a secret that contains another must not leave its rest behind */
static struct secret_pattern *patterns[2 * SECRET_MAX_PATTERNS];
static size_t pattern_count;
static const char *options[SECRET_MAX_PATTERNS];
static size_t option_count;

/* ---- values ---- */

static void add_form(const char *value, size_t length) {
    for (const struct secret *s = all; s != NULL; s = s->next)
        if (s->length == length && memcmp(s->value, value, length) == 0)
            return;
    struct secret *s = must_alloc(1, sizeof *s + length);
    s->length = length;
    memcpy(s->value, value, length);
    struct secret **at = &all;
    while (*at != NULL && (*at)->length > length)
        at = &(*at)->next;
    s->next = *at;
    *at = s;
    at = &by_byte[(unsigned char)value[0]];
    while (*at != NULL && (*at)->length > length)
        at = &(*at)->next_of_byte;
    s->next_of_byte = *at;
    *at = s;
    secret_start[(unsigned char)value[0]] = true;
    secret_start['%'] = secret_start['\\'] = true; /* any byte can be written with these */
    if (value[0] == ' ')
        secret_start['+'] = true;
}

static void add_hex(const char *value, size_t length, const char *digits) {
    char *out = must_alloc(length, 2);
    for (size_t i = 0; i < length; i++) {
        out[2 * i] = digits[(unsigned char)value[i] >> 4];
        out[2 * i + 1] = digits[value[i] & 15];
    }
    add_form(out, 2 * length);
    free(out);
}

/*
 * The characters of base64 that depend on nothing but the value, when `before` bytes (0 to 2, modulo 3) stand before it:
 * "user:VALUE" is encoded as a whole, and what surrounds the value is not known.
 */
static void add_base64(const char *value, size_t length, size_t before, const char *digits) {
    size_t bits = (before + length) * 8, first = (before * 8 + 5) / 6, last = bits / 6;
    char *out = must_alloc(last + 1, 1);
    size_t n = 0;
    for (size_t i = first; i < last; i++) {
        unsigned sextet = 0;
        for (size_t bit = i * 6; bit < i * 6 + 6; bit++) {
            unsigned char byte = (unsigned char)value[bit / 8 - before];
            sextet = sextet << 1 | (byte >> (7 - bit % 8) & 1U);
        }
        out[n++] = digits[sextet];
    }
    if (n >= ENCODED_MINIMUM)
        add_form(out, n);
    free(out);
}

static void add_all_forms(const char *value, size_t length) {
    static const char alphabets[2][65] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                                          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"};
    add_form(value, length);
    add_hex(value, length, "0123456789abcdef");
    add_hex(value, length, "0123456789ABCDEF");
    for (int a = 0; a < 2; a++)
        for (size_t before = 0; before < 3; before++)
            add_base64(value, length, before, alphabets[a]);
}

void secret_add(const char *value) {
    size_t length = strlen(value);
    if (length < SECRET_MINIMUM)
        return;
    add_all_forms(value, length);
    /* A key of several lines is often passed on line by line. */
    for (const char *line = value; strchr(value, '\n') != NULL && line != NULL;) {
        const char *end = strchr(line, '\n');
        size_t n = end == NULL ? strlen(line) : (size_t)(end - line);
        if (n >= SECRET_GUESSED_MINIMUM)
            add_all_forms(line, n);
        line = end == NULL ? NULL : end + 1;
    }
}

static bool name_matches(const char *pattern, const char *name, size_t length) {
    const char *star = NULL;
    size_t i = 0, resume = 0;
    while (i < length) {
        if (*pattern == '*') {
            star = pattern++;
            resume = i;
        } else if (*pattern != '\0' && strncasecmp(pattern, name + i, 1) == 0) {
            pattern++;
            i++;
        } else if (star != NULL) {
            pattern = star + 1;
            i = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

void secret_add_environment(const char *name_pattern) {
    for (char **entry = environ; *entry != NULL; entry++) {
        const char *equals = strchr(*entry, '=');
        if (equals != NULL && strlen(equals + 1) >= SECRET_GUESSED_MINIMUM &&
            name_matches(name_pattern, *entry, (size_t)(equals - *entry)))
            secret_add(equals + 1);
    }
}

static int hex_value(const char *p, size_t digits) {
    int value = 0;
    for (size_t i = 0; i < digits; i++) {
        int c = (unsigned char)p[i], d = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (d < 0)
            return -1;
        value = value * 16 + d;
    }
    return value;
}

/* A \uXXXX outside of ASCII, or two for one character, as UTF-8; the bytes that were read, 0 if it is none. */
static size_t unicode_escape(const char *p, size_t left, unsigned char out[4], size_t *length) {
    int code = left >= 6 && p[0] == '\\' && p[1] == 'u' ? hex_value(p + 2, 4) : -1;
    size_t used = 6;
    if (code >= 0xd800 && code < 0xdc00) {
        int low = left >= 12 && p[6] == '\\' && p[7] == 'u' ? hex_value(p + 8, 4) : -1;
        if (low < 0xdc00 || low > 0xdfff)
            return 0;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        used = 12;
    }
    if (code < 0x80)
        return 0;
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; code >>= 6)
        out[i] = (unsigned char)(0x80 | (code & 0x3f));
    out[0] = (unsigned char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | code);
    *length = n;
    return used;
}

/* How many bytes at p are a notation of the byte c: URL, JSON, shell, or the byte itself; 0 if they are none. */
static size_t notation(const char *p, size_t left, char c) {
    static const char control[] = "n\nt\tr\rb\bf\f";
    if (*p == '%' && left >= 3 && hex_value(p + 1, 2) == (unsigned char)c)
        return 3;
    if (*p == '\\' && left >= 2) {
        if (p[1] == c)
            return 2;
        for (const char *e = control; *e != '\0'; e += 2)
            if (p[1] == e[0] && c == e[1])
                return 2;
        if (p[1] == 'x' && left >= 4 && hex_value(p + 2, 2) == (unsigned char)c)
            return 4;
        if (p[1] == 'u' && left >= 6 && hex_value(p + 2, 4) == (unsigned char)c && (unsigned char)c < 0x80)
            return 6;
    }
    if (c == '\'' && left >= 4 && memcmp(p, "'\\''", 4) == 0)
        return 4;
    if (c == '\'' && left >= 5 && memcmp(p, "'\"'\"'", 5) == 0)
        return 5;
    return *p == c || (*p == '+' && c == ' ') ? 1 : 0;
}

/* The bytes at p that are the value, in whatever mix of notations. */
static size_t value_at(const struct secret *s, const char *p, size_t left, bool cut) {
    if (s->length <= left && memcmp(p, s->value, s->length) == 0)
        return s->length;
    size_t at = 0, i = 0;
    while (i < s->length && at < left) {
        size_t n = notation(p + at, left - at, s->value[i]), bytes = 1;
        unsigned char character[4];
        if (n == 0) {
            n = unicode_escape(p + at, left - at, character, &bytes);
            if (n == 0 || bytes > s->length - i || memcmp(s->value + i, character, bytes) != 0)
                return 0;
        }
        at += n;
        i += bytes;
    }
    return i == s->length ? at : cut && i >= CUT_MINIMUM ? left : 0;
}

/* ---- patterns ---- */

static bool fits(const struct secret_atom *a, char c) { return a->set[(unsigned char)c >> 3] >> (c & 7) & 1; }

static void include(struct secret_atom *a, unsigned from, unsigned to) {
    for (unsigned c = from; c <= to; c++)
        a->set[c >> 3] = (unsigned char)(a->set[c >> 3] | 1U << (c & 7));
}

static unsigned size_of(const struct secret_atom *a) {
    unsigned size = 0;
    for (unsigned c = 0; c < 256; c++)
        size += fits(a, (char)c);
    return size;
}

static const char *parse_class(const char *text, size_t *at, struct secret_atom *a) {
    bool inverted = text[*at] == '^';
    size_t begin = *at += inverted;
    for (; text[*at] != ']' || *at == begin; ++*at) {
        *at += text[*at] == '\\';
        if (text[*at] == '\0')
            return "'[' without ']'";
        unsigned from = (unsigned char)text[*at], to = from;
        if (text[*at + 1] == '-' && text[*at + 2] != ']' && text[*at + 2] != '\0') {
            *at += 2;
            *at += text[*at] == '\\';
            to = (unsigned char)text[*at];
        }
        if (to < from)
            return "the range is upside down";
        include(a, from, to);
    }
    ++*at;
    for (size_t i = 0; inverted && i < sizeof a->set; i++)
        a->set[i] = (unsigned char)~a->set[i];
    return NULL;
}

static const char *parse_count(const char *text, size_t *at, unsigned *out) {
    unsigned value = 0, digits = 0;
    for (; text[*at] >= '0' && text[*at] <= '9' && digits < 5; digits++)
        value = value * 10 + (unsigned)(text[(*at)++] - '0');
    *out = value;
    return digits == 0 || value > 10000 ? "a number from 0 to 10000 is expected" : NULL;
}

static const char *parse_quantifier(const char *text, size_t *at, struct secret_atom *a) {
    const char *wrong = NULL;
    a->least = a->most = 1;
    switch (text[*at]) {
    case '?':
        a->least = 0;
        ++*at;
        break;
    case '*':
    case '+':
        a->least = text[(*at)++] == '+';
        a->most = UINT32_MAX;
        break;
    case '{':
        ++*at;
        if ((wrong = parse_count(text, at, &a->least)) != NULL)
            return wrong;
        a->most = a->least;
        if (text[*at] == ',') {
            ++*at;
            a->most = UINT32_MAX;
            if (text[*at] != '}' && (wrong = parse_count(text, at, &a->most)) != NULL)
                return wrong;
        }
        if (text[*at] != '}')
            return "'{' without '}'";
        ++*at;
        if (a->most < a->least || a->most == 0)
            return "the most is less than the least";
        break;
    default:
        break;
    }
    return NULL;
}

const char *secret_pattern_parse(const char *text, struct secret_pattern *out, size_t *at) {
    const char *wrong = NULL;
    unsigned least = 0;
    memset(out, 0, sizeof *out);
    bool leading = true;
    for (*at = 0; text[*at] != '\0';) {
        if (out->count == SECRET_MAX_ATOMS)
            return "more than 64 parts";
        struct secret_atom *a = &out->atoms[out->count++];
        char c = text[(*at)++];
        if (c != '\0' && strchr("()|^$*+?{", c) != NULL) {
            --*at;
            return "this character needs a backslash before it";
        }
        if (c == '.') {
            include(a, 0, 255);
        } else if (c == '[') {
            if ((wrong = parse_class(text, at, a)) != NULL)
                return wrong;
        } else {
            if (c == '\\' && (c = text[(*at)++]) == '\0') {
                --*at;
                return "a backslash at the end";
            }
            include(a, (unsigned char)c, (unsigned char)c);
        }
        if ((wrong = parse_quantifier(text, at, a)) != NULL)
            return wrong;
        leading = leading && a->least == 1 && a->most == 1 && size_of(a) <= MAX_CHOICE;
        out->kept += leading;
        least = a->least > 10000 - least ? 10000 : least + a->least;
    }
    /* A pattern that begins with anything would be tried at each byte, and could hide everything. */
    if (out->kept < 3)
        return "it must begin with three characters, or choices between at most eight";
    if (out->kept == out->count)
        return "nothing follows that could be hidden";
    return least < ENCODED_MINIMUM ? "it matches fewer than 6 characters" : NULL;
}

void secret_pattern_add(const char *text) {
    struct secret_pattern *p = must_alloc(1, sizeof *p);
    size_t at;
    if (pattern_count == ARRAY_LENGTH(patterns) || secret_pattern_parse(text, p, &at) != NULL)
        abort(); /* the policy's parser has checked it */
    patterns[pattern_count++] = p;
    for (unsigned c = 0; c < 256; c++)
        secret_start[c] = secret_start[c] || fits(&p->atoms[0], (char)c);
}

void secret_option_add(const char *option) {
    static const char rest[] = "[ =][^ \n]+";
    char *text = must_alloc(1, 2 * strlen(option) + sizeof rest), *out = text;
    for (const char *c = option; *c != '\0'; c++) {
        *out++ = '\\';
        *out++ = *c;
    }
    memcpy(out, rest, sizeof rest);
    if (option_count == ARRAY_LENGTH(options))
        abort(); /* the policy's parser has counted them */
    options[option_count++] = option;
    secret_pattern_add(text);
    free(text);
}

bool secret_follows(const char *argument, size_t length) {
    for (size_t i = 0; i < option_count; i++)
        if (strlen(options[i]) == length && memcmp(options[i], argument, length) == 0)
            return true;
    return false;
}

/* Each part takes what it can and gives nothing back: the time is linear, whatever the text. */
static size_t pattern_at(const struct secret_pattern *pattern, const char *p, size_t left, bool cut) {
    size_t at = 0;
    for (size_t i = 0; i < pattern->count; i++) {
        const struct secret_atom *a = &pattern->atoms[i];
        size_t n = 0;
        while (n < a->most && at < left && fits(a, p[at])) {
            n++;
            at++;
        }
        if (n < a->least)
            return cut && at == left && at > pattern->kept ? left : 0;
    }
    return at > pattern->kept ? at : 0;
}

size_t secret_at(const char *p, size_t left, bool cut, size_t *kept) {
    *kept = 0;
    if (!secret_start[(unsigned char)*p])
        return 0;
    /* A notation can begin with a byte that the value does not begin with. */
    if (*p == '%' || *p == '\\' || *p == '+') {
        for (const struct secret *s = all; s != NULL; s = s->next) {
            size_t n = value_at(s, p, left, cut);
            if (n > 0)
                return n;
        }
    } else {
        for (const struct secret *s = by_byte[(unsigned char)*p]; s != NULL; s = s->next_of_byte) {
            size_t n = value_at(s, p, left, cut);
            if (n > 0)
                return n;
        }
    }
    for (size_t i = 0; i < pattern_count; i++) {
        size_t n = pattern_at(patterns[i], p, left, cut);
        if (n > 0) {
            *kept = patterns[i]->kept;
            return n;
        }
    }
    return 0;
}
