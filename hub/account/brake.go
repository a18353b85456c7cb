package account

import (
	"sync"
	"time"
)

// Brake slows the guessing of passwords: a key (an account, an address) has a
// few tries, which come back with time. A success gives its try back.
type Brake struct {
	tries float64
	every time.Duration // one try comes back in this time
	now   func() time.Time

	mu   sync.Mutex
	used map[string]use
}

type use struct {
	tries float64
	at    time.Time
}

// maxKeys bounds the memory that strangers can fill; beyond it the fullest are forgotten with the rest.
const maxKeys = 10_000

// NewBrake returns a Brake of so many tries, one of which comes back every so often.
func NewBrake(tries int, every time.Duration, now func() time.Time) *Brake {
	return &Brake{tries: float64(tries), every: every, now: now, used: map[string]use{}}
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
	b.mu.Lock()
	defer b.mu.Unlock()
	used := b.present(key)
	if over := used + 1 - b.tries; over > 0 {
		return time.Duration(over * float64(b.every))
	}
	if len(b.used) >= maxKeys {
		for k := range b.used {
			if b.present(k) == 0 {
				delete(b.used, k)
			}
		}
		if len(b.used) >= maxKeys {
			clear(b.used)
		}
	}
	b.used[key] = use{used + 1, b.now()}
	return 0
}

// Forgive gives a try back.
func (b *Brake) Forgive(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if used := b.present(key) - 1; used > 0 {
		b.used[key] = use{used, b.now()}
	} else {
		delete(b.used, key)
	}
}
