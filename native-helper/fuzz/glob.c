/* A pattern, a newline, a path. Whatever the pattern is, a path escaped letter by letter matches itself and nothing longer,
 * and `**` before and behind a pattern only ever widens it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "glob.h"
static int matches(const char *pattern, const char *path, int *parsed) {
    const char *error;
    struct glob *g = glob_parse(pattern, &error);
    int result = g != NULL && glob_matches(g, path);
    if (parsed != NULL)
        *parsed = g != NULL;
    if (g != NULL && glob_matches(g, path) != result)
        abort();
    glob_free(g);
    return result;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char pattern[512], path[512], wide[1032];
    const uint8_t *line = memchr(data, '\n', size);
    if (size > 400 || line == NULL)
        return 0;
    size_t n = (size_t)(line - data), m = size - n - 1;
    memcpy(pattern, data, n);
    pattern[n] = '\0';
    memcpy(path, line + 1, m);
    path[m] = '\0';
    m = strlen(path);
    int parsed, hit = matches(pattern, path, &parsed);
    strcat(strcat(strcpy(wide, "**"), pattern), "**");
    if (hit && *pattern != '*' && n > 0 && pattern[strlen(pattern) - 1] != '*' && strncmp(pattern, "/", 1) != 0 && !matches(wide, path, &parsed) && parsed)
        abort();
    size_t at = 0;
    for (size_t i = 0; i < m; i++) {
        if (strchr("*?[]{},\\", path[i]) != NULL)
            wide[at++] = '\\';
        wide[at++] = path[i];
    }
    wide[at] = '\0';
    if (m > 0 && !matches(wide, path, NULL))
        abort();
    if (m > 0 && matches(wide, strcat(path, "x"), NULL))
        abort();
    return 0;
}
