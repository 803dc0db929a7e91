// http3 serve CERTIFICATE KEY LOG ADDRESS...: HTTP/3 on UDP port 443 of each address; prints "ready". Each datagram that
// arrives is a line "ADDRESS 443" in LOG.
// http3 get CA URL: asks over QUIC only, prints protocol, status and body.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/lucas-clemente/quic-go/http3"
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// arrivals is a socket that tells of each datagram.
type arrivals struct {
	net.PacketConn
	log  *os.File
	line string
}

func (a arrivals) ReadFrom(into []byte) (int, net.Addr, error) {
	n, from, err := a.PacketConn.ReadFrom(into)
	if err == nil {
		a.log.WriteString(a.line)
	}
	return n, from, err
}

func main() {
	if len(os.Args) > 5 && os.Args[1] == "serve" {
		pair, err := tls.LoadX509KeyPair(os.Args[2], os.Args[3])
		fail(err)
		hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "hello over %s\n", r.Proto) })
		log, err := os.OpenFile(os.Args[4], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0644)
		fail(err)
		for _, name := range os.Args[5:] {
			address := name
			socket, err := net.ListenPacket("udp", address+":443")
			fail(err)
			server := &http3.Server{Handler: hello, TLSConfig: http3.ConfigureTLSConfig(&tls.Config{Certificates: []tls.Certificate{pair}})}
			go func() { fail(server.Serve(arrivals{socket, log, address + " 443\n"})) }()
		}
		fmt.Println("ready")
		select {}
	}
	if len(os.Args) != 4 || os.Args[1] != "get" {
		fmt.Fprintln(os.Stderr, "usage: http3 serve CERTIFICATE KEY LOG ADDRESS... | get CA URL")
		os.Exit(2)
	}
	pem, err := os.ReadFile(os.Args[2])
	fail(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	client := http.Client{Transport: &http3.RoundTripper{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	response, err := client.Get(os.Args[3])
	fail(err)
	body, err := io.ReadAll(response.Body)
	fail(err)
	fmt.Printf("%s %s %s", response.Proto, response.Status, body)
}
