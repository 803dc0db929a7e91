# title: Chromium headless, a page with a script
# needs: chromium
# Its sandbox needs user namespaces, which a container's profile refuses.
sandbox=; { [ "$(id -u)" != 0 ] && unshare -U true 2>/dev/null; } || sandbox=--no-sandbox
timeout 60 chromium --headless=new $sandbox --no-first-run --disable-gpu --disable-dev-shm-usage --disable-background-networking --user-data-dir="$PWD/profile" \
    --ignore-certificate-errors-spki-list="$(cat "$DATA/spki")" --dump-dom "https://$HOST/page.html" >page 2>log
grep -o 'sum 42' page || { grep -o 'ERR_[A-Z_]*' page | head -n 1 >&2; exit 1; }
