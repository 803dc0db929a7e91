/* The same patterns as the engine's GlobTest: what a person writes once means the same in the report and in the kernel. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "glob.h"

static bool matches(const char *pattern, const char *path) {
    const char *error;
    struct glob *g = glob_parse(pattern, &error);
    bool result = g != NULL && glob_matches(g, path);
    CHECK(g != NULL, "%s: %s", pattern, error);
    glob_free(g);
    return result;
}
#define YES(pattern, path) CHECK(matches(pattern, path), "%s does not match %s", pattern, path)
#define NO(pattern, path) CHECK(!matches(pattern, path), "%s matches %s", pattern, path)

static void wrong(const char *pattern, const char *why) {
    const char *error = NULL;
    struct glob *g = glob_parse(pattern, &error);
    CHECK(g == NULL && strcmp(error, why) == 0, "%s: %s", pattern, g ? "parses" : error);
    glob_free(g);
}

void test_glob(void) {
    YES("/ws/a.js", "/ws/a.js");
    NO("/ws/a.js", "/ws/a.jsx");
    NO("/ws/a.js", "/ws/a");
    NO("/ws/a.js", "/ws/aXjs");
    YES("src/*.js", "src/a.js");
    YES("src/*.js", "src/.js");
    NO("src/*.js", "src/a/b.js");
    YES("a?c", "abc");
    YES("a?c", "a\xc3\xa4""c"); /* one character of two bytes */
    NO("a?c", "a/c");
    NO("a?c", "ac");
    YES("**", "a/b/c");
    YES("src/**", "src/a/b");
    NO("src/**", "src");
    YES("**/x", "x");
    YES("**/x", "a/b/x");
    NO("**/x", "a/bx");
    YES("/ws/**/node_modules/.prisma/**", "/ws/node_modules/.prisma/client/index.js");
    YES("/ws/**/node_modules/.prisma/**", "/ws/packages/a/node_modules/.prisma/x");
    NO("/ws/**/node_modules/.prisma/**", "/ws/xnode_modules/.prisma/x");
    YES("a**b", "a/x/b");
    YES("a**/b", "axx/b");
    NO("a**/b", "ab");
    YES("[a-c]x", "bx");
    NO("[a-c]x", "dx");
    YES("[!a-c]x", "dx");
    YES("[^a-c]x", "dx");
    NO("[!a]x", "/x");
    YES("[]]", "]");
    YES("[a-]", "-");
    YES("[\xc3\xa0-\xc3\xbf]", "\xc3\xa4");
    YES("*.{js,ts}", "a.ts");
    YES("*.{js,ts}", "a.js");
    NO("*.{js,ts}", "a.jsts");
    NO("*.{js,ts}", "a.");
    YES("{a,b/**}/x", "b/c/d/x");
    YES("{a,}x", "x");
    YES("{*.js,[ab]}", "b");
    YES("a,b}", "a,b}");
    YES("\\*\\{a\\,b\\}\\\\", "*{a,b}\\");
    NO("\\*", "a");
    YES("x\xff", "x\xff");
    NO("x\xff", "x\xfe");
    wrong("", "it is empty");
    wrong("a[b", "']' is missing");
    wrong("[]", "']' is missing");
    wrong("[b-a]", "the range between the brackets is empty");
    wrong("{a,b", "'}' is missing");
    wrong("{a,{b,c}}", "braces in braces are not known");
    wrong("a\\", "it ends in a backslash");
    /* What takes backtracking matchers for ever. */
    char path[4096], pattern[256] = "";
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    for (int i = 0; i < 40; i++)
        strcat(pattern, "*a**a");
    NO(strcat(pattern, "b"), path);
}
