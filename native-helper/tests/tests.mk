# Included by ../Makefile. Every part prints "N passed, N failed, N skipped" last; tests/summary adds them up.
PURE = src/policy.c src/policy-rules.c src/policy-index.c src/rule.c src/caps.c src/unixpeer.c src/glob.c src/names.c src/decide.c src/sockaddr.c src/sha256.c src/sha256-x86.c src/json.c src/batch.c src/secret.c src/dns.c src/budget.c src/refusal.c src/sniff.c src/util.c
SANITIZE = -std=gnu11 -g -O1 -Wall -Wextra -D_GNU_SOURCE -iquote src -fno-sanitize-recover=all

$(BUILD)/unit: $(wildcard tests/unit/*) $(PURE) $(HEADERS)
	@mkdir -p $(BUILD)
	gcc $(SANITIZE) -fsanitize=address,undefined -o $@ $(wildcard tests/unit/*.c) $(PURE)

$(BUILD)/unit-plain: $(wildcard tests/unit/*) $(PURE) $(HEADERS)
	@mkdir -p $(BUILD)
	gcc -std=gnu11 -g -O1 -D_GNU_SOURCE -iquote src -o $@ $(wildcard tests/unit/*.c) $(PURE)

valgrind: $(BUILD)/unit-plain
	bash tests/valgrind $(BUILD)/unit-plain

unit: $(BUILD)/unit
	$(BUILD)/unit

test: $(BUILD)/unit $(BUILD)/unit-plain $(BUILD)/harden-helper
	@bash tests/summary $(BUILD)

# Hostile programs for every row of the threat model, as root and as an ordinary user; about four minutes.
bypass: $(BUILD)/harden-helper
	tests/bypass/run

# The same inside Docker's default seccomp profile.
bypass-docker: $(BUILD)/harden-helper
	tests/bypass/run --within docker

# The end-to-end suites with a helper under the sanitizers; a report fails the part, because the helper then dies.
asan: $(BUILD)/harden-helper
	@mkdir -p $(BUILD)/asan
	gcc $(SANITIZE) -DHARDEN_VERSION='"$(VERSION)"' -fsanitize=address,undefined -o $(BUILD)/asan/harden-helper \
	  $(SOURCES) $(BUILD)/filters-$(HOST_ARCH).c -pthread
	set -e; for suite in run files storms scripts inbound connects dns sni messages sockets capabilities docker; do \
	  ASAN_OPTIONS=detect_leaks=0 bash tests/e2e/$$suite "$(CURDIR)/$(BUILD)/asan/harden-helper"; done

# A day's worth of events, and 200 killed supervisors: some minutes.
soak: $(BUILD)/harden-helper
	bash tests/e2e/soak "$(CURDIR)/$(BUILD)/harden-helper"
	KILLS=200 bash tests/e2e/killed "$(CURDIR)/$(BUILD)/harden-helper"

# Real programs in block against local servers; some minutes, root. `make programs` above installs them.
programs: $(BUILD)/harden-helper
	tests/programs/run

.PHONY: bypass bypass-docker asan soak valgrind programs
# KEEP=keep writes what was found back to fuzz/corpus.
fuzz:
	@mkdir -p $(BUILD)/fuzz
	set -e; for t in policy dns sockaddr sniff secret glob; do \
	  clang $(SANITIZE) -fsanitize=fuzzer,address,undefined -o $(BUILD)/fuzz/$$t fuzz/$$t.c $(PURE); \
	  fuzz/run $(BUILD)/fuzz/$$t $(FUZZ_SECONDS) $(BUILD)/fuzz $(KEEP); done
