package netcheck

import (
	"context"
	cryptorand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"loiret.fr/visioborne/hub/wire"
)

// reason is an error's code. now tells a certificate that is not valid yet from one that is no longer.
func reason(err error, now time.Time) Code {
	var (
		invalid   x509.CertificateInvalidError
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		record    tls.RecordHeaderError
		dns       *net.DNSError
		op        *net.OpError
		asked     *url.Error
		timeout   interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &invalid):
		switch {
		case invalid.Reason != x509.Expired:
			return CodeCertInvalid
		case invalid.Cert != nil && now.Before(invalid.Cert.NotBefore):
			return CodeCertNotYetValid
		}
		return CodeCertExpired
	case errors.As(err, &authority):
		return CodeCertUnknownAuthority
	case errors.As(err, &name):
		return CodeCertWrongName
	case errors.As(err, &record):
		return CodeNotTLS
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return CodeProxyUnreachable
	case errors.As(err, &dns) && dns.IsNotFound:
		return CodeNameUnknown
	case errors.As(err, &dns):
		return CodeDNSSilent
	case errors.Is(err, syscall.ECONNREFUSED):
		return CodeRefused
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return CodeNoRoute
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return CodeTimeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return CodeCut
	// net/http and the booth's own way give a proxy's refusal as its status only.
	case strings.HasSuffix(err.Error(), http.StatusText(http.StatusProxyAuthRequired)):
		return CodeProxyAuth
	case strings.Contains(err.Error(), "asking the proxy"), errors.As(err, &asked) && isStatus(asked.Err.Error()):
		return CodeProxyRefused
	case strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return CodeNotTLS
	}
	return CodeOther
}

func isStatus(text string) bool {
	for code := 300; code < 600; code++ {
		if text != "" && http.StatusText(code) == text {
			return true
		}
	}
	return false
}

// ask sends a request to the hub itself: what leads elsewhere is not followed.
func (c *checker) ask(r *http.Request) (*http.Response, error) {
	client := *c.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	// Otherwise Go would ask for packed bytes, and a proxy could count others than we do.
	r.Header.Set("Accept-Encoding", "identity")
	return client.Do(r)
}

func (c *checker) hub(ctx context.Context) Result {
	u, err := c.hubURL()
	if err != nil {
		return c.failed(Hub, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.JoinPath("healthz").String(), nil)
	if err != nil {
		return c.failed(Hub, fmt.Errorf("asking the hub: %w", err))
	}
	began := time.Now()
	a, err := c.ask(r)
	if err != nil {
		return c.failed(Hub, fmt.Errorf("asking the hub: %w", err))
	}
	defer a.Body.Close()
	body, err := io.ReadAll(io.LimitReader(a.Body, 1024))
	if err != nil {
		return c.failed(Hub, fmt.Errorf("asking the hub: %w", err))
	}
	switch {
	case a.StatusCode == http.StatusOK && strings.TrimSpace(string(body)) == "ok":
		return Result{State: OK, Value: time.Since(began).Round(time.Millisecond).String()}
	case a.StatusCode < 400:
		return Result{State: Fail, Code: CodeNotTheHub}
	case a.StatusCode == http.StatusProxyAuthRequired:
		return Result{State: Fail, Code: CodeProxyAuth}
	case a.StatusCode == http.StatusServiceUnavailable:
		return Result{State: Fail, Code: CodeHubIll}
	}
	return Result{State: Fail, Value: strconv.Itoa(a.StatusCode), Code: CodeHubStatus}
}

const (
	// speedTime is how long measuring one way may take, and firstBytes how much it begins with.
	speedTime  = 5 * time.Second
	firstBytes = 64 << 10
	// Below least kbit/s a call is no pleasure, below good its picture is small.
	least, good = 300, 1000
)

// errStatus is an answer of the hub to measuring.
type errStatus int

func (e errStatus) Error() string { return "the hub answers " + strconv.Itoa(int(e)) }

// measure transfers more and more, because what is sent first disappears in
// buffers, and because a slow line must not be filled for longer than it takes.
// transfer tells how much has really come to its end.
func (c *checker) measure(ctx context.Context, n Name, transfer func(context.Context, int64) (int64, error)) Result {
	switch {
	case c.state(Hub) != OK:
		return Result{State: Skipped, Code: CodeNoHub}
	case c.Test.SpeedToken == "":
		return Result{State: Skipped, Code: CodeNoTest}
	}
	ctx, cancel := context.WithTimeout(ctx, speedTime)
	defer cancel()
	end, _ := ctx.Deadline()
	kbps, size := 0.0, int64(firstBytes)
	for left := int64(wire.SpeedMaxBytes); left > 0; {
		size = min(size, left)
		left -= size
		began := time.Now()
		done, err := transfer(ctx, size)
		took := max(time.Since(began), time.Microsecond)
		if done >= firstBytes/2 || err == nil || kbps == 0 {
			kbps = float64(done) * 8 / 1000 / took.Seconds()
		}
		var status errStatus
		switch {
		case err == nil:
		case ctx.Err() != nil: // the time is over: what was measured counts
			return judge(int(kbps))
		case errors.As(err, &status) && status == http.StatusTooManyRequests:
			return Result{State: Warn, Code: CodeSpeedBusy}
		case errors.As(err, &status) && status == http.StatusUnauthorized:
			return Result{State: Warn, Code: CodeSpeedRefused}
		default:
			r := c.failed(n, fmt.Errorf("measuring: %w", err))
			r.State = Warn // it is not known to be slow
			return r
		}
		// What the line can carry in most of the time that is left.
		fits := int64(kbps * 1000 / 8 * time.Until(end).Seconds() * 0.7)
		if fits < size {
			break
		}
		size = min(4*size, fits)
	}
	return judge(int(kbps))
}

func judge(kbps int) Result {
	r := Result{State: OK, Value: strconv.Itoa(kbps)}
	switch {
	case kbps < least:
		r.State, r.Code = Fail, CodeTooSlow
	case kbps < good:
		r.State, r.Code = Warn, CodeSlow
	}
	return r
}

func (c *checker) speed(ctx context.Context, method, query string, body io.Reader, size int64) (*http.Response, error) {
	u, err := c.hubURL()
	if err != nil {
		return nil, err
	}
	u = u.JoinPath(c.Test.SpeedPath)
	u.RawQuery = query
	r, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	r.ContentLength = size
	r.Header.Set("Authorization", "Bearer "+c.Test.SpeedToken)
	a, err := c.ask(r)
	if err != nil {
		return nil, err
	}
	if a.StatusCode != http.StatusOK {
		a.Body.Close()
		return nil, errStatus(a.StatusCode)
	}
	return a, nil
}

func (c *checker) get(ctx context.Context, size int64) (int64, error) {
	a, err := c.speed(ctx, http.MethodGet, "bytes="+strconv.FormatInt(size, 10), nil, 0)
	if err != nil {
		return 0, err
	}
	defer a.Body.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(a.Body, size))
	if err == nil && n < size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// post counts only what the hub says to have got: the rest may be in a buffer of the way.
func (c *checker) post(ctx context.Context, size int64) (int64, error) {
	var seed [32]byte
	if _, err := cryptorand.Read(seed[:]); err != nil {
		return 0, err
	}
	a, err := c.speed(ctx, http.MethodPost, "", io.LimitReader(rand.NewChaCha8(seed), size), size)
	if err != nil {
		return 0, err
	}
	defer a.Body.Close()
	var taken wire.SpeedTaken
	if err := json.NewDecoder(io.LimitReader(a.Body, 1024)).Decode(&taken); err != nil {
		return 0, fmt.Errorf("reading the hub's answer: %w", err)
	}
	if taken.Bytes != size {
		return taken.Bytes, fmt.Errorf("the hub got %d bytes of %d", taken.Bytes, size)
	}
	return size, nil
}
