# title: curl, HTTP, HTTPS with HTTP/1.1 and HTTP/2
# needs: curl
curl -sS --max-time 20 "http://$HOST/" || exit 1
curl -sS --max-time 20 --cacert "$CA" --http1.1 -w '%{http_version} %{http_code} %{remote_port}\n' "https://$HOST/" || exit 1
curl -sS --max-time 20 --cacert "$CA" --http2 -w '%{http_version} %{http_code} %{remote_port}\n' "https://$HOST/"
