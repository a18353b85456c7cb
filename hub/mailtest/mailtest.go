// Package mailtest runs mail servers (RFC 5321) inside tests. They listen on loopback.
package mailtest

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is the longest that a client may talk.
const patience = 30 * time.Second

// Letter is what the mail server took.
type Letter struct {
	From string
	To   []string
	Text string // its header and its body, as they were sent
}

// Start runs a mail server on loopback that takes everything, until stop is called or the test ends.
func Start(t testing.TB, addr string) (at string, letters chan Letter, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	letters = make(chan Letter, 100)
	var tasks sync.WaitGroup
	tasks.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			tasks.Go(func() {
				defer c.Close()
				talk(c, letters)
			})
		}
	})
	stop = func() { l.Close(); tasks.Wait() }
	t.Cleanup(stop)
	return l.Addr().String(), letters, stop
}

func talk(c net.Conn, letters chan<- Letter) {
	_ = c.SetDeadline(time.Now().Add(patience))
	r := bufio.NewReader(c)
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 test")
	var got Letter
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		word, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(word) {
		case "EHLO", "HELO":
			say("250 test")
		case "MAIL":
			got = Letter{From: rest}
			say("250 ok")
		case "RCPT":
			got.To = append(got.To, rest)
			say("250 ok")
		case "DATA":
			say("354 go on")
			var b strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				b.WriteString(strings.TrimPrefix(line, "."))
			}
			got.Text = b.String()
			letters <- got
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}
