/* words: how many words there are on standard input. */
#include <config.h>
#include <ctype.h>
#include <stdio.h>

int main(void) {
    unsigned long words = 0;
    int inside = 0;
    for (int c; (c = getchar()) != EOF; inside = !isspace(c))
        words += !inside && !isspace(c);
    printf("%lu\n", words);
    return ferror(stdin) || fclose(stdout) != 0;
}
