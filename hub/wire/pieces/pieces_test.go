package pieces

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"testing"
)

func noise(seed byte, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

func cut(t *testing.T, b []byte) (sums [][32]byte, whole []byte) {
	t.Helper()
	if err := Cut(bytes.NewReader(b), func(p []byte) error {
		sums = append(sums, sha256.Sum256(p))
		whole = append(whole, p...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return sums, whole
}

// What is in both is cut alike, although it lies elsewhere.
func TestShiftedContentHasTheSamePieces(t *testing.T) {
	common := noise(1, 24<<20)
	a, whole := cut(t, append(noise(2, 3<<20), common...))
	if !bytes.Equal(whole, append(noise(2, 3<<20), common...)) {
		t.Error("the pieces together are not what was cut")
	}
	b, _ := cut(t, append(noise(3, 1234567), common...))
	has := map[[32]byte]bool{}
	for _, s := range a {
		has[s] = true
	}
	found := 0
	for _, s := range b {
		if has[s] {
			found++
		}
	}
	if found < len(b)*3/4 {
		t.Errorf("%d of %d pieces are common; the common part is 24 of 25 MB", found, len(b))
	}
}

// Another way of cutting would make every booth load every update whole.
func TestCutStaysTheSame(t *testing.T) {
	sums, _ := cut(t, noise(7, 8<<20))
	h := sha256.New()
	for _, s := range sums {
		h.Write(s[:])
	}
	const want = "f5fdb452715e758ceed277687aba34a00d407638a24a26d07c4ccf4535dccd8b"
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("the pieces of the same bytes have changed: %d pieces, %s; want %s", len(sums), got, want)
	}
}

func TestNothing(t *testing.T) {
	if sums, _ := cut(t, nil); len(sums) != 0 {
		t.Errorf("nothing was cut into %d pieces", len(sums))
	}
}
