# One entry for people and CI. Everything else is in scripts/, native-helper/Makefile and the Maven builds.
MVN ?= $(CURDIR)/scripts/maven
export MVN

.PHONY: help build native cli hpi run test programs fuzz bench clean setup-run setup-test

help:
	@echo 'make run     show the attack: first seen in audit, then stopped in block'
	@echo 'make test    all tests that this machine can run; the last lines say which could not'
	@echo 'make build   bin/harden-runner (command line) and native-helper/build/harden-helper'
	@echo 'make hpi     the plugin from Maven Central alone: central-build/plugin/target/harden-runner.hpi'
	@echo 'make programs  npm, Maven, git, curl, Chromium, … in block as without supervision; root, some minutes'
	@echo 'make fuzz    the parsers of hostile bytes, FUZZ_SECONDS (default 20) each'
	@echo 'make bench   overhead of supervision on this machine, into bench/RESULTS.md'
	@echo 'make clean   remove what the builds made'

setup-run:
	@scripts/setup run
setup-test:
	@scripts/setup test

build: native cli

native: setup-run
	@$(MAKE) --no-print-directory -s -C native-helper all

cli: native
	@$(MVN) -B -q -ntp -f central-build/pom.xml -pl cli,../examples/goat/sink -am package -Dmaven.test.skip=true

hpi: native
	@$(MVN) -B -q -ntp -f central-build/pom.xml -pl plugin -am package -Dmaven.test.skip=true

run: build
	@scripts/goat-run

test: setup-test native
	@scripts/test

programs: native
	@scripts/setup programs
	@$(MAKE) --no-print-directory -C native-helper programs

fuzz:
	@scripts/setup fuzz
	@$(MAKE) --no-print-directory -C native-helper fuzz

bench: build
	@bench/overhead

clean:
	@$(MAKE) --no-print-directory -C native-helper clean
	@rm -rf build target central-build/target central-build/*/target examples/goat/sink/target out
