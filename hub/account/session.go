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
)

// SessionLife is how long one signs in for: a working day.
const SessionLife = 12 * time.Hour

// storeWait is the longest that one access to the bucket may take.
const storeWait = 3 * time.Second

// Sessions are the sign-in sessions, shared by all hubs.
type Sessions struct {
	kv  jetstream.KeyValue
	now func() time.Time
}

type session struct {
	User    string    `json:"user"`
	Expires time.Time `json:"expires"`
}

// OpenSessions opens the bucket, making it if there is none.
func OpenSessions(ctx context.Context, js jetstream.JetStream, now func() time.Time) (*Sessions, error) {
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: "sessions", Description: "advisers who have signed in, by the hash of their token",
		History: 1, TTL: SessionLife, MaxValueSize: 1 << 10, Storage: jetstream.FileStorage,
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

// Begin begins a session and returns its token.
func (s *Sessions) Begin(ctx context.Context, user string) (string, error) {
	var b [32]byte
	rand.Read(b[:]) // never fails
	token := base64.RawURLEncoding.EncodeToString(b[:])
	value, err := json.Marshal(session{user, s.now().Add(SessionLife)})
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

// User tells whose session a token is; "" when it is nobody's any more.
func (s *Sessions) User(ctx context.Context, token string) (string, error) {
	if token == "" || len(token) > 100 {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	entry, err := s.kv.Get(ctx, key(token))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("finding a session: %w", err)
	}
	var found session
	if err := json.Unmarshal(entry.Value(), &found); err != nil {
		return "", fmt.Errorf("finding a session: %w", err)
	}
	if !s.now().Before(found.Expires) {
		return "", nil
	}
	return found.User, nil
}

// End ends a session.
func (s *Sessions) End(ctx context.Context, token string) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if err := s.kv.Delete(ctx, key(token)); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}
