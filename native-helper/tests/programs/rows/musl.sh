# title: static program with musl
# needs: fetch-musl
fetch-musl "$HOST"
