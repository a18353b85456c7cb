// Package account is who works with the hub and what each may do: accounts
// with their roles in the bucket "accounts", their passwords (argon2id, RFC
// 9106), the brake on guessing them, and sign-in sessions in the bucket
// "sessions", which outlive a restart of the hub. Both buckets are all hubs'.
//
// The accounts are one value, so that one compare-and-set changes them and an
// address cannot become two accounts'. Those that are added while no hub runs
// wait in accounts.json, in the state directory, for the next start (Staged).
// Tokens and passwords are kept as hashes. It never logs a password, a token or
// a name. It starts no goroutine.
package account

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"loiret.fr/visioborne/hub/wire"
)

// Role is what somebody does, and with that what he may.
type Role string

const (
	// RoleAdviser answers a partner's calls.
	RoleAdviser Role = "adviser"
	// RoleAgent receives citizens at a site and keeps its figures.
	RoleAgent Role = "agent"
	// RoleManager sees the figures of the whole Département.
	RoleManager Role = "manager"
	// RoleHotline keeps the booths alive.
	RoleHotline Role = "hotline"
	// RoleAdministrator keeps the accounts, and may all.
	RoleAdministrator Role = "administrator"
)

// Roles are all roles.
func Roles() []Role {
	return []Role{RoleAdviser, RoleAgent, RoleManager, RoleHotline, RoleAdministrator}
}

// Account is somebody who signs in.
type Account struct {
	// User is what he signs in with.
	User string `json:"user"`
	// Name is what others read; an adviser's, citizens too.
	Name string `json:"name"`
	// Role is adviser where a file from before there were roles has none.
	Role Role `json:"role"`
	// Partner is an adviser's. An administrator may have one, and then a desk.
	Partner string `json:"partner,omitempty"`
	// Site is an agent's.
	Site string `json:"site,omitempty"`
	// Email is how an OpenID Connect provider names him; "" when he signs in with a password only.
	Email string `json:"email,omitempty"`
	// Password is its hash, as a PHC string; "" when he signs in by the provider only.
	Password string `json:"password,omitempty"`
	// OneTime: the password was given by an administrator, may be used until then, and has to be changed at once.
	OneTime time.Time `json:"one_time,omitzero"`
	// Disabled accounts are nobody's: they stay for the audit only.
	Disabled bool `json:"disabled,omitempty"`
	// Epoch changes with whatever must end the account's sessions.
	Epoch string `json:"epoch,omitempty"`
}

const (
	minPassword = 12
	maxPassword = 200
	maxName     = 80
	maxUser     = 64
	maxEmail    = 254
)

// OneTimeLife is how long a password that an administrator gave may be used.
const OneTimeLife = 7 * 24 * time.Hour

var userPattern = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9_-]|\.[a-z0-9_-]){0,62}$`)

var (
	// ErrExists: there is an account of that user or address.
	ErrExists = errors.New("there is such an account already")
	// ErrUnknown: there is no account of that user.
	ErrUnknown = errors.New("there is no such account")
)

// InvalidError says which field of an account is not right.
type InvalidError struct {
	// Field is "user", "name", "role", "partner", "site", "email" or "password".
	Field string
	err   error
}

func (e *InvalidError) Error() string { return e.err.Error() }
func (e *InvalidError) Unwrap() error { return e.err }

func invalid(field, format string, args ...any) error {
	return &InvalidError{field, fmt.Errorf(format, args...)}
}

// New completes a new account: it checks a, and keeps the hash of the password.
// Without a password a signs in by an OpenID Connect provider only, and needs an e-mail address.
func New(a Account, password string) (Account, error) {
	a.Password, a.OneTime, a.Epoch = "", time.Time{}, rand.Text()
	a.Email = strings.ToLower(a.Email)
	if password == "" {
		return a, a.Check()
	}
	return a.WithPassword(password)
}

// WithPassword returns the account with another password, which ends its sessions.
func (a Account) WithPassword(password string) (Account, error) {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword || !utf8.ValidString(password) {
		return Account{}, invalid("password", "password: %d characters; expected %d to %d", n, minPassword, maxPassword)
	}
	a.Password, a.OneTime, a.Epoch = "-", time.Time{}, rand.Text()
	if err := a.Check(); err != nil {
		return Account{}, err
	}
	a.Password = hash(password)
	return a, nil
}

// WithOneTime returns the account with a new password that is to be changed at its first use, and that password.
func (a Account) WithOneTime(now time.Time) (Account, string, error) {
	// 80 bits of chance, in groups that can be said: it lives for days, and guessing is slowed.
	text := rand.Text()
	password := strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:16]}, "-")
	a, err := a.WithPassword(password)
	a.OneTime = now.Add(OneTimeLife).UTC().Truncate(time.Second)
	return a, password, err
}

// Renewed returns the account with its sessions ended.
func (a Account) Renewed() Account {
	a.Epoch = rand.Text()
	return a
}

// Is tells whether the account has one of the roles. An administrator has all.
func (a Account) Is(roles ...Role) bool {
	return a.Role == RoleAdministrator || slices.Contains(roles, a.Role)
}

// Check tells what is not right in an account, as an *InvalidError.
func (a Account) Check() error {
	if len(a.User) > maxUser || !userPattern.MatchString(a.User) {
		return invalid("user", "user %.80q: expected up to 64 lower-case letters, digits, hyphens, underscores and single dots", a.User)
	}
	if strings.TrimSpace(a.Name) == "" || len(a.Name) > maxName || !utf8.ValidString(a.Name) || strings.ContainsFunc(a.Name, unicode.IsControl) {
		return invalid("name", "name %.100q: expected 1 to %d bytes of text on one line", a.Name, maxName)
	}
	if !slices.Contains(Roles(), a.Role) {
		return invalid("role", "role %.40q: expected one of %v", a.Role, Roles())
	}
	if a.Partner == "" && a.Role == RoleAdviser {
		return invalid("partner", "partner: an adviser needs one; expected a partner's id")
	}
	if a.Partner != "" {
		if a.Role != RoleAdviser && a.Role != RoleAdministrator {
			return invalid("partner", "partner %.40q: a role of %s has none", a.Partner, a.Role)
		}
		if err := wire.CheckID("partner", a.Partner); err != nil {
			return invalid("partner", "%w", err)
		}
	}
	switch {
	case a.Role == RoleAgent:
		if err := wire.CheckID("site", a.Site); err != nil {
			return invalid("site", "%w; an agent needs one", err)
		}
	case a.Site != "":
		return invalid("site", "site %.40q: a role of %s has none", a.Site, a.Role)
	}
	switch {
	case a.Email == "" && a.Password == "":
		return invalid("email", "email: an account without a password needs an address")
	case a.Email != "":
		if p, err := mail.ParseAddress(a.Email); err != nil || p.Address != a.Email || len(a.Email) > maxEmail || a.Email != strings.ToLower(a.Email) {
			return invalid("email", "email %.100q: expected an address in lower case, as in prenom.nom@loiret.fr", a.Email)
		}
	}
	return nil
}

type contextKey struct{}

// With returns a context that carries who makes a request.
func With(ctx context.Context, a Account) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// From tells who makes a request that the guard of the sign-in has let pass; false where there is none.
func From(ctx context.Context) (Account, bool) {
	a, ok := ctx.Value(contextKey{}).(Account)
	return a, ok
}
