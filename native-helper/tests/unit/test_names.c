/* Names of addresses: which ones count, and which one is shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "names.h"

#define V4(a, b, c, d) {[10] = 0xff, [11] = 0xff, a, b, c, d}

static void shows(const unsigned char *address, bool loopback, const char *wanted) {
    const char *name = names_shown(address, loopback);
    CHECK(wanted == NULL ? name == NULL : name != NULL && strcmp(name, wanted) == 0, "'%s' instead of '%s'", name ? name : "none",
          wanted ? wanted : "none");
}

void test_names(void) {
    static const unsigned char host[16] = V4(192, 0, 2, 1), other[16] = V4(192, 0, 2, 2), here[16] = V4(127, 0, 0, 1),
                               alias[16] = V4(127, 0, 1, 1);
    char path[] = "/tmp/hosts-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fputs("127.0.0.1 Localhost\n127.0.0.1 vm\n127.0.1.1 vm # this machine\n192.0.2.1 first.example.com second\n192.0.2.1 third\n", f);
    fprintf(f, "192.0.2.9 %0250d %0250d %0250d %0250d last.example.com\n#%01100d 192.0.2.1 comment\n", 1, 2, 3, 4, 5);
    fclose(f);
    names_read_hosts(path);
    unlink(path);
    const char *names[NAMES_PER_ADDRESS];
    CHECK(names_of(host, names) == 3 && names_of(here, names) == 2 && names_of(other, names) == 0, "all of them count");
    static const unsigned char many[16] = V4(192, 0, 2, 9);
    unsigned count = names_of(many, names);
    CHECK(count == 5 && strcmp(names[4], "last.example.com") == 0, "a long line: %u", count);
    shows(host, false, "first.example.com");
    shows(here, true, "localhost");
    shows(alias, true, NULL);
    shows(other, false, NULL);
    names_bind(host, "asked.example.com", 60);
    shows(host, false, "asked.example.com");
    names_bind(host, "later.example.com", 60);
    shows(host, false, "later.example.com");
    names_bind(alias, "app.example.com", 60);
    shows(alias, true, "app.example.com");
}
