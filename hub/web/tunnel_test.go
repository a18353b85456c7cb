package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// patience is for what must happen.
const patience = 15 * time.Second

// behind is a server that says what it was asked, then sends back whatever comes, until its end.
func behind(t *testing.T) (*url.URL, chan *http.Request, chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	asked, ended := make(chan *http.Request, 1), make(chan struct{}, 1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReader(c)
			q, err := http.ReadRequest(r)
			if err != nil {
				c.Close()
				continue
			}
			asked <- q
			fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
			_, _ = io.Copy(c, r)
			c.Close()
			ended <- struct{}{}
		}
	}()
	return &url.URL{Scheme: "http", Host: l.Addr().String()}, asked, ended
}

func TestTunnel(t *testing.T) {
	to, asked, ended := behind(t)
	front := httptest.NewServer(Proxy([]*url.URL{to}, nil, slog.New(slog.DiscardHandler)))
	defer front.Close()
	c, err := net.Dial("tcp", front.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	// More than any buffer holds, part of it before the answer.
	message := bytes.Repeat([]byte("0123456789abcdef"), 64<<10)
	fmt.Fprint(c, "GET /nats?x=1 HTTP/1.1\r\nHost: hub.example\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: k\r\nX-Forwarded-For: 203.0.113.9\r\n\r\nearly")
	r := bufio.NewReader(c)
	a, err := http.ReadResponse(r, nil)
	if err != nil || a.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%+v, %v", a, err)
	}
	q := <-asked
	if q.URL.String() != "/" || q.Host != "nats" || q.Header.Get("Sec-Websocket-Key") != "k" || !strings.EqualFold(q.Header.Get("Upgrade"), "websocket") || q.Header.Get("X-Forwarded-For") != "" {
		t.Errorf("asked for %s of %s with %v", q.URL, q.Host, q.Header)
	}
	go func() { _, _ = c.Write(message) }()
	got := make([]byte, len("early")+len(message))
	if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, append([]byte("early"), message...)) {
		t.Errorf("what came back is not what was sent: %v", err)
	}
	c.Close()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the server behind was not told of the end")
	}
}

func TestTunnelToNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/nats", nil)
	r.Header.Set("Upgrade", "websocket")
	Proxy([]*url.URL{{Scheme: "http", Host: l.Addr().String()}}, nil, slog.New(slog.DiscardHandler)).ServeHTTP(w, r)
	if w.Code != http.StatusBadGateway {
		t.Errorf("status %d", w.Code)
	}
}
