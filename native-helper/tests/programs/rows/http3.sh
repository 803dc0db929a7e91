# title: HTTP/3 alone (Go, quic-go), UDP port 443 allowed by name
# needs: http3
# server: http3
# udp: 443
http3 get "$CA" "https://$HOST/"
