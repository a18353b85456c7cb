package broker

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"loiret.fr/visioborne/hub/wire"
)

// Keys are the hub's identity: whoever has them can make booths.
type Keys struct {
	operator, account nkeys.KeyPair
}

// OpenKeys reads the keys from the hub's state directory, making what is not there yet.
func OpenKeys(dir string) (Keys, error) {
	var k Keys
	var err error
	if k.operator, err = openKey(filepath.Join(dir, "keys", "operator.nk"), nkeys.PrefixByteOperator); err != nil {
		return Keys{}, err
	}
	if k.account, err = openKey(filepath.Join(dir, "keys", "account.nk"), nkeys.PrefixByteAccount); err != nil {
		return Keys{}, err
	}
	return k, nil
}

func openKey(file string, kind nkeys.PrefixByte) (nkeys.KeyPair, error) {
	seed, err := openSecret(file, func() ([]byte, error) {
		pair, err := nkeys.CreatePair(kind)
		if err != nil {
			return nil, err
		}
		return pair.Seed()
	})
	if err != nil {
		return nil, err
	}
	got, _, err := nkeys.DecodeSeed(seed)
	if err != nil || got != kind {
		return nil, fmt.Errorf("reading key %s: not a seed of a %s key; restore it from a copy, or delete it and give every booth new credentials", file, kind)
	}
	pair, err := nkeys.FromSeed(seed)
	if err != nil {
		return nil, fmt.Errorf("reading key %s: %w", file, err)
	}
	return pair, nil
}

// OpenSecret reads a random secret from a file, making it if it is not there yet.
func OpenSecret(file string) (string, error) {
	b, err := openSecret(file, func() ([]byte, error) {
		var b [32]byte
		if _, err := rand.Read(b[:]); err != nil {
			return nil, err
		}
		return []byte(base64.RawURLEncoding.EncodeToString(b[:])), nil
	})
	return string(b), err
}

// openSecret reads a file that only its owner may read. Of several processes
// that make it at the same time one succeeds, and all read what that one wrote.
func openSecret(file string, make func() ([]byte, error)) ([]byte, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := writeOnce(file, make); err != nil {
			return nil, fmt.Errorf("making secret %s: %w", file, err)
		}
		b, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, fmt.Errorf("reading secret: %w", err)
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("reading secret: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("reading secret %s: others may read it (mode %04o); run: chmod 600 %s", file, mode, file)
	}
	return []byte(strings.TrimSpace(string(b))), nil
}

func writeOnce(file string, make func() ([]byte, error)) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	secret, err := make()
	if err != nil {
		return err
	}
	// CreateTemp makes it 0600.
	temporary, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(append(secret, '\n'))
	if err := errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	// A link, unlike a rename, never replaces what another process has just made.
	if err := os.Link(temporary.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// BoothCredentials issues credentials for a site's booth, as the text of a
// .creds file. They allow what the booth needs and nothing that is another
// booth's: a stolen one harms its own site only.
func (k Keys) BoothCredentials(site string) ([]byte, error) {
	if err := wire.CheckID("site", site); err != nil {
		return nil, fmt.Errorf("issuing credentials: %w", err)
	}
	return k.credentials("booth "+site, func(c *jwt.UserClaims) { limitBooth(c, site) })
}

func limitBooth(c *jwt.UserClaims, site string) {
	c.Permissions.Pub.Allow.Add(wire.UpOnly(site))
	c.Permissions.Sub.Allow.Add(wire.DownOnly(site), wire.InboxPrefix(site)+".>")
	c.Limits.Payload = wire.MaxBytes
	c.Limits.Subs = 16
	c.AllowedConnectionTypes.Add(jwt.ConnectionTypeWebsocket)
}

func (k Keys) credentials(name string, limit func(*jwt.UserClaims)) ([]byte, error) {
	return credentialsOf(k.account, name, limit)
}

// credentialsOf makes a user of an account.
func credentialsOf(account nkeys.KeyPair, name string, limit func(*jwt.UserClaims)) ([]byte, error) {
	user, err := nkeys.CreateUser()
	if err != nil {
		return nil, fmt.Errorf("issuing credentials of %s: %w", name, err)
	}
	public, err := user.PublicKey()
	if err != nil {
		return nil, fmt.Errorf("issuing credentials of %s: %w", name, err)
	}
	claims := jwt.NewUserClaims(public)
	claims.Name = name
	limit(claims)
	token, err := claims.Encode(account)
	if err != nil {
		return nil, fmt.Errorf("issuing credentials of %s: %w", name, err)
	}
	seed, err := user.Seed()
	if err != nil {
		return nil, fmt.Errorf("issuing credentials of %s: %w", name, err)
	}
	text, err := jwt.FormatUserConfig(token, seed)
	if err != nil {
		return nil, fmt.Errorf("issuing credentials of %s: %w", name, err)
	}
	return text, nil
}

// claims are what the server is told of operator and accounts. They are made
// anew at every start; what lasts is the keys.
type claims struct {
	operator      *jwt.OperatorClaims
	operatorToken string
	system        string            // the servers' own account
	accounts      map[string]string // tokens by public key
}

// claims describes the accounts; own is the key of the servers' own one.
func (k Keys) claims(own nkeys.KeyPair) (claims, error) {
	all := claims{accounts: map[string]string{}}
	system, err := all.add(k, own, func(c *jwt.AccountClaims) { c.Name = "system" })
	if err != nil {
		return claims{}, err
	}
	all.system = system
	if _, err := all.add(k, k.account, describeAccount); err != nil {
		return claims{}, err
	}
	key, err := k.operator.PublicKey()
	if err != nil {
		return claims{}, err
	}
	operator := jwt.NewOperatorClaims(key)
	operator.Name, operator.SystemAccount = "visioborne", system
	if all.operatorToken, err = operator.Encode(k.operator); err != nil {
		return claims{}, err
	}
	// What the server checks is the decoded, signed form.
	all.operator, err = jwt.DecodeOperatorClaims(all.operatorToken)
	return all, err
}

// accountClaims are those of the account in which hub and booths meet.
func accountClaims(key string) *jwt.AccountClaims {
	c := jwt.NewAccountClaims(key)
	describeAccount(c)
	return c
}

func describeAccount(c *jwt.AccountClaims) {
	c.Name = "booths"
	c.Limits.JetStreamLimits = jwt.JetStreamLimits{
		MemoryStorage: jwt.NoLimit, DiskStorage: jwt.NoLimit, Streams: jwt.NoLimit, Consumer: jwt.NoLimit,
	}
}

// add signs an account's claims and returns its public key.
func (c *claims) add(k Keys, account nkeys.KeyPair, describe func(*jwt.AccountClaims)) (string, error) {
	key, err := account.PublicKey()
	if err != nil {
		return "", err
	}
	claims := jwt.NewAccountClaims(key)
	describe(claims)
	token, err := claims.Encode(k.operator)
	if err != nil {
		return "", err
	}
	c.accounts[key] = token
	return key, nil
}
