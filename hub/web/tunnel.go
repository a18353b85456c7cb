package web

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Buffers of a tunnel, for as long as it lasts: a booth says little, and hears little more.
const upBuffer, downBuffer = 1 << 10, 2 << 10

// tunnel passes a request for a websocket on to the server that dial finds, by the name of host, and then every byte both ways. Go's own proxy would keep two buffers of 32 KiB
// and the request with all that belongs to it for as long as a booth is connected, which is for ever.
//
// Two goroutines outlive the request. Both end when either side does.
func tunnel(w http.ResponseWriter, r *http.Request, host string, dial func(context.Context) (net.Conn, error)) error {
	back, err := dial(r.Context())
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return err
	}
	out := r.Clone(r.Context())
	out.URL, out.Host, out.Body = &url.URL{Path: "/"}, host, nil
	// NATS would take for the booth's address whatever a booth writes there.
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		out.Header.Del(name)
	}
	if err := out.Write(back); err != nil {
		back.Close()
		w.WriteHeader(http.StatusBadGateway)
		return fmt.Errorf("passing a booth's request on: %w", err)
	}
	front, read, err := http.NewResponseController(w).Hijack()
	if err != nil {
		back.Close()
		w.WriteHeader(http.StatusInternalServerError)
		return fmt.Errorf("taking a booth's connection over: %w", err)
	}
	// What the booth has sent before the answer is in the server's buffer.
	early := make([]byte, read.Reader.Buffered())
	_, err = io.ReadFull(read, early)
	if err == nil {
		err = front.SetDeadline(time.Time{})
	}
	if err == nil {
		_, err = back.Write(early)
	}
	if err != nil {
		front.Close()
		back.Close()
		return fmt.Errorf("passing a booth's first bytes on: %w", err)
	}
	go carry(back, front, upBuffer)
	go carry(front, back, downBuffer)
	return nil
}

// carry copies until either side ends, and ends both.
func carry(to, from net.Conn, buffer int) {
	// Bare readers and writers: those of a connection have ideas of their own about buffers.
	_, _ = io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{from}, make([]byte, buffer))
	to.Close()
	from.Close()
}
