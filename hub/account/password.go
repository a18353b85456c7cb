package account

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost is what computing a hash takes: OWASP's recommendation for argon2id.
type cost struct {
	memoryKiB, passes uint32
	lanes             uint8
}

var usual = cost{memoryKiB: 19 << 10, passes: 2, lanes: 1}

const (
	saltBytes = 16
	hashBytes = 32
	// dearest is the most that a hash from the file may cost, so that a bad file cannot stop the hub.
	dearest = 256 << 10
)

type hashed struct {
	cost
	salt, hash []byte
}

// hash returns the PHC string of a password with a new salt.
func hash(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	h := argon2.IDKey([]byte(password), salt, usual.passes, usual.memoryKiB, usual.lanes, hashBytes)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		usual.memoryKiB, usual.passes, usual.lanes, b64.EncodeToString(salt), b64.EncodeToString(h))
}

func parse(phc string) (hashed, error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hashed{}, errors.New("expected $argon2id$v=19$m=...,t=...,p=...$salt$hash")
	}
	var h hashed
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memoryKiB, &h.passes, &h.lanes); err != nil {
		return hashed{}, fmt.Errorf("cost: %w", err)
	}
	if h.memoryKiB < 8 || h.memoryKiB > dearest || h.passes < 1 || h.passes > 16 || h.lanes < 1 {
		return hashed{}, fmt.Errorf("cost %s: out of bounds", parts[3])
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return hashed{}, fmt.Errorf("salt: %w", err)
	}
	if h.hash, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return hashed{}, fmt.Errorf("hash: %w", err)
	}
	if len(h.salt) < 8 || len(h.hash) < 16 || len(h.hash) > 128 {
		return hashed{}, errors.New("salt or hash: wrong length")
	}
	return h, nil
}

func (h hashed) matches(password string) bool {
	got := argon2.IDKey([]byte(password), h.salt, h.passes, h.memoryKiB, h.lanes, uint32(len(h.hash)))
	return subtle.ConstantTimeCompare(got, h.hash) == 1
}

// Matches tells whether a password is the account's. It takes as long for an
// account that does not exist (the zero Account), so that time tells nothing.
func (a Account) Matches(password string) bool {
	if len(password) > 4*maxPassword {
		return false
	}
	h, err := parse(a.Password)
	if err != nil {
		argon2.IDKey([]byte(password), make([]byte, saltBytes), usual.passes, usual.memoryKiB, usual.lanes, hashBytes)
		return false
	}
	return h.matches(password)
}
