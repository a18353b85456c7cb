package network

import (
	"bufio"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loiret.fr/visioborne/config"
)

// proxy passes CONNECT on, for those who know its password.
func proxy(t *testing.T, authorization string) (string, *[]string) {
	t.Helper()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.Host)
		if r.Header.Get("Proxy-Authorization") != authorization {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		far, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		near, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		// The first bytes of what follows come with the answer: none may be lost.
		first := make([]byte, 3)
		if _, err := io.ReadFull(far, first); err != nil {
			t.Error(err)
		}
		near.Write(append([]byte("HTTP/1.1 200 OK\r\n\r\n"), first...))
		go func() { io.Copy(far, near); far.Close() }()
		go func() { io.Copy(near, far); near.Close() }()
	}))
	t.Cleanup(server.Close)
	return server.URL, &asked
}

// greeter says a line to whoever connects.
func greeter(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(c, "good morning\n")
			c.Close()
		}
	}()
	return l.Addr().String()
}

func TestDialThroughProxy(t *testing.T) {
	far := greeter(t)
	at, asked := proxy(t, "Basic dXNlcjpwYXNzd29yZA==")
	w, err := NewWay(config.Network{Proxy: strings.Replace(at, "http://", "http://user:password@", 1)}, "")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := w.Dial("tcp", far)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || line != "good morning\n" {
		t.Errorf("heard %q, %v", line, err)
	}
	if len(*asked) != 1 || (*asked)[0] != "CONNECT "+far {
		t.Errorf("the proxy was asked %v", *asked)
	}
	w, err = NewWay(config.Network{Proxy: at}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Dial("tcp", far); err == nil || !strings.Contains(err.Error(), "407 Proxy Authentication Required") {
		t.Errorf("without a password: %v", err)
	}
	if conn, err := Direct().Dial("tcp", far); err != nil {
		t.Errorf("the direct way: %v", err)
	} else {
		conn.Close()
	}
}

func TestAuthorities(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	dir := t.TempDir()
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(dir, "administration.pem"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := NewWay(config.Network{CA: "administration.pem"}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := (&http.Client{Transport: w.Transport()}).Get(server.URL); err != nil {
		t.Errorf("with its authority: %v", err)
	} else {
		response.Body.Close()
	}
	if _, err := (&http.Client{Transport: Direct().Transport()}).Get(server.URL); err == nil {
		t.Error("a server of an unknown authority is trusted")
	}
	if _, err := NewWay(config.Network{CA: "nowhere.pem"}, dir); err == nil {
		t.Error("a file that is not there is no error")
	}
	if err := os.WriteFile(filepath.Join(dir, "empty.pem"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewWay(config.Network{CA: "empty.pem"}, dir); err == nil || !strings.Contains(err.Error(), "empty.pem has no certificate") {
		t.Errorf("a file without a certificate: %v", err)
	}
}
