# title: Go, its own resolver
# needs: fetch-go
GODEBUG=netdns=go fetch-go "https://$HOST/"
