# title: make -j4 and gcc, 40 files, a header fetched first
# needs: make gcc curl
for i in {1..40}; do printf '#include "step.h"\nint f%d(int n) { return n + STEP; }\n' "$i" >"f$i.c"; done
{ for i in {1..40}; do echo "int f$i(int);"; done; echo '#include <stdio.h>'; echo 'int main(void) { int n = 0;'; for i in {1..40}; do echo "n = f$i(n);"; done; echo 'return printf("%d\n", n) < 0; }'; } >main.c
cat >Makefile <<'M'
OBJECTS := $(patsubst %.c,%.o,$(wildcard *.c))
app: $(OBJECTS)
	@$(CC) -o $@ $^
%.o: %.c step.h
	@$(CC) -O1 -c -o $@ $<
step.h:
	@curl -sS --max-time 20 --cacert $(CA) -o $@ https://$(HOST)/step.h
M
make -s -j4 app || exit 1
./app
