package alert

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Settings are what the file of hub serve -alerts says.
type Settings struct {
	// Delay is how long a booth must be unwell before somebody is told. 5 min when absent.
	Delay time.Duration `yaml:"delay"`
	// Page is the address of the hotline's page, for the messages.
	Page    string           `yaml:"page"`
	Mail    *MailSettings    `yaml:"mail"`
	Webhook *WebhookSettings `yaml:"webhook"`
}

// MailSettings are for e-mail.
type MailSettings struct {
	// Server is host:port of the mail server.
	Server string `yaml:"server"`
	// TLS is how it is spoken to: starttls, tls from the first byte on, or none (a server on this very machine). starttls when absent.
	TLS string `yaml:"tls"`
	// User and PasswordFile are for a server that wants them.
	User         string   `yaml:"user"`
	PasswordFile string   `yaml:"password_file"`
	From         string   `yaml:"from"`
	To           []string `yaml:"to"`
}

// WebhookSettings are for a webhook.
type WebhookSettings struct {
	URL string `yaml:"url"`
	// SecretFile holds what the messages are signed with; without it they are not.
	SecretFile string `yaml:"secret_file"`
}

const (
	tlsStart = "starttls"
	tlsFirst = "tls"
	tlsNone  = "none"

	defaultDelay       = 5 * time.Minute
	minDelay, maxDelay = 10 * time.Second, 24 * time.Hour
	maxSettings        = 64 << 10
)

// LoadSettings reads and checks a file. What other files it names are beside it, unless their paths begin with a slash.
func LoadSettings(file string) (Settings, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Settings{}, fmt.Errorf("reading the alerts' settings: %w", err)
	}
	if len(text) > maxSettings {
		return Settings{}, fmt.Errorf("reading the alerts' settings: %s is larger than %d bytes", file, maxSettings)
	}
	s := Settings{Delay: defaultDelay}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&s); err != nil {
		return Settings{}, fmt.Errorf("reading the alerts' settings: %s: %w", file, err)
	}
	if m := s.Mail; m != nil {
		if m.TLS == "" {
			m.TLS = tlsStart
		}
		m.PasswordFile = beside(file, m.PasswordFile)
	}
	if w := s.Webhook; w != nil {
		w.SecretFile = beside(file, w.SecretFile)
	}
	if err := s.check(); err != nil {
		return Settings{}, fmt.Errorf("reading the alerts' settings: %s:\n%w", file, err)
	}
	return s, nil
}

func beside(file, name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}

// check finds all mistakes.
func (s Settings) check() error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if s.Delay < minDelay || s.Delay > maxDelay {
		wrong("delay: %v is out of range; expected %v to %v", s.Delay, minDelay, maxDelay)
	}
	if s.Page != "" && !isHTTP(s.Page) {
		wrong("page: %q is not an address; expected one such as https://hub.example.fr/hotline", s.Page)
	}
	if s.Mail == nil && s.Webhook == nil {
		wrong("neither mail nor webhook is there; expected one of them, or no file at all")
	}
	if m := s.Mail; m != nil {
		if host, port, err := net.SplitHostPort(m.Server); err != nil || host == "" || port == "" {
			wrong("mail.server: %q is not host:port; expected one such as smtp.example.fr:587", m.Server)
		}
		switch m.TLS {
		case tlsStart, tlsFirst:
		case tlsNone:
			if m.User != "" {
				wrong("mail.tls: none would send the password in the clear; expected starttls or tls")
			}
		default:
			wrong("mail.tls: %q is unknown; expected starttls, tls or none", m.TLS)
		}
		if (m.User == "") != (m.PasswordFile == "") {
			wrong("mail.user and mail.password_file go together; give both, or neither")
		}
		if _, err := mail.ParseAddress(m.From); err != nil {
			wrong("mail.from: %q is not an address; expected one such as visioborne@example.fr", m.From)
		}
		if len(m.To) == 0 {
			wrong("mail.to: is missing; expected a list of addresses")
		}
		for i, to := range m.To {
			if _, err := mail.ParseAddress(to); err != nil {
				wrong("mail.to[%d]: %q is not an address; expected one such as assistance@example.fr", i, to)
			}
		}
	}
	if w := s.Webhook; w != nil && !isHTTP(w.URL) {
		wrong("webhook.url: %q is not an address; expected one such as https://example.fr/alertes", w.URL)
	}
	return errors.Join(errs...)
}

func isHTTP(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// Channels opens the ways that the settings name.
func (s Settings) Channels() ([]Channel, error) {
	var all []Channel
	if s.Mail != nil {
		password, err := secret(s.Mail.PasswordFile)
		if err != nil {
			return nil, err
		}
		all = append(all, mailer{*s.Mail, password})
	}
	if s.Webhook != nil {
		key, err := secret(s.Webhook.SecretFile)
		if err != nil {
			return nil, err
		}
		all = append(all, newWebhook(s.Webhook.URL, key))
	}
	return all, nil
}

// secret reads a file with a secret; "" for no file.
func secret(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("reading a secret for alerts: %w", err)
	}
	text := strings.TrimSpace(string(b))
	if text == "" {
		return "", fmt.Errorf("reading a secret for alerts: %s is empty", file)
	}
	return text, nil
}
