#!/bin/sh
set -eu
export GOFLAGS=-mod=readonly GOTOOLCHAIN=local
go vet ./...
go test -count=1 ./...
go build -o bin/words ./cmd/words
test "$(echo one two | bin/words)" = 2
