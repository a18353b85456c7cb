package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/bucket"
)

// SessionLife is how long one signs in for: a working day.
const SessionLife = 12 * time.Hour

// maxSession is the largest session, most of which is the provider's token.
const maxSession = 16 << 10

// storeWait is the longest that one access to the bucket may take.
const storeWait = 3 * time.Second

// Sessions are the sign-in sessions, shared by all hubs.
type Sessions struct {
	kv  jetstream.KeyValue
	now func() time.Time
}

// Session is one sign-in.
type Session struct {
	User string `json:"user"`
	// Epoch is the account's at the sign-in: when that has changed, the session is over.
	Epoch string `json:"epoch,omitempty"`
	// IDToken is the OpenID Connect provider's, for signing out there too; "" when the sign-in was with a password.
	IDToken string `json:"id_token,omitempty"`
	// Provider: the sign-in was by the provider.
	Provider bool      `json:"provider,omitempty"`
	Expires  time.Time `json:"expires"`
}

// OpenSessions opens the bucket, making it if there is none.
func OpenSessions(ctx context.Context, js jetstream.JetStream, now func() time.Time) (*Sessions, error) {
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: "sessions", Description: "who has signed in, by the hash of their token",
		History: 1, TTL: SessionLife, MaxValueSize: maxSession, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket sessions: %w", err)
	}
	return &Sessions{kv, now}, nil
}

// key is what is kept of a token: who reads the store cannot sign in.
func key(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

// Begin begins a session of an account and returns its token. idToken is the provider's, or "".
func (s *Sessions) Begin(ctx context.Context, a Account, idToken string) (string, error) {
	var b [32]byte
	rand.Read(b[:]) // never fails
	token := base64.RawURLEncoding.EncodeToString(b[:])
	begun := Session{User: a.User, Epoch: a.Epoch, IDToken: idToken, Provider: idToken != "", Expires: s.now().Add(SessionLife)}
	if len(idToken) > maxSession/2 {
		begun.IDToken = "" // signing out there then takes one more question
	}
	value, err := json.Marshal(begun)
	if err != nil {
		return "", fmt.Errorf("beginning a session: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if _, err := s.kv.Create(ctx, key(token), value); err != nil {
		return "", fmt.Errorf("beginning a session: %w", err)
	}
	return token, nil
}

// Find finds the session of a token; false when it is nobody's any more.
func (s *Sessions) Find(ctx context.Context, token string) (Session, bool, error) {
	if token == "" || len(token) > 100 {
		return Session{}, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	entry, err := s.kv.Get(ctx, key(token))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return Session{}, false, nil
	}
	if err != nil {
		return Session{}, false, fmt.Errorf("finding a session: %w", err)
	}
	var found Session
	if err := json.Unmarshal(entry.Value(), &found); err != nil {
		return Session{}, false, fmt.Errorf("finding a session: %w", err)
	}
	return found, s.now().Before(found.Expires), nil
}

// WatchEnded calls ended with the key (SessionKey) of every session that somebody ends, at whatever hub, until ctx ends.
func (s *Sessions) WatchEnded(ctx context.Context, ended func(key string)) error {
	watch, err := bucket.Watch(ctx, s.kv, jetstream.AllKeys, jetstream.UpdatesOnly(), jetstream.MetaOnly())
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching sessions: %w", err)
	}
	for entry := range watch {
		if entry != nil && entry.Operation() != jetstream.KeyValuePut {
			ended(entry.Key())
		}
	}
	return nil
}

// SessionKey is what names a session without being it: who knows it cannot sign in.
func SessionKey(token string) string { return key(token) }

// End ends a session.
func (s *Sessions) End(ctx context.Context, token string) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if err := s.kv.Delete(ctx, key(token)); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}
