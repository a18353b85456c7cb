package main

import (
	"strings"
	"testing"

	"loiret.fr/visioborne/firmware/debian"
)

func TestCommittedLock(t *testing.T) {
	l, err := debian.ReadLock("lock.txt", renewal)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wanted() {
		found := false
		for _, f := range l.Files {
			found = found || strings.HasPrefix(f.Name(), w+"_")
		}
		if !found {
			t.Errorf("%s is not in the lock; renew it with %s", w, renewal)
		}
	}
}
