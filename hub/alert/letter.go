package alert

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/wneessen/go-mail"
)

// Letter is a mail to somebody in particular, by the mail server of the alerts.
type Letter struct {
	To            []string
	Subject, Body string
	At            time.Time
}

// Post opens the way for letters; nil when the settings name no mail server.
func (s Settings) Post() (func(context.Context, Letter) error, error) {
	if s.Mail == nil {
		return nil, nil
	}
	password, err := secret(s.Mail.PasswordFile)
	if err != nil {
		return nil, err
	}
	m := mailer{*s.Mail, password}
	return func(ctx context.Context, l Letter) error {
		ctx, cancel := context.WithTimeout(ctx, sendWait)
		defer cancel()
		if err := m.post(ctx, l); err != nil {
			if failed := (*mail.SendError)(nil); errors.As(err, &failed) {
				// Its own words name the people.
				err = fmt.Errorf("%s (SMTP %d)", failed.Reason, failed.ErrorCode())
			}
			return fmt.Errorf("sending a letter by %s: %w", s.Mail.Server, err)
		}
		return nil
	}, nil
}
