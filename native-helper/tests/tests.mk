# Included by ../Makefile. Every part prints "N passed, N failed, N skipped" last; tests/summary adds them up.
PURE = src/policy.c src/rule.c src/decide.c src/sockaddr.c src/sha256.c src/sha256-x86.c src/json.c src/dns.c src/budget.c src/sniff.c src/util.c
SANITIZE = -std=gnu11 -g -O1 -Wall -Wextra -D_GNU_SOURCE -iquote src -fno-sanitize-recover=all

$(BUILD)/unit: $(wildcard tests/unit/*) $(PURE) $(HEADERS)
	@mkdir -p $(BUILD)
	gcc $(SANITIZE) -fsanitize=address,undefined -o $@ $(wildcard tests/unit/*.c) $(PURE)

unit: $(BUILD)/unit
	$(BUILD)/unit

test: $(BUILD)/unit $(BUILD)/harden-helper
	@bash tests/summary $(BUILD)

# Hostile programs for every row of the threat model, as root and as an ordinary user; about four minutes.
bypass: $(BUILD)/harden-helper
	tests/bypass/run

# A day's worth of events, and 200 killed supervisors: some minutes.
soak: $(BUILD)/harden-helper
	bash tests/e2e/soak "$(CURDIR)/$(BUILD)/harden-helper"
	KILLS=200 bash tests/e2e/killed "$(CURDIR)/$(BUILD)/harden-helper"

.PHONY: bypass soak
fuzz:
	@mkdir -p $(BUILD)/fuzz
	set -e; for t in policy dns sockaddr sniff; do \
	  clang $(SANITIZE) -fsanitize=fuzzer,address,undefined -o $(BUILD)/fuzz/$$t fuzz/$$t.c $(PURE); \
	  $(BUILD)/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=$(BUILD)/fuzz/ -print_final_stats=1; done
