package turn

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net"
	"sync"
)

// password is the REST draft's: the HMAC-SHA1 of the user name.
func password(user, secret string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(user))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// quota counts the relays of each call, so that one credential cannot take all ports.
type quota struct {
	most int
	mu   sync.Mutex
	open map[string]int // by call
}

func newQuota(most int) *quota { return &quota{most: most, open: map[string]int{}} }

func (q *quota) allow(call, _ string, _ net.Addr) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.open[call] < q.most
}

func (q *quota) opened(call string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open[call]++
}

func (q *quota) closed(call string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.open[call]--; q.open[call] <= 0 {
		delete(q.open, call)
	}
}
