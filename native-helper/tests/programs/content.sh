# Makes what the rows fetch and build, once, below $WORK. Sourced by `run`.

mkdir -p "$WORK"/www/{npm,simple/left,debian,own/test/left/left/1.0} "$WORK"/{git,data,bin} || setup_failed "cannot write to $WORK"

# ---- certificates: an authority of our own and a server certificate for both names ----
(
    cd "$WORK/data" &&
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=test authority" \
            -addext keyUsage=critical,keyCertSign -addext basicConstraints=critical,CA:TRUE &&
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out server.csr -subj "/CN=allowed.test" &&
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out certificate.pem \
            -extfile <(printf 'subjectAltName=DNS:allowed.test,DNS:denied.test\nextendedKeyUsage=serverAuth\n') &&
        openssl x509 -in certificate.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64 >spki
) >"$WORK/openssl.log" 2>&1 || setup_failed "openssl: $(tail -n 1 "$WORK/openssl.log")"
if command -v keytool >/dev/null; then
    keytool -importcert -noprompt -alias test -file "$WORK/data/ca.pem" -keystore "$WORK/data/trust.p12" -storetype PKCS12 \
        -storepass changeit >/dev/null 2>&1 || setup_failed "keytool does not take the certificate"
fi

# ---- npm and yarn: one package with a lifecycle script ----
(
    mkdir -p "$WORK/pack/package" && cd "$WORK/pack" &&
        printf '%s\n' '{"name": "left", "version": "1.0.0", "scripts": {"postinstall": "node install.js"}}' >package/package.json &&
        echo "require('fs').writeFileSync('built', 'by postinstall')" >package/install.js &&
        echo 'module.exports = text => `left ${text}`' >package/index.js && tar -czf "$WORK/www/npm/left-1.0.0.tgz" package
)
sum=$(openssl dgst -sha512 -binary "$WORK/www/npm/left-1.0.0.tgz" | base64 -w 0)
cat >"$WORK/www/npm/left.json" <<J
{"name": "left", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {"name": "left", "version": "1.0.0", "hasInstallScript": true,
 "scripts": {"postinstall": "node install.js"},
 "dist": {"tarball": "https://@HOST@/npm/left-1.0.0.tgz", "integrity": "sha512-$sum"}}}}
J

# ---- pip: a wheel and its index ----
python3 - "$WORK/www/simple/left" <<'P' || setup_failed "the wheel cannot be made"
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/left-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("left.py", "def left(text): return 'left ' + text\n")
    wheel.writestr("left-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: left\nVersion: 1.0\n")
    wheel.writestr("left-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr("left-1.0.dist-info/RECORD", "left.py,,\nleft-1.0.dist-info/METADATA,,\nleft-1.0.dist-info/WHEEL,,\nleft-1.0.dist-info/RECORD,,\n")
P
echo '<a href="left-1.0-py3-none-any.whl">left-1.0-py3-none-any.whl</a>' >"$WORK/www/simple/left/index.html"

# ---- Maven and Gradle: a library of our own; Maven's plugins come from the local repository ----
if command -v javac >/dev/null; then
    mkdir -p "$WORK/left/test" && echo 'package test; public class Left { public static String of(String text) { return "left " + text; } }' >"$WORK/left/test/Left.java"
    javac --release 11 -d "$WORK/left" "$WORK/left/test/Left.java" && rm "$WORK/left/test/Left.java" &&
        python3 -c 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])' "$WORK/left-1.0" "$WORK/left" &&
        mv "$WORK/left-1.0.zip" "$WORK/www/own/test/left/left/1.0/left-1.0.jar" || setup_failed "the library cannot be made"
    echo '<project><modelVersion>4.0.0</modelVersion><groupId>test.left</groupId><artifactId>left</artifactId><version>1.0</version></project>' \
        >"$WORK/www/own/test/left/left/1.0/left-1.0.pom"
fi
ln -s "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" "$WORK/maven"

# ---- git ----
(
    git init -q -b main "$WORK/source" && cd "$WORK/source" && for i in {1..200}; do echo "file $i" >"file$i"; done && git add -A &&
        git -c user.name=test -c user.email=test@example.com -c commit.gpgsign=false commit -q --date "2026-01-01T00:00:00Z" -m "two hundred files" &&
        git clone -q --bare "$WORK/source" "$WORK/git/project.git"
) || setup_failed "git cannot make a repository"

# ---- apt-get: a flat repository with one package ----
if command -v dpkg-deb >/dev/null && command -v dpkg-scanpackages >/dev/null; then
    mkdir -p "$WORK/deb/DEBIAN" "$WORK/deb/usr/share/left" && echo left >"$WORK/deb/usr/share/left/text"
    printf 'Package: left\nVersion: 1.0\nArchitecture: all\nMaintainer: Test <test@example.com>\nDescription: a test\n' >"$WORK/deb/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$WORK/deb" "$WORK/www/debian/left_1.0_all.deb" >/dev/null &&
        (cd "$WORK/www/debian" && dpkg-scanpackages -m . >Packages 2>/dev/null) || setup_failed "the package cannot be made"
fi

# ---- programs ----
cat >"$WORK/data/fetch.c" <<'C'
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(int argc, char **argv) { /* GET / from argv[1] over HTTP */
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    char text[4096];
    if (argc != 2 || getaddrinfo(argv[1], "80", &hints, &found)) return puts("no address"), 1;
    int s = socket(found->ai_family, SOCK_STREAM, 0);
    if (connect(s, found->ai_addr, found->ai_addrlen)) return perror("connect"), 1;
    snprintf(text, sizeof text, "GET /index.html HTTP/1.0\r\nHost: %s\r\n\r\n", argv[1]);
    if (write(s, text, strlen(text)) < 0) return perror("write"), 1;
    size_t have = 0;
    for (ssize_t n; have < sizeof text - 1 && (n = read(s, text + have, sizeof text - 1 - have)) > 0;) have += (size_t)n;
    text[have] = '\0';
    char *body = strstr(text, "\r\n\r\n");
    return body ? fputs(body + 4, stdout) < 0 : (puts("no answer"), 1);
}
C
# Debian's yarn is called yarnpkg, and finds its modules where Debian's node looks for them.
if ! command -v yarn >/dev/null && command -v yarnpkg >/dev/null; then
    printf '#!/bin/sh\nNODE_PATH=/usr/share/nodejs exec yarnpkg "$@"\n' >"$WORK/bin/yarn" && chmod 755 "$WORK/bin/yarn"
fi
if command -v musl-gcc >/dev/null; then musl-gcc -O1 -static -o "$WORK/bin/fetch-musl" "$WORK/data/fetch.c" || setup_failed "musl-gcc fails"; fi
cat >"$WORK/data/fetch.go" <<'G'
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	response, err := http.Get(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	body, err := io.ReadAll(response.Body)
	fmt.Print(response.Proto, " ", response.Status, " ", string(body))
	if err != nil {
		os.Exit(1)
	}
}
G
if command -v go >/dev/null; then
    (cd "$WORK/data" && CGO_ENABLED=0 GO111MODULE=off GOCACHE="$WORK/go" go build -o "$WORK/bin/fetch-go" fetch.go) || setup_failed "go cannot build"
    quic=/usr/share/gocode # where Debian puts libraries for Go
    if [ -d "$quic/src/github.com/lucas-clemente/quic-go" ]; then
        (cd "$HERE/servers" && GO111MODULE=off GOPATH=$quic GOCACHE="$WORK/go" go build -o "$WORK/bin/http3" http3.go) || setup_failed "go cannot build http3"
    fi
fi
echo '<title>hello</title><p id="p">hello</p>' >"$WORK/www/index.html"
echo '<script>document.write("sum " + (40 + 2))</script>' >"$WORK/www/page.html"
echo '#define STEP 2' >"$WORK/www/step.h"

# ---- ssh ----
if command -v sshd >/dev/null || [ -x /usr/sbin/sshd ]; then
    ssh-keygen -q -t ed25519 -N '' -f "$WORK/data/host-key" && ssh-keygen -q -t ed25519 -N '' -f "$WORK/data/client-key" || setup_failed "ssh-keygen fails"
    cat >"$WORK/data/sshd_config" <<S
HostKey $WORK/data/host-key
AuthorizedKeysFile $WORK/data/client-key.pub
StrictModes no
PidFile none
PermitRootLogin prohibit-password
UsePAM no
UseDNS no
Subsystem sftp internal-sftp
S
fi
chmod -R a+rX "$WORK"
[ ! -e "$WORK/data/host-key" ] || chmod 0600 "$WORK/data/host-key"
