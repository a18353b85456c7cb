package alert

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"github.com/wneessen/go-mail"
)

// mailer sends e-mail (RFC 5321).
type mailer struct {
	settings MailSettings
	password string
}

func (mailer) Name() string { return "mail" }

func (s mailer) Send(ctx context.Context, m Message) error {
	if err := s.send(ctx, m); err != nil {
		return fmt.Errorf("sending mail by %s: %w", s.settings.Server, err)
	}
	return nil
}

func (s mailer) send(ctx context.Context, m Message) error {
	return s.post(ctx, Letter{To: s.settings.To, Subject: subject(m), Body: body(m), At: m.At})
}

func (s mailer) post(ctx context.Context, l Letter) error {
	host, port, err := net.SplitHostPort(s.settings.Server)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("port %q: %w", port, err)
	}
	options := []mail.Option{mail.WithPort(number), mail.WithTimeout(sendWait)}
	switch s.settings.TLS {
	case tlsFirst:
		options = append(options, mail.WithSSL())
	case tlsNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.settings.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.settings.User), mail.WithPassword(s.password))
	}
	client, err := mail.NewClient(host, options...)
	if err != nil {
		return err
	}
	letter := mail.NewMsg()
	if err := letter.From(s.settings.From); err != nil {
		return err
	}
	if err := letter.To(l.To...); err != nil {
		return err
	}
	letter.Subject(l.Subject)
	letter.SetDateWithValue(l.At)
	letter.SetMessageID()
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's holiday answers it
	letter.SetBodyString(mail.TypeTextPlain, l.Body)
	return client.DialAndSendWithContext(ctx, letter)
}

// webhook posts messages as JSON.
type webhook struct {
	url, key string
	client   *http.Client
}

func newWebhook(url, key string) webhook {
	return webhook{url, key, &http.Client{
		Timeout: sendWait,
		// The message is for that address and no other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (webhook) Name() string { return "webhook" }

// signatureHeader carries "sha256=" and the HMAC-SHA-256 of the body, in hexadecimal.
const signatureHeader = "X-Visioborne-Signature"

func (w webhook) Send(ctx context.Context, m Message) error {
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("calling the webhook: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("calling the webhook: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	if w.key != "" {
		mac := hmac.New(sha256.New, []byte(w.key))
		mac.Write(b)
		r.Header.Set(signatureHeader, "sha256="+hex.EncodeToString(mac.Sum(nil)))
	}
	answer, err := w.client.Do(r)
	if err != nil {
		if in := (*url.Error)(nil); errors.As(err, &in) {
			err = in.Err // without the address, which may hold a secret
		}
		return fmt.Errorf("calling the webhook: %w", err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 64<<10) // so that the connection can be used again
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("calling the webhook: it answers %s", answer.Status)
	}
	return nil
}
