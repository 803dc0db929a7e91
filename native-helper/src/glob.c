#include "glob.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * A list of steps, and a set of those that the path read so far can stand before: no backtracking, so no path is slow.
 * An alternative of braces goes on behind them; `next` and `end` say where the next alternative and what follows begin.
 */
struct step {
    enum { ONE, ANY, SET, STAR, STARS, FOLDERS, WITHIN, OPEN, OR, CLOSE, MATCH } kind;
    uint32_t character;          /* ONE */
    const char *from, *to;       /* SET: the text between the brackets */
    size_t next, end;            /* OPEN, OR */
};

struct glob {
    size_t count;
    unsigned char *now, *then; /* one byte a step */
    struct step steps[];
};

/* A character of UTF-8; a byte that is none stands for itself, above all characters. */
static uint32_t decode(const char **at) {
    const unsigned char *s = (const unsigned char *)*at;
    unsigned more = s[0] < 0x80 ? 0 : s[0] >= 0xf0 && s[0] < 0xf5 ? 3 : s[0] >= 0xe0 && s[0] < 0xf0 ? 2 : s[0] >= 0xc2 && s[0] < 0xe0 ? 1 : 4;
    uint32_t c = more == 0 ? s[0] : more < 4 ? s[0] & (0x3fU >> more) : 0x110000U + s[0];
    if (more == 4) {
        *at += 1;
        return c;
    }
    for (unsigned i = 1; i <= more; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            *at += 1;
            return 0x110000U + s[0];
        }
        c = c << 6 | (s[i] & 0x3fU);
    }
    *at += 1 + more;
    return c;
}

static bool in_set(const struct step *s, uint32_t c) {
    const char *at = s->from;
    bool not = *at == '!' || *at == '^', found = false;
    if (not)
        at++;
    while (at < s->to) {
        uint32_t low = decode(&at), high = low;
        if (at + 1 < s->to && *at == '-') {
            at++;
            high = decode(&at);
        }
        found |= c >= low && c <= high;
    }
    return c != '/' && found != not;
}

static bool wrong_set(const struct step *s) {
    const char *at = s->from + (*s->from == '!' || *s->from == '^');
    bool empty = at >= s->to;
    while (at < s->to) {
        uint32_t low = decode(&at);
        if (at + 1 < s->to && *at == '-') {
            at++;
            if (decode(&at) < low)
                return true;
        }
    }
    return empty;
}

static const char *parse(const char *text, struct glob *g) {
    const char *at = text;
    size_t open = SIZE_MAX, last = 0; /* last: where the present alternative's beginning stands */
    while (*at != '\0') {
        struct step *s = &g->steps[g->count++];
        if (at[0] == '*' && at[1] == '*') {
            bool folders = at[2] == '/' && (at == text || at[-1] == '/');
            s->kind = folders ? FOLDERS : STARS;
            if (folders)
                g->steps[g->count++].kind = WITHIN;
            at += folders ? 3 : 2;
        } else if (*at == '*' || *at == '?') {
            s->kind = *at++ == '*' ? STAR : ANY;
        } else if (*at == '[') {
            const char *end = at[1] != '\0' && at[2] != '\0' ? strchr(at + 2, ']') : NULL;
            if (end == NULL)
                return "']' is missing";
            *s = (struct step){.kind = SET, .from = at + 1, .to = end};
            if (wrong_set(s))
                return "the range between the brackets is empty";
            at = end + 1;
        } else if (*at == '{') {
            if (open != SIZE_MAX)
                return "braces in braces are not known";
            s->kind = OPEN;
            open = last = g->count - 1;
            at++;
        } else if (open != SIZE_MAX && (*at == ',' || *at == '}')) {
            s->kind = *at == ',' ? OR : CLOSE;
            g->steps[last].next = *at == ',' ? g->count : 0; /* 0: no further alternative */
            last = g->count - 1;
            if (*at++ == '}') {
                for (size_t i = open; i < last; i++)
                    g->steps[i].end = last;
                open = SIZE_MAX;
            }
        } else {
            if (*at == '\\' && *++at == '\0')
                return "it ends in a backslash";
            s->kind = ONE;
            s->character = decode(&at);
        }
    }
    g->steps[g->count++].kind = MATCH;
    return open != SIZE_MAX ? "'}' is missing" : text[0] == '\0' ? "it is empty" : NULL;
}

struct glob *glob_parse(const char *text, const char **error) {
    size_t room = strlen(text) + 2;
    struct glob *g = calloc(1, sizeof *g + room * sizeof g->steps[0]);
    *error = g == NULL ? "out of memory" : parse(text, g);
    if (*error == NULL && (g->now = calloc(2, g->count)) == NULL)
        *error = "out of memory";
    if (*error != NULL) {
        free(g);
        return NULL;
    }
    g->then = g->now + g->count;
    return g;
}

void glob_free(struct glob *g) {
    if (g != NULL)
        free(g->now < g->then ? g->now : g->then); /* matching exchanges them */
    free(g);
}

/* Steps that are reached without reading on. They lie ahead, so one pass finds all. */
static void follow(const struct glob *g, unsigned char *set) {
    for (size_t i = 0; i < g->count; i++) {
        const struct step *s = &g->steps[i];
        if (!set[i])
            continue;
        switch (s->kind) {
        case STAR:
        case STARS:
        case CLOSE:
            set[i + 1] = 1;
            break;
        case FOLDERS:
            set[i + 1] = set[i + 2] = 1;
            break;
        case OPEN: /* the beginning of each alternative */
            set[i + 1] = 1;
            for (size_t a = s->next; a != 0; a = g->steps[a - 1].next)
                set[a] = 1;
            break;
        case OR: /* the alternative before it has matched */
            set[s->end] = 1;
            break;
        default:
            break;
        }
    }
}

bool glob_matches(struct glob *g, const char *path) {
    memset(g->now, 0, g->count);
    g->now[0] = 1;
    follow(g, g->now);
    while (*path != '\0') {
        uint32_t c = decode(&path);
        memset(g->then, 0, g->count);
        for (size_t i = 0; i < g->count; i++) {
            const struct step *s = &g->steps[i];
            if (!g->now[i])
                continue;
            if ((s->kind == ONE && s->character == c) || (s->kind == ANY && c != '/') || (s->kind == SET && in_set(s, c)) ||
                (s->kind == WITHIN && c == '/'))
                g->then[i + 1] = 1;
            if ((s->kind == STAR && c != '/') || s->kind == STARS || s->kind == WITHIN)
                g->then[i] = 1;
        }
        follow(g, g->then);
        unsigned char *swap = g->now;
        g->now = g->then;
        g->then = swap;
    }
    return g->now[g->count - 1];
}
