package account

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"
)

// Brake slows the guessing of passwords: a key (an account, an address) has a
// few tries, which come back with time. A success gives its try back. Several
// hubs tell each other of tries (Share); one that does not hear counts its own.
// Keys are kept and told as hashes: somebody may type a password for a user.
type Brake struct {
	tries float64
	every time.Duration // one try comes back in this time
	now   func() time.Time

	// told takes what the other hubs are to hear: a key's hash, and by how much its use has changed.
	told func(key string, change int)

	mu   sync.Mutex
	used map[string]use // by the key's hash
}

type use struct {
	tries float64
	at    time.Time
}

// maxKeys bounds the memory that strangers can fill; beyond it the fullest are forgotten with the rest.
const maxKeys = 10_000

// NewBrake returns a Brake of so many tries, one of which comes back every so often.
func NewBrake(tries int, every time.Duration, now func() time.Time) *Brake {
	return &Brake{tries: float64(tries), every: every, now: now, told: func(string, int) {}, used: map[string]use{}}
}

// Share has other hubs hear of tries: told, which must not block, is called with what they are to give to Heard. It is to
// be called before the brake is used.
func (b *Brake) Share(told func(key string, change int)) { b.told = told }

// Heard takes what another hub was told of. It refuses nobody by itself, and forgives no more than was used.
func (b *Brake) Heard(key string, change int) {
	if len(key) != 2*sha256.Size || change != 1 && change != -1 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.add(key, float64(change))
}

func (b *Brake) present(key string) float64 {
	u, ok := b.used[key]
	if !ok {
		return 0
	}
	return max(0, u.tries-float64(b.now().Sub(u.at))/float64(b.every))
}

// Try takes a try; it tells how long to wait when there is none left, 0 otherwise.
func (b *Brake) Try(key string) time.Duration {
	key = brakeKey(key)
	b.mu.Lock()
	defer b.mu.Unlock()
	used := b.present(key)
	if over := used + 1 - b.tries; over > 0 {
		return time.Duration(over * float64(b.every))
	}
	b.add(key, 1)
	b.told(key, 1)
	return 0
}

// add changes a key's use, and makes room for it. The caller holds mu.
func (b *Brake) add(key string, change float64) {
	used := b.present(key) + change
	if used <= 0 {
		delete(b.used, key)
		return
	}
	if _, known := b.used[key]; !known && len(b.used) >= maxKeys {
		for k := range b.used {
			if b.present(k) == 0 {
				delete(b.used, k)
			}
		}
		if len(b.used) >= maxKeys {
			clear(b.used)
		}
	}
	b.used[key] = use{min(used, b.tries), b.now()}
}

// Forgive gives a try back.
func (b *Brake) Forgive(key string) {
	key = brakeKey(key)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.add(key, -1)
	b.told(key, -1)
}

func brakeKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
