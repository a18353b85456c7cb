// Package token keeps the tokens with which programs use the hub's API.
//
// A token is 256 random bits that its owner has; the hub keeps its SHA-256 in
// JetStream's key-value bucket "tokens", with a name and what it may do, so that
// any hub can tell and whoever reads the store cannot use one. It has no goroutines.
package token

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/bucket"
)

// Role is what a token may do.
type Role string

const (
	Read Role = "read" // read what the hotline's page shows
	Act  Role = "act"  // and ask booths to do something
)

// ParseRole reads a role.
func ParseRole(s string) (Role, error) {
	switch r := Role(s); r {
	case Read, Act:
		return r, nil
	}
	return "", fmt.Errorf("role %.40q: expected read or act", s)
}

// Token is what is kept of a token.
type Token struct {
	Name    string    `json:"name"`
	Role    Role      `json:"role"`
	Created time.Time `json:"created"`
}

const (
	bucketName = "tokens"
	// storeWait is the longest that one access to the bucket may take.
	storeWait = 3 * time.Second
	// prefix lets people and scanners of sources see what a token is.
	prefix = "vbt_"
)

var validName = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]{0,38}[a-z0-9])?$`)

// Store is the tokens of a hub.
type Store struct{ kv jetstream.KeyValue }

// OpenStore opens the store, making it if there is none.
func OpenStore(ctx context.Context, js jetstream.JetStream) (*Store, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: bucketName, Description: "what programs may do, by the hash of their token", History: 1, MaxValueSize: 1 << 10,
		Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket %s: %w", bucketName, err)
	}
	return &Store{kv}, nil
}

func key(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// Add makes a token and returns it. It cannot be had again.
func (s *Store) Add(ctx context.Context, name string, role Role, now time.Time) (string, error) {
	if !validName.MatchString(name) {
		return "", fmt.Errorf("making a token: name %.40q: expected 1 to 40 lower-case letters, digits, dots, hyphens and underscores", name)
	}
	all, err := s.List(ctx)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(all, func(t Token) bool { return t.Name == name }) {
		return "", fmt.Errorf("making a token: there is one of the name %s; remove it first, or take another name", name)
	}
	var b [32]byte
	rand.Read(b[:]) // never fails
	secret := prefix + base64.RawURLEncoding.EncodeToString(b[:])
	value, err := json.Marshal(Token{name, role, now.UTC().Truncate(time.Second)})
	if err != nil {
		return "", fmt.Errorf("making a token: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if _, err := s.kv.Create(ctx, key(secret), value); err != nil {
		return "", fmt.Errorf("making a token: %w", err)
	}
	return secret, nil
}

// Find tells what a token may do; false when it is none, or none any more.
func (s *Store) Find(ctx context.Context, secret string) (Token, bool, error) {
	if !strings.HasPrefix(secret, prefix) || len(secret) > 100 {
		return Token{}, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	entry, err := s.kv.Get(ctx, key(secret))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return Token{}, false, nil
	}
	var t Token
	if err == nil {
		err = json.Unmarshal(entry.Value(), &t)
	}
	if err != nil {
		return Token{}, false, fmt.Errorf("finding a token: %w", err)
	}
	return t, true, nil
}

// List is every token, by name.
func (s *Store) List(ctx context.Context) ([]Token, error) {
	var all []Token
	err := s.each(ctx, func(_ string, t Token) error {
		all = append(all, t)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing tokens: %w", err)
	}
	slices.SortFunc(all, func(a, b Token) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Remove removes the token of a name.
func (s *Store) Remove(ctx context.Context, name string) error {
	found := false
	err := s.each(ctx, func(key string, t Token) error {
		if t.Name != name {
			return nil
		}
		found = true
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		return s.kv.Purge(ctx, key)
	})
	if err == nil && !found {
		err = errors.New("there is none; see hub token list")
	}
	if err != nil {
		return fmt.Errorf("removing token %s: %w", name, err)
	}
	return nil
}

func (s *Store) each(ctx context.Context, f func(key string, t Token) error) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	return bucket.Each(ctx, s.kv, func(key string, value []byte) error {
		var t Token
		if err := json.Unmarshal(value, &t); err != nil {
			return err
		}
		return f(key, t)
	})
}
