# title: curl with HTTP/3
# needs: curl http3
# feature: curl --version | grep -q HTTP3
# server: http3
# udp: 443
curl -sS --max-time 20 --cacert "$CA" --http3-only -w '%{http_version} %{http_code}\n' "https://$HOST/"
